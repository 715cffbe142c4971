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
    dict: frozenset({"enum", "required", "properties", "additionalProperties"}),
    list: frozenset({"enum", "items", "minItems", "maxItems"}),
    str: frozenset({"enum", "pattern"}),
    bool: frozenset({"enum"}),
    int: frozenset({"enum", "minimum", "maximum"}),
    float: frozenset({"enum", "minimum", "maximum"}),
    type(None): frozenset({"enum"}),
}
# Those of them that are about its members or entries.
_OF_PARTS = frozenset({"required", "properties", "additionalProperties", "items"})


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
    bounded
        Those of them of which not every value is right by itself, whatever its members or entries are.
    members
        Of an object: what is documented of its members.
    entries
        Of a list: what is documented of its entries.
    """

    schema: Schema
    kinds: frozenset[type]
    settled: frozenset[type]
    bounded: frozenset[type]
    members: Mapping[str, Shape]
    entries: Shape | None

    @classmethod
    def of(cls, schema: Schema) -> Shape:
        """The shape of what a schema describes."""
        kinds = frozenset(kind for kind in _TYPES if _is_named(schema.get("type"), _TYPES[kind]))
        return cls(
            schema,
            kinds=kinds,
            settled=frozenset(kind for kind in kinds if _KEYWORDS[kind].isdisjoint(schema)),
            bounded=frozenset(kind for kind in kinds if not (_KEYWORDS[kind] - _OF_PARTS).isdisjoint(schema)),
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
    kind = type(value)
    if kind not in shape.kinds:
        # In JSON Schema 2.0 is an integer.
        if not (kind is float and value.is_integer() and int in shape.kinds and _is_in_bounds(shape.schema, value)):
            found.append(Problem(name, "invalid"))
    elif kind in shape.bounded and not _is_in_bounds(shape.schema, value):
        found.append(Problem(name, "invalid"))
    elif kind is dict:
        _look_at_members(shape, value, name, found)
    elif kind is list and (entries := shape.entries) and not entries.settled.issuperset(map(type, value)):
        for entry in value:
            _look(entries, entry, name, found)


def _look_at_members(shape: Shape, value: dict[str, Any], name: str, found: list[Problem]) -> None:
    schema, members = shape.schema, shape.members
    if required := schema.get("required"):
        found += [Problem(_within(name, key), "missing") for key in required if key not in value]
    for key, member in value.items():
        if described := members.get(key):
            if type(member) not in described.settled:
                _look(described, member, _within(name, key), found)
        elif schema.get("additionalProperties", True) is False:
            found.append(Problem(_within(name, key), "unknown"))


def _within(name: str, key: str) -> str:
    """The name that a reader looks for: inputs are told by their own keys, not by the list that holds them."""
    return f"{name}.{key}" if name in ("address", "phone") else key


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
