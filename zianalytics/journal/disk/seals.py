"""What vouches for a file of the journal: a digest of every row, and a chain of all its commits.

SQLite says nothing of a bit that was flipped, nor of a file that is an older copy. So the SHA-256 of each row is added
to a sum: one for everything that belongs together (a request, a call, a reply), and one for the whole file. Sums can be
kept up when a row changes or is erased, and do not depend on order. Each commit chains the sum of the whole to the link
before it, and the other file of the journal remembers the last link that it has heard of.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import apsw
import msgspec

WITH_BODIES = frozenset({"replies", "given"})  # they are as large as what was received: found by id, one row each
OWN = frozenset({"sealed", "chain", "partner"})
NOTHING = bytes(32)
_ALL = 1 << 256

Part = tuple[str, Any]
"""A table, and what some of its rows belong to."""


@dataclass(frozen=True)
class Head:
    """How far a file has come: its last commit's number and link, and the link that it began with."""

    id: bytes
    seq: int
    link: bytes

    @property
    def digest(self) -> bytes:
        """Vouches for the note that the other file takes of it."""
        return sha256(b"%b %d %b" % (self.id, self.seq, self.link)).digest()


class Seals:
    """Keeps the sums of a file up with every row that its connection writes.

    Parameters
    ----------
    parts
        For a table, the number of the column that says what a row belongs to; the first where none is said.
    """

    def __init__(self, db: apsw.Connection, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self._moved: dict[Part, tuple[int, int]] = {}
        db.preupdate_hook(self._notice)

    def _notice(self, change: apsw.PreUpdate) -> None:
        table = change.table_name
        if change.database_name == "main" and table not in OWN and not table.startswith("sqlite_"):
            for row, sign in ((change.old, -1), (change.new, 1)):
                if row is not None:
                    part = table, row[self._parts.get(table, 0)]
                    count, total = self._moved.get(part, (0, 0))
                    self._moved[part] = count + sign, total + sign * digest(table, row)

    def forget(self) -> None:
        """What was noticed did not happen."""
        self._moved.clear()

    def close(self, db: apsw.Connection) -> Head | None:
        """Seal what this transaction has written, as its last step; None when it has written nothing."""
        moved = {part: one for part, one in self._moved.items() if any(one)}
        self._moved.clear()
        for (table, part), (count, total) in moved.items():
            before = _all(db, "select rows, sum from sealed where of = ? and part = ?", [table, part])
            known, known_total = before[0] if before else (0, NOTHING)
            if known + count:
                row = [table, part, known + count, packed(int.from_bytes(known_total) + total)]
                db.execute("insert or replace into sealed values (?, ?, ?, ?)", row)
            else:
                db.execute("delete from sealed where of = ? and part = ?", [table, part])
        return _linked(db, sum(total for _, total in moved.values())) if moved else None

    def begin(self, db: apsw.Connection) -> None:
        """Seal all rows of a file that has just been made, or whose tables have just been changed."""
        self._moved.clear()
        db.execute("delete from sealed")
        found = sums(db, self._parts)
        db.executemany(
            "insert into sealed values (?, ?, ?, ?)",
            ((table, part, count, packed(total)) for (table, part), (count, total) in found.items()),
        )
        if not db.execute("select 1 from chain").fetchall():
            db.execute("insert into chain values (0, ?, ?)", [NOTHING, os.urandom(32)])
        [(state,)] = _all(db, "select state from chain order by seq desc limit 1")
        if shift := sum(total for _, total in found.values()) - int.from_bytes(state):
            _linked(db, shift)


def last_head(db: apsw.Connection) -> Head:
    """How far a file has come."""
    return _last(db)[0]


def _last(db: apsw.Connection) -> tuple[Head, bytes]:
    """How far a file has come, and the sum of all its rows."""
    [(first, seq, link, state)] = _all(
        db, "select (select link from chain where seq = 0), seq, link, state from chain order by seq desc limit 1"
    )
    return Head(first, seq, link), state


def _linked(db: apsw.Connection, shift: int) -> Head:
    """Chain a sum that has changed by `shift` to the one before."""
    last, before = _last(db)
    state = packed(int.from_bytes(before) + shift)
    head = Head(last.id, last.seq + 1, chained(last.link, state))
    db.execute("insert into chain values (?, ?, ?)", [head.seq, state, head.link])
    return head


def _all(db: apsw.Connection, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    return db.execute(sql, values).fetchall()


def digest(table: str, row: tuple[Any, ...]) -> int:
    """The SHA-256 of a row, as a number."""
    return int.from_bytes(sha256(msgspec.msgpack.encode((table, row))).digest())


def packed(total: int) -> bytes:
    """A sum as it is kept."""
    return (total % _ALL).to_bytes(32)


def chained(link: bytes, state: bytes) -> bytes:
    """The link that follows on `link` when the sum of the whole file is `state`."""
    return sha256(link + state).digest()


def tables(db: apsw.Connection) -> list[str]:
    """The tables whose rows are sealed."""
    found = db.execute("select name from sqlite_schema where type = 'table' order by rowid").fetchall()
    names = [str(name) for (name,) in found]
    return [name for name in names if name not in OWN and not name.startswith("sqlite_")]


def sums(db: apsw.Connection, parts: Mapping[str, int], *, bodies: bool = True) -> dict[Part, tuple[int, int]]:
    """The number of rows and the sum of their digests, for everything that belongs together; read by no index.

    Parameters
    ----------
    bodies
        Whether the rows of the tables that are large are read; else their sums are 0.
    """
    found: dict[Part, tuple[int, int]] = {}
    for table in tables(db):
        if table in WITH_BODIES and not bodies:
            found |= {(table, part): (1, 0) for (part,) in db.execute(f'select id from "{table}"')}  # noqa: S608  # ours
            continue
        at, of_one = parts.get(table, 0), dict[Any, tuple[int, int]]()
        for row in db.execute(f'select * from "{table}" not indexed'):  # noqa: S608  # our own words
            count, total = of_one.get(row[at], (0, 0))
            of_one[row[at]] = count + 1, total + digest(table, row)
        found |= {(table, part): one for part, one in of_one.items()}
    return found
