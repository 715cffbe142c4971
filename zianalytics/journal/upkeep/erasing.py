"""Rewriting the journal without a person: what is written over, what is left in its place, what vanishes from the disk.

Who is to be erased is noted in a file before anything is changed, and the file goes when all is done: an erasure that
was interrupted is done again from its beginning. Each step may be done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import msgspec
from filelock import FileLock

from zianalytics.errors import StoreHeld, StoreUnusable
from zianalytics.journal.disk import LEDGER, REPLIES, Database, anyone_else, clear_gone, rows
from zianalytics.journal.received import pack, unpack
from zianalytics.journal.values import Intent, as_text

PENDING = "erasing"
FORGOTTEN = "erased"
"""The status of an answer whose record was cut out: it is not held any more."""


@dataclass(frozen=True, kw_only=True)
class Rewritten:
    """A reply as it is to be.

    Attributes
    ----------
    people
        Whose records were cut out of it, by id; None where a record had none.
    """

    number: int
    request: bytes
    intent: Intent | None
    body: bytes
    people: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What the ledger remembers of one input: where, what was asked, and which record answered."""

    reply: int
    input_row: int
    asked: str
    record_id: str | None


class Erasing:
    """The journal of one account, as it is rewritten."""

    def __init__(self, folder: Path, ledger: Database, replies: Database, owner: str) -> None:
        self._folder, self._ledger, self._replies, self._owner = folder, ledger, replies, owner

    @property
    def pending(self) -> bytes | None:
        """Who was to be erased when an erasure was interrupted; None where none was."""
        try:
            return (self._folder / PENDING).read_bytes() or None
        except FileNotFoundError:
            return None

    @property
    def is_alone(self) -> bool:
        """Whether no other client has this journal open."""
        return not anyone_else(self._folder, self._owner)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """The block, during which nobody else opens the journal.

        Raises
        ------
        StoreHeld
            Somebody has it open.
        """
        with FileLock(self._folder / "opening.lock", mode=0o600):
            clear_gone(self._folder)
            if not self.is_alone:
                raise StoreHeld(
                    f"Another client has {self._folder} open. Nobody was erased. Close the other notebooks and "
                    "commands of this home (zia webhooks serve, too), and run it again."
                )
            yield

    def begin(self, whom: bytes) -> None:
        """Note who is to be erased, once what the ledger says of the requests that name them cannot be undone.

        Raises
        ------
        StoreUnusable
            The folder cannot be written. Nobody was erased.
        """
        self._ledger.wait_for_disk()
        new = self._folder / f"{PENDING}.part"
        try:
            new.touch(mode=0o600)
            new.write_bytes(whom)
            new.replace(self._folder / PENDING)
        except OSError as exc:
            with suppress(OSError):
                new.unlink(missing_ok=True)
            raise StoreUnusable(
                f"{self._folder} cannot be written now ({exc.strerror or exc}). Nobody was erased. Free the disk, or "
                "see who may write there, and run it again."
            ) from exc

    def end(self) -> None:
        """All is done: forget who it was."""
        (self._folder / PENDING).unlink(missing_ok=True)

    def answers(self, operations: Sequence[str]) -> list[Answer]:
        """What the ledger remembers of the inputs of some operations."""
        with self._ledger.reading() as db:
            found = rows(
                db,
                "select reply, input_row, asked, record_id from found "
                "where operation in (select value from json_each(?))",
                [msgspec.json.encode(list(operations)).decode()],
            )
        return [Answer(*one) for one in found]

    def intents(self) -> Iterator[tuple[Intent, bool]]:
        """Every request of the ledger, and whether it has an end."""
        with self._ledger.reading() as db:
            found = rows(db, "select whole, state from intents where whole != '{}'")
        for whole, state in found:
            yield msgspec.json.decode(whole, type=Intent), state in ("settled", "released")

    def write_replies(self, changed: Iterable[Rewritten], *, at: datetime) -> None:
        """Write replies over, and a tombstone for each record that is cut out: all or none."""
        found = list(changed)
        costs = {one.number: self._costs(one) for one in found}
        with self._replies.writing() as db:
            for one in found:
                whole = msgspec.json.encode(one.intent).decode() if one.intent else None
                [(before,)] = rows(db, "select sha256 from replies where id = ?", [one.number])
                db.execute(
                    "update replies set request = ?, whole = ?, body = ?, sha256 = ? where id = ?",
                    [one.request, whole, pack(one.body), sha256(one.body).digest(), one.number],
                )
                db.executemany(
                    "insert into erased (at, reply, record_id, credits, records, sha256) values (?, ?, ?, ?, ?, ?)",
                    [(as_text(at), one.number, *cost, before) for cost in costs[one.number]],
                )

    def _costs(self, one: Rewritten) -> list[tuple[str | None, int, int]]:
        """Whom a reply was about, and what it was charged for each."""
        intent = one.intent.id if one.intent else None
        with self._ledger.reading() as db:
            [(payer,)] = rows(
                db, "select coalesce((select intent from found where reply = ? limit 1), ?)", [one.number, intent]
            )
            people = dict.fromkeys(None if number is None else str(number) for number in one.people)
            sums = "select coalesce(sum(credits), 0), coalesce(sum(records), 0) from charges"
            return [
                (person, *rows(db, f"{sums} where intent = ? and record_id = ?", [payer, person])[0])
                for person in people
            ]

    def write_gifts(self, kind: str, change: Callable[[bytes], bytes]) -> int:
        """Write over what the user gave of a kind; returns how many entries that were."""
        with self._replies.writing() as db:
            found = [
                (number, payload, new)
                for number, packed in rows(db, "select id, payload from given where kind = ?", [kind])
                if (new := change(payload := unpack(packed))) != payload
            ]
            for number, _, new in found:
                db.execute(
                    "update given set payload = ?, sha256 = ? where id = ?",
                    [pack(new), sha256(new).digest(), number],
                )
        return len(found)

    def write_ledger(self, intents: Iterable[Intent], asked: Mapping[str, str], gone: Iterable[Answer]) -> None:
        """Write requests and questions over; charges, windows and budgets stay.

        Parameters
        ----------
        intents
            Requests as they are to be.
        asked
            For each question that names them, what stands in its place.
        gone
            The answers that are held no more.
        """
        with self._ledger.writing() as db:
            for one in intents:
                db.execute("update intents set whole = ? where id = ?", [msgspec.json.encode(one).decode(), one.id])
                db.execute("update calls set question = '' where id = ?", [one.call])
            db.executemany("update found set asked = ? where asked = ?", [(new, old) for old, new in asked.items()])
            db.executemany(
                "update found set status = ? where reply = ? and input_row = ?",
                [(FORGOTTEN, one.reply, one.input_row) for one in gone],
            )

    def compact(self) -> None:
        """Leave nothing in the files of what was written over."""
        for one in (self._replies, self._ledger):
            one.compact()

    def left_over(self) -> list[Path]:
        """The files of the journal that were set aside, or left behind by something that was interrupted."""
        kinds = [Path(one.name).stem for one in (LEDGER, REPLIES)]
        found = [path for kind in kinds for path in self._folder.glob(f"{kind}.*-*.db*")]
        return sorted([*found, *self._folder.glob("salvage-*"), *self._folder.glob("*.part")])
