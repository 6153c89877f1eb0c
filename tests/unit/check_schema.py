#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks that the schema of the JSON output and `execfail --list-fields` speak of the same fields.

usage: check_schema.py EXECFAIL SCHEMA [LINES...]

LINES: files with the output of `execfail -o json`, each line of which is checked against the schema.
"""

import json
import subprocess
import sys

import jsonschema

OPTIONAL = {"attempts", "repeat_count", "first_time", "last_time", "truncated", "unreadable", "raw"}
mistakes = []


def mistake(text):
    mistakes.append(text)


def listed_fields(execfail):
    """Name and type, by --list-fields."""
    output = subprocess.run([execfail, "--list-fields"], check=True, stdout=subprocess.PIPE, text=True).stdout
    return dict(line.split()[:2] for line in output.splitlines())


def types_of(schema, property_):
    """The JSON types that a property can have, but null."""
    if "$ref" in property_:
        return types_of(schema, schema["$defs"][property_["$ref"].rsplit("/", 1)[1]])
    types = set()
    for option in property_.get("anyOf", []):
        types |= types_of(schema, option)
    own = property_.get("type", [])
    types |= {own} if isinstance(own, str) else set(own)
    return types - {"null"}


def check_object(name, definition):
    properties = set(definition["properties"])
    required = set(definition["required"])
    if definition.get("additionalProperties") is not False:
        mistake(f"{name}: additionalProperties is not false")
    if properties - OPTIONAL != required:
        mistake(f"{name}: required is not all but {sorted(OPTIONAL)}: {sorted((properties - OPTIONAL) ^ required)}")


def check_fields(schema, listed):
    events = [option["$ref"].rsplit("/", 1)[1] for option in schema["oneOf"]]
    properties = {}
    for event in events:
        check_object(event, schema["$defs"][event])
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
            part = {"$ref": "#/$defs/" + ("lost" if event.get("event") == "lost" else "process_execute_failed")}
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
    check_fields(schema, listed_fields(sys.argv[1]))
    for path in sys.argv[3:]:
        check_lines(validator, path)
    for text in mistakes:
        print(text, file=sys.stderr)
    sys.exit(1 if mistakes else 0)


main()
