"""Which home and account a command is about, and the journal of it, where it needs no connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from zianalytics.client.people.erasure import Erasure
from zianalytics.clock import ServerClock
from zianalytics.errors import RequestRefused, SettingsRefused
from zianalytics.journal import Journal
from zianalytics.settings import Settings
from zianalytics.settings.address import LOOPBACK

Home = Annotated[
    Path | None, typer.Option(help="Folder of the accounts; else ZOOMINFO_HOME, .zoominfo/ or your data folder.")
]
Account = Annotated[str | None, typer.Option(help="Which account's folder, where there are several.")]


def account_folder(home: Path | None, account: str | None, *, harm: str) -> Path:
    """The folder of the one account, of the one that is named, or of the one that the settings are about.

    Parameters
    ----------
    harm
        What a refusal says of it: "Nothing was received."

    Raises
    ------
    RequestRefused
        There is none, or several and none is named.
    """
    home = home or Settings.find_home()
    accounts = sorted(found.parent for found in home.glob("*/ledger.db"))
    named = [folder for folder in accounts if account in (None, folder.name)]
    if len(named) > 1:
        said = _of_settings()
        named = [folder for folder in named if folder.name == said] or named
    if len(named) == 1:
        return named[0]
    if not named:
        raise RequestRefused(
            f"{home} holds no account's journal{f' called {account}' if account else ''}. {harm} "
            "Name the right folder with --home; a client makes the journal when it is first used."
        )
    raise RequestRefused(
        f"{home} holds several accounts. {harm} Name one with --account: {', '.join(folder.name for folder in named)}."
    )


@contextmanager
def opened(folder: Path) -> Iterator[Journal]:
    """The journal of an account; where erasing people was interrupted, that is finished first, and said."""
    with Journal.open(folder) as journal:
        if journal.erasing.pending is not None:
            from zianalytics.warehouse import renew

            Erasure(journal, clock_of(journal), lambda: renew(folder, journal)).finish()
            typer.echo(f"zia: erasing people from {folder} was interrupted{_now(journal)}", err=True)
        yield journal


def clock_of(journal: Journal) -> ServerClock:
    """The service's time, as far as an account's journal remembers it: for what is asked without a connection.

    A service elsewhere has the time that this machine has; what differed may have been set right since. A sandbox's own
    time goes on from its last reply. docs/assumptions.md, "server time".
    """
    clock = ServerClock()
    if journal.folder.name.startswith(f"{LOOPBACK}-"):
        clock.offset_s = journal.clock_offset_s()
    return clock


def _now(journal: Journal) -> str:
    """Where an erasure stands."""
    if journal.erasing.pending is None:
        return ", and is finished now."
    return (
        ", and they are not erased yet: another client has it open. Close every client of this home, and run this "
        "command again, or any other that opens it: the first that is alone finishes it."
    )


def _of_settings() -> str | None:
    try:
        return Settings.read().account
    except SettingsRefused:
        return None
