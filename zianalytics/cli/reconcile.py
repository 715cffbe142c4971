"""`zia reconcile`: brings to an end what has none."""

from __future__ import annotations

from typing import Annotated, Literal

import polars as pl
import typer

from zianalytics.cli.manners import Form, Format, show, typed
from zianalytics.client.recovery.reconciled import WAITS
from zianalytics.zoominfo import ZoomInfo

STILL_WAITS = 3
"""Exit code where something still waits."""


def reconcile(
    max_records: Annotated[
        int | None, typer.Option(help="Records that it may cost; else what a budget allows.")
    ] = None,
    max_requests: Annotated[int | None, typer.Option(help="Requests that it may cost.")] = None,
    ask_lists: Annotated[
        bool,
        typer.Option(
            "--ask-lists",
            help="Ask again, and pay again, what is paid by the row; then zia redeem, or the same call within a day, "
            "takes the rows from the journal.",
        ),
    ] = False,
    form: Form = Format.TABLE,
) -> None:
    """Ask again what was never answered, end lost jobs, fetch lost replies again; no credit is paid twice.

    Ends with 0 where nothing is left, with 3 where something waits, with 1 where the service could not be asked. Who
    asks is read from ZOOMINFO_* settings, .env and the keyring.
    """
    lists: Literal["wait", "ask"] = "ask" if ask_lists else "wait"
    with ZoomInfo(progress=False) as zi:
        told = zi.ledger.reconcile(max_records=max_records, max_requests=max_requests, lists=lists)
    if told.is_empty() and form is Format.TABLE:
        typer.echo("zia reconcile: nothing is open.", err=True)
        return
    show(told.with_columns(pl.col("why").map_elements(typed, pl.String)), form)
    if WAITS in told["outcome"]:
        raise typer.Exit(STILL_WAITS)
