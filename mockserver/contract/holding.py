"""A value held against a schema of the contract by a full validator, each difference told by its place.

What was recorded with stand-ins for values (`<integer>`, as Postman makes them from a description, or an open
`{{variable}}`) differs in nothing but the type that it names. jsonschema is asked for when it is needed: the extra
`check` brings it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from mockserver.contract.find import Schema

if TYPE_CHECKING:
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LONGEST = 100  # characters of a key that are told
_VARIABLE = re.compile(r"\{\{[^{}]*\}\}")
_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")
_NAMED = {name: name for name in _TYPES} | {
    "long": "integer",
    "int": "integer",
    "float": "number",
    "double": "number",
    **dict.fromkeys(("date", "dateTime", "email", "uri", "uuid", "password"), "string"),
}
_WORDS = {
    "enum": "none of the documented values",
    "const": "not the documented value",
    "pattern": "not written as documented",
    "minimum": "less than documented",
    "maximum": "more than documented",
    "minItems": "fewer entries than documented",
    "maxItems": "more entries than documented",
    "not": "not as documented",
}


_Holds: TypeAlias = "Callable[[Validator, Any, Any, Any], Iterable[ValidationError] | None]"


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a value differs from its schema, as a JSON path, and how; never the value."""

    at: str
    problem: str


def differences(schema: Schema, value: Any) -> list[Difference]:
    """What is wrong with a value, in its own order; of the entries of a list, each kind of difference once.

    Raises
    ------
    ModuleNotFoundError
        jsonschema is not installed.
    """
    try:
        found = [(list(error.absolute_path), error) for error in validator()(schema).iter_errors(value)]
    except RecursionError:
        return [Difference("$", "nested too deeply to be compared")]
    first: dict[tuple[str, str], Difference] = {}
    for path, error in found:
        problem = error.message if error.validator in _OURS else _WORDS.get(str(error.validator), "not as documented")
        alike = json_path(0 if isinstance(step, int) else step for step in path), problem
        first.setdefault(alike, Difference(json_path(path), problem))
    return list(first.values())


def json_path(steps: Iterable[str | int]) -> str:
    """Keys and positions in the manner of JSONPath; `$` is the whole value."""
    told = ["$"]
    for step in steps:
        if isinstance(step, int):
            told.append(f"[{step}]")
        else:
            short = step if len(step) <= _LONGEST else f"{step[:_LONGEST]}..."
            told.append(f".{short}" if _PLAIN_KEY.fullmatch(short) else f"[{json.dumps(short)}]")
    return "".join(told)


@cache
def validator() -> type[Validator]:
    """What holds values against schemas, loaded when it is first asked for.

    Raises
    ------
    ModuleNotFoundError
        jsonschema is not installed.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    known = {**Draft202012Validator.VALIDATORS, **_OURS}
    lenient = {keyword: _lenient(keyword, holds) for keyword, holds in known.items()}
    made: type[Validator] = extend(Draft202012Validator, lenient)  # type: ignore[no-untyped-call]  # it has no types
    return made


def _lenient(keyword: str, holds: _Holds) -> _Holds:
    """A keyword that asks no more of a stand-in than that its type fits."""

    def judge(validator: Validator, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
        if keyword == "type" or stand_in(value) is None:
            yield from holds(validator, wanted, value, schema) or ()

    return judge


def stand_in(value: Any) -> set[str] | None:
    """The types that a text like `<integer>` or `{{id}}` stands for; None when it is a value by itself."""
    if not isinstance(value, str):
        return None
    if _VARIABLE.search(value):
        return {*_TYPES} if _VARIABLE.fullmatch(value) else {"string"}
    if value[:1] == "<" and value[-1:] == ">":
        named = {_NAMED.get(word.strip()) for word in value[1:-1].split(",")}
        return None if None in named else {name for name in named if name is not None}
    return None


def _type(validator: Validator, wanted: Any, value: Any, _: Any) -> Iterator[ValidationError]:
    types = [wanted] if isinstance(wanted, str) else wanted
    found = stand_in(value) or {name for name in _TYPES if validator.is_type(value, name)}
    if found.isdisjoint(types) and not ("integer" in found and "number" in types):
        told = next(name for name in _TYPES if name in found)
        yield _error(f"of type {told}, where {' or '.join(types)} is documented")


def _required(_: Any, wanted: Any, value: Any, __: Any) -> Iterator[ValidationError]:
    if isinstance(value, dict):
        yield from (_error("missing", name) for name in wanted if name not in value)


def _additional(validator: Any, wanted: Any, value: Any, schema: Any) -> Iterator[ValidationError]:
    for name in value if isinstance(value, dict) else ():
        if name in schema.get("properties", ()):
            continue
        if wanted is False:
            yield _error("not documented", name)
        else:
            yield from validator.descend(value[name], wanted, path=name)


def _error(message: str, *path: str) -> ValidationError:
    from jsonschema import ValidationError

    return ValidationError(message, path=path)


_OURS: dict[str, _Holds] = {"type": _type, "required": _required, "additionalProperties": _additional}
