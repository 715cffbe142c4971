"""The journal as frames: what was charged, what is managed, what is held."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from zianalytics.journal.disk import Database, rows
from zianalytics.schema.meters import Entity, Meters

_TIME = pl.Datetime("us", "UTC")
_LEDGER = pl.Schema(
    {
        "charged_at": _TIME,
        "who": pl.String(),
        "source": pl.String(),
        "endpoint": pl.String(),
        "entity": pl.String(),
        "id": pl.String(),
        "request_id": pl.String(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
        "managed_until": pl.Date(),
        "intent_id": pl.String(),
        "call": pl.String(),
        "run": pl.String(),
    }
)
_REQUESTS = pl.Schema(
    {
        "charged_at": _TIME,
        "who": pl.String(),
        "source": pl.String(),
        "endpoint": pl.String(),
        "requests": pl.Int64(),
        "call": pl.String(),
        "run": pl.String(),
    }
)
_MANAGED = pl.Schema({"id": pl.Int64(), "charged_on": pl.Date(), "managed_until": pl.Date(), "reply": pl.Int64()})
_HELD = pl.Schema(
    {
        "asked": pl.String(),
        "id": pl.Int64(),
        "status": pl.String(),
        "reply": pl.Int64(),
        "input_row": pl.Int64(),
        "intent": pl.String(),
        "received": _TIME,
        "fields": pl.List(pl.String()),
    }
)

# What an intent says of itself is read once, not once for each of its charges: that of a job is as long as its inputs.
_SIGNED = """
with signed as materialized (
    select intents.id, intents.operation, intents.at, state, intents.requests, call, run,
        nullif(whole ->> '$.who', '') as who, nullif(whole ->> '$.source', '') as source
    from intents left join calls on calls.id = intents.call
)
"""
_LEDGER_SQL = f"""
{_SIGNED} select charged_at, who, source, charges.operation, entity, record_id, request_id, credits, records,
    managed_until, intent, call, run
from charges join signed on signed.id = charges.intent order by charged_at, charges.id
"""  # noqa: S608  # our own words
_REQUESTS_SQL = f"""
{_SIGNED}, first as (select intent, min(charged_at) as at from charges group by intent)
select coalesce(first.at, (select min(received) from found where intent = signed.id), signed.at) as sent_at,
    who, source, operation, requests, call, run
from signed left join first on first.intent = signed.id where state = 'settled' and requests > 0 order by sent_at
"""  # noqa: S608  # our own words
_OF_ALL, _OF_SOME = "is not null", "in (select cast(value as text) from json_each(?2))"
# Two statements, because the index on records serves the narrow one alone when they are one.
_MANAGED_SQL = """
select cast(charges.record_id as integer), max(substr(charged_at, 1, 10)), max(managed_until), max(found.reply)
from charges left join found on found.intent = charges.intent and found.record_id = charges.record_id
where entity = ?1 and credits > 0 and charges.record_id {which}
group by charges.record_id order by 1
"""
_UNCERTAIN_SQL = """
select distinct cast(record_id as integer) from charges as newest
where entity = ?1 and credits > 0 and record_id in (select cast(value as text) from json_each(?2))
    and managed_until = (select max(managed_until) from charges where entity = ?1 and credits > 0
        and record_id = newest.record_id)
    and not coalesce((select agrees from readings where up_to >= newest.id order by up_to limit 1), 0)
"""
_HELD_SQL = """
with answers as (
    select * from found where operation = ?1 and asked in (select value from json_each(?2))
    union select * from found where operation = ?1 and record_id in (select cast(value as text) from json_each(?3))
)
select asked, cast(record_id as integer), status, reply, input_row, reply_to, received, whole -> '$.fields'
from answers join intents on intents.id = answers.intent order by received desc, reply desc, input_row
"""
_CHARGED_SQL = """
with mine as (select id, requests, state from intents where coalesce(whole ->> '$.pool', 'api') = ?1)
select coalesce(sum(charges.credits), 0), coalesce(sum(charges.records), 0),
    (select coalesce(sum(requests), 0) from mine where state = 'settled')
from charges join mine on mine.id = charges.intent
"""


@dataclass(frozen=True)
class Totals:
    """What an account has spent through this journal, and what may have been spent beside it.

    Attributes
    ----------
    spent
        Charged, as the replies show.
    unknown
        Worst case of requests that were sent and have no end: never answered, or under way.
    websights
        Charged to the pool of IP look-ups.
    """

    spent: Meters
    unknown: Meters
    websights: Meters = field(default_factory=Meters)


class Statements:
    """Questions to the ledger; none changes anything."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ledger(self) -> pl.DataFrame:
        """One row per charged record, oldest first."""
        return self._frame(_LEDGER_SQL, _LEDGER)

    def requests(self) -> pl.DataFrame:
        """One row per request that was counted, at the time of its first charge, else of its answer.

        It was written down by the machine's clock where nothing was known of the service's; its answer brings that.
        """
        return self._frame(_REQUESTS_SQL, _REQUESTS)

    def totals(self) -> Totals:
        """What was spent on the three meters, and what is in doubt."""
        with self._db.reading() as db:
            charged, visitors = (rows(db, _CHARGED_SQL, [pool])[0] for pool in ("api", "websights"))
            [doubt] = rows(
                db,
                "select coalesce(sum(credits), 0), coalesce(sum(records), 0), coalesce(sum(requests), 0) "
                "from intents where state in ('open', 'unknown')",
            )
            [shown] = rows(  # what jobs that go on have shown of their price is spent, and in doubt no more
                db,
                "select coalesce(sum(charges.credits), 0), coalesce(sum(charges.records), 0) from charges "
                "join intents on intents.id = charges.intent where state = 'unknown'",
            )
        return Totals(
            Meters(credits=charged[0], records=charged[1], requests=charged[2]),
            Meters(credits=max(0, doubt[0] - shown[0]), records=max(0, doubt[1] - shown[1]), requests=doubt[2]),
            Meters(credits=visitors[0], records=visitors[1], requests=visitors[2]),
        )

    def last_answers(self) -> dict[str, datetime]:
        """When each operation was answered last, by the service's time."""
        with self._db.reading() as db:
            found = rows(db, "select operation, max(received) from found group by operation")
        return {name: datetime.fromisoformat(newest) for name, newest in found}

    def managed(self, entity: Entity, ids: Sequence[int] | None = None) -> pl.DataFrame:
        """One row per record that was redeemed: id, charged_on, managed_until (its newest window), reply.

        Parameters
        ----------
        ids
            Which records; None for all. One that was never redeemed has no row.
        """
        if ids is None:
            return self._frame(_MANAGED_SQL.format(which=_OF_ALL), _MANAGED, [entity])
        return self._frame(_MANAGED_SQL.format(which=_OF_SOME), _MANAGED, [entity, json.dumps(list(ids))])

    def uncertain(self, entity: Entity, ids: Sequence[int]) -> set[int]:
        """The records of whose redemption the service's own count is no proof: their window may end any day.

        docs/assumptions.md, "a record that a colleague redeemed first".
        """
        with self._db.reading() as db:
            return {record for (record,) in rows(db, _UNCERTAIN_SQL, [entity, json.dumps(list(ids))])}

    def held(self, operation: str, *, asked: Sequence[str] = (), ids: Sequence[int] = ()) -> pl.DataFrame:
        """What these questions, or these records, were answered with before, newest first.

        Returns
        -------
        polars.DataFrame
            asked, id (null when nothing was found), status, reply and input_row (where it is), the reply's intent,
            received, fields.
        """
        return self._frame(_HELD_SQL, _HELD, [operation, json.dumps(list(asked)), json.dumps(list(ids))])

    def matched(self, operation: str, *, after: int) -> tuple[list[int], int]:
        """The replies that have shown records of an operation since, and how far that goes.

        Parameters
        ----------
        after
            How far it went before; 0 for all.
        """
        with self._db.reading() as db:
            # A plus, so that the index on questions is not taken: the last few of many are asked for.
            sql = (
                "select distinct reply from found where rowid > ? and +operation = ? and status = 'matched' order by 1"
            )
            found = rows(db, sql, [after, operation])
            [(last,)] = rows(db, "select coalesce(max(rowid), 0) from found")
        return [reply for (reply,) in found], last

    def pages(self, run: str) -> list[tuple[str, int, str]]:
        """The pages that calls of a run were given, oldest first: what is asked, the reply and its intent."""
        with self._db.reading() as db:
            return rows(
                db,
                "select found.asked, reply, reply_to from found join intents on intents.id = found.intent "
                "join calls on calls.id = intents.call where calls.run = ? order by reply",
                [run],
            )

    def parts(self, operation: str, job: str) -> dict[int, str]:
        """The intents whose replies show the pages of a job, by page, in their order."""
        with self._db.reading() as db:
            found = rows(
                db,
                "select cast(whole ->> '$.asked[1]' as integer), min(id) from intents where operation = ? "
                "and state = 'settled' and whole ->> '$.asked[0]' = ? group by 1 order by 1",
                [operation, job],
            )
        return dict(found)

    def state(self, intent: str) -> str:
        """Where an intent stands: "open", "unknown", "settled" or "released"."""
        with self._db.reading() as db:
            [(state,)] = rows(db, "select state from intents where id = ?", [intent])
        return str(state)

    def _frame(self, sql: str, schema: pl.Schema, values: Sequence[Any] = ()) -> pl.DataFrame:
        text = {name: dtype if dtype in (pl.String(), pl.Int64()) else pl.String() for name, dtype in schema.items()}
        with self._db.reading() as db:
            raw = pl.DataFrame(rows(db, sql, values), schema=text, orient="row")
        return raw.select(_READ.get(type(dtype), pl.col)(name) for name, dtype in schema.items())


_READ = {
    pl.Datetime: lambda name: pl.col(name).str.to_datetime("%Y-%m-%dT%H:%M:%S%.6f%:z", time_unit="us", time_zone="UTC"),
    pl.Date: lambda name: pl.col(name).str.to_date("%Y-%m-%d"),
    pl.List: lambda name: pl.col(name).str.json_decode(pl.List(pl.String())),
}
