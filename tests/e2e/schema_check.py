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

import jsonschema

TOP = pathlib.Path(__file__).resolve().parents[2]
SHOWN = 20  # complaints; one broken field is broken in every line


def no_duplicates(pairs):
    """A member twice is legal JSON, and a bug of ours."""
    names = collections.Counter(name for name, _ in pairs)
    twice = [name for name, n in names.items() if n > 1]
    if twice:
        raise ValueError("member twice: " + ", ".join(twice))
    return dict(pairs)


def most_telling(error):
    """Of "none of these schemas fits": what is wrong by the one that is for this kind of event."""
    branches = collections.defaultdict(list)
    for inner in error.context:
        branches[inner.schema_path[0]].append(inner)
    if not branches:
        return error
    best = min(branches.values(), key=lambda e: (any("event" in i.path for i in e), len(e)))
    return most_telling(best[0])


def complaint(validator, line):
    try:
        event = json.loads(line.decode("utf-8"), object_pairs_hook=no_duplicates)
    except ValueError as error:
        return str(error)
    for error in validator.iter_errors(event):
        error = most_telling(error)
        return "{}: {}".format(".".join(map(str, error.absolute_path)) or "event", error.message[:300])
    return None


def check_file(validator, path, shown):
    passed = failed = 0
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            wrong = complaint(validator, line)
            if not wrong:
                passed += 1
                continue
            failed += 1
            if shown + failed <= SHOWN:
                print(f"not ok {path}:{number} # {wrong}")
    return passed, failed


def load_validator(path):
    with open(path, encoding="utf-8") as file:
        schema = json.load(file)
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=jsonschema.FormatChecker())


def main():
    parser = argparse.ArgumentParser(description="Validates JSON lines that execfail printed.")
    parser.add_argument("--schema", default=TOP / "docs" / "event.schema.json")
    parser.add_argument("files", nargs="+", metavar="FILE")
    options = parser.parse_args()

    validator = load_validator(options.schema)
    passed = failed = 0
    for path in options.files:
        good, bad = check_file(validator, path, failed)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed, 0 skipped")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
