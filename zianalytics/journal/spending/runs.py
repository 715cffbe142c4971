"""What calls have drawn that belong together, and how inputs alike were answered: what quotes rest on."""

from __future__ import annotations

import json
from collections.abc import Iterable

from zianalytics.journal.disk import Database, rows
from zianalytics.schema.meters import Meters

# What an input names are the keys of its question. Of one that was asked again the last answer counts.
_SEEN_SQL = """
with last as (
    select asked, status, max(received) from found
    where operation = ?1 and status != 'error' and json_valid(asked) group by asked
), kinds as (
    select (select group_concat(key, '+') from (select key from json_each(asked) order by key)) as names, status
    from last
)
select names, count(*), sum(status = 'matched') from kinds where names in (select value from json_each(?2))
group by names order by names
"""
_LISTED_SQL = """
select calls.run, whole ->> '$.asked[0]', whole ->> '$.worst.records', coalesce(sum(charges.records), 0)
from intents join calls on calls.id = intents.call left join charges on charges.intent = intents.id
where intents.operation = ? and state = 'settled' and json_array_length(whole, '$.asked') = 1
group by intents.rowid order by intents.rowid
"""
_DRAWN_SQL = """
select coalesce(sum(intents.credits), 0), coalesce(sum(intents.records), 0),
    coalesce(sum(intents.requests), 0)
from calls left join intents on intents.call = calls.id and (?2 or whole ->> '$.repeats' is null)
where calls.run = ?1 having count(*) > 0
"""
_UNANSWERED_SQL = """
select count(*), coalesce(sum(intents.credits), 0), coalesce(sum(intents.records), 0),
    coalesce(sum(intents.requests), 0)
from intents join calls on calls.id = intents.call where calls.run = ? and state = 'unknown'
"""


class Runs:
    """Questions to the ledger about runs: calls that finish one another, or pay the same quote."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def seen(self, operation: str, kinds: Iterable[str]) -> list[tuple[str, int, int]]:
        """How inputs of some kinds were answered: the kind, how many different ones, how many of them matched.

        Parameters
        ----------
        kinds
            What inputs name, in order, joined by "+": "company_website".
        """
        with self._db.reading() as db:
            return rows(db, _SEEN_SQL, [operation, json.dumps(list(kinds))])

    def listed(self, operation: str) -> list[tuple[str, int, int]]:
        """The run by which each different input of a list was last asked, how many rows of it, and how many came."""
        newest: dict[str, tuple[str, int, int]] = {}
        with self._db.reading() as db:
            found = rows(db, _LISTED_SQL, [operation])
        for run, page, asked, came in found:
            _, end = json.JSONDecoder().raw_decode(page)  # what is asked, in front of the days and the page
            before = newest.get(page[:end], ("", 0, 0))
            had = before[1:] if before[0] == run else (0, 0)
            newest[page[:end]] = (run, had[0] + asked, had[1] + came)
        return list(newest.values())

    def drawn(self, run: str, *, repeats: bool = True) -> Meters | None:
        """What the calls of a run have spent, or reserve for requests of unknown outcome; None where there are none.

        Parameters
        ----------
        repeats
            Whether requests that were sent again count, too.
        """
        with self._db.reading() as db:
            found = rows(db, _DRAWN_SQL, [run, repeats])
        return next((Meters(credits=credits, records=records, requests=n) for credits, records, n in found), None)

    def unanswered(self, run: str) -> tuple[int, Meters]:
        """How many requests of a run have no end, and what they may have cost."""
        with self._db.reading() as db:
            [(count, credits, records, requests)] = rows(db, _UNANSWERED_SQL, [run])
        return count, Meters(credits=credits, records=records, requests=requests)

    def of_call(self, call: str) -> str | None:
        """The run that a call belongs to; None for a call that the ledger does not know."""
        with self._db.reading() as db:
            return next((str(run) for (run,) in rows(db, "select run from calls where id = ?", [call])), None)

    def first_reply(self, run: str) -> int | None:
        """The number of the first reply that answered a run; None where none did."""
        with self._db.reading() as db:
            [(first,)] = rows(
                db,
                "select min(reply) from found join intents on intents.id = found.intent "
                "join calls on calls.id = intents.call where run = ?",
                [run],
            )
        return None if first is None else int(first)

    def calls(self, run: str) -> set[str]:
        """The ids of the calls of a run."""
        with self._db.reading() as db:
            return {call for (call,) in rows(db, "select id from calls where run = ?", [run])}
