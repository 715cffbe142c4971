"""`zia redeem`: pay a quote that somebody has approved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import polars as pl
import typer

from zianalytics.cli.manners import refuse_name, write_whole
from zianalytics.inert import visible
from zianalytics.schema.quote import Quote
from zianalytics.zoominfo import ZoomInfo


def redeem(
    file: Annotated[Path, typer.Argument(help="The file that .save() of a quote wrote.")],
    out: Annotated[
        Path | None, typer.Option(help="Where the rows go: .parquet, .csv or .json; of a sum NAME-1, NAME-2, ...")
    ] = None,
) -> None:
    """Pay an approved quote, for no more than it says; what was paid already from this home costs nothing more.

    Pay a file from one home alone: another one of the account does not know that it was paid, and asks again. It costs
    its records once more then, and credits only for what the service does not manage any more.

    Says the price first, and asks no further question: the file is the approval. Ends with 1, and with nothing sent,
    where it cannot be paid as it was approved. Who asks is read from ZOOMINFO_* settings, .env and the keyring.
    """
    if out is not None:
        refuse_name(out)
    quote = Quote.load(file)
    made = f" on {quote.made_at:%Y-%m-%d}" if quote.made_at else ""
    money = "" if quote.money is None else f", {quote.money:,}"
    typer.echo(f"{visible(quote.operation)}: at most {quote.total}{money}, approved{made}.")
    with ZoomInfo(progress=False) as zi:
        found: pl.DataFrame | tuple[pl.DataFrame, ...] = zi.redeem(quote)
        paid = zi.ledger.frame().filter(pl.col("run").is_in([part.id for part in quote.parts]))
        frames = found if isinstance(found, tuple) else (found,)
        for n, frame in enumerate(frames, 1):
            said = f"{frame.height:,} row{'s' * (frame.height != 1)}"
            if out is None:
                typer.echo(f"{said}.")
                continue
            path = _path(out, n, len(frames))
            write_whole(zi.compliance.without(frame), path)
            typer.echo(f"{said} in {path}.")
    charged = f"{paid['credits'].sum():,} credits, {paid['records'].sum():,} records"
    typer.echo(f"Charged for this quote in all, however often it is redeemed: {charged}.")


def _path(out: Path, n: int, of: int) -> Path:
    return out if of == 1 else out.with_name(f"{out.stem}-{n}{out.suffix}")
