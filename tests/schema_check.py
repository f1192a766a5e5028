"""Checks documents against docs/schemas with the standard library alone: the part of JSON Schema that those files use."""

import functools
import json
import os
import re

SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs", "schemas")
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}
# Said about a document, not demanded of it.
NOTES = {"description", "title", "$id", "$schema", "$defs", "format"}


def problems(document):
    """What a document of this program has that its schema does not allow, a line each."""
    name = document["schema"].removeprefix("lightspeed.").split("/")[0]
    schema = load(name)
    found = list(check(document, schema, schema, "$"))
    results = document.get("benchmarks")
    if isinstance(results, dict):
        # A receipt inside is a document of its own.
        results = [result.get("result", result) for result in results.values()]
        receipts = [result["receipt"] for result in results if result.get("receipt")]
        found += [problem for receipt in receipts for problem in problems(receipt)]
    return found


@functools.cache
def load(name):
    """The schema of this name."""
    with open(os.path.join(SCHEMAS, f"{name}.json"), encoding="utf-8") as file:
        return json.load(file)


def check(value, schema, root, place):
    """Problems of a value; a keyword that is not known here is one too."""
    if isinstance(schema, bool):
        if not schema:
            yield f"{place}: must not be there"
        return
    for keyword, wanted in schema.items():
        if keyword not in NOTES:
            yield from RULES.get(keyword, unknown)(value, wanted, schema, root, place)


def unknown(_value, wanted, _schema, _root, place):
    yield f"{place}: a keyword that this check does not know: {wanted}"


def is_of(value, name):
    """Whether a value is of a type; true and false are no numbers."""
    if name in ("integer", "number"):
        whole = isinstance(value, int) or isinstance(value, float) and value.is_integer()
        return not isinstance(value, bool) and (whole or name == "number" and isinstance(value, float))
    return isinstance(value, TYPES[name])


def is_type(value, wanted, _schema, _root, place):
    names = wanted if isinstance(wanted, list) else [wanted]
    if not any(is_of(value, name) for name in names):
        yield f"{place}: {value!r} is none of {names}"


def reference(value, wanted, _schema, root, place):
    target = root
    for step in wanted.removeprefix("#/").split("/"):
        target = target[step]
    yield from check(value, target, root, place)


def properties(value, wanted, _schema, root, place):
    if isinstance(value, dict):
        for name in value.keys() & wanted.keys():
            yield from check(value[name], wanted[name], root, f"{place}.{name}")


def additional(value, wanted, schema, root, place):
    if isinstance(value, dict):
        for name in value.keys() - schema.get("properties", {}).keys():
            yield from check(value[name], wanted, root, f"{place}.{name}")


def required(value, wanted, _schema, _root, place):
    if isinstance(value, dict):
        yield from (f"{place}: {name} is missing" for name in wanted if name not in value)


def items(value, wanted, schema, root, place):
    if isinstance(value, list):
        for number, each in enumerate(value[len(schema.get("prefixItems", [])) :]):
            yield from check(each, wanted, root, f"{place}[{number}]")


def first_items(value, wanted, _schema, root, place):
    if isinstance(value, list):
        for number, (each, schema) in enumerate(zip(value, wanted)):
            yield from check(each, schema, root, f"{place}[{number}]")


def matching(least, most):
    """A rule for `anyOf` or `oneOf`: how many alternatives must fit."""

    def rule(value, wanted, _schema, root, place):
        count = sum(not any(check(value, alternative, root, place)) for alternative in wanted)
        if not least <= count <= (most or count):
            yield f"{place}: {value!r} fits {count} of {len(wanted)} alternatives"

    return rule


def limit(kind, fits):
    """A rule for values of some types."""

    def rule(value, wanted, _schema, _root, place):
        if isinstance(value, kind) and not isinstance(value, bool) and not fits(value, wanted):
            yield f"{place}: {value!r} does not fit {wanted!r}"

    return rule


RULES = {
    "type": is_type,
    "$ref": reference,
    "properties": properties,
    "additionalProperties": additional,
    "required": required,
    "items": items,
    "prefixItems": first_items,
    "anyOf": matching(1, None),
    "oneOf": matching(1, 1),
    "const": limit(object, lambda value, wanted: value == wanted),
    "enum": limit(object, lambda value, wanted: value in wanted),
    "minimum": limit((int, float), lambda value, wanted: value >= wanted),
    "maximum": limit((int, float), lambda value, wanted: value <= wanted),
    "exclusiveMinimum": limit((int, float), lambda value, wanted: value > wanted),
    "minItems": limit(list, lambda value, wanted: len(value) >= wanted),
    "maxItems": limit(list, lambda value, wanted: len(value) <= wanted),
    "pattern": limit(str, lambda value, wanted: re.search(wanted, value) is not None),
}
