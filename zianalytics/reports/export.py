"""Tables for a spreadsheet: no text in them is taken for a formula."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from zianalytics.inert import as_cell


def write_csv(frame: pl.DataFrame, path: str | Path) -> Path:
    """Write a frame as CSV that a spreadsheet opens without computing anything.

    Texts that a spreadsheet would take for a formula begin with an apostrophe, unseen characters are spelt out, and
    lists are joined by "; ".

    Parameters
    ----------
    frame
        Any frame of numbers, dates, texts and lists of texts.
    path
        Where; a file of that name is written over.
    """
    written = Path(path)
    plain = frame.select(_plain(name, dtype) for name, dtype in frame.schema.items())
    plain.rename(as_cell).write_csv(written, include_bom=True)
    return written


def _plain(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.List):
        column = column.cast(pl.List(pl.String)).list.join("; ")
    elif isinstance(dtype, pl.Struct):
        column = pl.when(column.is_not_null()).then(column.struct.json_encode())
    elif dtype != pl.String():
        return column
    return column.map_elements(as_cell, return_dtype=pl.String)
