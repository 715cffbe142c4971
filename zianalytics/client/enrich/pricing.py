"""What a call would cost and what it has to ask, decided from its inputs and from what is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import polars as pl

from zianalytics.client.inputs.question import Question
from zianalytics.client.metered.settled import WITHOUT_RECORD
from zianalytics.journal import Intent
from zianalytics.schema.meters import Cost, Meters
from zianalytics.schema.quote import LineStatus, Quote, quote_lines

# docs/assumptions.md, "an input that matches nothing"
NO_MATCH_IS_HELD = timedelta(days=30)
_NAMES = frozenset({"company_name", "full_name", "last_name"})
_UNKNOWN = "at most: its id is not known yet"
_BY_NAME = ", and a name may be that of a record which is held"


@dataclass(frozen=True)
class Place:
    """Where an input's answer is: the number of a reply, and the input's row in it."""

    reply: int
    input_row: int


@dataclass(frozen=True)
class Held:
    """What the journal holds about the questions of a call.

    Attributes
    ----------
    answers
        As `Statements.held` gives them, newest first.
    managed
        Last day of the window of each record that is under management, by its id.
    uncertain
        Those of which the window may end sooner, because somebody else may have opened it.
    unanswered
        Requests for the same operation that were sent and have no end.
    since
        The first reply to the run that the call belongs to: what came from then on is as good as it was.
    addressed
        By the row of an input that is an address: the id of the only held record that has it.
    """

    answers: pl.DataFrame
    managed: Mapping[int, date] = field(default_factory=dict)
    unanswered: Sequence[Intent] = ()
    uncertain: Set[int] = frozenset()
    since: int | None = None
    addressed: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """What one request asks, and what it costs at most."""

    questions: Sequence[Question]
    worst: Meters


@dataclass(frozen=True)
class Plan:
    """How a call is going to be answered.

    Attributes
    ----------
    quote
        Its price.
    held
        Rows that the journal answers, and where.
    leaders
        For a row that asks the same as an earlier one: that row.
    repeats
        Requests without an answer that are sent again.
    batches
        What is asked, a request each.
    rests_on_time
        Whether a window or an age decided something, so that the service's time must be known for certain.
    """

    quote: Quote
    held: Mapping[int, Place]
    leaders: Mapping[int, int]
    repeats: Sequence[Intent]
    batches: Sequence[Batch]
    rests_on_time: bool

    @property
    def pays(self) -> bool:
        """Whether anything is asked that may cost something."""
        return bool(self.batches or self.repeats)


@dataclass(frozen=True)
class _Verdict:
    status: LineStatus
    why: str
    credits: int = 0
    records: int = 0
    place: Place | None = None
    repeats: Intent | None = None
    sends: bool = False
    rests_on_time: bool = True
    until: date | None = None


def plan(
    operation: str,
    cost: Cost,
    questions: Sequence[Question],
    held: Held,
    *,
    fields: Sequence[str],
    now: datetime,
    batch: int,
    max_age: timedelta | None = None,
    unusable: Mapping[int, str] | None = None,
    opted_out: Iterable[int] = (),
    max_records: int | None = None,
) -> Plan:
    """Decide, for each input, whether it is held, repeated or asked, and what that costs at most.

    Parameters
    ----------
    questions
        The inputs in order.
    fields
        The columns asked for; an answer that lacks one of them is no answer.
    now
        Server time.
    batch
        Inputs in one request.
    max_age
        How old an answer may be that is taken from the journal.
    unusable
        Inputs that cannot be asked, and why.
    opted_out
        Inputs about people who are suppressed.
    max_records
        Where each row of an answer is a record: how many rows are to come at most.
    """
    answers = _answers(held.answers, fields)
    still_holds = partial(_still_holds, cost=cost, held=held, now=now, max_age=max_age)
    waiting = {key: intent for intent in held.unanswered for key in intent.asked}
    leaders: dict[int, int] = {}
    first: dict[str, int] = {}
    verdicts: dict[int, _Verdict] = {}
    for one in questions:
        leader = first.setdefault(one.key, one.row)
        if leader != one.row:
            leaders[one.row] = leader
            verdicts[one.row] = _Verdict("duplicate", "the same as an earlier line", rests_on_time=False)
        else:
            verdicts[one.row] = (
                _held(one, cost, held, answers, still_holds)
                or _repeated(cost, fields, waiting.get(one.key))
                or _asked(one, cost, held, now.date())
            )
    repeats = list({v.repeats.id: v.repeats for v in verdicts.values() if v.repeats}.values())
    sent = [one for one in questions if verdicts[one.row].sends]
    batches = [_batch(cost, sent[start : start + batch], verdicts) for start in range(0, len(sent), batch)]
    rows = [_line(operation, cost, one, verdicts[one.row], now.date()) for one in questions]
    rows += [_not_sent(operation, cost, row, "invalid_input", why) for row, why in (unusable or {}).items()]
    rows += [_not_sent(operation, cost, row, "opted_out", "the person is suppressed") for row in opted_out]
    rows.sort(key=lambda line: line["input_row"])
    rows += _beside(operation, cost, repeats, verdicts.values())
    if cost.rows == "counted" and (batches or repeats):
        rows.append(_counted(operation, cost, max_records or 0))
    return Plan(
        quote=Quote(
            operation, quote_lines(rows), len(batches) + len(repeats), sum(one.worst.credits for one in repeats)
        ),
        held={row: v.place for row, v in verdicts.items() if v.place},
        leaders=leaders,
        repeats=repeats,
        batches=batches,
        rests_on_time=any(verdict.rests_on_time for verdict in verdicts.values()),
    )


def _batch(cost: Cost, questions: Sequence[Question], verdicts: Mapping[int, _Verdict]) -> Batch:
    credits = sum(verdicts[one.row].credits for one in questions)
    records = 0 if cost.rows == "counted" else len(questions)
    return Batch(questions, Meters(credits=credits, records=records, requests=1))


def _answers(held: pl.DataFrame, fields: Sequence[str]) -> dict[str | int, Mapping[str, Any]]:
    """The newest usable answer to each question and about each record."""
    usable = held.filter(pl.lit(list(fields), dtype=pl.List(pl.String)).list.set_difference("fields").list.len() == 0)
    found: dict[str | int, Mapping[str, Any]] = {}
    for answer in usable.iter_rows(named=True):
        found.setdefault(answer["asked"], answer)
        if answer["id"] is not None:
            found.setdefault(answer["id"], answer)
    return found


def _held(
    one: Question,
    cost: Cost,
    held: Held,
    answers: Mapping[str | int, Mapping[str, Any]],
    still_holds: Callable[[Mapping[str, Any]], bool],
) -> _Verdict | None:
    """Of an input that the journal answers: to the same question, or about the record that it names."""
    ids = (one.id if cost.rows == "records" else None, held.addressed.get(one.row))
    by_id, by_address = (None if record is None else answers.get(record) for record in ids)
    candidates = [by_id, answers.get(one.key), by_address]
    answer = next((a for a in candidates if a and still_holds(a)), None)
    if answer is None:
        return None
    why = f"held since {answer['received']:%Y-%m-%d}" if answer["id"] else "matched nothing when it was asked"
    until = held.managed.get(answer["id"]) if answer["id"] is not None else None
    return _Verdict("held", why, place=Place(answer["reply"], answer["input_row"]), until=until)


def _repeated(cost: Cost, fields: Sequence[str], intent: Intent | None) -> _Verdict | None:
    """Of an input that was asked before by a request that has no answer."""
    if intent is None:
        return None
    covered = set(fields) <= set(intent.fields)
    why = f"sent on {intent.at:%Y-%m-%d} and not answered; asked again, its credit stays reserved"
    records = 0 if cost.rows == "counted" else 1 if covered else 2
    return _Verdict("unanswered", why, 0, records, repeats=intent, sends=not covered)


def _asked(one: Question, cost: Cost, held: Held, today: date) -> _Verdict:
    """Of an input that has to be asked."""
    records = 0 if cost.rows == "counted" else 1
    if not cost.credit_per_new_record:
        return _Verdict("listed", "a record when somebody is found", 0, records, sends=True)
    until = held.managed.get(one.id) if one.id is not None else None
    if until and until > today and one.id in held.uncertain:
        why = "at most: somebody else may have redeemed it first, so that its window may be over"
        return _Verdict("new", why, 1, records, sends=True)
    if until and until > today:
        why = f"under management until {until}"
        why += "; asked again for fresh or further fields" if cost.rows == "records" else "; this list is not held"
        return _Verdict("managed", why, 0, records, sends=True, until=until)
    why = "not under management" if one.id else _UNKNOWN + (_BY_NAME if one.says.keys() & _NAMES else "")
    return _Verdict("new", why, 1, records, sends=True, rests_on_time=False)


def _still_holds(
    answer: Mapping[str, Any], *, cost: Cost, held: Held, now: datetime, max_age: timedelta | None
) -> bool:
    age, managed = now - answer["received"], held.managed
    if held.since is not None and answer["reply"] >= held.since:
        lasts = not cost.credit_per_new_record or answer["id"] is None
        return bool(answer["status"] != "error" and (lasts or managed.get(answer["id"], date.min) > now.date()))
    if max_age is not None and age > max_age:
        return False
    if not cost.credit_per_new_record:  # no window is opened: docs/assumptions.md, "what an IP look-up said"
        return max_age is not None or age <= NO_MATCH_IS_HELD
    if answer["id"] is not None:
        return bool(answer["status"] == "matched" and managed.get(answer["id"], date.min) > now.date())
    return answer["status"] in WITHOUT_RECORD and age <= NO_MATCH_IS_HELD


def _line(operation: str, cost: Cost, one: Question, verdict: _Verdict, today: date) -> dict[str, Any]:
    return {
        "operation": operation,
        "input_row": one.row,
        "what": one.label,
        "by": one.by,
        "entity": cost.entity,
        "id": one.id,
        "status": verdict.status,
        "why": verdict.why,
        "managed_until": verdict.until,
        "days_left": (verdict.until - today).days if verdict.until else None,
        "credits": verdict.credits,
        "records": verdict.records,
    }


def _counted(operation: str, cost: Cost, most: int) -> dict[str, Any]:
    """A line for the rows that come, whose number is not known before."""
    return {
        "operation": operation,
        "what": f"up to {most:,} rows",
        "entity": cost.entity,
        "status": "open_ended",
        "why": "each row is a record, and how many an input has is not known before: once they are used up no further "
        "input is asked, and the last answer may bring more than were left",
        "credits": 0,
        "records": most,
    }


def _not_sent(operation: str, cost: Cost, row: int, status: LineStatus, why: str) -> dict[str, Any]:
    line = {"operation": operation, "input_row": row, "what": f"input {row}", "entity": cost.entity, "id": None}
    return line | {"status": status, "why": f"not sent: {why}", "credits": 0, "records": 0}


def _beside(
    operation: str, cost: Cost, repeats: Iterable[Intent], verdicts: Iterable[_Verdict]
) -> list[dict[str, Any]]:
    """A line for the inputs of a repeated request that no line of this call pays for, and that come along.

    A request is repeated whole, so that all lines about it add up to its records: inputs that are held by other means
    by now, or that this call does not ask for, are among them.
    """
    paid = Counter(verdict.repeats.id for verdict in verdicts if verdict.repeats)
    others = [(intent, len(intent.asked) - paid[intent.id]) for intent in repeats]
    return [
        {
            "operation": operation,
            "what": f"{number} other inputs of a request sent on {intent.at:%Y-%m-%d}",
            "entity": cost.entity,
            "status": "unanswered",
            "why": "they are repeated together; no second credit",
            "credits": 0,
            "records": number,
        }
        for intent, number in others
        if number
    ]
