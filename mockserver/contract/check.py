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
_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "null": type(None),
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
    names = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in names
    if isinstance(value, float) and value.is_integer() and "integer" in names:
        return True
    return any(isinstance(value, _TYPES[name]) for name in names)


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
