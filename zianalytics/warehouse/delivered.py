"""Deliveries of webhooks as arrivals: what each changed record tells, whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import duckdb

from zianalytics.api.enterprise import as_answer, columns_told, read_delivery
from zianalytics.api.table import DELIVERED
from zianalytics.frames.decode import Decoded, decode
from zianalytics.journal import Reply
from zianalytics.warehouse.history import Arrival
from zianalytics.warehouse.tables import TABLES, Table


def delivered(con: duckdb.DuckDBPyConnection, reply: Reply) -> Iterator[tuple[Arrival, Decoded]]:
    """One arrival for each record of a delivery, and how it was read; a column of which it says nothing stays."""
    operation = DELIVERED[reply.operation]
    table = TABLES[operation.record.name]
    for record in read_delivery(reply.body).records:
        read = decode(operation, [as_answer(record)])
        arrival = Arrival(read.frame, columns_told(operation, record), reply.id, reply.received)
        yield _in_its_place(con, table, arrival), read


def _in_its_place(con: duckdb.DuckDBPyConnection, table: Table, arrival: Arrival) -> Arrival:
    """An arrival that is older than what is held tells only what nobody has changed since.

    The last version that was true before it is compared with what is held: a column that differs has a newer value.
    """
    dated = table.dated_by
    if dated is None or dated not in arrival.asked or arrival.rows.is_empty():
        return arrival
    [row] = arrival.rows.to_dicts()
    key = {name: row[name] for name in table.record.key}
    held = _row(con, table.name, key, None)
    if held is None or held[dated] is None or row[dated] is None or held[dated] <= row[dated]:
        return arrival
    before = _row(con, table.history, key, row[dated]) or {}
    unchanged = {name for name in arrival.asked if held[name] == before.get(name)}
    return replace(arrival, asked=frozenset(unchanged - {dated}) | {*table.record.key})


def _row(
    con: duckdb.DuckDBPyConnection, table: str, key: Mapping[str, Any], up_to: datetime | None
) -> dict[str, Any] | None:
    """The row of a key; of a history, the last one that was true at a moment."""
    where = " AND ".join(f"{name} = ${name}" for name in key)
    params: dict[str, Any] = dict(key)
    order = ""
    if up_to is not None:
        where, params["up_to"] = f"{where} AND dated <= $up_to", up_to
        order = " ORDER BY dated DESC, source DESC LIMIT 1"
    found = con.sql(f"SELECT * FROM {table} WHERE {where}{order}", params=params).pl()  # noqa: S608  # our own names
    return found.to_dicts()[0] if found.height else None
