"""From the journal into the tables: each reply once, in the order in which they were kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, groupby, islice
from typing import Protocol

import duckdb
import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.api.table import DELIVERED, JOBS, OPERATIONS
from zianalytics.errors import AnswerUnreadable
from zianalytics.frames.decode import Decoded, decode
from zianalytics.frames.remembered import Remembered
from zianalytics.journal import Given, Reply, Suppressed
from zianalytics.warehouse.delivered import delivered
from zianalytics.warehouse.given import DEALS_GIVEN, unpack_deals
from zianalytics.warehouse.hidden import hide
from zianalytics.warehouse.history import Arrival, merge
from zianalytics.warehouse.tables import DEALS, KEPT, TABLES, Table

# The table that each operation fills; look-ups and usage fill none, and jobs do so by their pages.
TABLES_OF = {
    name: TABLES[row.record.name] for name, row in OPERATIONS.items() if row.record.name in TABLES and name not in JOBS
}

_CHUNK = 50
_CHUNKS_AT_ONCE = 4
_GROUP = 2_500
"""Rows that may stay a part of the file by themselves."""


class Source(Protocol):
    """What a warehouse reads: the journal, or something that looks like it."""

    def replies(self, after: int = 0, *, known: Mapping[int, bytes]) -> Iterator[Reply]:
        """The replies behind number `after`, in the order they were kept; those without a body that is `known`."""

    def given(self, kind: str, *, after: int = 0) -> Iterable[Given]:
        """What the user gave of this kind, oldest first."""


class _Streamed:
    """A frame as the database reads it without pyarrow, whose import costs more than the rows of most loads."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def load(con: duckdb.DuckDBPyConnection, journal: Source, remembered: Remembered) -> int:
    """Load what the tables do not hold yet; returns how many replies that were.

    Several chunks are one transaction. An interruption leaves whole chunks, and the next call goes on from there.
    What is remembered of a reply is not decoded again.
    """
    loaded = rows = 0
    known = remembered.taken()
    replies = iter(journal.replies(after=_up_to(con, "replies"), known=known.digests()))
    chunks = iter(lambda: list(islice(replies, _CHUNK)), [])
    with _settings(con):
        while first := next(chunks, None):
            with _transaction(con) as landing:
                for chunk in chain([first], islice(chunks, _CHUNKS_AT_ONCE - 1)):
                    with landing.of("replies", chunk[-1].id):
                        rows += _load_chunk(con, chunk, known)
                    loaded += len(chunk)
                if rows >= _GROUP:
                    con.execute("SET max_vacuum_tasks = 0")
        for given in journal.given(DEALS_GIVEN, after=_up_to(con, "deals")):
            with _transaction(con) as landing, landing.of("deals", given.id):
                _lay(con, DEALS, [Arrival.of_one(unpack_deals(given.payload), frozenset(), given.id, given.at)])
    hide(con, Suppressed(journal))
    return loaded


@contextmanager
def _settings(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """How the database works while it takes rows in.

    They come one after another, so that a second thread would only look for work. When the file is written, the
    database puts rows of several loads together, in memory, in the end all that there are. Few rows need that, or each
    few would take a part of the file for themselves; a load of many does without.
    """
    con.execute("RESET max_vacuum_tasks")
    con.execute("SET threads = 1")
    try:
        yield
    finally:
        con.execute("RESET threads")


class _Landing:
    """A transaction: what is laid down in it, and how far the journal was read, land together."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con, self.is_whole = con, True

    @contextmanager
    def of(self, kind: str, up_to: int) -> Iterator[None]:
        """A part of it, up to that number in the journal; nothing lands of a transaction in which one is broken off."""
        self.is_whole = False
        yield
        self._con.execute("UPDATE loaded SET up_to = $up_to WHERE kind = $kind", {"up_to": up_to, "kind": kind})
        self.is_whole = True


@contextmanager
def _transaction(con: duckdb.DuckDBPyConnection) -> Iterator[_Landing]:
    """The parts of the block that are whole, also where it is interrupted between two of them."""
    con.execute("BEGIN")
    landing = _Landing(con)
    try:
        yield landing
    finally:
        con.execute("COMMIT" if landing.is_whole else "ROLLBACK")


def _up_to(con: duckdb.DuckDBPyConnection, kind: str) -> int:
    [(up_to,)] = con.sql("SELECT up_to FROM loaded WHERE kind = $kind", params={"kind": kind}).fetchall()
    return int(up_to)


def _load_chunk(con: duckdb.DuckDBPyConnection, chunk: Sequence[Reply], known: Remembered) -> int:
    """What came with some replies; returns how many rows that were."""
    rows = 0
    for is_delivery, alike in groupby(chunk, key=lambda reply: reply.operation in DELIVERED):
        if is_delivery:
            rows += _load_deliveries(con, list(alike))
        else:
            rows += _load_replies(con, list(alike), known)
    return rows


def _load_replies(con: duckdb.DuckDBPyConnection, chunk: Sequence[Reply], known: Remembered) -> int:
    arrivals: dict[str, list[Arrival]] = {}
    for (name, asked), replies in _alike(chunk).items():
        operation, read = OPERATIONS[name], arrivals.setdefault(TABLES_OF[name].name, [])
        some, numbers = known.take(operation, {reply.id: reply.digest for reply in replies})
        read += [arrival for one in some for arrival in _arrived(con, operation, asked, replies, one)]
        if others := [reply for reply in replies if reply.id not in numbers]:
            read += _read(con, operation, asked, others)
    return sum(_lay(con, table, came) for table in TABLES.values() if (came := arrivals.get(table.name)))


def _load_deliveries(con: duckdb.DuckDBPyConnection, chunk: Sequence[Reply]) -> int:
    """Each delivery after the one before, because what it changes depends on what is held."""
    rows = 0
    for reply in chunk:
        table = TABLES[DELIVERED[reply.operation].record.name]
        arrivals = []
        for arrival, read in delivered(con, reply):
            arrivals.append(arrival)
            _note_lost(con, table, read.lost.with_columns(reply=pl.lit(reply.id, pl.Int64)))
        if arrivals:
            rows += _lay(con, table, arrivals)
    return rows


def _alike(chunk: Sequence[Reply]) -> dict[tuple[str, frozenset[str]], list[Reply]]:
    """The replies that fill a table, by operation and by the columns that were asked for."""
    found: dict[tuple[str, frozenset[str]], list[Reply]] = {}
    for reply in chunk:
        if reply.status == 200 and reply.operation in TABLES_OF:
            asked = frozenset(reply.intent.fields) if reply.intent is not None else frozenset()
            found.setdefault((reply.operation, asked), []).append(reply)
    return found


def _read(
    con: duckdb.DuckDBPyConnection, operation: Operation[...], asked: frozenset[str], replies: Sequence[Reply]
) -> list[Arrival]:
    """What these replies held; one that cannot be read is written down and does not stop the others."""
    try:
        decoded = decode(operation, [reply.body for reply in replies], [reply.about for reply in replies])
    except AnswerUnreadable as exc:
        if len(replies) > 1:
            return [arrival for reply in replies for arrival in _read(con, operation, asked, [reply])]
        told = {"source": replies[0].id, "operation": operation.name, "reason": str(exc)}
        con.execute("INSERT INTO unreadable_replies VALUES ($source, $operation, $reason)", told)
        return []
    number = pl.Series("reply", [reply.id for reply in replies], dtype=pl.Int64)
    frame, lost = (one.with_columns(number.gather(one["reply"])) for one in (decoded.frame, decoded.lost))
    return _arrived(con, operation, asked, replies, Decoded(frame, lost))


def _arrived(
    con: duckdb.DuckDBPyConnection,
    operation: Operation[...],
    asked: frozenset[str],
    replies: Sequence[Reply],
    decoded: Decoded,
) -> list[Arrival]:
    """What some of these replies held, which are named in `reply` by their numbers."""
    _note_lost(con, TABLES_OF[operation.name], decoded.lost)
    if decoded.frame.is_empty():
        return []
    stamps = pl.DataFrame(
        [(reply.id, reply.received) for reply in replies],
        schema={"source": KEPT["source"], "received": KEPT["received"]},
        orient="row",
    )
    rows = decoded.frame.rename({"reply": "source"})
    return [Arrival(rows.join(stamps, on="source", maintain_order="left"), asked)]


def _note_lost(con: duckdb.DuckDBPyConnection, table: Table, lost: pl.DataFrame) -> None:
    if lost.is_empty():
        return
    named = lost.select(
        pl.col("reply").alias("source"),
        pl.lit(table.name).alias("table_name"),
        pl.col("row").alias("row_number"),
        pl.col("column").alias("column_name"),
        "value",
    )
    con.register("arriving", _Streamed(named))
    con.execute("INSERT INTO lost_values BY NAME SELECT * FROM arriving")
    con.unregister("arriving")


def _lay(con: duckdb.DuckDBPyConnection, table: Table, arrivals: Sequence[Arrival]) -> int:
    """Replace the current rows of the keys that arrived, and add the new versions to the history; returns how many."""
    keys = pl.concat([arrival.rows.select(table.key) for arrival in arrivals]).unique()
    con.register("arriving", _Streamed(keys))
    same = " AND ".join(f"held.{name} IS NOT DISTINCT FROM arriving.{name}" for name in table.key)
    held = con.sql(f"SELECT held.* FROM {table.name} AS held SEMI JOIN arriving ON {same}")  # noqa: S608  # our own names
    merged = merge(table, pl.DataFrame(held).cast(table.schema), arrivals)
    con.execute(f"DELETE FROM {table.name} AS held USING arriving WHERE {same}")  # noqa: S608  # our own names
    con.unregister("arriving")
    con.register("arriving", _Streamed(merged))
    for name, flag in ((table.name, "is_current"), (table.history, "is_version")):
        if merged[flag].any():
            rows = f"SELECT * EXCLUDE (is_current, is_version) FROM arriving WHERE {flag}"  # noqa: S608  # our own names
            con.execute(f"INSERT INTO {name} BY NAME {rows}")
    con.unregister("arriving")
    return merged.height
