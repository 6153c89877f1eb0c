# SPDX-License-Identifier: GPL-2.0-only
"""What a program's loader stops at: told beforehand, and then the program is started and its loader asked."""
import contextlib
import os
import pathlib
import re
import shutil
import sqlite3
import struct
import subprocess
import time

from harness import Skip, events_of, expect, finish, here, inside, run, shell, write

STOPS = 127


def compile_to(name, source, *args):
    path = inside(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    done = subprocess.run(["gcc", "-x", "c", "-", "-x", "none", "-o", path, *args], input=source, text=True, capture_output=True, check=False)
    expect(done.returncode == 0, done.stderr)
    return path


def library(name, source="int foo(void) { return 0; }", *args):
    return compile_to(name, source, "-shared", "-fPIC", f"-Wl,-soname,{os.path.basename(name)}", *args)


def program(name, *args):
    return compile_to(name, "int foo(void); int main(void) { return foo(); }", *args)


def with_environment(variables):
    return {**os.environ, **variables}


def agree(path, words, loader, stops=STOPS, **variables):
    """What explain says has these words, and the loader itself stops with these."""
    env = with_environment(variables)
    said = run("explain", path, env=env, cwd=here.folder)
    done = subprocess.run([path], env=env, cwd=here.folder, capture_output=True, text=True, check=False)
    if loader is None:
        expect(done.returncode == 0, done)
        expect(said.status == 0 and "would start" in said.out, said)
        return
    expect(done.returncode == stops and loader in done.stderr, done)
    expect(said.status == 1 and "but its loader would stop: " in said.out, said)
    for word in words:
        expect(word in said.out, word, "in", said)


def test_library_missing():
    library("lib/libfoo.so.1")
    app = program("app", inside("lib/libfoo.so.1"))
    words = ["library_missing", f"libfoo.so.1, which {app} needs", "LD_LIBRARY_PATH=" + inside("lib")]
    agree(app, words, "cannot open shared object file")
    agree(app, [], None, LD_LIBRARY_PATH=inside("lib"))
    agree(app, [], None, LD_LIBRARY_PATH=inside("none") + ";lib")
    done = run("-o", "json", "explain", app)
    [event] = events_of(done.out)
    expect(event["starts"] is False and event["reason"] == "library_missing" and event["stage"] == "loader", event)
    expect(event["errno"] is None and app in event["files"], event)


def test_library_paths_inside_files():
    """$ORIGIN in its three spellings, of files that are found through links, and which of the two tags is inherited."""
    library("lib/libfoo.so.1")
    for tag in "--enable-new-dtags", "--disable-new-dtags":
        for name, path in {"a": "$ORIGIN/lib", "b": "${ORIGIN}/none:${ORIGIN}/lib", "c": "lib", "d": ":/none"}.items():
            app = program(f"{name}{tag}", inside("lib/libfoo.so.1"), f"-Wl,-rpath,{path},{tag}")
            loader = None if name != "d" else "cannot open shared object file"
            agree(app, ["library_missing"], loader)
    os.symlink(inside("a--enable-new-dtags"), inside("lib/link"))
    agree(inside("lib/link"), [], None)
    # libouter needs libinner, which only the program's tag leads to
    library("lib/libinner.so.1", "int inner(void) { return 0; }")
    library("lib/libouter.so.1", "int inner(void); int foo(void) { return inner(); }", inside("lib/libinner.so.1"))
    more = [inside("lib/libouter.so.1"), "-Wl,-rpath-link," + inside("lib")]
    agree(program("old", "-Wl,-rpath,$ORIGIN/lib,--disable-new-dtags", *more), [], None)
    words = ["library_missing", "libinner.so.1, which " + inside("lib/libouter.so.1") + " needs"]
    agree(program("new", "-Wl,-rpath,$ORIGIN/lib,--enable-new-dtags", *more), words, "libinner.so.1: cannot open")


def test_library_tokens():
    """$LIB and $PLATFORM are what this machine's loader makes of them."""
    for token in "$LIB", "${PLATFORM}":
        app = program("app-" + token.strip("${}"), library("libfoo.so.1"), "-Wl,-rpath,$ORIGIN/" + token)
        shutil.move(inside("libfoo.so.1"), inside("kept"))
        done = subprocess.run([app], capture_output=True, text=True, check=False, env=with_environment({"LD_DEBUG": "libs"}))
        [path] = re.findall(r"search path=(\S+)\s+\(RUNPATH from file", done.stderr)[:1]
        os.makedirs(path.split(":")[-1], exist_ok=True)
        shutil.move(inside("kept"), os.path.join(path.split(":")[-1], "libfoo.so.1"))
        agree(app, [], None)


def test_library_for_better_processors():
    """Below glibc-hwcaps, as the machine's own loader says which it heeds."""
    asked = subprocess.run(["/lib64/ld-linux-x86-64.so.2", "--help"], capture_output=True, text=True, check=False).stdout
    levels = re.findall(r"(x86-64-v\d) \(supported, searched\)", asked)
    if not levels:
        raise Skip("no loader here that heeds better processors")
    app = program("app", library("lib/libfoo.so.1"))
    for level in ("x86-64-v2", "x86-64-v3", "x86-64-v4"):
        below = inside(f"lib/glibc-hwcaps/{level}")
        os.makedirs(below)
        pathlib.Path(below, "libfoo.so.1").touch()
        heeded = level in levels
        agree(app, ["library_invalid", f"{below}/libfoo.so.1 is empty"], "file too short" if heeded else None, LD_LIBRARY_PATH=inside("lib"))
        shutil.rmtree(inside("lib/glibc-hwcaps"))
    agree(app, [], None, LD_LIBRARY_PATH=inside("lib"))


def test_library_below_names_of_processors():
    """glibc before 2.37: below tls, haswell, x86_64 and what these make together, as the machine's own loader says."""
    path = inside("lib")
    app = program("app", library("lib/libfoo.so.1"))
    shutil.move(inside("lib/libfoo.so.1"), inside("kept"))
    done = subprocess.run([app], capture_output=True, text=True, check=False, env=with_environment({"LD_DEBUG": "libs", "LD_LIBRARY_PATH": path}))
    [searched] = re.findall(r"search path=(\S+)\s+\(LD_LIBRARY_PATH", done.stderr)[:1]
    folders = [folder for folder in dict.fromkeys(searched.split(":")) if folder.startswith(path + "/") and "hwcaps" not in folder]
    if not folders:
        raise Skip("a loader that looks into no such directories")
    for folder in [*folders, inside("lib/execfail")]:
        os.makedirs(folder)
        shutil.copy(inside("kept"), f"{folder}/libfoo.so.1")
        words = [] if folder in folders else ["library_missing"]
        agree(app, words, None if folder in folders else "cannot open shared object file", LD_LIBRARY_PATH=path)
        shutil.rmtree(path)
    # which of them comes first
    for folder in folders:
        os.makedirs(folder, exist_ok=True)
        pathlib.Path(folder, "libfoo.so.1").touch()
    for folder in folders:
        agree(app, ["library_invalid", f"{folder}/libfoo.so.1 is empty"], "file too short", LD_LIBRARY_PATH=path)
        os.remove(f"{folder}/libfoo.so.1")


def musl(name, source, *args):
    path = inside(name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    done = subprocess.run(["musl-gcc", "-x", "c", "-", "-x", "none", "-o", path, *args], input=source, text=True, capture_output=True, check=False)
    expect(done.returncode == 0, done.stderr)
    return path


def test_library_of_musl():
    """Its own order: a RUNPATH holds for what its libraries ask for, too; held against musl's loader."""
    if not shutil.which("musl-gcc"):
        raise Skip("no musl-gcc (musl-tools)")
    shared = ("-shared", "-fPIC")
    inner = musl("lib/libinner.so.1", "int inner(void) { return 0; }", *shared, "-Wl,-soname,libinner.so.1")
    outer = musl("lib/libouter.so.1", "int inner(void); int foo(void) { return inner(); }", *shared, "-Wl,-soname,libouter.so.1", inner)
    main = "int foo(void); int main(void) { return foo(); }"
    link = "-Wl,-rpath-link," + inside("lib")
    app = musl("app", main, outer, link)
    words = ["library_missing", f"libouter.so.1, which {app} needs"]
    agree(app, words, "Error loading shared library libouter.so.1")
    agree(app, [], None, LD_LIBRARY_PATH=inside("none") + ":" + inside("lib"))
    for tag in "--enable-new-dtags", "--disable-new-dtags":
        agree(musl("app" + tag, main, outer, link, f"-Wl,-rpath,$ORIGIN/lib,{tag}"), [], None)
    os.remove(inner)
    app = inside("app--enable-new-dtags")
    agree(app, ["library_missing", f"libinner.so.1, which {outer} needs"], "Error loading shared library libinner.so.1")
    pathlib.Path(inner).write_text("INPUT(-lfoo)\n" * 100)
    agree(app, ["library_invalid", "is no ELF file"], "Error loading shared library libinner.so.1")


def test_library_version():
    source = 'int old(void) { return 0; } __asm__(".symver old,foo@FOO_1");'
    new = "int foo(void) { return 0; }"
    one, two = write("one.map", "FOO_1 { global: foo; };"), write("two.map", "FOO_1 { }; FOO_2 { global: foo; } FOO_1;")
    library("old/libfoo.so.1", source, f"-Wl,--version-script={one}")
    app = program("app", library("new/libfoo.so.1", new, f"-Wl,--version-script={two}"))
    words = ["library_version", f"{app} needs FOO_2 of libfoo.so.1", "no newer one than FOO_1"]
    agree(app, words, "version `FOO_2' not found", stops=1, LD_LIBRARY_PATH=inside("old"))
    agree(app, [], None, LD_LIBRARY_PATH=inside("new"))
    # one that has no versions at all has what it has
    library("none/libfoo.so.1", "int puts(const char *); int foo(void) { return puts(\"\") < 0; }")
    agree(app, [], None, LD_LIBRARY_PATH=inside("none"))


def test_library_wrong_file():
    app = program("app", library("good/libfoo.so.1"))
    os.makedirs(inside("empty"))
    pathlib.Path(inside("empty/libfoo.so.1")).touch()
    agree(app, ["library_invalid", "is empty"], "file too short", LD_LIBRARY_PATH=inside("empty") + ":" + inside("good"))
    os.makedirs(inside("text"))
    write("text/libfoo.so.1", "INPUT(-lfoo)\n" * 100)
    agree(app, ["library_invalid", "is no ELF file"], "invalid ELF header", LD_LIBRARY_PATH=inside("text"))
    os.makedirs(inside("folder/libfoo.so.1"))
    agree(app, ["library_invalid", "is a directory"], "cannot read file data", LD_LIBRARY_PATH=inside("folder"))


def test_library_wrong_machine():
    app = program("app", library("good/libfoo.so.1"))
    os.makedirs(inside("other"))
    image = bytearray(pathlib.Path(inside("good/libfoo.so.1")).read_bytes())
    image[18:20] = (243 if image[18] != 243 else 62).to_bytes(2, "little")  # e_machine: RISC-V
    pathlib.Path(inside("other/libfoo.so.1")).write_bytes(image)
    words = ["library_wrong_machine", inside("other/libfoo.so.1") + " is for riscv64"]
    agree(app, words, "cannot open shared object file", LD_LIBRARY_PATH=inside("other"))
    # the loader passes over it
    agree(app, [], None, LD_LIBRARY_PATH=inside("other") + ":" + inside("good"))


def test_libraries_of_two_machines():
    """In one root and in the same lists of directories, each program finds its own."""
    one, other = library("one/libfoo.so.1"), None
    try:
        other = library("other/libfoo.so.1", "int foo(void) { return 0; }", "-m32")
        small = compile_to("small", "int foo(void); int main(void) { return foo(); }", "-m32", other)
    except AssertionError as error:
        raise Skip("gcc makes no 32-bit programs here") from error
    big = program("big", one)
    for order in ("one", "other"), ("other", "one"):
        path = ":".join(inside(each) for each in order)
        agree(big, [], None, LD_LIBRARY_PATH=path)
        agree(small, [], None, LD_LIBRARY_PATH=path)
    agree(big, ["library_wrong_machine", "is for i386"], "wrong ELF class", LD_LIBRARY_PATH=inside("other"))
    agree(small, ["library_wrong_machine", "is for x86_64"], "wrong ELF class", LD_LIBRARY_PATH=inside("one"))
    os.environ.pop("LD_LIBRARY_PATH", None)
    done = run("check", "--root", "/", here.folder)
    expect(f"big: the library libfoo.so.1, which {big}" in done.out and f"small: the library libfoo.so.1, which {small}" in done.out, done)


def test_library_that_is_secret():
    """As somebody who may not read it, which is a matter of a directory on the way as well."""
    app = program("app", library("lib/libfoo.so.1"), "-Wl,-rpath,$ORIGIN/lib")
    shutil.copy(here.program, inside("execfail"))
    os.chmod(inside("lib/libfoo.so.1"), 0o600)
    script = 'cd / && exec setpriv --reuid=65534 --regid=65534 --clear-groups "$FOLDER"'
    said, done = shell(f"{script}/execfail explain {app}"), shell(f"{script}/app")
    expect(done.status == STOPS and "libfoo.so.1: cannot open shared object file" in done.err, done)
    expect(said.status == 1 and "library_unreadable" in said.out and "may not be read by user" in said.out, said)
    os.chmod(inside("lib/libfoo.so.1"), 0o644)
    os.chmod(inside("lib"), 0o700)
    said, done = shell(f"{script}/execfail explain {app}"), shell(f"{script}/app")
    expect(done.status == STOPS and said.status == 1 and "library_unreadable" in said.out, said, done)


def test_library_of_setuid_program():
    app = program("app", library("lib/libfoo.so.1"))
    os.chown(app, 1, 1)
    os.chmod(app, 0o4755)
    agree(app, ["library_missing", "LD_LIBRARY_PATH, which leads to it, is not heeded"], "cannot open", LD_LIBRARY_PATH=inside("lib"))
    os.chmod(app, 0o755)
    agree(app, [], None, LD_LIBRARY_PATH=inside("lib"))


def test_library_on_noexec_mount():
    app = program("app", library("lib/libfoo.so.1"), "-Wl,-rpath,$ORIGIN/lib")
    done = shell(
        f"""exec unshare -m sh -c '
        mount -t tmpfs -o noexec none "$FOLDER/lib" && cp "$FOLDER/copy" "$FOLDER/lib/libfoo.so.1" || exit 77
        "$FOLDER/app"; [ $? = {STOPS} ] || exit 3
        "$EXECFAIL" explain "$FOLDER/app"'"""
        if shutil.copy(inside("lib/libfoo.so.1"), inside("copy"))
        else ""
    )
    if done.status == 77:
        raise Skip("nothing can be mounted here")
    expect("failed to map segment" in done.err, done)
    expect(done.status == 1 and "library_noexec" in done.out and inside("lib") in done.out, done, app)


def test_library_of_an_interpreter():
    """Whoever starts a script starts its interpreter."""
    app = program("app", library("lib/libfoo.so.1"))
    script = write("script", f"#!{app}\n")
    said = run("explain", script)
    expect(said.status == 1 and f"{script} would start, by {app} and /" in said.out and "library_missing" in said.out, said)
    done = finish([script])
    expect(done.status == STOPS, done)


def test_library_whose_package_was_removed():
    """In a root of its own, by what dpkg wrote down there."""
    app = program("usr/bin/app", library("libfoo.so.1"))
    loader = "/lib64/ld-linux-x86-64.so.2"
    if not os.path.exists(loader):
        raise Skip(f"no {loader} here")
    for folder in "lib64", "var/log", "var/lib/dpkg/info":
        os.makedirs(inside(folder))
    shutil.copy(loader, inside("." + loader))
    then = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() - 7300))
    write("var/log/dpkg.log", f"{then} remove libfoo1:amd64 1.0 <none>\n", mode=0o644)
    said = run("explain", "--root", here.folder, "/usr/bin/app")
    words = "but its loader would stop (since dpkg removed libfoo1 2 hours ago): the library libfoo.so.1, which"
    expect(said.status == 1 and words in said.out, said, app)
    [event] = events_of(run("-o", "json", "explain", "--root", here.folder, "/usr/bin/app").out)
    expect(event["removed_package"] == "libfoo1" and event["changed"] < time.time() - 7000, event)


def test_libraries_of_this_machine():
    """All programs of this system's first directories: nothing is said to stop that starts."""
    wrong = []
    for folder in "/usr/bin", "/usr/sbin":
        for path in sorted(pathlib.Path(folder).iterdir())[:150]:
            if not path.is_file() or not os.access(path, os.X_OK) or path.open("rb").read(4) != b"\x7fELF":
                continue
            said = run("explain", str(path))
            if "loader would stop" in said.out:
                ldd = subprocess.run(["ldd", os.path.realpath(path)], capture_output=True, text=True, check=False)
                wrong += [] if "not found" in ldd.stdout + ldd.stderr else [said.out]
    expect(not wrong, *wrong)


# --- rpm


def rpm_header(name, files):
    """What rpm keeps of a package: values by number, type and count."""
    folders = sorted({os.path.dirname(path) + "/" for path in files})
    values = [
        (1000, 6, 1, name.encode() + b"\0"),
        (1116, 4, len(files), b"".join(folders.index(os.path.dirname(path) + "/").to_bytes(4, "big") for path in files)),
        (1117, 8, len(files), b"".join(os.path.basename(path).encode() + b"\0" for path in files)),
        (1118, 8, len(folders), b"".join(folder.encode() + b"\0" for folder in folders)),
    ]
    index = data = b""
    for tag, kind, count, value in values:
        data += b"\0" * (-len(data) % 4)
        index += struct.pack(">4I", tag, kind, len(data), count)
        data += value
    return struct.pack(">2I", len(values), len(data)) + index + data


def rpm_database(path, packages):
    os.makedirs(os.path.dirname(path))
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
        db.execute("CREATE TABLE 'Basenames' (key 'TEXT' NOT NULL, hnum INTEGER NOT NULL, idx INTEGER NOT NULL)")
        for name, files in packages.items():
            number = db.execute("INSERT INTO Packages (blob) VALUES (?)", (rpm_header(name, files),)).lastrowid
            db.executemany("INSERT INTO Basenames VALUES (?, ?, ?)", [(os.path.basename(file), number, i) for i, file in enumerate(files)])


def test_library_of_rpm():
    """In a root whose packages are rpm's: trees of several levels, rows of several pages."""
    app = program("root/app", "-Wl,--no-as-needed", library("libfoo.so.1"), library("libbar.so.1"))
    for path in re.findall(r"(/\S+) \(0x", subprocess.run(["ldd", "/bin/true"], capture_output=True, text=True, check=True).stdout):
        os.makedirs(os.path.dirname(inside("root" + path)), exist_ok=True)
        shutil.copy(path, inside("root" + path))
    packages = {f"other-{i}": [f"/usr/share/other/{i}/{j}/file-{i}-{j}" for j in range(100)] for i in range(300)}
    packages["foo-libs"] = [f"/usr/share/doc/foo/{i}" for i in range(2000)] + ["/opt/foo/lib/libfoo.so.1"]
    packages |= {f"later-{i}": [f"/usr/bin/later-{i}"] for i in range(300)}
    explain = ["explain", "--root", inside("root"), "/app"]
    for place in "usr/lib/sysimage/rpm", "var/lib/rpm":
        rpm_database(inside(f"root/{place}/rpmdb.sqlite"), packages)
        done = run(*explain)
        expect("libfoo.so.1" in done.out and "the package foo-libs has lost it; install that again: dnf reinstall foo-libs" in done.out, done)
        os.makedirs(inside("root/opt/foo/lib"))
        shutil.copy(inside("libfoo.so.1"), inside("root/opt/foo/lib"))
        done = run(*explain)
        expect("the package foo-libs has one in /opt/foo/lib, where the loader does not look" in done.out, done)
        # which no package has
        done = run(*explain, env=with_environment({"LD_LIBRARY_PATH": "/opt/foo/lib"}))
        expect("dnf install 'libbar.so.1()(64bit)'" in done.out, done)
        # damaged
        with open(inside(f"root/{place}/rpmdb.sqlite"), "r+b") as file:
            file.seek(0x1000)
            file.write(b"\xff" * 0x100000)
        expect("dnf install 'libfoo.so.1()(64bit)'" in run(*explain).out, app)
        shutil.rmtree(inside("root/opt"))
        shutil.rmtree(inside(f"root/{place.split('/', maxsplit=1)[0]}/lib/sysimage" if "sysimage" in place else f"root/{place}"))
