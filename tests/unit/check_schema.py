#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks that the schema of the JSON output and `execfail --list-fields` speak of the same fields.

usage: check_schema.py EXECFAIL SCHEMA [LINES...]

LINES: files with the output of `execfail -o json`, each line of which is checked against the schema.
"""

import json
import re
import subprocess
import sys

import jsonschema

mistakes = []


def mistake(text):
    mistakes.append(text)


def listed_fields(execfail):
    """Name and type, by --list-fields."""
    output = subprocess.run([execfail, "--list-fields"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split()[:2] for line in output.splitlines())


def listed_events(execfail):
    """The fields of each event, by name, and whether they may be missing; by --list-fields=markdown."""
    command = [execfail, "--list-fields=markdown"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    events = {}
    for section in output.split("\n## ")[1:]:
        rows = re.findall(r"^\| `([\w.]+)` \| \w+(, or missing)? \|", section, re.M)
        events[section.split("\n", 1)[0]] = {name: bool(missing) for name, missing in rows}
    return events


def find(schema, reference):
    part = schema
    for step in reference.split("/")[1:]:
        part = part[step]
    return part


def types_of(schema, property_):
    """The JSON types that a property can have, but null."""
    if "$ref" in property_:
        return types_of(schema, find(schema, property_["$ref"]))
    types = set()
    for option in property_.get("anyOf", []):
        types |= types_of(schema, option)
    own = property_.get("type", [])
    types |= {own} if isinstance(own, str) else set(own)
    return types - {"null"}


def check_object(name, definition, fields):
    properties = set(definition["properties"])
    required = {field for field, missing in fields.items() if not missing}
    if definition.get("additionalProperties") is not False:
        mistake(f"{name}: additionalProperties is not false")
    if definition["properties"]["event"].get("const") != name:
        mistake(f"{name}: says that it is another event")
    if properties ^ set(fields):
        mistake(f"{name}: in the schema or in --list-fields=markdown, not in both: {sorted(properties ^ set(fields))}")
    if required ^ set(definition["required"]):
        mistake(f"{name}: required in one of them only: {sorted(required ^ set(definition['required']))}")


def check_fields(schema, listed, events):
    named = [option["$ref"].rsplit("/", 1)[1] for option in schema["oneOf"]]
    if named != list(events):
        mistake(f"the events are {list(events)}, in the schema {named}")
    properties = {}
    for event in named:
        check_object(event, schema["$defs"][event], events.get(event, {}))
        properties.update(schema["$defs"][event]["properties"])
    for name in sorted(set(listed) - set(properties)):
        mistake(f"{name}: not in the schema")
    for name in sorted(set(properties) - set(listed)):
        mistake(f"{name}: not in --list-fields")
    for name in sorted(set(properties) & set(listed)):
        types = types_of(schema, properties[name])
        if types != {listed[name]}:
            mistake(f"{name}: {listed[name]} in --list-fields, {'/'.join(sorted(types))} in the schema")


def unique_pairs(pairs):
    keys = [key for key, _ in pairs]
    if len(keys) != len(set(keys)):
        raise ValueError("a key comes twice")
    return dict(pairs)


def check_lines(validator, path):
    with open(path, "rb") as lines:
        for number, line in enumerate(lines, 1):
            where = f"{path}:{number}"
            try:
                event = json.loads(line.decode("utf-8"), object_pairs_hook=unique_pairs)
            except ValueError as error:
                mistake(f"{where}: {error}")
                continue
            part = {"$ref": f"#/$defs/{event.get('event')}"}
            if part not in validator.schema["oneOf"]:
                mistake(f"{where}: there is no event {event.get('event')!r}")
                continue
            for error in validator.evolve(schema={**validator.schema, "oneOf": [part]}).iter_errors(event):
                for cause in error.context or [error]:
                    mistake(f"{where}: {'.'.join(map(str, cause.absolute_path)) or 'object'}: {cause.message}")


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    with open(sys.argv[2], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    check_fields(schema, listed_fields(sys.argv[1]), listed_events(sys.argv[1]))
    for path in sys.argv[3:]:
        check_lines(validator, path)
    for text in mistakes:
        print(text, file=sys.stderr)
    sys.exit(1 if mistakes else 0)


main()
