# SPDX-License-Identifier: GPL-2.0-only
"""The rules of SARIF 2.1.0 (OASIS, section 3) for what execfail writes: what must be there, of which kind, and that nothing else is."""
import urllib.parse

import jsonschema

TEXT = {"type": "string"}
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": TEXT}, "additionalProperties": False}


def closed(required, **properties):
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


RULE = closed(["id"], id=TEXT, shortDescription=MESSAGE, help=MESSAGE)
ARTIFACT = closed([], uri={"type": "string", "format": "uri-reference"}, uriBaseId=TEXT)
LOCATION = closed([], physicalLocation=closed([], artifactLocation=ARTIFACT))
RESULT = closed(
    ["message"],
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations={"type": "array", "items": LOCATION},
)
DRIVER = closed(["name"], name=TEXT, version=TEXT, rules={"type": "array", "uniqueItems": True, "items": RULE})
RUN = closed(
    ["tool"],
    tool=closed(["driver"], driver=DRIVER),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    results={"type": "array", "items": RESULT},
)
LOG = closed(
    ["version", "runs"],
    **{"$schema": {"type": "string", "format": "uri"}},
    version={"const": "2.1.0"},
    runs={"type": "array", "minItems": 0, "items": RUN},
)


def faults(log):
    """Of a document, lines that say what is wrong; none: nothing is."""
    found = [error.message for error in jsonschema.Draft7Validator(LOG).iter_errors(log)]
    if found:
        return found
    for run in log["runs"]:
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            index = result["ruleIndex"]
            if index >= len(rules) or rules[index]["id"] != result["ruleId"]:
                found.append(f"{result['ruleId']} is not rule {index}")
            for location in result["locations"]:
                uri = location["physicalLocation"]["artifactLocation"]["uri"]
                if urllib.parse.urlsplit(uri).scheme or uri.startswith("/") or urllib.parse.quote(urllib.parse.unquote_to_bytes(uri), "/-._~") != uri:
                    found.append(f"{uri} is no relative URI")
    return found
