"""Whether a request body is what the contract describes, and if not, which names are to blame.

Reads the part of JSON Schema that the documents use for bodies: type, enum, pattern, minimum, maximum, items,
minItems, maxItems, required, properties and additionalProperties.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.contract.find import Schema

Kind = Literal["unknown", "missing", "invalid"]
# What JSON Schema calls what JSON is parsed into.
_TYPES: dict[type, frozenset[str]] = {
    dict: frozenset({"object"}),
    list: frozenset({"array"}),
    str: frozenset({"string"}),
    bool: frozenset({"boolean"}),
    int: frozenset({"integer", "number"}),
    float: frozenset({"number"}),
    type(None): frozenset({"null"}),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A name in a body, and what is wrong with it: not documented, missing, or of a wrong value."""

    name: str
    kind: Kind


def check(schema: Schema, body: Any) -> list[Problem]:
    """Everything that is wrong with a parsed body, in its own order; an empty list when nothing is."""
    return list(_problems(schema, body, ""))


def _problems(schema: Schema, value: Any, name: str) -> Iterator[Problem]:
    if not _is_type(schema.get("type"), value) or not _is_in_bounds(schema, value):
        yield Problem(name, "invalid")
        return
    if isinstance(value, dict):
        yield from _members(schema, value, name)
    elif isinstance(value, list) and "items" in schema:
        for item in value:
            yield from _problems(schema["items"], item, name)


def _members(schema: Schema, value: dict[str, Any], name: str) -> Iterator[Problem]:
    described = schema.get("properties", {})
    for key in schema.get("required", ()):
        if key not in value:
            yield Problem(_within(name, key), "missing")
    for key, member in value.items():
        if key in described:
            yield from _problems(described[key], member, _within(name, key))
        elif schema.get("additionalProperties", True) is False:
            yield Problem(_within(name, key), "unknown")


def _within(name: str, key: str) -> str:
    """The name that a reader looks for: inputs are told by their own keys, not by the list that holds them."""
    return f"{name}.{key}" if name in ("address", "phone") else key


def _is_type(wanted: str | list[str] | None, value: Any) -> bool:
    if wanted is None:
        return True
    names = _TYPES[type(value)]
    if isinstance(wanted, str) and wanted in names:
        return True
    if isinstance(value, float) and value.is_integer():
        names = _TYPES[int]
    return not names.isdisjoint([wanted] if isinstance(wanted, str) else wanted)


def _is_in_bounds(schema: Schema, value: Any) -> bool:
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, str):
        return "pattern" not in schema or re.search(schema["pattern"], value) is not None
    if isinstance(value, list):
        return bool(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True
