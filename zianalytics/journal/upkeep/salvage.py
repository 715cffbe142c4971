"""Taking over what is sound of a damaged file: what its seals still vouch for, read from both ends and one by one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import apsw

from zianalytics.journal.disk import NOTHING, WITH_BODIES, Database, Part, chained, digest, packed, rows, tables
from zianalytics.journal.received import NotPacked, unpack
from zianalytics.journal.upkeep.inspection import UNREADABLE as MALFORMED
from zianalytics.journal.upkeep.inspection import looking_at

Row = tuple[Any, ...]
Sealed = dict[Part, tuple[int, bytes]]
UNREADABLE = (*MALFORMED, apsw.IOError)  # a disk that cannot read one sector may read the next
SEALED_SINCE = 2  # the newest version of a file that may have no seals


@dataclass(frozen=True)
class Salvaged:
    """What could be taken over.

    Attributes
    ----------
    rows
        How many.
    lost
        What could not, as far as that is known: a table, and what the rows belong to.
    suffered
        The tables of which something is lost, or may be.
    """

    rows: int
    lost: frozenset[Part]
    suffered: frozenset[str]


def set_aside(path: Path, why: str = "damaged") -> Path:
    """Give a file a name that is free and says why, together with its -wal; returns the new name."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.{why}-{number}{path.suffix}")).exists():
        number += 1
    for ending in ("", "-wal"):
        if (there := path.with_name(path.name + ending)).exists():
            there.rename(aside.with_name(aside.name + ending))
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)
    return aside


def salvage(aside: Path, new: Database) -> Salvaged:
    """Copy what is sound of a file that was set aside into the new one in its place."""
    with new.reading() as db:
        ours = tables(db)
    with _opened(aside, new) as old:
        if old is None:
            return Salvaged(0, frozenset(), frozenset(ours))
        names = [name for name in ours if name in _understood(old)]
        sealed, is_complete = _sealed(old)
        keeps_chain = _take_chain(old, new)
        taken, unread, count = set[Part](), set[str](), 0
        with new.copying() as db:
            for name in names:
                copied = _Copied(old, db, name, new.kind.parts.get(name, 0), sealed)
                if not copied.run():
                    unread.add(name)
                count += copied.rows
                taken |= {(name, part) for part in copied.taken}
    lost = frozenset((sealed or {}).keys() - taken)
    is_unsure = sealed is not None and not (is_complete and keeps_chain)
    gone = set(ours) - set(names)
    unsure = set(names) if is_unsure else unread if sealed is None else set()
    return Salvaged(count, lost, frozenset({name for name, _ in lost} | unsure | gone))


class _Copied:
    """The rows of one table, as they are copied."""

    def __init__(self, old: apsw.Connection, new: apsw.Connection, table: str, at: int, sealed: Sealed | None) -> None:
        self._old, self._new, self._table, self._at, self._sealed = old, new, table, at, sealed
        self.rows = 0
        self.taken: set[Any] = set()
        columns = [str(name) for _, name, *_ in old.execute(f'pragma table_info("{table}")')]
        self._key = columns[at]
        marks = ", ".join("?" for _ in columns)
        self._insert = f'insert or ignore into "{table}" ({", ".join(columns)}) values ({marks})'  # noqa: S608  # ours

    def run(self) -> bool:
        """Copy what is vouched for; returns whether all could be read."""
        pending: dict[Any, dict[int, Row]] = {}
        readers = [self._from_an_end(""), self._from_an_end("order by 1 desc"), self._one_by_one()]
        for reader in readers:
            try:
                for row in reader:
                    self._consider(row, pending)
            except UNREADABLE:
                continue
            return reader is readers[0]
        return False

    def _consider(self, row: Row, pending: dict[Any, dict[int, Row]]) -> None:
        part = row[self._at]
        if self._sealed is None:
            self._write([row])
        elif part not in self.taken:
            group = pending.setdefault(part, {})
            group[digest(self._table, row)] = row
            told = self._sealed.get((self._table, part))
            alone = told is None and self._table in WITH_BODIES and _vouches_for_itself(row)
            if alone or told == (len(group), packed(sum(group))):
                self._write(list(pending.pop(part).values()))
                self.taken.add(part)

    def _write(self, found: list[Row]) -> None:
        self._new.executemany(self._insert, found)
        self.rows += len(found)

    def _from_an_end(self, order: str) -> Iterator[Row]:
        yield from self._old.execute(f'select * from "{self._table}" not indexed {order}')  # noqa: S608  # our own words

    def _one_by_one(self) -> Iterator[Row]:
        for of, part in list(self._sealed or ()):
            if of == self._table and part not in self.taken:
                try:
                    yield from self._old.execute(f'select * from "{self._table}" where {self._key} = ?', [part])  # noqa: S608  # our own words
                except UNREADABLE:
                    continue


def _vouches_for_itself(row: Row) -> bool:
    """Whether a body is the one that its own digest tells of: these two are the last columns that have them."""
    *_, body, told = b"", b"", *(value for value in row if isinstance(value, bytes))
    try:
        return sha256(unpack(body)).digest() == told
    except NotPacked:
        return False


def _sealed(old: apsw.Connection) -> tuple[Sealed | None, bool]:
    """The seals, as far as they can be read, and whether that is all; None for a file from before there were any."""
    if not old.execute("select 1 from sqlite_schema where name = 'sealed'").fetchall():
        return (None, True) if 1 <= old.pragma("user_version") <= SEALED_SINCE else ({}, False)
    found: Sealed = {}
    for order in ("", "order by of desc, part desc"):
        try:
            for of, part, count, total in old.execute(f"select * from sealed {order}"):  # noqa: S608  # our own words
                found[of, part] = count, total
        except UNREADABLE:
            continue
        return found, not order
    return found, False


def _take_chain(old: apsw.Connection, new: Database) -> bool:
    """Go on with the chain and the note of the old file, where they are sound; returns whether the chain was."""
    try:
        chain = rows(old, "select seq, state, link from chain order by seq")
        noted = rows(old, "select id, seq, link, digest from partner")
    except UNREADABLE:
        return False
    links = [link for _, _, link in chain]
    is_sound = bool(chain) and [seq for seq, *_ in chain] == list(range(len(chain)))
    is_sound = is_sound and all(chained(links[at - 1], chain[at][1]) == links[at] for at in range(1, len(chain)))
    with new.copying() as db:
        if is_sound:
            db.execute("delete from chain")
            db.executemany("insert into chain values (?, ?, ?)", chain)
            empty = [len(chain), NOTHING, chained(links[-1], NOTHING)]
            db.execute("insert into chain values (?, ?, ?)", empty)
        if len(noted) == 1:
            db.execute("update partner set id = ?, seq = ?, link = ?, digest = ?", noted[0])
    return is_sound


@contextmanager
def _opened(aside: Path, new: Database) -> Iterator[apsw.Connection | None]:
    """The old file; where its beginning is damaged, a copy of it with the beginning that all our files have."""
    with TemporaryDirectory(prefix="salvage-", dir=aside.parent) as beside, ExitStack() as opened:
        found: list[tuple[int, apsw.Connection]] = []
        for number, attempt in enumerate((_as_it_is, _with_a_new_head, _with_a_new_first_page)):
            with suppress(*UNREADABLE):
                place = Path(beside) / str(number)
                place.mkdir()
                old = opened.enter_context(looking_at(attempt(aside, place, new), however=True))
                understood = _understood(old)
                found.append((len(understood), old))
                if set(tables(old)) <= understood:
                    break
        yield max(found, key=lambda one: one[0])[1] if any(count for count, _ in found) else None


def _understood(old: apsw.Connection) -> set[str]:
    """The sealed tables of which SQLite can tell the columns."""
    return {name for name in tables(old) if old.execute(f'pragma table_info("{name}")').fetchall()}


def _as_it_is(aside: Path, beside: Path, new: Database) -> Path:
    return aside


def _with_a_new_head(aside: Path, beside: Path, new: Database) -> Path:
    return _patched(aside, beside, new, lambda page: page[:28] + bytes(4) + page[32:100])


def _with_a_new_first_page(aside: Path, beside: Path, new: Database) -> Path:
    return _patched(aside, beside, new, lambda page: page[:28] + bytes(4) + page[32:])


def _patched(aside: Path, beside: Path, new: Database, head: Callable[[bytes], bytes]) -> Path:
    """A copy whose first bytes are those of a fresh file of the same kind; its size is not told, but measured."""
    for ending in ("", "-wal"):
        if (there := aside.with_name(aside.name + ending)).exists():
            shutil.copyfile(there, beside / (aside.name + ending))
    fresh = beside / new.path.name
    if not fresh.exists():
        with closing(Database(beside, new.kind)):
            pass
    with (beside / aside.name).open("r+b") as file:
        file.write(head(fresh.read_bytes()[:4096]))
    return beside / aside.name
