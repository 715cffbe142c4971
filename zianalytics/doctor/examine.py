"""All looks, in their order: the system, the settings and what they lead to, then each account of the home."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from zianalytics.doctor import account, journal, system, warehouse
from zianalytics.doctor.finding import Finding, looked
from zianalytics.errors import SettingsRefused
from zianalytics.settings import Settings


def examine(
    *, home: Path | None = None, environ: Mapping[str, str] = os.environ, folder: Path | None = None
) -> list[Finding]:
    """Look at everything; sends nothing, and changes nothing.

    Parameters
    ----------
    home
        Folder of the accounts; None for the one that a client would use.
    environ, folder
        As for `Settings.read`.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> [one.what for one in examine(home=Path(mkdtemp()), environ={}) if one.what == "SQLite"]
    ['SQLite']
    """
    found = looked("SQLite", system.sqlite)
    found += looked("settings", partial(account.settings, environ, folder))
    found += looked("private key file", partial(account.key_file, environ, folder))
    if home is None:
        try:
            home = Settings.find_home(environ=environ, folder=folder)
        except SettingsRefused:
            return [*found, Finding("bad", "home", "it cannot be found before the settings are right")]
    found += looked("home", partial(system.home, home))
    accounts = sorted({path.parent for name in ("ledger.db", "replies.db") for path in home.glob(f"*/{name}")})
    if not accounts:
        found.append(Finding("ok", "accounts", f"{home} holds no journal yet; a client makes it when it is first used"))
    for one in accounts:
        found += looked(f"files of {one.name}", partial(system.permissions, one))
        found += looked(f"journal of {one.name}", partial(journal.journal, one))
        found += looked(f"warehouse of {one.name}", partial(warehouse.warehouse, one))
    return found
