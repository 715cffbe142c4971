"""People who are suppressed are in no table: neither as rows nor in lists of people."""

from __future__ import annotations

import duckdb
import polars as pl

from zianalytics.journal import Suppressed
from zianalytics.warehouse.tables import TABLES, Table

_ID, _EMAIL = "contact_id", "email"


def hide(con: duckdb.DuckDBPyConnection, people: Suppressed) -> None:
    """Take everybody who is suppressed now out of every table and its history."""
    keys = people.keys()
    if not keys:
        return
    ids = [key for key in keys if isinstance(key, int)]
    emails = [key for key in keys if isinstance(key, str)]
    for table in TABLES.values():
        for name in (table.name, table.history):
            if condition := _is_theirs(table):
                con.execute(f"DELETE FROM {name} WHERE {condition}", _asked(condition, ids, emails))  # noqa: S608  # our own names
            for column in _lists_of_people(table):
                con.execute(
                    f"UPDATE {name} SET {column} = list_filter({column}, lambda one: "  # noqa: S608  # our own names
                    f"NOT coalesce(list_contains($ids, one.{_ID}), false)) "
                    f"WHERE len(list_filter({column}, lambda one: list_contains($ids, one.{_ID}))) > 0",
                    {"ids": ids},
                )


def _is_theirs(table: Table) -> str:
    tests = {
        _ID: f"list_contains($ids, {_ID})",
        _EMAIL: f"list_contains($emails, lower(trim({_EMAIL})))",
    }
    return " OR ".join(test for column, test in tests.items() if column in table.record.names)


def _asked(condition: str, ids: list[int], emails: list[str]) -> dict[str, object]:
    return {name: value for name, value in (("ids", ids), ("emails", emails)) if f"${name}" in condition}


def _lists_of_people(table: Table) -> list[str]:
    return [
        name
        for name, dtype in table.record.schema.items()
        if isinstance(dtype, pl.List)
        and isinstance(dtype.inner, pl.Struct)
        and _ID in [one.name for one in dtype.inner.fields]
    ]
