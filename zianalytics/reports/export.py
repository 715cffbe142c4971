"""Tables for a spreadsheet: no text in them is taken for a formula."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl
from polars.datatypes import DataTypeClass

from zianalytics.errors import RequestRefused
from zianalytics.inert import as_cell


def write_table(frame: pl.DataFrame, path: str | Path) -> Path:
    """Write a frame as the end of its name says: CSV for a spreadsheet, or Parquet or JSON with nested columns.

    Parameters
    ----------
    frame
        Any frame; what CSV cannot hold, Parquet can.
    path
        Ends with .csv, .parquet or .json; a file of that name is written over.

    Raises
    ------
    RequestRefused
        It is no frame, the name ends otherwise, or the file cannot be written. Nothing is written.
    """
    if not isinstance(frame, pl.DataFrame):
        advice = "Collect it: frame.collect()." if isinstance(frame, pl.LazyFrame) else "Write zi.export(frame, path)."
        kind = type(frame).__name__
        raise RequestRefused(f"A file is written of a frame, not of {kind}. Nothing was written. {advice}")
    written = Path(path)
    write = WRITERS.get(written.suffix.lower())
    if write is None:
        raise RequestRefused(
            f"{as_cell(written.name)}: the ending must be .csv, .parquet or .json. Nothing was written. A spreadsheet "
            "opens .csv and saves it as .xlsx; .parquet and .json keep nested columns."
        )
    try:
        write(frame, written)
    except (OSError, pl.exceptions.PolarsError) as exc:
        why = (getattr(exc, "strerror", None) or str(exc) or type(exc).__name__).splitlines()[0]
        raise RequestRefused(
            f"{written} cannot be written ({why}). Nothing was spent. Give rights or make room there, or name another."
        ) from exc
    return written


def write_csv(frame: pl.DataFrame, path: str | Path) -> Path:
    """Write a frame as CSV that a spreadsheet opens without computing anything.

    Texts that a spreadsheet would take for a formula begin with an apostrophe, unseen characters are spelt out, lists
    are joined by "; ", and what is nested deeper is written as JSON.

    Parameters
    ----------
    frame
        Any frame of numbers, dates and texts, or of lists and structs of them.
    path
        Where; a file of that name is written over.

    Raises
    ------
    RequestRefused
        A column holds what is no text, number or date, two columns would have the same name, or the file cannot be
        written.
    """
    if odd := [f"{as_cell(name)} ({dtype})" for name, dtype in frame.schema.items() if not _has_text(dtype)]:
        raise RequestRefused(
            f"A CSV file cannot hold the values of {', '.join(odd)}. Nothing was written. "
            "Turn them into texts or numbers first, or drop them."
        )
    heads = [as_cell(name) for name in frame.columns]
    if twice := [head for n, head in enumerate(heads) if head in heads[:n]]:
        raise RequestRefused(
            f"Two columns would be called {', '.join(twice)} in the file. Nothing was written. Rename one of them."
        )
    written = Path(path)
    if not written.parent.is_dir():
        raise RequestRefused(f"There is no folder {written.parent}. Nothing was written. Make it, or name another one.")
    plain = frame.select(_plain(name, dtype) for name, dtype in frame.schema.items())
    try:
        plain.rename(as_cell).write_csv(written, include_bom=True)
    except OSError as exc:
        why = exc.strerror or type(exc).__name__
        raise RequestRefused(
            f"{written} cannot be written ({why}). Nothing was spent. Make room or give rights there, or name another."
        ) from exc
    return written


WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], object]] = {
    ".parquet": lambda frame, path: frame.write_parquet(path),
    ".csv": write_csv,
    ".json": lambda frame, path: frame.write_json(path),
}
"""How a file is written, by the end of its name."""


def _has_text(dtype: pl.DataType | DataTypeClass, *, inside: bool = False) -> bool:
    """Whether every value of this type can be written; polars writes a duration in JSON alone."""
    if isinstance(dtype, pl.List | pl.Array):
        return _has_text(dtype.inner, inside=True)
    if isinstance(dtype, pl.Struct):
        return all(_has_text(field.dtype, inside=True) for field in dtype.fields)
    return not isinstance(dtype, pl.Binary | pl.Object) and (inside or not isinstance(dtype, pl.Duration))


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Array):
        column = column.arr.to_list()
    if isinstance(dtype, pl.List | pl.Array) and not dtype.inner.is_nested():
        column = column.cast(pl.List(pl.String)).list.join("; ")
    elif dtype.is_nested():
        # only a struct can be encoded, so that the value is wrapped in one: {"v":...}
        told = pl.struct(column.alias("v")).struct.json_encode().str.slice(len('{"v":')).str.head(-1)
        column = pl.when(column.is_not_null()).then(told).alias(name)
    elif isinstance(dtype, pl.Categorical | pl.Enum):
        column = column.cast(pl.String)
    elif dtype != pl.String():
        return column
    return column.map_elements(as_cell, return_dtype=pl.String)
