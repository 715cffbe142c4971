"""Looking at a file of the journal as it lies there: whether it is whole, and what of it is not. Changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import apsw

from zianalytics.journal.disk import (
    BUSY_MS,
    NOTHING,
    WITH_BODIES,
    Head,
    Kind,
    Part,
    chained,
    packed,
    rows,
    sums,
    tables,
    translated,
)

# A whole look at all replies on every open; of a larger file the bodies are looked at when they are read.
WHOLE_UP_TO = 256 * 1024 * 1024

# What reading a damaged file may raise: SQLite's own words, or values that are not what the column holds.
UNREADABLE = (
    apsw.NotADBError, apsw.CorruptError, apsw.SQLError, apsw.FormatError, apsw.TooBigError,
    ValueError, TypeError, OverflowError,
)  # fmt: skip


@dataclass(frozen=True)
class Inspection:
    """What a look at one file has shown.

    Attributes
    ----------
    path
        The file.
    exists
        Whether it is there and holds anything.
    is_ours
        Whether it is marked as the file that belongs there; None where its head cannot be read.
    is_sealed
        Whether it has seals; those of earlier versions have none.
    broken
        What is not as it was written: a table, and what its rows belong to.
    flaws
        What else is wrong with it, in words.
    links
        Its chain, as far as it holds: numbers and links.
    heard
        How far the other file had come when it was last heard of; None when it never was.
    counts
        Rows by table.
    """

    path: Path
    exists: bool = True
    is_ours: bool | None = None
    is_sealed: bool = False
    broken: tuple[Part, ...] = ()
    flaws: tuple[str, ...] = ()
    links: dict[int, bytes] = field(default_factory=dict)
    heard: Head | None = None
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was written."""
        return not self.broken and not self.flaws

    @property
    def head(self) -> Head | None:
        """How far it has come; None where that cannot be told."""
        return Head(self.links[0], max(self.links), self.links[max(self.links)]) if 0 in self.links else None

    def holds(self, head: Head) -> bool:
        """Whether it is the file that was there then, and has lost nothing that it had."""
        return self.links.get(0) == head.id and self.links.get(head.seq) == head.link

    @cached_property
    def said(self) -> str:
        """What is wrong with it, in words."""
        told = list(self.flaws)
        for table, count in Counter(table for table, _ in self.broken).items():
            named = [str(part)[:36] for of, part in self.broken if of == table][:3]
            more = f" and {count - 3:,} more" if count > 3 else ""
            told.append(f"rows of {table} are not as they were written (those of {', '.join(named)}{more})")
        return "; ".join(told)


def inspect(folder: Path, kind: Kind, *, whole: bool = False) -> Inspection:
    """Look at a file: its structure, the digest of every row, its chain.

    Parameters
    ----------
    whole
        Look at the bodies of all replies however large the file is.
    """
    path = folder / kind.name
    if not path.exists() or not path.stat().st_size:
        return Inspection(path, exists=False)
    with translated(path):  # what can be tried again is no damage
        try:
            with looking_at(path) as db:
                found, version = db.pragma("application_id"), db.pragma("user_version")
                if found != kind.application_id or not 1 <= version <= len(kind.scripts):
                    is_new = (found, version) == (0, 0) and not rows(db, "select 1 from sqlite_schema")
                    return Inspection(path, exists=not is_new, is_ours=False)
                return _looked_at(path, db, kind, whole or path.stat().st_size <= WHOLE_UP_TO)
        except UNREADABLE as exc:
            why = exc if isinstance(exc, apsw.Error) else "it holds what was never written"
            return Inspection(path, flaws=(f"SQLite cannot read it ({why})",), is_ours=_marked(path, kind))


def _looked_at(path: Path, db: apsw.Connection, kind: Kind, whole: bool) -> Inspection:
    with ThreadPoolExecutor(max_workers=1) as beside:
        structure = beside.submit(_flaws, path) if whole else None
        found = _vouched(path, db, kind, whole)
        return found if structure is None else replace(found, flaws=(*structure.result(), *found.flaws))


def _flaws(path: Path) -> tuple[str, ...]:
    """What SQLite itself finds wrong with the structure of a file."""
    with looking_at(path) as db:
        return tuple(str(line) for (line,) in db.execute("pragma integrity_check(3)") if line != "ok")


def _vouched(path: Path, db: apsw.Connection, kind: Kind, whole: bool) -> Inspection:
    """What the digests and the chain say of it."""
    if not db.execute("select 1 from sqlite_schema where name = 'sealed'").fetchall():
        sizes = {name: rows(db, f'select count(*) from "{name}"')[0][0] for name in tables(db)}  # noqa: S608  # of a file that is judged, not trusted
        return Inspection(path, is_ours=True, counts=sizes)
    sealed = {(of, part): (count, total) for of, part, count, total in rows(db, "select * from sealed")}
    found = {part: (count, packed(total)) for part, (count, total) in sums(db, kind.parts, bodies=whole).items()}
    if not whole:
        found |= {part: sealed[part] for part in found.keys() & sealed.keys() if part[0] in WITH_BODIES}
    broken = sorted((part for part in found.keys() | sealed.keys() if found.get(part) != sealed.get(part)), key=str)
    links, state, is_unbroken = _chain(db)
    flaws = []
    if not is_unbroken:
        flaws.append("the chain of its commits is broken")
    elif not broken and packed(sum(int.from_bytes(total) for _, total in sealed.values())) != state:
        flaws.append("it does not hold what its last commit left")
    heard, is_sound = _heard(db)
    if not is_sound:
        flaws.append("what it remembers of the other file is garbled")
    counts: Counter[str] = Counter()
    for (table, _), (count, _) in found.items():
        counts[table] += count
    return Inspection(path, True, True, True, tuple(broken), tuple(flaws), links, heard, dict(counts))


def _chain(db: apsw.Connection) -> tuple[dict[int, bytes], bytes, bool]:
    """The links as far as they hold, the state that the last one vouches for, and whether they are whole."""
    links: dict[int, bytes] = {}
    last = state = NOTHING
    for at, (seq, state, link) in enumerate(rows(db, "select seq, state, link from chain order by seq")):
        if seq != at or (at and link != chained(last, state)):
            return links, state, False
        links[seq] = last = link
    return links, state, bool(links)


def heard_of(folder: Path, kind: Kind) -> Head | None:
    """What a file remembers of the other one; None where it remembers nothing, or nothing that is sound."""
    path = folder / kind.name
    if not path.exists() or not path.stat().st_size:
        return None
    with translated(path), suppress(*UNREADABLE), looking_at(path) as db:
        head, is_sound = _heard(db)
        return head if is_sound else None
    return None


def _heard(db: apsw.Connection) -> tuple[Head | None, bool]:
    """What is remembered of the other file, and whether that is sound."""
    found = rows(db, "select id, seq, link, digest from partner")
    if len(found) != 1:
        return None, False
    [(known, seq, link, digest)] = found
    if known is None:
        return None, (seq, link, digest) == (None, None, None)
    head = Head(known, seq, link)
    return head, isinstance(seq, int) and isinstance(link, bytes) and head.digest == digest


@contextmanager
def looking_at(path: Path, *, however: bool = False) -> Iterator[apsw.Connection]:
    """The file as it is now, for statements that change nothing.

    Parameters
    ----------
    however
        Read it as far as that goes, though it is shorter than it says, or some of its tables are not understood.
    """
    with closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)) as db:
        db.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        db.config(apsw.SQLITE_DBCONFIG_WRITABLE_SCHEMA, int(however))
        db.set_busy_timeout(BUSY_MS)
        db.execute("pragma mmap_size=0").fetchall()
        db.execute("begin")  # all that is read is of one moment, whoever writes meanwhile
        yield db


def _marked(path: Path, kind: Kind) -> bool | None:
    """Whether the head of a file that SQLite cannot read still carries our mark; None where that is gone, too."""
    with path.open("rb") as file:
        head = file.read(100)
    return True if head[68:72] == kind.application_id.to_bytes(4) else None
