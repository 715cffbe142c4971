"""`zia backup`: one file with everything that was paid for and given."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from zianalytics.cli.manners import Account, Home, account_folder
from zianalytics.journal import back_up


def backup(
    target: Annotated[Path, typer.Argument(help="The new file, or a folder to put it in.")],
    home: Home = None,
    account: Account = None,
) -> None:
    """Copy the journal of an account into one file, as of one moment; clients may go on working.

    The copy is looked through before it gets its name. It holds people's data: keep it as you keep the home. The
    warehouse is not in it, because it is made from the journal.
    """
    copy = back_up(account_folder(home, account, harm="Nothing was written."), target)
    rows = ", ".join(f"{copy.counts[name]:,} {name}" for name in ("charges", "replies", "given") if name in copy.counts)
    typer.echo(f"{copy.path}: {rows or 'nothing yet'}; every row was looked at.")
