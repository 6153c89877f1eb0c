#!/bin/sh
# Programs that fail to start in the ways that people meet. Run by `make demo` under execfail; needs root for some.
# What the shell and the programs say of it is left out: the point is what execfail says.

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
chmod 755 "$here"
cd "$here" || exit 1
exec 2>/dev/null
PATH=/usr/bin:/bin
export PATH

script() { # name first-line
	printf '%b\n' "$2" >"$1"
	chmod 755 "$1"
}

# One byte of a copy of a real program.
patched() { # name offset octal
	cp /bin/true "$1"
	printf '%b' "\\0$3" | dd of="$1" bs=1 seek="$2" conv=notrunc
}

# What has only just been made is told with less certainty, and so is what is changed right afterwards.
mkdir bin
sleep 0.2

# Not there; there, but not executable; no program at all.
bin/no-such-program --version
script not-executable '#!/bin/sh'
chmod 644 not-executable
./not-executable
mkdir directory
./directory

# "No such file", though it is there: its interpreter is not.
script old-python '#!/usr/bin/python2.3'
./old-python
script from-windows '#!/bin/sh\r'
./from-windows
script by-env '#!/usr/bin/env nodejs-that-is-not-installed'
./by-env
LC_ALL=C sed 's:/ld-linux:/ld-other:' /bin/true >for-another-libc
chmod 755 for-another-libc
./for-another-libc

# The file is there, and no program that this kernel can run. (A shell runs text by itself then.)
case $(uname -m) in
x86_64) patched for-another-machine 18 267 ;;
*) patched for-another-machine 18 76 ;;
esac
./for-another-machine
script no-shebang 'exit 0'
./no-shebang
script empty ''
: >empty
./empty

# Everything is fine with the file, and not with the circumstances.
ln -s loop-b loop-a
ln -s loop-a loop-b
./loop-a
LARGE=$(head -c 200000 /dev/zero | tr '\0' x) /bin/true
cp /bin/true being-written
exec 3>>being-written
./being-written
# The mount is gone with its namespace: a moment for execfail to look at it.
unshare -m /bin/sh -c 'mkdir noexec && mount -t tmpfs -o noexec tmpfs noexec && cp /bin/true noexec && noexec/true
	sleep 0.2'
# Too little memory to be loaded into: it dies of SIGSEGV before it begins.
prlimit --as=200000 /bin/true

exit 0
