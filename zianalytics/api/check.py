"""Does a value fit the annotation of a keyword? Asked before anything is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import isfinite
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from zianalytics.api.foreign import EXACT, as_polars, columns_of

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGITS = re.compile(r"[0-9]{1,19}")


def as_meant(value: Any, hint: Any) -> Any:
    """`value` as `hint` has it, where it can mean one thing alone; else as it is.

    A frame of one column is its values, a moment its day, as is "2026-01-31", and 50.0 is 50. Ids may be digits. Words
    of which several may be given are cut at their commas.
    """
    kinds = _alternatives(hint)
    of_list = next((get_args(one)[0] for one in kinds if get_origin(one) is Sequence), None)
    if of_list is not None and (columns := columns_of(value)) and len(columns) == 1:
        value = as_polars(value, call="A frame", harm="Nothing was sent.").to_series().to_list()
    if date in kinds:
        return _as_day(value)
    if isinstance(value, str) and "," in value and (of_list is int or get_origin(of_list) is Literal):
        value = [part for raw in value.split(",") if (part := raw.strip())]
    if int in kinds:
        is_list = isinstance(value, Sequence) and not isinstance(value, str)
        return [_as_whole(one, of_list) for one in value] if is_list else _as_whole(value, of_list)
    return value


def _as_day(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str) and _DAY.fullmatch(value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            return value
    return value


def _as_whole(value: Any, of_list: Any) -> Any:
    if isinstance(value, float) and value.is_integer() and abs(value) < EXACT:
        return int(value)
    if of_list is int and isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        return int(value)
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
