"""Records that hold nothing odd, a chunk at a time: what a record may hold is said to msgspec as a type.

msgspec checks a record against it and makes all its values in one go, ten times as fast as they are read one by one.
A record that holds anything else (an unknown field, a number where a text is promised, a value that would be lost) is
odd: `nested.py` reads it, value by value, and says what is the matter. So both give the same, and only that one judges.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache
from itertools import chain
from operator import attrgetter
from typing import Annotated, Any

import msgspec
import polars as pl

from zianalytics.api.layout import Reading
from zianalytics.frames.nested import Findings, Found, Raws, folded, item_of, members, read_objects, read_values
from zianalytics.frames.scalars import SMALL, read_text

_WHOLE = Annotated[int, msgspec.Meta(gt=-SMALL, lt=SMALL)]  # a larger one might not fit its dtype, and is odd
_MAY_BE: dict[type[pl.DataType], Any] = {
    pl.String: str,
    pl.Int64: _WHOLE | str,
    pl.Float64: float | str,
    pl.Boolean: bool | str,
    pl.Date: str,
    pl.Datetime: str,
}
_NONE = (None,)
"""The members of a list that has none, for `folded`."""


def read_records(
    readings: tuple[Reading, ...],
    records: Raws,
    findings: Findings,
    only: Collection[str] | None = None,
    *,
    are_all: bool = True,
) -> dict[str, pl.Series]:
    """What `read_objects` gives, by the shorter way for records that hold nothing odd.

    Parameters
    ----------
    are_all
        Whether the readings are all that there are; else other fields are passed over, and not found.
    """
    if findings.mark:
        return read_objects(readings, records, findings, only=only)
    shape, odd = _shape(readings, are_all=are_all), set[int]()
    objects = [shape.opened(raw, row, odd) for row, raw in enumerate(records)]
    plain = shape.columns(objects, odd, only)
    if not odd:
        return plain
    rows, inner = sorted(odd), findings.below()
    exact = read_objects(readings, [records[row] for row in rows], inner, only=only)
    for mine, theirs in ((findings.lost, inner.lost), (findings.unknown, inner.unknown)):
        mine += [Found(rows[one.row], one.path, one.raw) for one in theirs]
    where = pl.int_range(len(records), eager=True).scatter(rows, range(len(records), len(records) + len(rows)))
    return {name: pl.concat([column, exact[name]]).gather(where) for name, column in plain.items()}


class _Shape:
    """The type of an object, and how columns are made of many.

    Parameters
    ----------
    places
        For each key of the object: the reading that it has, the shape of the object around several, or None where it
        is left out.
    names
        The columns, in their order.
    are_all
        Whether an object with any other key is odd.
    """

    def __init__(
        self, places: dict[str, Reading | _Shape | None], names: Sequence[str], *, are_all: bool = True
    ) -> None:
        self._names = names
        self._places = [(place, attrgetter(f"at_{n}")) for n, place in enumerate(places.values())]
        fields = [(f"at_{n}", _type_of(place), None) for n, place in enumerate(places.values())]
        self.type: type[msgspec.Struct] = msgspec.defstruct(
            "Object",
            fields,
            rename={name: key for (name, _, _), key in zip(fields, places, strict=True)},
            forbid_unknown_fields=are_all,
            gc=False,
            eq=False,
        )
        self._decoder, self._empty = msgspec.json.Decoder(self.type), self.type()

    def opened(self, raw: bytes | None, row: int, odd: set[int]) -> Any:
        """The object; an empty one where there is none, or one that is odd."""
        if raw is None or raw == b"null":
            return self._empty
        try:
            return self._decoder.decode(raw)
        except (msgspec.MsgspecError, RecursionError):
            odd.add(row)
            return self._empty

    def columns(
        self, objects: Sequence[Any], odd: set[int], only: Collection[str] | None = None
    ) -> dict[str, pl.Series]:
        """A column for each reading.

        Parameters
        ----------
        objects
            None where there is none.
        odd
            Is told of objects in which a value would be lost, by their places.
        only
            The columns that are wanted; None for all.
        """
        there = [self._empty if one is None else one for one in objects]
        found: dict[str, pl.Series] = {}
        for place, value_of in self._places:
            if isinstance(place, _Shape):
                found |= place.columns(list(map(value_of, there)), odd, only)
            elif place is not None and (only is None or place.name in only):
                found[place.name] = _column(place, list(map(value_of, there)), odd)
        return {name: found[name] for name in self._names if name in found}


@cache
def _shape(readings: tuple[Reading, ...], left_out: frozenset[str] = frozenset(), *, are_all: bool = True) -> _Shape:
    return _around(readings, left_out, 0, are_all=are_all)


def _around(readings: Sequence[Reading], left_out: frozenset[str], depth: int, *, are_all: bool) -> _Shape:
    """The shape of an object that readings reach by the keys from this depth on."""
    below: dict[str, list[Reading]] = {}
    for one in readings:
        below.setdefault(one.at[depth], []).append(one)
    places: dict[str, Reading | _Shape | None] = {
        key: some[0] if len(some[0].at) == depth + 1 else _around(some, frozenset(), depth + 1, are_all=are_all)
        for key, some in below.items()
    }
    names = [one.name for one in readings]
    return _Shape({**dict.fromkeys(left_out - places.keys()), **places}, names, are_all=are_all)


def _type_of(place: Reading | _Shape | None) -> Any:
    if place is None:
        return msgspec.Raw
    if isinstance(place, _Shape):
        return place.type | None
    if place.form in ("json", "tree"):
        return msgspec.Raw
    if place.form == "entries":
        return dict[str, _type_of(place.inside[1])] | None  # type: ignore[misc]  # a type that is made here
    if isinstance(place.dtype, pl.List):
        return list[_type_of(item_of(place, place.dtype))] | None  # type: ignore[misc]  # likewise
    if isinstance(place.dtype, pl.Struct):
        return _shape(place.inside, place.left_out).type | None
    return _MAY_BE[place.dtype.base_type()] | None


def _column(reading: Reading, values: Sequence[Any], odd: set[int]) -> pl.Series:
    """The column of one reading."""
    if values.count(None) == len(values):
        return pl.Series([None] * len(values), dtype=reading.dtype)
    if reading.form in ("json", "tree"):
        findings = Findings()
        column = read_values(reading, [None if one is None else bytes(one) for one in values], findings)
        odd.update(one.row for one in chain(findings.lost, findings.unknown))
        return column
    if isinstance(reading.dtype, pl.List):
        return _lists(reading, reading.dtype, values, odd)
    if isinstance(reading.dtype, pl.Struct):
        return _structs(_shape(reading.inside, reading.left_out).columns(values, odd), values, reading.dtype)
    column, lost = _scalars(reading, values)
    odd.update(lost)
    return column


def _structs(inside: dict[str, pl.Series], values: Sequence[Any], dtype: pl.DataType) -> pl.Series:
    """A struct per value; null where there is none."""
    column = pl.DataFrame(inside).to_struct("struct").cast(dtype)
    if None not in values:
        return column
    there = pl.Series([one is not None for one in values], dtype=pl.Boolean)
    return pl.DataFrame({"struct": column}).select(pl.when(there).then("struct"))["struct"]


def _lists(reading: Reading, dtype: pl.List, values: Sequence[Any], odd: set[int]) -> pl.Series:
    """A list per value; null where there is none."""
    among = members([None if one is None else len(one) for one in values])
    item, odd_ones = item_of(reading, dtype), set[int]()
    if reading.form == "entries":
        key, value = reading.inside
        keys = list(chain.from_iterable(one or _NONE for one in values))
        told = list(chain.from_iterable(one.values() if one else _NONE for one in values))
        inside = {key.name: _column(key, keys, odd_ones), value.name: _column(value, told, odd_ones)}
        column = pl.DataFrame(inside).to_struct("struct").cast(item.dtype)
    else:
        column = _column(item, list(chain.from_iterable(one or _NONE for one in values)), odd_ones)
    if odd_ones:
        odd.update(among["row"].gather(list(odd_ones)))
    return folded(column, among, dtype)


def _scalars(reading: Reading, values: Sequence[Any]) -> tuple[pl.Series, Sequence[int]]:
    """Values as their dtype, and where one would be lost."""
    dtype = reading.dtype
    if dtype == pl.String():
        return pl.Series([one or None for one in values], dtype=dtype), ()
    kinds = set(map(type, values))
    if str not in kinds:
        column = pl.Series(values, dtype=dtype)
        return (column * reading.scale if reading.scale != 1 else column), ()
    are_texts = kinds <= {str, type(None)}
    text = pl.Series([one or None if are_texts else _as_text(one) for one in values], dtype=pl.String)
    column = read_text(text, dtype, reading.scale)
    if column.null_count() == text.null_count():
        return column, ()
    return column, (text.is_not_null() & column.is_null()).arg_true().to_list()


def _as_text(value: str | float | None) -> str | None:
    """What stood there, as text; an empty text is nothing."""
    if value is None or isinstance(value, str):
        return value or None
    return str(value).lower()
