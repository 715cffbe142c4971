"""`zia doctor`: whether everything is as it should be, and what to do where it is not."""

from __future__ import annotations

from typing import Annotated

import polars as pl
import typer

from zianalytics.cli.accounts import Home
from zianalytics.cli.printing import Format, show
from zianalytics.doctor import examine, findings_frame

BAD = 1
"""Exit code where a line is bad."""


def doctor(
    home: Home = None,
    format: Annotated[Format, typer.Option(help="How to print it.")] = Format.TABLE,
) -> None:
    """Look at SQLite, settings, key, token, clock, disk and every journal, whole; sends nothing, mends nothing.

    Each line is ok, warn or bad, with what to do. Ends with 1 where a line is bad, else with 0. Secrets are not shown.
    """
    findings = findings_frame(examine(home=home))
    show(findings, format)
    if findings.filter(pl.col("state") == "bad").height:
        raise typer.Exit(BAD)
