"""Whether a request body is what the contract describes, and if not, which names are to blame.

Reads the part of JSON Schema that the documents use for bodies: type, enum, pattern, minimum, maximum, items,
minItems, maxItems, required, properties and additionalProperties.
"""

from __future__ import annotations

import re
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
_TEXT = {"type": "string"}


@dataclass(frozen=True, slots=True)
class Problem:
    """A name in a body, and what is wrong with it: not documented, missing, or of a wrong value."""

    name: str
    kind: Kind


def check(schema: Schema, body: Any) -> list[Problem]:
    """Everything that is wrong with a parsed body, in its own order; an empty list when nothing is."""
    found: list[Problem] = []
    _look(schema, body, "", found)
    return found


def _look(schema: Schema, value: Any, name: str, found: list[Problem]) -> None:
    """Enter what is wrong with a value into `found`."""
    if not _is_type(schema.get("type"), value) or not _is_in_bounds(schema, value):
        found.append(Problem(name, "invalid"))
    elif isinstance(value, dict):
        _look_at_members(schema, value, name, found)
    elif isinstance(value, list) and "items" in schema:
        items = schema["items"]
        if items != _TEXT or not all(isinstance(item, str) for item in value):  # most lists are the names of fields
            for item in value:
                _look(items, item, name, found)


def _look_at_members(schema: Schema, value: dict[str, Any], name: str, found: list[Problem]) -> None:
    described = schema.get("properties", {})
    found += [Problem(_within(name, key), "missing") for key in schema.get("required", ()) if key not in value]
    for key, member in value.items():
        if key in described:
            _look(described[key], member, _within(name, key), found)
        elif schema.get("additionalProperties", True) is False:
            found.append(Problem(_within(name, key), "unknown"))


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
    if len(schema) == 1 and "type" in schema:  # as most do
        return True
    if "enum" in schema and value not in schema["enum"]:
        return False
    if isinstance(value, str):
        return "pattern" not in schema or re.search(schema["pattern"], value) is not None
    if isinstance(value, list):
        return bool(schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", len(value)))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True
