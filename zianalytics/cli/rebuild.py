"""`zia rebuild`: makes the warehouse again from the journal."""

from __future__ import annotations

import typer

from zianalytics.cli.manners import Home, opened
from zianalytics.errors import RequestRefused
from zianalytics.settings import Settings


def rebuild(
    home: Home = None,
) -> None:
    """Make the warehouse of each account again from its journal; sends nothing, costs nothing."""
    home = home or Settings.find_home()
    accounts = sorted(found.parent for found in home.glob("*/ledger.db"))
    if not accounts:
        raise RequestRefused(f"{home} holds no account's journal. Nothing was changed. Name the right one with --home.")
    from zianalytics.warehouse import Warehouse  # here: no other command waits for DuckDB

    for account in accounts:
        with opened(account) as journal:
            warehouse = Warehouse(account / "warehouse.duckdb")
            replies = warehouse.rebuild(journal)
        typer.echo(f"{warehouse.path}: {sum(warehouse.rows().values()):,} rows from {replies:,} replies")
