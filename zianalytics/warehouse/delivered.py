"""Deliveries of webhooks as arrivals: what each changed record tells, whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time

import duckdb

from zianalytics.api.enterprise import as_answer, columns_told, read_delivery
from zianalytics.api.table import DELIVERED
from zianalytics.frames.decode import Decoded, decode
from zianalytics.journal import Reply
from zianalytics.warehouse.history import Arrival
from zianalytics.warehouse.tables import TABLES, Table


# docs/assumptions.md, "a delivery about a record that is held"
def delivered(con: duckdb.DuckDBPyConnection, reply: Reply) -> Iterator[tuple[Arrival, Decoded]]:
    """One arrival for each record of a delivery, and how it was read; a column of which it says nothing stays."""
    operation = DELIVERED[reply.operation]
    table = TABLES[operation.record.name]
    for record in read_delivery(reply.body).records:
        read = decode(operation, [as_answer(record)])
        arrival = Arrival.of_one(read.frame, columns_told(operation, record), reply.id, reply.received)
        yield _in_its_place(con, table, arrival, reply.id), read


# docs/assumptions.md, "a delivery that comes late"
def _in_its_place(con: duckdb.DuckDBPyConnection, table: Table, arrival: Arrival, source: int) -> Arrival:
    """An arrival that is older than what is held tells only what nothing newer has told."""
    if table.dated_by is None or arrival.rows.is_empty():
        return arrival
    [key] = table.record.key
    record_id, said = arrival.rows.select(key, table.dated_by).row(0)
    if record_id is None or said is None:
        return arrival  # it does not say when: it is taken for the newest
    dated = said if isinstance(said, datetime) else datetime.combine(said, time(), UTC)
    told = {"name": table.name, "id": record_id, "dated": dated, "source": source}
    newer = con.execute(
        "SELECT columns FROM told WHERE table_name = $name AND record_id = $id AND dated > $dated",
        {name: told[name] for name in ("name", "id", "dated")},
    ).fetchall()
    [(replies,)] = con.execute(
        f"SELECT count(*) FROM {table.history} WHERE {key} = $id AND dated > $dated AND source NOT IN "  # noqa: S608  # our own names
        "(SELECT source FROM told WHERE table_name = $name AND record_id = $id)",
        {name: told[name] for name in ("name", "id", "dated")},
    ).fetchall()
    con.execute("INSERT INTO told VALUES ($name, $id, $dated, $source, $columns)", told | {"columns": [*arrival.asked]})
    if replies:  # an answer is the whole truth of its day
        return replace(arrival, asked=frozenset({key}))
    if newer:
        later = {column for (columns,) in newer for column in columns}
        return replace(arrival, asked=frozenset(arrival.asked - later - {table.dated_by}) | {key})
    return arrival
