"""`zia doctor`: whether everything is as it should be, and what to do where it is not."""

from __future__ import annotations

import shutil

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from zianalytics.cli.manners import Form, Format, Home, show
from zianalytics.doctor import examine, findings_frame
from zianalytics.inert import visible

BAD = 1
"""Exit code where a line is bad."""


def doctor(
    home: Home = None,
    form: Form = Format.TABLE,
) -> None:
    """Look at SQLite, settings, key, token, clock, disk and every journal, whole; sends nothing, mends nothing.

    Each line is ok, warn or bad, with what to do. Ends with 1 where a line is bad, else with 0. Secrets are not shown.
    """
    findings = findings_frame(examine(home=home))
    if form is Format.TABLE:
        _print(findings)
    else:
        show(findings, form)
    if findings.filter(pl.col("state") == "bad").height:
        raise typer.Exit(BAD)


def _print(findings: pl.DataFrame) -> None:
    """One finding below the other, as wide as the terminal (or COLUMNS says), with what to do under how it is."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold", max_width=30)
    table.add_column(overflow="fold")
    for state, what, found, advice in findings.rows():
        table.add_row(state, Text(visible(what)), Text(visible(found)))
        if advice:
            table.add_row("", "", Text(f"-> {visible(advice)}"))
    Console(highlight=False, width=shutil.get_terminal_size((100, 24)).columns).print(table)
