"""What was meant, reserved and charged: `ledger.db`.

A call draws its worst case on every cap that is in force; its requests, one intent each, draw on the call. So what
is reserved and what is spent are one sum, and concurrent threads and processes cannot exceed an allowance together.
The file itself refuses an entry that would break a rule (its triggers).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import apsw
import msgspec

from zianalytics.errors import StoreUnusable
from zianalytics.journal.disk import LEDGER, Database, Owner, is_gone, rows
from zianalytics.journal.spending.caps import Caps, draw, draw_beyond
from zianalytics.journal.spending.charging import charge, write_found
from zianalytics.journal.spending.holds import hand_over
from zianalytics.journal.spending.looks import Counts, Looks, write_look
from zianalytics.journal.values import Intent, Settlement, as_text
from zianalytics.schema.meters import Meters

_RESUMABLE = timedelta(hours=24)  # an interrupted search is finished by asking it again on the same day


@dataclass(frozen=True)
class Call:
    """A call that has reserved its worst case.

    Attributes
    ----------
    run
        The first call of the run that this one finishes; its own id when it begins one.
    """

    id: str
    run: str


class Ledger:
    """Intents, reservations, charges and windows of one account."""

    def __init__(self, folder: Path) -> None:
        self.db = Database(folder, LEDGER)
        self.caps = Caps(self.db)
        self.looks = Looks(self.db)
        self._folder = folder
        self._owner = Owner(folder)
        self._under_way: set[str] = set()

    def close(self) -> None:
        """Leave; another journal may take over what is still open."""
        self.db.close()
        self._owner.leave()

    @property
    def owner(self) -> str:
        """What this journal calls itself among those that have it open."""
        return self._owner.id

    def begin(
        self,
        operation: str,
        worst: Meters,
        *,
        at: datetime,
        caps: Sequence[str] = (),
        question: str = "",
        run: str | None = None,
    ) -> Call:
        """Reserve a call's worst case on every cap, in one commit.

        Parameters
        ----------
        question
            What a search asks, so that an interrupted one is finished by asking the same again; "" for none.
        run
            The interrupted run that this call finishes.

        Raises
        ------
        BudgetExceeded
            A cap has less left; nothing was written.
        """
        call = uuid4().hex
        self._under_way.add(call)
        with ExitStack() as failed, self.db.writing() as db:
            failed.callback(self._under_way.discard, call)
            db.execute(
                "insert into calls (id, run, operation, question, owner, at, credits, records, requests) "
                "values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [call, run or call, operation, question, self._owner.id, as_text(at), *asdict(worst).values()],
            )
            if hold := self.caps.holds.current:
                hand_over(db, hold, worst)
            draw(db, caps, call, operation, worst, at)
            failed.pop_all()
        return Call(call, run or call)

    def interrupted(self, operation: str, question: str, *, at: datetime) -> str | None:
        """The newest run of this question, when all its calls are over and none came to its end; else None."""
        with self.db.reading() as db:
            found = rows(
                db,
                "select run, max(finished), min(closed), (select max(at) from calls as one where one.run = calls.run) "
                "from calls where operation = ? and question = ? group by run order by max(at) desc limit 1",
                [operation, question],
            )
        for run, finished, closed, last in found:
            if closed and not finished and last >= as_text(at - _RESUMABLE):
                return str(run)
        return None

    def end(self, call: Call, *, finished: bool) -> None:
        """Close a call: of its reservation there remains what was spent or may have been.

        Where that cannot be written, the next sweep does it.
        """
        self._under_way.discard(call.id)
        with suppress(StoreUnusable), self.db.writing() as db:
            db.execute("update calls set closed = 1, finished = ? where id = ?", [int(finished), call.id])
            _trim(db, call.id)

    def reserve(self, intent: Intent) -> None:
        """Write down what is about to be sent, in one commit; only now may it be."""
        row = [intent.id, intent.call, intent.operation, as_text(intent.at), *asdict(intent.worst).values()]
        with self.db.writing() as db:
            db.execute(
                "insert into intents (id, call, operation, at, credits, records, requests, state, whole) "
                "values (?, ?, ?, ?, ?, ?, ?, 'open', ?)",
                [*row, msgspec.json.encode(intent).decode()],
            )

    def release(self, intent: str) -> None:
        """The request had no effect: its reservation ends."""
        with self.db.writing() as db:
            db.execute(
                "update intents set state = 'released', credits = 0, records = 0, requests = 0 "
                "where id = ? and state in ('open', 'unknown')",
                [intent],
            )
            _trim_of(db, intent)

    def doubt(self, intent: str) -> None:
        """No usable reply came, and the request may have been charged: its reservation stays."""
        with self.db.writing() as db:
            db.execute("update intents set state = 'unknown' where id = ? and state = 'open'", [intent])

    def settle(self, *settlements: Settlement) -> None:
        """Write down what was charged and end the intents, in one commit; one that has ended is left as it is.

        It waits for the disk where no kept reply would say the same: else the next commit does, and until then the
        next client settles what a power cut has undone.
        """
        with self.db.writing(waits=not all(one.is_proved for one in settlements)) as db:
            for one in settlements:
                found = rows(
                    db, "select operation from intents where id = ? and state in ('open', 'unknown')", [one.intent]
                )
                if not found:
                    continue
                if one.part_of:
                    _settle_part(db, one, one.part_of)
                    continue
                operation = found[0][0]
                charge(db, one, operation)
                write_found(db, one, operation)
                # A reply may hold more than was asked for: all of it is charged, and drawn on budgets that have room.
                [(credits, records)] = rows(db, _CHARGED, [one.intent])
                db.execute(
                    "update intents set state = 'settled', credits = 0, "
                    "records = min(?, whole ->> '$.worst.records') where id = ?",
                    [records, one.intent],
                )
                payer = one.pays_from or one.intent
                [(more,)] = rows(db, _BEYOND.format("records", "0"), [one.intent, records])
                [(dearer,)] = rows(db, _BEYOND.format("credits", "credits"), [payer, credits])
                if more:
                    draw_beyond(db, one.intent, Meters(records=more))
                if dearer:
                    draw_beyond(db, payer, Meters(credits=dearer))
                db.execute(
                    "update intents set credits = min(credits + ?, whole ->> '$.worst.credits') where id = ?",
                    [credits, payer],
                )
            for intent in {one.intent for one in settlements} | {one.pays_from or one.intent for one in settlements}:
                _trim_of(db, intent)

    def sweep(self) -> None:
        """Mark as unknown what journals that are gone, and calls of our own that are over, have left open."""
        with self.db.reading() as db:
            found = rows(
                db,
                "select id, owner from calls where closed = 0 or id in (select call from intents where state = 'open')",
            )
        others = {owner for _, owner in found} - {self._owner.id}
        gone = {owner for owner in others if is_gone(self._folder, owner)}
        left = [
            call for call, owner in found if owner in gone or (owner == self._owner.id and call not in self._under_way)
        ]
        for call in left:
            with self.db.writing() as db:
                db.execute("update intents set state = 'unknown' where state = 'open' and call = ?", [call])
                db.execute("update calls set closed = 1 where id = ?", [call])
                _trim(db, call)

    def counted_so_far(self) -> tuple[int, int] | None:
        """The newest charge and the newest intent; None while a request is under way or without an end."""
        with self.db.reading() as db:
            return _counted_so_far(db)

    def compare(self, so_far: tuple[int, int] | None, counted: Counts, *, at: datetime) -> None:
        """Remember what the service has counted, and whether that is what we have since it was last remembered.

        Parameters
        ----------
        so_far
            Ours, in front of the request that asked for it; where it has changed meanwhile nothing can be compared.
        """
        with self.db.writing() as db:
            if so_far is None or _counted_so_far(db) != so_far:
                return
            write_look(db, counted, at=at, so_far=so_far)
            now_credits, now_records = counted.get("credits") or 0, counted.get("records") or 0
            up_to, _ = so_far
            before = rows(db, "select up_to, credits, records from readings order by up_to desc limit 1")
            agrees = False
            for last, credits, records in before:
                ours = rows(db, _SINCE, [last])
                agrees = ours == [(now_credits - credits, now_records - records)]
            db.execute(
                "insert into readings values (?, ?, ?, ?) "
                "on conflict do update set credits = excluded.credits, records = excluded.records",
                [up_to, now_credits, now_records, int(agrees)],
            )

    def unknown(self) -> list[Intent]:
        """The intents without an end, oldest first: sent by someone who is gone, or never answered."""
        with self.db.reading() as db:
            found = rows(db, "select whole from intents where state = 'unknown' order by rowid")
        return [msgspec.json.decode(whole, type=Intent) for (whole,) in found]


_CHARGED = "select coalesce(sum(credits), 0), coalesce(sum(records), 0) from charges where intent = ?"
# By how much an intent would hold more than it reserved; 0 for one that a damaged ledger has lost.
_BEYOND = "select coalesce(sum(max(0, {1} + ?2 - (whole ->> '$.worst.{0}'))), 0) from intents where id = ?1"
_SHOWN = """
select 1 from intents as other join intents as this
    on other.operation = this.operation and other.whole -> '$.asked' = this.whole -> '$.asked'
where this.id = ? and other.state = 'settled'
"""


def _settle_part(db: apsw.Connection, one: Settlement, job: str) -> None:
    """Charge a job for the part of it that a reply shows, unless another reply has shown it; then end the request."""
    if not rows(db, _SHOWN, [one.intent]):
        [(operation,)] = rows(db, "select operation from intents where id = ?", [job])
        whole = replace(one, intent=job)
        charge(db, whole, operation)
        write_found(db, whole, one.answers or operation, reply_to=one.intent)
    db.execute("update intents set state = 'settled', credits = 0, records = 0 where id = ?", [one.intent])


# IP look-ups are counted in a pool of their own, which is not what is compared here.
_SINCE = """
select coalesce(sum(charges.credits), 0), coalesce(sum(charges.records), 0)
from charges join intents on intents.id = charges.intent
where charges.id > ? and coalesce(whole ->> '$.pool', 'api') = 'api'
"""


def _counted_so_far(db: apsw.Connection) -> tuple[int, int] | None:
    [(waiting, charge, intent)] = rows(
        db,
        "select exists (select 1 from intents where state in ('open', 'unknown')), "
        "(select coalesce(max(id), 0) from charges), (select coalesce(max(rowid), 0) from intents)",
    )
    return None if waiting else (charge, intent)


def _trim_of(db: apsw.Connection, intent: str) -> None:
    """What `_trim` does, for the call of an intent, once that is closed."""
    for (call,) in rows(
        db,
        "select calls.id from calls join intents on intents.call = calls.id where intents.id = ? and closed",
        [intent],
    ):
        _trim(db, call)


def _trim(db: apsw.Connection, call: str) -> None:
    """Lower a closed call's draws to what its intents have spent or still reserve."""
    db.execute(
        "update draws set credits = min(draws.credits, held.credits), records = min(draws.records, held.records), "
        "requests = min(draws.requests, held.requests) from (select coalesce(sum(credits), 0) as credits, "
        "coalesce(sum(records), 0) as records, coalesce(sum(requests), 0) as requests from intents where call = ?1) "
        "as held where draws.call = ?1",
        [call],
    )
