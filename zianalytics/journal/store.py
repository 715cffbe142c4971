"""The journal of one account: its two files, and the order in which they are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import polars as pl
from filelock import FileLock

from zianalytics.errors import ClientClosed, JournalDamaged, RepliesMissing, StoreUnusable, warn
from zianalytics.journal.disk import SUSPECT, anyone, clear_gone, private_folder, refuse_network
from zianalytics.journal.received import AddressFiles, Given, Missing, People, Replies
from zianalytics.journal.spending import AtWork, Ledger, Runs, Statements
from zianalytics.journal.upkeep import UNFINISHED, Damage, Erasing, clear_abandoned, go_on, marry, remake, set_right
from zianalytics.journal.values import Allowance, Intent, Reply, Settlement, as_text
from zianalytics.schema.meters import Entity
from zianalytics.schema.usage import LimitTold


@dataclass(frozen=True)
class Unanswered:
    """An intent without an end, and the reply that was kept for it, if one was."""

    intent: Intent
    reply: Reply | None


class Journal:
    """All that was paid for and all that was given, in a folder of its own; shared by threads and processes.

    The order of a paid request: `ledger.begin` and `reserve`, send, then `release` when it cannot have left, `keep`
    when a reply came, `doubt` when none did; `settle` when the reply was read, `ledger.end` at the end of the call.
    Each is one commit that survives a crash.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        refuse_network(folder)
        private_folder(folder)
        with ExitStack() as opened, FileLock(folder / "opening.lock", mode=0o600):
            clear_gone(folder)
            clear_abandoned(folder)
            if not anyone(folder):
                go_on(folder)
            damage = set_right(folder, is_alone=not anyone(folder))
            self.ledger = Ledger(folder)
            opened.callback(self.ledger.close)
            self._replies = Replies(folder)
            opened.callback(self._replies.close)
            self.statements = Statements(self.ledger.db)
            self.runs = Runs(self.ledger.db)
            self.missing = Missing(self.ledger.db, self._replies.db)
            self.addressed = AddressFiles(folder, self.ledger.db)
            self._make_again(damage)
            self._say_what_is_missing()
            opened.pop_all()
        self.people = People(self._replies)
        self.erasing = Erasing(folder, self.ledger.db, self._replies.db, self.ledger.owner)
        self.at_work = AtWork(folder)
        self.usage = self._replies.usage

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The journal in this folder; a new one when there is none.

        Raises
        ------
        StoreUnusable
            The folder cannot be written.
        StoreDamaged
            A file is not the SQLite file that it should be.
        """
        return cls(folder)

    def close(self) -> None:
        """Close both files, each of which has noted how far the other has come."""
        with ExitStack() as closing:
            closing.callback(self.ledger.close)
            closing.callback(self._replies.close)
            for db in (self._replies.db, self.ledger.db):
                with suppress(StoreUnusable, ClientClosed):
                    db.note()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def check_open(self) -> None:
        """Raise `ClientClosed` once the journal is closed."""
        self.ledger.db.check_open()

    def __repr__(self) -> str:
        return f"<Journal: {self.statements.totals().spent} spent>"

    def _make_again(self, damage: Damage) -> None:
        """Restore what a damaged ledger lost, as far as the replies prove it, and say what was found."""
        self.was_damaged = damage.intents
        """Whether intents were put back, which their kept replies settle."""
        ledger, replies = self.ledger.db, self._replies.db
        if damage.intents:
            remake(ledger, replies, charges=damage.charges)
        if damage.budgets:
            nothing = Allowance(credits=0, records=0, requests=0)
            self.ledger.caps.open(nothing, "standing", at=self.last_received() or datetime.now(UTC))
        marry(ledger, replies)
        (self.folder / SUSPECT).unlink(missing_ok=True)
        if damage.said:
            self.addressed.forget()
            said = f"{' '.join(damage.said)} {damage.advice}"
            with ledger.writing() as db:
                db.execute("insert into damages (at, said) values (?, ?)", [as_text(datetime.now(UTC)), said])
            (self.folder / UNFINISHED).unlink(missing_ok=True)
            warn(JournalDamaged(f"The journal in {self.folder} was found damaged. {said}"))

    def _say_what_is_missing(self) -> None:
        """Warn of replies that the ledger has settled and `replies.db` does not hold: it was replaced, or deleted."""
        if missing := len(self.missing.numbers()):
            warn(
                RepliesMissing(
                    f"{self.folder / 'replies.db'} lacks {missing:,} of the replies that ledger.db knows of; it seems "
                    "to be an older copy, or a new file. Nothing was spent, and nothing is asked again by itself. Put "
                    "the newest copy of the file back while no client is open; or fetch the records again by zia "
                    "reconcile --max-records N: each counts as a record, and none costs a credit."
                )
            )

    def reserve(self, intent: Intent) -> None:
        """Write down what is about to be sent; only now may it be."""
        self.ledger.reserve(intent)

    def release(self, intent: str) -> None:
        """The request had no effect: its reservation ends."""
        self.ledger.release(intent)

    def doubt(self, intent: str) -> None:
        """No usable reply came, and the request may have been charged: its reservation stays."""
        self.ledger.doubt(intent)

    def keep(
        self,
        intent: Intent | None,
        operation: str,
        request: bytes,
        *,
        status: int,
        headers: Mapping[str, str],
        received: datetime,
        body: bytes,
        usage: Sequence[LimitTold] = (),
    ) -> int:
        """Make a reply durable, before anyone reads it, with what it tells of limits; returns its number."""
        return self._replies.keep(
            intent, operation, request, status=status, headers=headers, received=received, body=body, usage=usage
        )

    def settle(self, *settlements: Settlement) -> None:
        """Write down what was charged and end the intents, all or none."""
        self.ledger.settle(*settlements)

    def open_intents(self) -> list[Unanswered]:
        """What was sent and has no end, oldest first; what a living journal is still waiting for is not among it."""
        self.ledger.sweep()
        return [Unanswered(intent, self._replies.of_intent(intent.id)) for intent in self.ledger.unknown()]

    def managed(self, entity: Entity, ids: Sequence[int] | None = None) -> pl.DataFrame:
        """One row per record that was redeemed: id, charged_on, managed_until (its newest window), reply."""
        return self.statements.managed(entity, ids)

    def replies(self, after: int = 0, *, known: Mapping[int, bytes] | None = None) -> Iterator[Reply]:
        """The replies behind number `after`, in the order they were kept; those without a body that is `known`."""
        return self._replies.after(after, known)

    def held(self, operation: str, *, asked: Sequence[str] = (), ids: Sequence[int] = ()) -> pl.DataFrame:
        """What `Statements.held` remembers, as far as the reply itself is here."""
        answers = self.statements.held(operation, asked=asked, ids=ids)
        here = self._replies.intents(answers["reply"].unique().to_list())
        kept = pl.Series([place in here for place in answers.select("reply", "intent").rows()], dtype=pl.Boolean)
        return answers.filter(kept)

    def pages(self, run: str) -> dict[str, int]:
        """The replies that calls of a run were given, by the page that each answers, as far as they are here."""
        pages = self.statements.pages(run)
        here = self._replies.intents([reply for _, reply, _ in pages])
        return {asked: reply for asked, reply, intent in pages if (reply, intent) in here}

    def some_replies(self, numbers: Sequence[int]) -> dict[int, Reply]:
        """Replies by their numbers."""
        return self._replies.get(list(numbers))

    def replies_of(self, operations: Sequence[str]) -> Iterator[Reply]:
        """The replies to some operations, in the order they were kept."""
        return self._replies.of_operations(operations)

    def digests_of(self, operations: Sequence[str], *, last: int) -> set[bytes]:
        """The SHA-256 of the bodies of the last replies to some operations."""
        return self._replies.digests_of(operations, last)

    def replies_to(self, operations: Sequence[str]) -> list[Reply]:
        """The replies to some operations, oldest first."""
        return self._replies.to(list(operations))

    def reply_to(self, intent: str) -> Reply | None:
        """The newest reply to an intent; None when none was kept."""
        return self._replies.of_intent(intent)

    def last_received(self) -> datetime | None:
        """Server time of the newest reply; None when there is none."""
        return self._replies.last_received()

    def clock_offset_s(self) -> float:
        """How far the service was ahead of this machine when the last reply came; 0 where there is none."""
        return self._replies.clock_offset_s()

    def give(self, kind: str, payload: bytes, *, at: datetime) -> None:
        """Keep what the user gave: closed deals, say."""
        self._replies.give(kind, payload, at=at)

    def given(self, kind: str, *, after: int = 0) -> Iterator[Given]:
        """What the user gave of this kind, oldest first."""
        return self._replies.given(kind, after=after)
