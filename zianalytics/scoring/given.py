"""What was given, read or refused: any table as a frame, its columns by name and type, its days, its features."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Literal, Protocol

import polars as pl
from polars import selectors

from zianalytics.errors import RequestRefused
from zianalytics.schema.feature import Feature

Doing = Literal["trained", "scored", "judged", "split"]
"""What was not done when something is refused."""

_ANYWAY = ("score", "tier", "reasons", "fit", "intent")
_USABLE = "numbers, Booleans, texts or lists of texts"


class Table(Protocol):
    """A frame of polars or pandas, a table of pyarrow: whatever hands its columns over as Arrow does."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """The columns, as Arrow's C stream interface has them."""


def read(table: object, doing: Doing) -> pl.DataFrame:
    """The table as a frame of polars: NaN of any library is null, that is unknown, and pandas' index is left out.

    Categories and enums are the texts that they stand for.
    """
    frame = _frame(table, doing)
    texts = [pl.col(name).cast(text) for name, dtype in frame.schema.items() if (text := _text(dtype)) is not None]
    return frame.with_columns(selectors.float().fill_nan(None), *texts)


def _frame(table: object, doing: Doing) -> pl.DataFrame:
    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    kind = f"{type(table).__module__.partition('.')[0]}.{type(table).__name__}".removeprefix("builtins.")
    # A column hands itself over as Arrow, too; it has no columns.
    if not hasattr(table, "columns") or not hasattr(table, "__arrow_c_stream__"):
        raise RequestRefused(
            f"A frame is wanted, and not {kind}. Nothing was {doing}. "
            "Pass a frame of polars, or one of pandas by pl.from_pandas(frame)."
        )
    try:
        return pl.DataFrame(table)
    except (TypeError, ValueError, pl.exceptions.PolarsError) as exc:
        raise RequestRefused(
            f"A column of the {kind} holds values of several types. Nothing was {doing}. "
            "Give each column one type, then pass pl.from_pandas(frame)."
        ) from exc


def check_columns(frame: pl.DataFrame, names: Iterable[str], doing: Doing, then: str) -> None:
    """Refuse a frame that lacks a column, with the names that look most like it."""
    if missing := [name for name in names if name not in frame.columns]:
        told = ", ".join(_nearest(name, frame.columns) for name in missing)
        raise RequestRefused(f"The frame has no column {told}. Nothing was {doing}. {then}")


def check_features(frame: pl.DataFrame, features: Sequence[Feature], doing: Doing) -> None:
    """Refuse a frame that lacks the column of a feature, has it in another type than declared, or with infinity in it.

    Infinity is most often a division by nought: whether nothing is known then, or a lot, its maker has to say.
    """
    check_columns(
        frame,
        [feature.name for feature in features],
        doing,
        "Pass the frame that features.accounts() returns, or one with the columns of these features.",
    )
    if wrong := [f for f in features if not _agrees(frame.schema[f.name], f)]:
        told = ", ".join(f"{f.name} is {frame.schema[f.name]}, expected {f.dtype}" for f in wrong)
        raise RequestRefused(f"Columns of another type than declared: {told}. Nothing was {doing}. Cast them first.")
    floats = [f.name for f in features if frame.schema[f.name].is_float()]
    if endless := [name for name in floats if frame[name].is_infinite().any()]:
        raise RequestRefused(
            f"Some values of {', '.join(endless)} are infinite. Nothing was {doing}. Write a number or null in their "
            f'place, e.g. frame.with_columns(pl.when(pl.col("{endless[0]}").is_finite()).then("{endless[0]}")).'
        )


def in_order(
    frame: pl.DataFrame, opened_on: str, closed_on: str | None, doing: Doing, *, ties: Sequence[str] = ()
) -> tuple[pl.DataFrame, pl.Series, pl.Series]:
    """The deals in order of opening, when each was opened, and when its outcome was known: on opening, unless told.

    Deals of one day are in order of `ties`. Where one column holds days and the other times, both are days: what came
    first on a day cannot be told.
    """
    names = [opened_on, *([closed_on] if closed_on is not None else [])]
    check_columns(frame, names, doing, "Name the ones with the days by opened_on= and closed_on=.")
    if wrong := [name for name in names if not isinstance(frame.schema[name], pl.Date | pl.Datetime)]:
        told = ", ".join(f"{name} is {frame.schema[name]}, expected Date" for name in wrong)
        raise RequestRefused(f"{told}. Nothing was {doing}. Cast it, e.g. {_cast(wrong[0], frame.schema[wrong[0]])}.")
    if frame[opened_on].null_count():
        raise RequestRefused(f"Some deals have no {opened_on}. Nothing was {doing}. Drop them first.")
    ordered = frame.sort([opened_on, *ties], maintain_order=True)
    opened, known = ordered[opened_on], ordered[closed_on or opened_on]
    zones = [getattr(column.dtype, "time_zone", None) for column in (opened, known)]
    if pl.Date() in (opened.dtype, known.dtype):
        return ordered, opened.dt.date(), known.dt.date()
    if zones[0] != zones[1]:
        raise RequestRefused(
            f"{opened_on} is {opened.dtype} and {closed_on} is {known.dtype}: of other time zones. "
            f"Nothing was {doing}. Give both the same by dt.convert_time_zone, one without any by dt.replace_time_zone."
        )
    return ordered, opened, known


def handed_on(keep: object, id: str) -> tuple[str, ...]:
    """The columns to hand on beside a score, refused where one is none of its own."""
    if isinstance(keep, str) or not isinstance(keep, Iterable):
        raise RequestRefused(
            f"keep takes a list of columns, and not {type(keep).__name__}. Nothing was scored. "
            "Put a single one into a list."
        )
    names = tuple(keep)
    if anyway := [name for name in names if name in (id, *_ANYWAY)]:
        raise RequestRefused(
            f"keep holds {anyway[0]!r}, and a column of that name is there anyway. Nothing was scored. "
            "Leave it out of keep, or rename it in the frame."
        )
    if twice := [name for name in names if names.count(name) > 1]:
        raise RequestRefused(f"keep holds {twice[0]!r} more than once. Nothing was scored. Name it once.")
    return names


def outcomes(won: pl.Series, name: str, doing: Doing) -> pl.Series:
    """Whether each deal was won, as Booleans; refused where it is neither yes and no nor 1 and 0."""
    says_so = won.dtype == pl.Boolean() or (won.dtype.is_numeric() and bool(((won == 0) | (won == 1)).all()))
    if won.null_count() or not says_so:
        raise RequestRefused(
            f"{name} must say true or false for each deal (or 1 and 0). Nothing was {doing}. "
            "Drop deals that are still open."
        )
    return won.cast(pl.Boolean)


def chosen(
    frame: pl.DataFrame, features: Iterable[Feature | str] | None, beside: Mapping[str, str]
) -> tuple[Feature, ...]:
    """The features that a model may use: those declared, those named by their columns, or each usable column.

    Parameters
    ----------
    frame
        The deals.
    features
        What was asked for; None for all.
    beside
        Columns that no feature can be made of, with what they are.
    """
    if features is None:
        found = tuple(_plain(name, dtype) for name, dtype in frame.schema.items() if name not in beside)
        used = tuple(feature for feature in found if feature is not None)
        if not used:
            raise RequestRefused(
                f"The frame has no column for a model beside {', '.join(beside)}. Nothing was trained. "
                f"Add columns of {_USABLE}."
            )
        return used
    if isinstance(features, str | Feature) or not isinstance(features, Iterable):
        raise RequestRefused(
            f"features takes a list, and not {type(features).__name__}. Nothing was trained. "
            "Put a single one into a list."
        )
    asked = tuple(features)
    if odd := [one for one in asked if not isinstance(one, str | Feature)]:
        raise RequestRefused(
            f"features holds {type(odd[0]).__name__}, which is neither a Feature nor the name of a column. "
            "Nothing was trained. Name columns, or pass features.FEATURES."
        )
    names = [one if isinstance(one, str) else one.name for one in asked]
    if not names:
        raise RequestRefused("features is empty. Nothing was trained. Name columns, or leave it out to use them all.")
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise RequestRefused(f"features holds {twice[0]!r} more than once. Nothing was trained. Name it once.")
    if no_feature := [name for name in names if name in beside]:
        told = ", ".join(f"{name!r} is {beside[name]}" for name in no_feature)
        raise RequestRefused(f"{told}, and no feature. Nothing was trained. Leave it out of features.")
    by_name = [one for one in asked if isinstance(one, str)]
    check_columns(frame, by_name, "trained", "Name columns of the frame in features=, or leave it out to use them all.")
    return tuple(_named(frame, one) if isinstance(one, str) else _declared(one) for one in asked)


def _named(frame: pl.DataFrame, name: str) -> Feature:
    if (feature := _plain(name, frame.schema[name])) is None:
        raise _unusable(name, frame.schema[name])
    return feature


def _declared(feature: Feature) -> Feature:
    """The feature with the type that a model reads its column as."""
    dtype = pl.Series(dtype=feature.dtype).dtype
    if (kind := _kind(dtype)) is None:
        raise _unusable(feature.name, dtype)
    return feature if kind == dtype else replace(feature, dtype=kind)


def _unusable(name: str, dtype: pl.DataType) -> RequestRefused:
    return RequestRefused(
        f"{name} is {dtype}, which no feature can be made of. Nothing was trained. "
        f"Make it one of {_USABLE}, or leave it out of features."
    )


def _plain(name: str, dtype: pl.DataType) -> Feature | None:
    """A feature of this column as it is; None where a model cannot use it."""
    kind = _kind(dtype)
    return None if kind is None else Feature(name, pl.Float64() if kind.is_numeric() else kind, f"Column {name}.")


def _kind(dtype: pl.DataType) -> pl.DataType | None:
    """Whole number, number, yes or no, text or texts, of whatever width; None where a model can use none of them."""
    if dtype.is_numeric():
        return pl.Int64() if dtype.is_integer() else pl.Float64()
    read_as = _text(dtype) or dtype
    return read_as if read_as in (pl.Boolean(), pl.String(), pl.List(pl.String())) else None


def _text(dtype: pl.DataType) -> pl.DataType | None:
    """The type of the texts that categories, enums and lists of them stand for; None for what is none of these."""
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return pl.String()
    return (
        pl.List(pl.String())
        if isinstance(dtype, pl.List) and isinstance(dtype.inner, pl.Categorical | pl.Enum)
        else None
    )


def _agrees(dtype: pl.DataType, feature: Feature) -> bool:
    declared = pl.Series(dtype=feature.dtype).dtype
    return dtype == declared or (dtype.is_numeric() and declared.is_numeric()) or dtype == pl.Null()


def _cast(name: str, dtype: pl.DataType) -> str:
    if dtype == pl.String():
        return f'frame.with_columns(pl.col("{name}").str.to_date("%d/%m/%Y")) for texts such as 21/02/2025'
    if dtype.is_numeric():
        return f'frame.with_columns(pl.from_epoch("{name}", time_unit="s")) for seconds since 1970'
    return f'frame.with_columns(pl.col("{name}").cast(pl.Date))'


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(str(name), known, n=3, cutoff=0.5)
    return f"{name!r} (did you mean {', '.join(near)}?)" if near else repr(name)
