"""What the user gave to a call, as a frame with columns that can be asked with; what cannot be one is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import polars as pl

from zianalytics.api.describe import nearest
from zianalytics.api.foreign import EXACT, LARGEST_ID, as_polars, by_value, is_frame, is_gap, own, plain
from zianalytics.api.kinds import IDS, Kind
from zianalytics.client.inputs.weblog import visitors
from zianalytics.errors import RequestRefused

_UNSENT = "Nothing was sent."
_NEAR = 0.8


def given_frame(call: str, kind: Kind, of: Any) -> pl.DataFrame:
    """`of` as a frame with the columns that it stands for.

    Parameters
    ----------
    call
        What the user called.
    kind
        What can be asked with.
    of
        A frame, ids, texts or dicts; of IP addresses also the Path of a log.

    Raises
    ------
    RequestRefused
        It is none of these, or has no column that can be asked with.
    """
    given = _given(call, kind, of)
    _check_index(call, kind, of, given)
    if not any(name in kind.names for name in given.columns):
        told = ", ".join(_hinted(name, kind) for name in given.columns) or "(none)"
        raise RequestRefused(
            f"{call}: none of the columns {told} can be asked with. {_UNSENT} Rename one to {kind.advice}."
        )
    return given


def as_id(value: Any) -> int | None:
    """A whole number from 1 to what a column of ids can hold, in whatever form it comes."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        value = int(value) if value.is_integer() and abs(value) < EXACT else None
    if isinstance(value, Decimal):
        value = own(value)
    if isinstance(value, str):
        value = int(value) if re.fullmatch(r"[0-9]{1,40}", value.strip()) else None
    return value if isinstance(value, int) and 0 < value <= LARGEST_ID else None


def as_numeral(value: Any) -> str:
    """A text of digits, such as a phone, without the `.0` that it has from a column of floats."""
    text = str(value).strip()
    return text.removesuffix(".0") if re.fullmatch(r"[0-9]+\.0", text) else text


def _given(call: str, kind: Kind, of: Any) -> pl.DataFrame:
    if isinstance(of, pl.LazyFrame):
        return of.collect()
    if isinstance(of, Path) and kind.key == "ip_address":
        return visitors(of)
    values = plain(of)
    if hasattr(values, "__arrow_c_stream__"):
        return as_polars(of, call=call, harm=_UNSENT)
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Sequence):
        raise RequestRefused(_no_inputs(call, kind, of, values))
    if values and all(isinstance(one, Mapping) for one in values):
        return _from_dicts(call, kind, values)
    values = [None if is_gap(one := plain(each)) else one for each in values]
    if all(one is None or isinstance(one, str) for one in values):
        return _from_texts(call, kind, values)
    if kind.key in IDS:
        return _from_ids(call, kind, values)
    raise _mixed(call, kind)


def _from_texts(call: str, kind: Kind, texts: Sequence[str | None]) -> pl.DataFrame:
    """A column for each thing that one of the texts can be; one of gaps where all are."""
    names = [kind.name_of(one) if one else None for one in texts]
    columns = {
        column: [one if name == column else None for one, name in zip(texts, names, strict=True)]
        for column in dict.fromkeys(name for name in names if name)
    }
    if not columns:
        return pl.DataFrame(pl.Series(kind.key, texts, dtype=pl.Int64 if kind.key in IDS else pl.String))
    return pl.DataFrame([_column(call, column, values) for column, values in columns.items()])


def _from_ids(call: str, kind: Kind, values: Sequence[Any]) -> pl.DataFrame:
    ids = [_from_float(one) for one in values]
    if odd := [one for one in ids if isinstance(one, float)]:
        raise RequestRefused(
            f"{call}: {odd[0]!r} is not an id: ids are whole numbers, and as floats below 2**53. {_UNSENT} "
            "Correct it, or read the column as whole numbers."
        )
    if not all(one is None or (isinstance(one, int) and not isinstance(one, bool)) for one in ids):
        raise _mixed(call, kind)
    return pl.DataFrame(_column(call, kind.key, ids))


def _mixed(call: str, kind: Kind) -> RequestRefused:
    kinds = "ids, texts or dicts" if kind.key in IDS else "texts or dicts"
    return RequestRefused(f"{call} takes inputs of one kind: {kinds}. {_UNSENT} Split the list, or pass dicts.")


def _no_inputs(call: str, kind: Kind, of: Any, values: Any) -> str:
    """Why something is neither a frame nor a list, and what to write in its place."""
    what, then = "a frame, or a list of ids, texts or dicts", "Put a single one into a list."
    if kind.key == "ip_address":
        what = "a frame, a list of addresses or dicts, or the Path of a log"
        then = "Put a single address into a list, and the name of a log into a Path: Path('access.log')."
    elif isinstance(values, str) and values.lower().endswith((".csv", ".parquet")):
        what, then = f"{what}, or the Path of a file", f"Write Path({values!r})."
    if isinstance(values, Mapping):
        if any(isinstance(plain(one), Sequence) and not isinstance(one, str) for one in values.values()):
            then = "Make a frame of its columns: pl.DataFrame(...)."
    elif isinstance(values, Iterable) and not isinstance(values, str | bytes):
        then = "Make a list of it: list(...)."
    if hasattr(of, "ambiguous"):
        then = "Pass its .matched: what is in .ambiguous and .failed has no id."
    return f"{call} takes {what}, and not {type(of).__name__}. {_UNSENT} {then}"


def _check_index(call: str, kind: Kind, of: Any, given: pl.DataFrame) -> None:
    """Refuse a frame of pandas that has its ids, or all that can be asked with, in its index."""
    index = getattr(of, "index", None) if is_frame(of) else None
    names = getattr(index, "names", None) or ()
    inside = [name for name in names if name in kind.names and name not in given.columns]
    if inside and (kind.key in inside or not any(name in kind.names for name in given.columns)):
        raise RequestRefused(
            f"{call}: {', '.join(inside)} is in the index of the frame, which is not read. {_UNSENT} "
            "Pass frame.reset_index()."
        )


def _hinted(name: str, kind: Kind) -> str:
    """A column of the user, with the name that it may have been meant for."""
    known = {_letters(one): one for one in kind.names}
    near = get_close_matches(_letters(name), list(known), n=1, cutoff=_NEAR)
    return f"{name} (did you mean {known[near[0]]}?)" if near else name


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())


def _from_dicts(call: str, kind: Kind, dicts: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    keys = list(dict.fromkeys(key for one in dicts for key in one))
    if unknown := [key for key in keys if key not in kind.names]:
        hints = "; ".join(nearest(str(key), list(kind.names)) for key in unknown)
        raise RequestRefused(f"{call} cannot be asked with {hints}. {_UNSENT} Give {kind.advice}.")
    return pl.DataFrame([_column(call, key, [one.get(key) for one in dicts]) for key in keys])


def _column(call: str, name: str, values: Sequence[Any]) -> pl.Series:
    return by_value(name, values, call=call, harm=_UNSENT)


def _from_float(value: Any) -> Any:
    """A whole number that a column with gaps holds as a float, as such."""
    return number if isinstance(value, float) and (number := as_id(value)) is not None else value
