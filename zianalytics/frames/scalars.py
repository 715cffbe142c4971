"""JSON scalars as polars columns: exact or null.

The input is a column of raw JSON texts (`12`, `"12"`, `12.5`, `true`; null where nothing or JSON null stood), so that a
number and its digits in quotes can be told apart. What a reader cannot turn into its dtype without a loss becomes null.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec
import polars as pl

_TEXT = pl.col("text")
SMALL = 10**15
"""A number below it fits Int64 even when it is multiplied by a scale of 1,000."""
_SMALL = r"^-?[0-9]{1,15}$"
_NUMBER = r"^-?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$"
_ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_AMERICAN = r"^[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}( [0-9]{1,2}:[0-9]{2} [AaPp][Mm])?$"
_DASHED = r"^([0-9]{2})-([0-9]{2})-([0-9]{4})T"  # webhooks write a month, a day and a year
_ISO_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-5][0-9](\.[0-9]{1,6}0*)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
_UTC_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6}0*)?Z)?$"
_IS_UTC_DAY = _TEXT.str.contains(_UTC_DAY)
_USUAL_DAY = (
    pl.when(_IS_UTC_DAY).then(_TEXT).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False).alias("day"),
    _IS_UTC_DAY.fill_null(value=True).alias("is_usual"),
)
_INT64 = range(-(2**63), 2**63)
# docs/assumptions.md, "a flag"
_FLAGS = {"true": True, "false": False, "1": True, "0": False, "yes": True, "no": False}


def scalar(raw: pl.Series, dtype: pl.DataType, scale: int = 1) -> pl.Series:
    """`raw` as `dtype`; null where that is not exact.

    Parameters
    ----------
    raw
        JSON texts.
    dtype
        String, Int64, Float64, Boolean, Date or Datetime.
    scale
        What a number is multiplied by before it must be whole.
    """
    return read_text(unquoted(raw), dtype, scale)


def read_text(text: pl.Series, dtype: pl.DataType, scale: int = 1) -> pl.Series:
    """Texts, and what other values are as text, as `dtype`; null where that is not exact."""
    if dtype == pl.Int64():
        return _whole(text, scale)
    if dtype == pl.Date():
        return _day(text)
    return pl.DataFrame({"text": text}).select(_READERS[dtype.base_type()]())["text"]


def unquoted(raw: pl.Series) -> pl.Series:
    """The text that each JSON string stands for; numbers, true and false as written; null for lists and objects."""
    frame = pl.DataFrame({"text": raw}, schema={"text": pl.String})
    quoted = _TEXT.str.starts_with('"')
    plain = frame.select(
        pl.when(quoted)
        .then(_TEXT.str.strip_prefix('"').str.strip_suffix('"'))
        .when(~_TEXT.str.contains(r"^[\[{]"))
        .then(_TEXT)
    )["text"]
    escaped = frame.select(quoted & _TEXT.str.contains("\\", literal=True))["text"].fill_null(value=False)
    if not escaped.any():
        return plain
    decoded = [msgspec.json.decode(one, type=str) for one in raw.filter(escaped)]
    return plain.scatter(escaped.arg_true(), decoded)


def _whole(text: pl.Series, scale: int) -> pl.Series:
    small = pl.DataFrame({"text": text}).select(_TEXT.str.contains(_SMALL).fill_null(value=False))["text"]
    whole = text.set(~small, None).cast(pl.Int64) * scale
    odd = text.is_not_null() & ~small
    return whole.scatter(odd.arg_true(), [_odd_whole(one, scale) for one in text.filter(odd)]) if odd.any() else whole


def _odd_whole(text: str, scale: int) -> int | None:
    """A number that is long, has a point or an exponent; None unless it is whole after scaling and fits."""
    if len(text) > 400 or not re.fullmatch(_NUMBER, text, re.ASCII):
        return None
    number = Decimal(text)
    if not number:
        return 0
    if not -4 < number.adjusted() < 20:  # before anything is expanded: 1e999999999 has a billion digits
        return None
    sign, digits, exponent = number.as_tuple()
    shift = int(exponent)
    whole, rest = divmod(int("".join(map(str, digits))) * scale * 10 ** max(shift, 0), 10 ** max(-shift, 0))
    value = -whole if sign else whole
    return value if not rest and value in _INT64 else None


def _number() -> pl.Expr:
    number = pl.when(_TEXT.str.contains(_NUMBER)).then(_TEXT.cast(pl.Float64, strict=False))
    return pl.when(number.is_finite()).then(number).alias("text")


def _flag() -> pl.Expr:
    return _TEXT.str.to_lowercase().replace_strict(_FLAGS, default=None, return_dtype=pl.Boolean)


def _day(text: pl.Series) -> pl.Series:
    """A day in UTC; the form that nearly all have is read without making a moment of it."""
    read = pl.DataFrame({"text": text}).select(_USUAL_DAY)
    days, odd = read["day"], ~read["is_usual"]
    if not odd.any():
        return days
    moments = pl.DataFrame({"text": text.filter(odd)}).select(_time())
    return days.scatter(odd.arg_true(), moments.to_series().dt.date())


# docs/assumptions.md, "a form of date"
def _time() -> pl.Expr:
    """A moment in UTC, from each of the forms that the service writes; without a zone it is UTC."""
    turned = _TEXT.str.replace(_DASHED, "${3}-${1}-${2}T")
    iso = (
        pl.when(turned.str.contains(_ISO_TIME))
        .then(turned)
        .str.replace(" ", "T", literal=True)
        .str.replace(r"(T[0-9]{2}:[0-9]{2})(Z|[+-].*)?$", "${1}:00${2}")
        .str.replace(r"(T[0-9:]{8}(\.[0-9]+)?)$", "${1}Z")
        .str.to_datetime("%Y-%m-%dT%H:%M:%S%.f%#z", strict=False, time_unit="us", time_zone="UTC")
    )
    american = pl.when(_TEXT.str.contains(_AMERICAN)).then(_TEXT)
    day = pl.coalesce(
        pl.when(_TEXT.str.contains(_ISO_DAY)).then(_TEXT).str.to_date("%Y-%m-%d", strict=False),
        american.str.to_date("%m/%d/%Y", strict=False),
    )
    clock = american.str.to_datetime("%m/%d/%Y %I:%M %p", strict=False, time_unit="us")
    return pl.coalesce(iso, clock.dt.replace_time_zone("UTC"), day.cast(pl.Datetime("us")).dt.replace_time_zone("UTC"))


_READERS: Mapping[type[pl.DataType], Callable[[], pl.Expr]] = {
    pl.String: lambda: _TEXT,
    pl.Float64: _number,
    pl.Boolean: _flag,
    pl.Datetime: lambda: _time().alias("text"),
}
