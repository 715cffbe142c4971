"""How a command prints a frame: for people, or for programs."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import polars as pl
import typer
from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

from zianalytics.inert import as_cell, visible


class Format(StrEnum):
    """How it is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


Form = Annotated[Format, typer.Option("--format", help="How to print it.")]


def show(frame: pl.DataFrame, form: Format) -> None:
    """Print a frame: a table; a JSON array of objects; or CSV of which a spreadsheet computes nothing."""
    if form is Format.JSON:
        typer.echo(frame.write_json())
    elif form is Format.CSV:
        typer.echo(frame.with_columns(pl.col(pl.String).map_elements(as_cell, pl.String)).write_csv(), nl=False)
    else:
        table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
        for name, dtype in frame.schema.items():
            side: JustifyMethod = "right" if dtype.is_numeric() else "left"
            table.add_column(name.replace("_", " "), justify=side, header_style="dim", overflow="fold")
        for row in frame.rows():
            table.add_row(*(Text(_cell(value, name)) for name, value in zip(frame.columns, row, strict=True)))
        Console(highlight=False, width=None if Console().is_terminal else 200).print(table)


def _cell(value: object, column: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value) if column == "id" or column.endswith("_id") else f"{value:,}"
    return f"{value:,.1f}" if isinstance(value, float) else visible(str(value))
