# SPDX-License-Identifier: GPL-2.0-only
"""Forms that others have published: what is written is what they describe."""
import base64
import datetime
import json
import os
import re
import shutil
import socket
import struct
import subprocess

from harness import USAGE, Skip, expect, inside, one_line, run, shell

# What a shell is asked to run: a word with a blank, one that is not UTF-8, one that logfmt has to quote.
SCRIPT = "./no/such 'a b' \"$(printf '\\377\\001x')\" = '' 2>/dev/null; true"


def written(form, *options):
    """As bytes, since not all of it need be text."""
    path = inside(f"{form}.out")
    done = run("-q", "-e", "process_execute_failed", "-o", form, "-w", path, *options, "--", "sh", "-c", SCRIPT)
    expect(done.status == 0, done)
    with open(path, "rb") as file:
        return file.read()


# --- https://www.elastic.co/guide/en/ecs: names and types of the fields that we use

ECS = {
    "@timestamp": "date",
    "message": "text",
    "log.level": "keyword",
    "ecs.version": "keyword",
    "event.kind": "keyword",
    "event.module": "keyword",
    "event.category": ["process"],
    "event.type": ["start"],
    "event.outcome": "keyword",
    "event.action": "keyword",
    "event.code": "keyword",
    "error.code": "keyword",
    "host.name": "keyword",
    "container.id": "keyword",
    "container.runtime": "keyword",
    "file.path": "keyword",
    "file.inode": "keyword",
    "file.ctime": "date",
    "process.args": "keywords",
    "process.args_count": "long",
    "process.env_vars": "keywords",
    "process.executable": "keyword",
    "process.exit_code": "long",
    "process.parent.pid": "long",
    "process.pid": "long",
    "process.thread.id": "long",
    "process.thread.name": "keyword",
    "process.vpid": "long",
    "process.working_directory": "keyword",
    "user.id": "keyword",
    "user.name": "keyword",
    "user.effective.id": "keyword",
    "group.id": "keyword",
}


def is_of_type(value, kind):
    if isinstance(kind, list):
        return value == kind
    if kind == "long":
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == "keywords":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind == "date":
        return bool(datetime.datetime.fromisoformat(re.sub(r"(\.\d{6})\d*Z$", r"\1+00:00", value)))
    return isinstance(value, str)


def test_ecs():
    event = json.loads(written("ecs"))
    for key, value in event.items():
        expect(key.startswith("execfail.") or key in ECS, f"{key} is no field of ECS")
        expect(key not in ECS or is_of_type(value, ECS[key]), key, value)
    # As its loggers have them, in this order.
    expect(list(event)[:3] == ["@timestamp", "log.level", "message"] and "ecs.version" in event, list(event)[:4])
    expect(event["event.kind"] == "event" and event["event.outcome"] == "failure", event)
    expect(event["process.args"][:2] == ["./no/such", "a b"] and event["user.id"] == str(os.getuid()), event)
    expect(base64.b64decode(event["execfail.raw"]["arguments[2]"]) == b"\xff\x01x", event)
    expect(None not in event.values(), "null:", event)


def test_ecs_of_an_end():
    """Of a program that did not start although no exec failed."""
    done = run("-q", "-e", "process_start_failed", "-o", "ecs", "--", "sh", "-c", "no-such-command-of-execfail 2>/dev/null")
    (event,) = [json.loads(line) for line in done.out.splitlines()]
    for key, value in event.items():
        expect(key.startswith("execfail.") or (key in ECS and is_of_type(value, ECS[key])), key, value)
    expect(event["process.exit_code"] == 127 and event["event.outcome"] == "failure" and "error.code" not in event, event)


# --- opentelemetry-proto, logs.proto and common.proto, in the JSON of protocol buffers

# What the semantic conventions call something of ours, and its type.
OTEL = {
    "container.id": "stringValue",
    "container.runtime.name": "stringValue",
    "error.type": "stringValue",
    "file.changed": "stringValue",
    "file.path": "stringValue",
    "k8s.pod.uid": "stringValue",
    "process.args_count": "intValue",
    "process.command_args": "arrayValue",
    "process.executable.path": "stringValue",
    "process.linux.cgroup": "stringValue",
    "process.parent_pid": "intValue",
    "process.pid": "intValue",
    "process.real_user.id": "intValue",
    "process.real_user.name": "stringValue",
    "process.user.id": "intValue",
    "process.vpid": "intValue",
    "process.working_directory": "stringValue",
    "thread.id": "intValue",
    "thread.name": "stringValue",
}
SCALARS = {"stringValue": str, "boolValue": bool, "intValue": str, "bytesValue": str}


def check_any(value):
    """message AnyValue: one of its kinds, or nothing."""
    expect(isinstance(value, dict) and len(value) <= 1, "no AnyValue:", value)
    for kind, content in value.items():
        if kind == "arrayValue":
            for item in content["values"]:
                check_any(item)
        elif kind == "kvlistValue":
            attributes_of(content["values"])
        else:
            expect(isinstance(content, SCALARS[kind]), value)
            expect(kind != "intValue" or str(int(content)) == content, value)


def attributes_of(pairs):
    for pair in pairs:
        expect(set(pair) == {"key", "value"}, "no KeyValue:", pair)
        check_any(pair["value"])
    keys = [pair["key"] for pair in pairs]
    expect(len(set(keys)) == len(keys), "twice:", keys)
    return {pair["key"]: pair["value"] for pair in pairs}


def test_otel():
    (line,) = written("otel").splitlines()
    request = json.loads(line)
    (logs,) = request["resourceLogs"]
    expect(set(request) == {"resourceLogs"} and set(logs) == {"resource", "scopeLogs"}, request)
    resource = attributes_of(logs["resource"]["attributes"])
    expect(resource["service.name"] == {"stringValue": "execfail"} and "host.name" in resource, resource)
    (scope,) = logs["scopeLogs"]
    expect(scope["scope"]["name"] == "execfail" and set(scope["scope"]) == {"name", "version"}, scope["scope"])
    (record,) = scope["logRecords"]
    expect(set(record) == {"timeUnixNano", "severityNumber", "severityText", "eventName", "body", "attributes"}, record)
    expect(record["timeUnixNano"].isdigit() and record["severityNumber"] == 17, record)
    check_any(record["body"])
    attributes = attributes_of(record["attributes"])
    for key, value in attributes.items():
        expect(key.startswith("execfail.") or OTEL.get(key) in value, f"{key} is no such attribute:", value)
    words = attributes["process.command_args"]["arrayValue"]["values"]
    expect(words[1:3] == [{"stringValue": "a b"}, {"bytesValue": base64.b64encode(b"\xff\x01x").decode()}], words)


# --- logfmt: the grammar of github.com/kr/logfmt

PAIR = re.compile(r'([^\s="]+)(?:=([^\s="]+|"(?:[^"\\]|\\.)*"))? ?')


def parse_logfmt(line):
    pairs, at = [], 0
    while at < len(line):
        found = PAIR.match(line, at)
        expect(found, "no pair at", line[at : at + 60])
        value = found[2] or ""
        pairs.append((found[1], json.loads(value) if value.startswith('"') else value))
        at = found.end()
    return pairs


def test_logfmt():
    (line,) = written("logfmt").decode().splitlines()
    pairs = parse_logfmt(line)
    event = dict(pairs)
    expect(len(event) == len(pairs), "twice:", pairs)
    expect(event["path"] == "./no/such" and event["errno"] == "ENOENT" and event["ret"] == "-2", event)
    expect(event["arguments"] == "./no/such 'a b' $'\\xff\\x01x' = ''", event["arguments"])
    expect("interpreter_path" not in event, "null:", event)


# --- https://systemd.io/JOURNAL_NATIVE_PROTOCOL, JOURNAL_EXPORT_FORMATS


def parse_entry(data):
    fields = []
    while data:
        name, sign, rest = re.match(rb"([^\n=]*)([\n=])(.*)", data, re.S).groups()
        expect(re.fullmatch(rb"[A-Z_][A-Z0-9_]{0,63}", name), "no name:", name)
        if sign == b"=":
            value, _, data = rest.partition(b"\n")
        else:
            (size,) = struct.unpack("<Q", rest[:8])
            value, data = rest[8 : 8 + size], rest[8 + size :]
            expect(data[:1] == b"\n", "no end of", name)
            data = data[1:]
        fields.append((name.decode(), value))
    return fields


def check_entry(fields):
    entry = dict(fields)
    expect(entry["PRIORITY"] == b"3" and entry["ERRNO"] == b"2" and b"/no" in entry["MESSAGE"], entry)
    expect(entry["EXECFAIL_PATH"] == b"./no/such" and entry["EXECFAIL_ERRNO"] == b"ENOENT", entry)
    words = [value for name, value in fields if name == "EXECFAIL_ARGUMENTS"]
    expect(words == [b"./no/such", b"a b", b"\xff\x01x", b"=", b""], words)


def test_journal_file():
    data = written("journal")
    expect(data.endswith(b"\n\n") and data.count(b"\n\n") == 1, data)
    fields = parse_entry(data[:-1])
    expect(fields[0][0] == "__REALTIME_TIMESTAMP" and fields[0][1].isdigit(), fields)
    check_entry(fields)


# A daemon at its place, in a mount namespace of its own.
AT_ITS_PLACE = "mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal && "


def in_place(script, **how):
    return shell(f"exec unshare -m --propagation private sh -c '{AT_ITS_PLACE}{script}'", **how)


def test_journal_socket():
    """An entry is a datagram."""
    path = inside("socket")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as daemon:
        daemon.bind(path)
        daemon.settimeout(60)
        script = 'ln -s "$FOLDER/socket" /run/systemd/journal/socket && "$EXECFAIL" -q -e process_execute_failed -o journal -- sh -c "./no/1; ./no/2; true"'
        done = in_place(script)
        expect(done.status == 0 and not done.out, done)
        entries = [dict(parse_entry(daemon.recv(1 << 20)[:-1])) for _ in range(2)]
    expect([entry["EXECFAIL_PATH"] for entry in entries] == [b"./no/1", b"./no/2"], entries)


def test_journal_daemon():
    """What its own daemon and tools make of it."""
    if not os.path.exists("/lib/systemd/systemd-journald") or not shutil.which("journalctl"):
        raise Skip("there is no systemd-journald")
    # It is not to turn the kernel's auditing on or off, nor to take the kernel's messages.
    script = """mkdir -p /run/systemd/journald.conf.d
        printf "[Journal]\\nAudit=\\nReadKMsg=no\\n" >/run/systemd/journald.conf.d/test.conf
        /lib/systemd/systemd-journald & daemon=$!
        until [ -S /run/systemd/journal/socket ]; do sleep 0.1; done
        "$EXECFAIL" -q -e process_execute_failed -o journal -- sh -c "./no/such one two; true"
        until journalctl -q -D /run/log/journal -o json SYSLOG_IDENTIFIER=execfail >"$FOLDER/out" && [ -s "$FOLDER/out" ]; do
            sleep 0.1
        done
        kill $daemon; wait $daemon"""
    in_place(script)
    with open(inside("out"), encoding="utf-8") as file:
        entry = json.loads(file.read())
    expect(entry["EXECFAIL_ARGUMENTS"] == ["./no/such", "one", "two"] and entry["ERRNO"] == "2", entry)
    expect(entry["PRIORITY"] == "3" and entry["_COMM"] == "execfail", entry)


def test_no_journal():
    one_line(in_place('exec "$EXECFAIL" -o journal -- true'), 1, "/run/systemd/journal/socket", "No such file")


# --- workflow commands of GitHub's runner: ActionCommand.TryParseV2()


def unescaped(text, *codes):
    for code in (*codes, "25"):
        text = text.replace(f"%{code}", chr(int(code, 16)))
    return text


def parse_command(line):
    found = re.fullmatch(r"::(\w+)(?: (.*?))?::(.*)", line)
    expect(found, "no command:", line)
    properties = dict(pair.split("=", 1) for pair in (found[2] or "").split(",") if pair)
    return found[1], {key: unescaped(value, "0D", "0A", "3A", "2C") for key, value in properties.items()}, found[3]


def test_github():
    workspace = inside("work")
    os.makedirs(f"{workspace}/src")
    script = f"{workspace}/src/run.sh"
    with open(script, "w", encoding="utf-8") as file:
        file.write("#!/no/such/interpreter\n")
    os.chmod(script, 0o755)
    commands = f"cd {workspace}; ./src/run.sh; /no/a,b:c%; env true; exit 0"
    env = {**os.environ, "GITHUB_WORKSPACE": workspace}
    done = run("-q", "-e", "process_execute_failed", "-o", "github", "--", "sh", "-c", commands, env=env, stderr=subprocess.DEVNULL)
    first, second = map(parse_command, done.out.splitlines())
    expect(first[0] == "error" and first[1]["file"] == "src/run.sh", first)
    expect(first[1]["title"] == "./src/run.sh: ENOENT" and "/no/such/interpreter" in first[2], first)
    expect("file" not in second[1] and second[1]["title"] == "/no/a,b:c%: ENOENT", second)
    expect("%25" in second[2], second)


# --- what they share


def test_forms_without_sense():
    one_line(run("-o", "ecs", "explain", "true"), USAGE, "table and json")
    one_line(run("-o", "ecs", "--summary"), USAGE, "table and json")
    one_line(run("-o", "lofgmt"), USAGE, "did you mean 'logfmt'?")
    listed = run("-o", "help").out.splitlines()
    expect([line.split()[0] for line in listed] == ["table", "json", "logfmt", "ecs", "otel", "journal", "github"], listed)


def test_fields_of_forms():
    event = json.loads(written("ecs", "--fields", "errno,pid"))
    expect({"error.code", "process.pid", "@timestamp", "message"} <= set(event) and "file.path" not in event, event)
    expect(written("logfmt", "--fields", "errno,path") == b"errno=ENOENT path=./no/such\n", "of logfmt")
