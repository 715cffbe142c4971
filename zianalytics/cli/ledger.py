"""`zia ledger`: what was spent, what ends soon, and what the service has counted beside it."""

from __future__ import annotations

from typing import Annotated

import typer

from zianalytics.cli.manners import Account, Form, Format, Home, account_folder, clock_of, listed, opened, show
from zianalytics.client.books.comparison import DIFFERENCES
from zianalytics.client.books.ours import Books
from zianalytics.inert import visible
from zianalytics.zoominfo import ZoomInfo

DIFFERS = 3
"""Exit code where the service has counted something that is not ours, or not what we have."""
_HARM = "Nothing was sent or changed."
_Days = Annotated[int, typer.Option(help="From today on.")]
_Ended = Annotated[int, typer.Option(help="Those that have ended within so many days, too.")]

app = typer.Typer(help="The ledger: what was spent, what ends soon, what was counted.", no_args_is_help=True)


@app.command()
def statement(
    by: Annotated[
        list[str] | None,
        typer.Option(
            help="What to sum by: day, week, month, endpoint, entity, who, source, call, run; with commas, or given "
            "again. Day and endpoint where it is not given."
        ),
    ] = None,
    form: Form = Format.TABLE,
    home: Home = None,
    account: Account = None,
) -> None:
    """What was spent on the three meters, summed; sends nothing, costs nothing.

    Days on which far more was spent than usual are named on the standard error.
    """
    with opened(account_folder(home, account, harm=_HARM)) as journal:
        books = Books(journal, clock_of(journal))
        show(books.statement(by=["day", "endpoint"] if by is None else listed(by) or []), form)
        for day, meter, amount, usual, _, endpoint, who, source, share in books.unusual().rows():
            cause = visible(f"{endpoint} by {who or 'somebody'} in {source or 'something'}")
            typer.echo(
                f"zia ledger: on {day} {amount:,} {meter} were spent, usually {usual:,.0f}: {share:.0%} by {cause}.",
                err=True,
            )


@app.command()
def expiring(
    days: _Days = 30,
    ended_days: _Ended = 30,
    form: Form = Format.TABLE,
    home: Home = None,
    account: Account = None,
) -> None:
    """The records whose twelve months end soon, or have ended of late; sends nothing, costs nothing."""
    with opened(account_folder(home, account, harm=_HARM)) as journal:
        show(Books(journal, clock_of(journal)).expiring(days=days, ended_days=ended_days), form)


@app.command("renewal-plan")
def renewal_plan(
    days: _Days = 30,
    ended_days: _Ended = 30,
    form: Form = Format.TABLE,
    home: Home = None,
    account: Account = None,
) -> None:
    """What it costs to have those records again, before their windows end and after; sends nothing, costs nothing."""
    with opened(account_folder(home, account, harm=_HARM)) as journal:
        show(Books(journal, clock_of(journal)).renewal_plan(days=days, ended_days=ended_days), form)


@app.command()
def compare(form: Form = Format.TABLE) -> None:
    """What the service has counted, and what each part of it comes from; asks once, at no cost.

    Ends with 0 where all of it is ours, with 3 where something was spent elsewhere, was never answered, or is charged
    by us alone; with 1 where the service could not be asked. Who asks is read from ZOOMINFO_* settings, .env and the
    keyring.
    """
    with ZoomInfo(progress=False) as zi:
        lines = zi.ledger.compare()
    show(lines, form)
    if any(line in DIFFERENCES and amount for line, amount in lines.select("line", "amount").rows()):
        raise typer.Exit(DIFFERS)
