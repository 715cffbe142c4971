"""Whether a request body is what the contract describes, and if not, which names are to blame.

Reads the part of JSON Schema that the documents use for bodies: type, enum, pattern, minimum, maximum, items,
minItems, maxItems, required, properties and additionalProperties.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
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
# The keywords that say more of a value than its type, by that.
_KEYWORDS: dict[type, frozenset[str]] = {
    dict: frozenset({"required", "properties", "additionalProperties"}),
    list: frozenset({"items", "minItems", "maxItems"}),
    str: frozenset({"pattern"}),
    bool: frozenset(),
    int: frozenset({"minimum", "maximum"}),
    float: frozenset({"minimum", "maximum"}),
    type(None): frozenset(),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A name in a body, and what is wrong with it: not documented, missing, or of a wrong value."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """A schema, made ready for many bodies.

    Attributes
    ----------
    schema
        What is documented.
    kinds
        Types that its values may have.
    settled
        Those of them of which every value is right: most criteria and all names of fields are settled by their type.
    members
        Of an object: what is documented of its members.
    entries
        Of a list: what is documented of its entries.
    """

    schema: Schema
    kinds: frozenset[type]
    settled: frozenset[type]
    members: Mapping[str, Shape]
    entries: Shape | None

    @classmethod
    def of(cls, schema: Schema) -> Shape:
        """The shape of what a schema describes."""
        kinds = frozenset(kind for kind in _TYPES if _is_named(schema.get("type"), _TYPES[kind]))
        return cls(
            schema,
            kinds=kinds,
            settled=frozenset(kind for kind in kinds if "enum" not in schema and _KEYWORDS[kind].isdisjoint(schema)),
            members={name: cls.of(member) for name, member in schema.get("properties", {}).items()},
            entries=cls.of(schema["items"]) if "items" in schema else None,
        )


def check(shape: Shape, body: Any) -> list[Problem]:
    """Everything that is wrong with a parsed body, in its own order; an empty list when nothing is."""
    found: list[Problem] = []
    _look(shape, body, "", found)
    return found


def _look(shape: Shape, value: Any, name: str, found: list[Problem]) -> None:
    """Enter what is wrong with a value into `found`."""
    if not _is_kind(shape, value) or not _is_in_bounds(shape.schema, value):
        found.append(Problem(name, "invalid"))
    elif isinstance(value, dict):
        _look_at_members(shape, value, name, found)
    elif isinstance(value, list) and (entries := shape.entries) and not entries.settled.issuperset(map(type, value)):
        for entry in value:
            _look(entries, entry, name, found)


def _look_at_members(shape: Shape, value: dict[str, Any], name: str, found: list[Problem]) -> None:
    schema, members = shape.schema, shape.members
    found += [Problem(_within(name, key), "missing") for key in schema.get("required", ()) if key not in value]
    for key, member in value.items():
        if described := members.get(key):
            if type(member) not in described.settled:
                _look(described, member, _within(name, key), found)
        elif schema.get("additionalProperties", True) is False:
            found.append(Problem(_within(name, key), "unknown"))


def _within(name: str, key: str) -> str:
    """The name that a reader looks for: inputs are told by their own keys, not by the list that holds them."""
    return f"{name}.{key}" if name in ("address", "phone") else key


def _is_kind(shape: Shape, value: Any) -> bool:
    return type(value) in shape.kinds or (isinstance(value, float) and value.is_integer() and int in shape.kinds)


def _is_named(wanted: str | list[str] | None, names: frozenset[str]) -> bool:
    """Whether a type with these names is the one that is wanted, or among those."""
    return wanted is None or not names.isdisjoint([wanted] if isinstance(wanted, str) else wanted)


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
