"""`zia usage`: what is used of each limit, and how long the rest lasts."""

from __future__ import annotations

import re
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from zianalytics.cli.manners import Form, Format, show
from zianalytics.errors import RequestRefused
from zianalytics.inert import visible
from zianalytics.zoominfo import ZoomInfo

NEAR = 3
"""Exit code where a limit has come to `--warn-at`."""
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?", re.ASCII)


def usage(
    warn_at: Annotated[
        str | None, typer.Option(help="A percentage, such as 80%: end with code 3 where a limit has come to it.")
    ] = None,
    form: Form = Format.TABLE,
) -> None:
    """What is used of the account's five limits, what is left, and the day each runs out; costs nothing.

    Ends with 0; with 3 where a limit has come to --warn-at; with 1 where the service could not be asked, 2 on a
    misspelt option. Who asks is read from ZOOMINFO_* settings, .env and the keyring.
    """
    percent = None if warn_at is None else percentage(warn_at)
    with ZoomInfo(progress=False) as zi:
        zi.usage.warn_at()  # said below instead
        counted, projected = zi.usage(), zi.usage.projection()
    limits = laid_out(counted, projected)
    if form is Format.TABLE:
        _print(limits)
    else:
        show(limits, form)
    if percent is None:
        return
    near = limits.filter(pl.col("used_percent") >= percent)["limit_type"].to_list()
    if near:
        named = ", ".join(visible(name) for name in near)
        typer.echo(f"zia usage: {percent:g} % or more is used of {named}.", err=True)
        raise typer.Exit(NEAR)


def percentage(text: str) -> float:
    """What `--warn-at` says: "80%" or "80".

    Raises
    ------
    RequestRefused
        It is no percentage from 1 to 100; 0.8 is refused, because it may be meant as 80.
    """
    found = _PERCENT.fullmatch(text.strip())
    if found is None or not 1 <= float(found[1]) <= 100:
        raise RequestRefused(
            f"--warn-at {visible(text)} is not a percentage from 1% to 100%. Nothing was sent. Write --warn-at 80%."
        )
    return float(found[1])


def laid_out(counted: pl.DataFrame, projected: pl.DataFrame) -> pl.DataFrame:
    """One row per limit: what is used, left and to be expected.

    Parameters
    ----------
    counted, projected
        The frames of `zi.usage()` and `zi.usage.projection()`.
    """
    share = 100 * pl.col("current_usage") / pl.col("limit")
    return (
        counted.join(projected.drop("used", "limit"), on="limit_type", how="left", maintain_order="left")
        .with_columns(used_percent=pl.when(pl.col("limit") > 0).then(share))
        .select(
            "limit_type", "current_usage", "limit", "usage_remaining", "used_percent", "per_day", "runs_out_on", "basis"
        )
    )


def _print(limits: pl.DataFrame) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("limit", "used", "of", "left", "used %", "a day", "runs out on"):
        table.add_column(name, justify="left" if name == "limit" else "right", header_style="dim", no_wrap=True)
    for name, used, limit, left, share, per_day, day, basis in limits.rows():
        cells = (visible(name), _number(used), "no limit" if limit is None else _number(limit), _number(left))
        ends = day or (basis or "not known").partition(";")[0]
        table.add_row(*(Text(one) for one in (*cells, _number(share), _number(per_day), str(ends))))
    Console(highlight=False, width=None if Console().is_terminal else 200).print(table)


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
