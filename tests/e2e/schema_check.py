#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Validates JSON lines that execfail printed against its schema.

usage: schema_check.py [--schema FILE] FILE...
"""
import argparse
import collections
import json
import pathlib
import sys

import fastjsonschema
import jsonschema

TOP = pathlib.Path(__file__).resolve().parents[2]
SHOWN = 20  # complaints; one broken field is broken in every line
BOTH = 20  # lines of a file that both validators judge


def no_duplicates(pairs):
    """A member twice is legal JSON, and a bug of ours."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = collections.Counter(name for name, _ in pairs)
        raise ValueError("member twice: " + ", ".join(name for name, n in names.items() if n > 1))
    return members


def most_telling(error):
    """Of "none of these schemas fits": what is wrong by the one that is for this kind of event."""
    branches = collections.defaultdict(list)
    for inner in error.context:
        branches[inner.schema_path[0]].append(inner)
    if not branches:
        return error
    best = min(branches.values(), key=lambda e: (any("event" in i.path for i in e), len(e)))
    return most_telling(best[0])


class Checker:
    """What compiled schemas, one for each event, let pass is right: that is quick, and all of nearly every file. What they
    refuse, and the first lines of a file, are told by the whole schema, which can say what is wrong."""

    def __init__(self, schema):
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        self.whole = kind(schema, format_checker=jsonschema.FormatChecker())
        self.compiled = {}
        for part in schema["oneOf"]:
            event = part["$ref"].rsplit("/", 1)[1]
            self.compiled[event] = fastjsonschema.compile({**schema, "oneOf": [part]})

    def is_right(self, event):
        try:
            self.compiled[event["event"]](event)
        except (KeyError, TypeError, fastjsonschema.JsonSchemaValueException):
            return False
        return True

    def complaint(self, line, both):
        try:
            event = json.loads(line.decode("utf-8"), object_pairs_hook=no_duplicates)
        except ValueError as error:
            return str(error)
        right = self.is_right(event)
        if right and not both:
            return None
        for error in self.whole.iter_errors(event):
            error = most_telling(error)
            return "{}: {}".format(".".join(map(str, error.absolute_path)) or "event", error.message[:300])
        return None if right else "the compiled schema refuses what the whole one lets pass"


def check_file(checker, path, shown):
    passed = failed = 0
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            wrong = checker.complaint(line, number <= BOTH)
            if not wrong:
                passed += 1
                continue
            failed += 1
            if shown + failed <= SHOWN:
                print(f"not ok {path}:{number} # {wrong}")
    return passed, failed


def load_checker(path):
    with open(path, encoding="utf-8") as file:
        return Checker(json.load(file))


def main():
    parser = argparse.ArgumentParser(description="Validates JSON lines that execfail printed.")
    parser.add_argument("--schema", default=TOP / "docs" / "event.schema.json")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()

    checker = load_checker(options.schema)
    passed = failed = 0
    for path in options.files:
        good, bad = check_file(checker, path, failed)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
