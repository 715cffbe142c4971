"""What the service had counted whenever it was asked, beside what we had counted ourselves by then."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate

import apsw

from zianalytics.journal.disk import Database, rows
from zianalytics.journal.values import as_text
from zianalytics.schema.meters import Meters, Pool

METERS = ("credits", "records", "requests", "ip_records", "ip_requests")
"""What a service counts; IP look-ups have a pool of their own."""

Counts = Mapping[str, int | None]
"""A count on each of `METERS`; None where it is not told."""

_COLUMNS = f"charge, intent, {', '.join(METERS)}"


@dataclass(frozen=True)
class Look:
    """What the service said, and what we had charged by then since the ledger began."""

    at: datetime
    counted: Counts
    ours: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Open:
    """A request that was sent and has no end, with what it may have cost beside what is charged already.

    Attributes
    ----------
    is_awaited
        Whether somebody still waits for its answer; else none ever came, or the answer cannot be read.
    """

    id: str
    operation: str
    at: datetime
    is_awaited: bool
    worst: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A request that was sent, whatever became of it.

    Attributes
    ----------
    counted
        What the service had counted in front of it, when it was asked while nothing else was under way.
    shown
        What its reply shows that it was charged; nothing where it has none, whatever it counts as.
    """

    id: str
    counted: Meters | None
    has_reply: bool
    shown: Meters


def _sent(intent: str, credits: int | None, records: int | None, has_reply: int, *charged: int) -> Sent:
    counted = None if credits is None else Meters(credits=credits, records=records or 0)
    shown = Meters(credits=charged[0], records=charged[1]) if has_reply else Meters()
    return Sent(id=intent, counted=counted, has_reply=bool(has_reply), shown=shown)


def write_look(db: apsw.Connection, counted: Counts, *, at: datetime, so_far: tuple[int, int]) -> None:
    """Keep what was said, inside a transaction that is open; nothing where it is what was said before."""
    row = [*so_far, *(counted.get(meter) for meter in METERS)]
    last = rows(db, f"select {_COLUMNS} from looks order by number desc limit 1")  # noqa: S608  # our own words
    if [list(one) for one in last] != [row]:
        db.execute(f"insert into looks (at, {_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)", [as_text(at), *row])  # noqa: S608  # our own words


class Looks:
    """Questions about them; none changes anything."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def history(self) -> list[Look]:
        """All of them, oldest first."""
        with self._db.reading() as db:
            found = rows(db, f"select at, {_COLUMNS} from looks order by number")  # noqa: S608  # our own words
            charges, requests = _sums(rows(db, _CHARGES), 2), _sums(rows(db, _REQUESTS), 1)
        return [
            Look(
                datetime.fromisoformat(at),
                dict(zip(METERS, counted, strict=True)),
                _named(charges.up_to(charge), requests.up_to(intent)),
            )
            for at, charge, intent, *counted in found
        ]

    def ours(self) -> dict[str, int]:
        """What we have charged on each meter since the ledger began."""
        with self._db.reading() as db:
            charges, requests = _sums(rows(db, _CHARGES), 2), _sums(rows(db, _REQUESTS), 1)
        return _named(charges.all, requests.all)

    def since_newest(self, pool: Pool) -> tuple[Meters, list[Sent]] | None:
        """What the service had counted of a pool when it was last looked at in peace, and what was sent since.

        None when it never was, or did not tell. No look is made while a request is without an end: all that are were
        sent after it.
        """
        credits, records = ("credits", "records") if pool == "api" else ("0", "ip_records")
        with self._db.reading() as db:
            last = rows(db, f"select {credits}, {records}, intent from looks order by number desc limit 1")  # noqa: S608  # our own words
            for counted_credits, counted_records, intent in last:
                if counted_credits is None or counted_records is None:
                    return None
                found = rows(db, _SINCE, [intent, pool])
                return Meters(credits=counted_credits, records=counted_records), [_sent(*row) for row in found]
        return None

    def is_empty(self) -> bool:
        """Whether the service was never looked at in peace."""
        with self._db.reading() as db:
            return not rows(db, "select 1 from looks limit 1")

    def is_awaited(self) -> bool:
        """Whether somebody waits for the answer to a request that may cost credits or records."""
        with self._db.reading() as db:
            return bool(rows(db, "select 1 from intents where state = 'open' and (credits > 0 or records > 0) limit 1"))

    def lacks_one(self) -> bool:
        """Whether a repeat is without its end, and the service was not asked since what it has counted."""
        with self._db.reading() as db:
            return bool(rows(db, _LACKS_ONE))

    def open(self) -> list[Open]:
        """What was sent and has no end, oldest first."""
        with self._db.reading() as db:
            found = rows(db, _OPEN)
        return [
            Open(
                id=one,
                operation=operation,
                at=datetime.fromisoformat(at),
                is_awaited=state == "open",
                worst={"ip_records": records, "ip_requests": requests}
                if pool == "websights"
                else {"credits": credits, "records": records, "requests": requests},
            )
            for one, operation, at, state, pool, credits, records, requests in found
        ]


_CHARGES = """
with pools as materialized (select id, coalesce(whole ->> '$.pool', 'api') = 'api' as is_api from intents)
select charges.id, is_api, credits, records from charges join pools on pools.id = charges.intent order by charges.id
"""
_REQUESTS = """
select rowid, coalesce(whole ->> '$.pool', 'api') = 'api', requests from intents where state = 'settled' order by rowid
"""
_SINCE = """
select intents.id, case when whole ->> '$.is_alone' then whole ->> '$.counted.credits' end,
    whole ->> '$.counted.records', exists (select 1 from found where found.intent = intents.id),
    coalesce(sum(charges.credits), 0), coalesce(sum(charges.records), 0)
from intents left join charges on charges.intent = intents.id
where intents.rowid > ? and state <> 'released' and coalesce(whole ->> '$.pool', 'api') = ?
group by intents.rowid order by intents.rowid
"""
_LACKS_ONE = """
select 1 from intents as repeat
where state in ('open', 'unknown') and whole ->> '$.repeats' is not null and not exists (
    select 1 from intents as later where later.rowid > repeat.rowid and later.whole ->> '$.is_alone'
) limit 1
"""
_OPEN = """
with shown as (select intent, sum(credits) as credits, sum(records) as records from charges group by intent)
select id, operation, at, state, coalesce(whole ->> '$.pool', 'api'),
    max(0, intents.credits - coalesce(shown.credits, 0)), max(0, intents.records - coalesce(shown.records, 0)), requests
from intents left join shown on shown.intent = intents.id where state in ('open', 'unknown') order by intents.rowid
"""


@dataclass(frozen=True)
class _Running:
    """Running sums of amounts, for each pool, by the number of the row that they come from."""

    numbers: list[int]
    sums: list[tuple[int, ...]]

    def up_to(self, number: int) -> tuple[int, ...]:
        return self.sums[bisect_left(self.numbers, number + 1)]

    @property
    def all(self) -> tuple[int, ...]:
        return self.sums[-1]


def _sums(found: list[tuple[int, ...]], width: int) -> _Running:
    nothing = (0,) * width
    amounts = [(*nothing, *amount) if not is_api else (*amount, *nothing) for _, is_api, *amount in found]
    sums = accumulate(amounts, lambda one, other: tuple(map(sum, zip(one, other, strict=True))), initial=nothing * 2)
    return _Running([number for number, *_ in found], list(sums))


def _named(charged: tuple[int, ...], requests: tuple[int, ...]) -> dict[str, int]:
    credits, records, _, ip_records = charged
    return dict(zip(METERS, (credits, records, requests[0], ip_records, requests[1]), strict=True))
