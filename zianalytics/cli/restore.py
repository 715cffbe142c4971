"""`zia restore`: what was paid for and given, from the one file that `zia backup` wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zianalytics.cli.manners import Home, account_folder, opened
from zianalytics.journal import Restored, account_of
from zianalytics.journal import restore as put_back
from zianalytics.settings import Settings


def restore(
    file: Annotated[Path, typer.Argument(help="What zia backup wrote.")],
    home: Home = None,
    account: Annotated[
        str | None, typer.Option(help="The account's folder; else the only one, or, in an empty home, the copy's.")
    ] = None,
) -> None:
    """Put a copy in the place of an account's journal, and make the warehouse from it; sends nothing.

    Close every client of the home first. What was there is set aside, not deleted. Where the copy is older, what it
    lacks is said: a record that was paid for since costs no second credit, because it is managed; yet it is priced as
    new.
    """
    place = home or Settings.find_home()
    if account is None and not any(place.glob("*/ledger.db")):
        account = account_of(file)
    known = account is None or (place / account / "ledger.db").exists()
    folder = account_folder(home, account, harm="Nothing was changed.") if known else place / str(account)
    told = put_back(file, folder)
    from zianalytics.warehouse import Warehouse

    with opened(folder) as journal:
        Warehouse(folder / "warehouse.duckdb").rebuild(journal)
    typer.echo(f"{folder}: as it was on {told.made_at:%Y-%m-%d %H:%M} UTC.")
    if told.aside:
        typer.echo(f"Set aside: {', '.join(told.aside)}. Delete them when you miss nothing.")
    if told.has_budget:
        typer.echo("The standing budget is 0 until zi.budget.set(...) says more: what was spent of it is not known.")
    _say_what_is_missing(told)


def _say_what_is_missing(told: Restored) -> None:
    if not told.is_known:
        typer.echo("What was paid since is not known. Compare: zia ledger compare.", err=True)
    elif told.is_older:
        typer.echo(
            f"The copy lacks what came since: {told.replies:,} replies, {told.credits:,} credits and {told.records:,} "
            f"records that were charged. Suppressions made since were taken over: {len(told.suppressions):,}. Compare "
            "with what the service has counted: zia ledger compare.",
            err=True,
        )
    if told.erased:
        again = " ".join(f"--id {one}" for one in told.erased)
        typer.echo(f"People who were erased since are in the copy. Erase them again: zia erase --yes {again}", err=True)
