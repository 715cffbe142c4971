"""Does a value fit the annotation of a keyword? Asked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

import polars as pl


def plain(value: Any) -> Any:
    """`value` without the wrappings of data libraries: a series as a list, a number of numpy as Python's own."""
    if isinstance(value, pl.Series):
        return value.to_list()
    if type(value).__module__.partition(".")[0] in {"numpy", "pandas"} and hasattr(value, "tolist"):
        return value.tolist()
    return value


def fits(value: Any, hint: Any) -> bool:
    """Whether `value` is what `hint` says, inside sequences too; True is not a number."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return any(fits(value, one) for one in inner)
    if origin is Literal:
        return value in inner
    if origin is Sequence:
        return isinstance(value, Sequence) and not isinstance(value, str) and all(fits(one, inner[0]) for one in value)
    if origin is Mapping:
        return isinstance(value, Mapping)
    if hint is None or hint is type(None):
        return value is None
    if hint in (int, float) and isinstance(value, bool):
        return False
    if hint is float:
        return isinstance(value, int | float) and isfinite(value)
    return isinstance(value, hint)


def spoken(hint: Any) -> str:
    """A type in words: "a whole number, or a list of whole numbers"."""
    words = [word for one in _alternatives(hint) if (word := _word(one))]
    return ", or ".join(dict.fromkeys(words))


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)


def _word(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(repr(value) for value in get_args(hint))
    if get_origin(hint) is Sequence:
        inner = get_args(hint)[0]
        return f"a list of {'dicts' if get_origin(inner) is Mapping else _PLURALS.get(inner, 'these')}"
    return _SINGULARS.get(getattr(hint, "__name__", ""), "")


_SINGULARS = {
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "bool": "True or False",
    "date": "a datetime.date, as date(2026, 1, 31) is",
    "timedelta": "a datetime.timedelta",
}
_PLURALS = {int: "whole numbers", str: "texts"}
