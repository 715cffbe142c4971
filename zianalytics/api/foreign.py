"""What other data libraries hand over: frames as those of polars, values as Python's own, gaps as None."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal
from numbers import Number
from typing import Any

import polars as pl

from zianalytics.errors import RequestRefused

EXACT = 2**53
"""Whole numbers below it are exact as floats, in which a column with gaps holds them."""
LARGEST_ID = 2**63 - 1
"""The largest id is what a column of whole numbers holds."""
_GAPS = {"NAType", "NaTType"}
_WRAPPING = {"numpy", "pandas"}
_ARROW = ("__arrow_c_stream__", "__arrow_c_array__")
_LISTS = ("to_list", "tolist", "to_pylist")
_FINER = ("[ns]", "[ps]", "[fs]", "[as]")
_EASY = {int, str, type(None)}
_MISREAD = (TypeError, ValueError, OverflowError, NotImplementedError, pl.exceptions.PolarsError)
"""What polars and pyarrow raise of a column whose values are of several kinds."""


def plain(value: Any) -> Any:
    """`value` without the wrappings of data libraries: a series or an array as a list, numpy's values as Python's own.

    A moment is told to the microsecond, as Python has them.
    """
    library = type(value).__module__.partition(".")[0]
    if is_frame(value) or not (library in _WRAPPING or any(hasattr(value, name) for name in _ARROW)):
        return value
    if library == "numpy" and getattr(value, "dtype", None) is not None and value.dtype.str.endswith(_FINER):
        value = value.astype(f"{value.dtype.kind}8[us]")  # numpy tells finer moments as whole numbers
    return next((getattr(value, name)() for name in _LISTS if hasattr(value, name)), value)


def is_gap(value: Any) -> bool:
    """Whether it stands for no value: None, NaN, and what pandas writes for them."""
    if isinstance(value, Decimal):
        return value.is_nan()
    return value is None or type(value).__name__ in _GAPS or (isinstance(value, Number) and bool(value != value))


def own(value: Any) -> Any:
    """A value of Python's own, None for a gap; a whole number that a float or a decimal holds as such."""
    value = plain(value)
    if is_gap(value):
        return None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < EXACT else value
    if isinstance(value, Decimal) and abs(value) <= LARGEST_ID and value == value.to_integral_value():
        return int(value)
    return value


def is_frame(value: Any) -> bool:
    """Whether it is a frame, of polars or of another library."""
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


def columns_of(value: Any) -> list[str]:
    """The columns of a frame, of polars or of another library; none of anything else."""
    return [str(name) for name in _names(value)] if is_frame(value) else []


def as_polars(frame: Any, *, call: str, harm: str) -> pl.DataFrame:
    """A frame of another library as one of polars.

    A column of several kinds of values, as pandas reads them from a spreadsheet, is read `by_value`.

    Parameters
    ----------
    frame
        Of pandas, pyarrow or another library that hands out Arrow data.
    call
        What the user called.
    harm
        What has not happened, as a sentence.

    Raises
    ------
    RequestRefused
        Two columns have one name, one holds lists, bytes or objects among other values, or it is no frame.
    """
    if isinstance(frame, pl.DataFrame):
        return frame
    names = columns_of(frame)
    if twice := sorted({name for n, name in enumerate(names) if name in names[:n]}):
        raise RequestRefused(f"{call}: two columns are called {', '.join(twice)}. {harm} Rename one of them.")
    try:
        return pl.DataFrame(frame)
    except _MISREAD as exc:
        if not names:
            raise RequestRefused(
                f"{call}: {type(frame).__name__} cannot be read as a frame. {harm} Make a polars frame of it."
            ) from exc
    return pl.DataFrame([_column(str(name), frame[name], call=call, harm=harm) for name in _names(frame)])


def _column(name: str, column: Any, *, call: str, harm: str) -> pl.Series:
    try:
        series = pl.Series(column).alias(name)
        if series.dtype != pl.Object():
            return series
    except _MISREAD:
        pass  # its values are looked at one by one
    values = column.to_pylist() if hasattr(column, "to_pylist") else column.tolist()
    return by_value(name, values, call=call, harm=harm)


def by_value(name: str, values: Iterable[Any], *, call: str, harm: str) -> pl.Series:
    """A column of values of any kind: whole numbers where all are, else texts; 7.0 is 7, a gap is null.

    Parameters
    ----------
    name
        The column.
    values
        What it holds.
    call, harm
        As of `as_polars`.

    Raises
    ------
    RequestRefused
        A value is a list, bytes or an object that has no text, or holds half a character.
    """
    told = list(values)
    if not _EASY.issuperset(map(type, told)):
        told = [own(value) for value in told]
    if odd := [type(one).__name__ for one in told if not _has_text(one)]:
        raise RequestRefused(
            f"{call}: {name} holds values of several kinds, among them {odd[0]}. {harm} "
            "Turn it into texts, or leave it out."
        )
    if all(one is None or (type(one) is int and abs(one) <= LARGEST_ID) for one in told):
        return pl.Series(name, told, dtype=pl.Int64)
    try:
        return pl.Series(name, [None if one is None else str(one) for one in told], dtype=pl.String)
    except UnicodeEncodeError as exc:
        raise RequestRefused(
            f"{call}: {name} is not text: {exc.object!a} holds half a character. {harm} "
            "Read it from its source again, as UTF-8."
        ) from exc


def _has_text(value: Any) -> bool:
    """Whether its text says what it is: no list, no bytes, and no object that tells where it lies in memory."""
    if isinstance(value, Collection):
        return isinstance(value, str)
    return any(getattr(type(value), told) is not getattr(object, told) for told in ("__str__", "__repr__"))


def _names(frame: Any) -> list[Any]:
    """The names of a frame's columns; what pyarrow calls columns are their values."""
    return list(getattr(frame, "column_names", frame.columns))
