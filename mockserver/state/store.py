"""What outlives the process: the account, the clock, and every charge, in one SQLite file or in memory.

In a file each call is one row with its charges, committed before its answer leaves. The write-ahead log with
`synchronous=NORMAL` loses nothing when the process is killed; only a power cut could cost the last instants.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

_TABLES = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS calls (n INTEGER PRIMARY KEY, time TEXT NOT NULL, endpoint TEXT NOT NULL,
    request_id TEXT NOT NULL, requests INTEGER NOT NULL, charges TEXT NOT NULL DEFAULT '[]');
CREATE TABLE IF NOT EXISTS deliveries (id TEXT PRIMARY KEY, held TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS jobs (id TEXT PRIMARY KEY, held TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS job_pages (job TEXT NOT NULL REFERENCES jobs (id), page INTEGER NOT NULL,
    is_good INTEGER NOT NULL, PRIMARY KEY (job, page));
"""
# Once each charge was a row of its own.
_CHARGES_INTO_CALLS = """
BEGIN IMMEDIATE;
ALTER TABLE calls ADD COLUMN charges TEXT NOT NULL DEFAULT '[]';
CREATE INDEX charges_by_call ON charges (call, n);
UPDATE calls SET charges = (
    SELECT json_group_array(json_array(entity, id, credits, records))
    FROM (SELECT * FROM charges WHERE call = calls.n ORDER BY n)
);
DROP TABLE charges;
COMMIT;
"""


class StateUnusable(Exception):
    """The state file cannot be used: damaged, held by another sandbox, or made for another world."""


class Charge(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One record of an answer, and what it cost."""

    entity: str
    id: str
    credits: int
    records: int


class Call(msgspec.Struct, frozen=True, gc=False):
    """One metered call with all its charges."""

    time: str
    endpoint: str
    request_id: str
    requests: int
    charges: tuple[Charge, ...] = ()


_CHARGES = msgspec.json.Decoder(tuple[Charge, ...])


class Store:
    """The durable part of a sandbox; `path` None keeps it in memory."""

    def __init__(self, path: Path | None) -> None:
        # Calls are many; those that end with the process need not be written out.
        self._in_memory: list[Call] | None = [] if path is None else None
        try:
            self._db = _opened(path)
        except sqlite3.DatabaseError as exc:
            held = "locked" in str(exc)
            why = "is held by another sandbox" if held else f"is not a state file of this sandbox ({exc})"
            next_step = "Stop that one, or name another file." if held else "Name another file, or delete this one."
            raise StateUnusable(f"{path} {why}. Nothing was changed. {next_step}") from exc

    def take_over(self) -> None:
        """Bring a file of an earlier version up to date, whose every page was found sound when it was opened."""
        if "charges" not in {name for _, name, *_ in self._db.execute("PRAGMA table_info (calls)")}:
            self._db.executescript(_CHARGES_INTO_CALLS)

    def fact(self, name: str) -> str | None:
        """A named value, or None."""
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def keep_fact(self, name: str, value: str) -> None:
        """Write a named value."""
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def keep_call(self, call: Call) -> None:
        """Write a call and all its charges, whole or not at all."""
        if self._in_memory is not None:
            self._in_memory.append(call)
            return
        self._db.execute(
            "INSERT INTO calls (time, endpoint, request_id, requests, charges) VALUES (?, ?, ?, ?, ?)",
            (call.time, call.endpoint, call.request_id, call.requests, msgspec.json.encode(call.charges).decode()),
        )

    def last_call(self) -> str | None:
        """When the latest of all calls was made; None before the first."""
        if self._in_memory is not None:
            return max([call.time for call in self._in_memory], default=None)
        [(time,)] = self._db.execute("SELECT max(time) FROM calls")
        return None if time is None else str(time)

    def calls(self) -> Sequence[Call]:
        """Every call so far, oldest first."""
        if self._in_memory is not None:
            return list(self._in_memory)
        rows = self._db.execute("SELECT time, endpoint, request_id, requests, charges FROM calls ORDER BY n")
        return [
            Call(time, endpoint, request_id, requests, _CHARGES.decode(charges))
            for time, endpoint, request_id, requests, charges in rows
        ]

    def forget_calls(self) -> None:
        """Drop every call and its charges."""
        if self._in_memory is not None:
            self._in_memory.clear()
        self._db.execute("DELETE FROM calls")

    def keep_deliveries(self, held: Mapping[str, str | None], name: str, value: str) -> None:
        """Write deliveries and the named value that goes with them, in one transaction; None removes one."""
        self._db.execute("BEGIN IMMEDIATE")
        for delivery_id, text in held.items():
            if text is None:
                self._db.execute("DELETE FROM deliveries WHERE id = ?", (delivery_id,))
            else:
                self._db.execute("INSERT OR REPLACE INTO deliveries VALUES (?, ?)", (delivery_id, text))
        self.keep_fact(name, value)
        self._db.execute("COMMIT")

    def deliveries(self) -> Sequence[str]:
        """Every delivery, in the order in which they were first written."""
        return [held for (held,) in self._db.execute("SELECT held FROM deliveries ORDER BY rowid")]

    def keep_job(self, job_id: str, held: str) -> None:
        """Write a job down."""
        self._db.execute("INSERT INTO jobs VALUES (?, ?)", (job_id, held))

    def keep_page(self, job_id: str, page: int, call: Call | None) -> None:
        """Write that a page of a job came off, with what it cost, in one transaction; None for one that failed."""
        with self._transaction():
            self._db.execute("INSERT INTO job_pages VALUES (?, ?, ?)", (job_id, page, call is not None))
            if call is not None:
                self.keep_call(call)

    def jobs(self) -> Sequence[str]:
        """Every job, oldest first."""
        return [held for (held,) in self._db.execute("SELECT held FROM jobs ORDER BY rowid")]

    def job_pages(self) -> Sequence[tuple[str, int, bool]]:
        """Every page that came off: its job, its number, and whether it can be fetched."""
        rows = self._db.execute("SELECT job, page, is_good FROM job_pages ORDER BY rowid")
        return [(job_id, page, bool(is_good)) for job_id, page, is_good in rows]

    def forget_jobs(self) -> None:
        """Drop every job and its pages."""
        with self._transaction():
            self._db.execute("DELETE FROM job_pages")
            self._db.execute("DELETE FROM jobs")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except sqlite3.Error:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is None:
        return _prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # the file holds a password and a private key
    return _prepared(sqlite3.connect(path, timeout=0.5, isolation_level=None, check_same_thread=False))


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    try:
        db.execute("PRAGMA locking_mode = EXCLUSIVE")  # one sandbox to a file
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.executescript(_TABLES)
        db.execute("BEGIN EXCLUSIVE")
        db.execute("COMMIT")
        [(found,)] = db.execute("PRAGMA quick_check(1)")
        if found != "ok":
            raise sqlite3.DatabaseError(found.splitlines()[-1])
    except sqlite3.Error:
        db.close()
        raise
    return db
