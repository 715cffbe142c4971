"""The ledger against a plain model: reservations, charges, windows, doubts, repeats, weeks and crashes, by lot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from zianalytics.errors import BudgetExceeded, StoreDamaged
from zianalytics.journal import Allowance, Call, Charge, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

CREDITS, RECORDS = 40, 60
IDS = st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True)
WHICH = st.integers(0, 9)


@dataclass
class Sent:
    """A request as it should be: what it holds of its call."""

    intent: Intent
    credits: int
    records: int
    state: str = "open"
    repeats: Sent | None = None

    def becomes(self, state: str, credits: int, records: int) -> None:
        self.state, self.credits, self.records = state, credits, records


@dataclass
class Called:
    """A call as it should be."""

    call: Call
    worst: Meters
    week: tuple[int, int]
    requests: list[Sent] = field(default_factory=list)
    is_closed: bool = False

    def held(self, meter: str) -> int:
        return sum(getattr(one, meter) for one in self.requests)

    def draws(self, meter: str) -> int:
        return self.held(meter) if self.is_closed else int(getattr(self.worst, meter))


@dataclass(frozen=True)
class Charged:
    """A charged record as it should be."""

    record: int
    credits: int
    day: date
    until: date | None


class Books(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = datetime(2031, 2, 27, 9, 0, tzinfo=UTC)
        self.journal = Journal.open(Path(self.folder.name))
        self.cap = self.journal.ledger.caps.open(
            Allowance(credits=CREDITS, records=RECORDS), "standing", at=self.now, per="week"
        )
        self.calls: list[Called] = []
        self.charged: list[Charged] = []

    def teardown(self) -> None:
        self.journal.close()
        self.folder.cleanup()

    @property
    def week(self) -> tuple[int, int]:
        return self.now.isocalendar()[:2]

    def left(self, meter: str, most: int) -> int:
        return most - sum(one.draws(meter) for one in self.calls if one.week == self.week)

    def requests(self, *states: str) -> list[tuple[Called, Sent]]:
        return [(call, one) for call in self.calls for one in call.requests if one.state in states]

    def some(self, which: int, *states: str) -> tuple[Called, Sent]:
        found = self.requests(*states)
        return found[which % len(found)]

    def charge(self, ids: list[int], at: datetime) -> tuple[Charge, ...]:
        """Charge records in the model, and tell the charges that are to be written."""
        today = at.date()
        own = today.replace(year=today.year + 1)
        for record in ids:
            windows = [
                one.until
                for one in self.charged
                if one.record == record and one.credits and one.until and one.until > today and one.day < own
            ]
            until = max(windows, default=None)
            self.charged.append(Charged(record, int(until is None), today, until or own))
        return tuple(Charge(entity="company", record_id=str(record), redeems=True) for record in ids)

    @rule(size=st.integers(1, 9))
    def a_call_begins(self, size: int) -> None:
        worst = Meters(credits=size, records=size + 2, requests=3)
        if self.left("credits", CREDITS) < worst.credits or self.left("records", RECORDS) < worst.records:
            with pytest.raises(BudgetExceeded, match="this week"):
                self.journal.ledger.begin("enrich.companies", worst, at=self.now, caps=[self.cap])
            return
        call = self.journal.ledger.begin("enrich.companies", worst, at=self.now, caps=[self.cap])
        self.calls.append(Called(call, worst, self.week))

    @precondition(lambda self: any(not one.is_closed for one in self.calls))
    @rule(which=WHICH, ids=IDS)
    def a_request_is_reserved(self, which: int, ids: list[int]) -> None:
        calls = [one for one in self.calls if not one.is_closed]
        call = calls[which % len(calls)]
        intent = self.intent(call, ids, Meters(credits=len(ids), records=len(ids), requests=1))
        fits = call.held("credits") + len(ids) <= call.worst.credits and len(call.requests) < 3
        if fits and call.held("records") + len(ids) <= call.worst.records:
            self.journal.reserve(intent)
            call.requests.append(Sent(intent, len(ids), len(ids)))
        elif len(call.requests) < 3:
            with pytest.raises(StoreDamaged, match="a request would cost more than its call reserved"):
                self.journal.reserve(intent)

    def intent(self, call: Called, ids: list[int], worst: Meters, repeats: str | None = None) -> Intent:
        return Intent(
            id=str(uuid4()), call=call.call.id, operation="enrich.companies", request=b"", worst=worst, at=self.now,
            asked=tuple(f"company {n}" for n in ids), ids=tuple(ids), repeats=repeats,
        )  # fmt: skip

    @precondition(lambda self: self.requests("open", "unknown"))
    @rule(which=WHICH, hit=st.sampled_from(["all", "some", "none"]), again=st.booleans())
    def a_reply_settles_it(self, which: int, hit: str, again: bool) -> None:
        _, one = self.some(which, "open", "unknown")
        asked = [n for n in one.intent.ids if n is not None]
        found = {"all": asked, "some": asked[::2], "none": []}[hit]
        at = self.now if one.state == "open" else one.intent.at
        before = len(self.charged)
        charges = self.charge(found, at)
        for _ in range(1 + again):  # the second time it is left as it is
            self.journal.settle(Settlement(intent=one.intent.id, charged_at=at, charges=charges))
        credits = sum(charged.credits for charged in self.charged[before:])
        one.becomes("settled", min(credits, one.intent.worst.credits), len(found))

    @precondition(lambda self: self.requests("open"))
    @rule(which=WHICH, doubted=st.booleans())
    def no_reply_comes(self, which: int, doubted: bool) -> None:
        _, one = self.some(which, "open")
        if doubted:
            self.journal.doubt(one.intent.id)
            one.state = "unknown"
        else:
            self.journal.release(one.intent.id)
            one.becomes("released", 0, 0)

    @precondition(lambda self: self.requests("settled", "released"))
    @rule(which=WHICH)
    def what_has_ended_is_left_as_it_is(self, which: int) -> None:
        _, one = self.some(which, "settled", "released")
        self.journal.doubt(one.intent.id)
        self.journal.release(one.intent.id)

    @precondition(lambda self: self.requests("unknown"))
    @rule(which=WHICH, got_through=st.booleans())
    def a_doubt_is_asked_again(self, which: int, got_through: bool) -> None:
        _, root = self.some(which, "unknown")
        asked = [n for n in root.intent.ids if n is not None]
        worst = Meters(records=len(asked), requests=1)
        if self.left("records", RECORDS) < worst.records:
            return
        call = Called(
            self.journal.ledger.begin("enrich.companies", worst, at=self.now, caps=[self.cap]), worst, self.week
        )
        again = self.intent(call, asked, worst, repeats=root.intent.id)
        self.journal.reserve(again)
        before = len(self.charged)
        first = self.charge(asked if got_through else [], root.intent.at)
        final = self.charge(asked, self.now)
        self.journal.settle(
            Settlement(intent=root.intent.id, charged_at=root.intent.at, charges=first, pays_from=root.intent.id),
            Settlement(intent=again.id, charged_at=self.now, charges=final, pays_from=root.intent.id),
        )
        credits = sum(charged.credits for charged in self.charged[before:])
        root.becomes("settled", min(credits, root.intent.worst.credits), len(first))
        call.requests.append(Sent(again, 0, len(asked), "settled"))
        self.calls.append(call)
        self.journal.ledger.end(call.call, finished=True)
        call.is_closed = True

    @precondition(lambda self: any(not one.is_closed for one in self.calls))
    @rule(which=WHICH)
    def a_call_ends(self, which: int) -> None:
        calls = [one for one in self.calls if not one.is_closed]
        call = calls[which % len(calls)]
        self.journal.ledger.end(call.call, finished=True)
        call.is_closed = True

    @rule()
    def the_process_dies_and_another_looks_after_what_it_left(self) -> None:
        self.journal.close()
        self.journal = Journal.open(Path(self.folder.name))
        self.agrees()  # all that was reserved still is
        waiting = self.journal.open_intents()
        for call in self.calls:
            call.is_closed = True
            for one in call.requests:
                one.state = "unknown" if one.state == "open" else one.state
        assert {one.intent.id for one in waiting} == {one.intent.id for _, one in self.requests("unknown")}

    @rule(days=st.sampled_from([0, 0, 1, 3, 150]))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule(record=st.integers(1, 12), threads=st.integers(1, 6))
    def threads_buy_at_once(self, record: int, threads: int) -> None:
        """Each buys the same record in a call of its own; as many get through as there is room for, and one pays."""
        room = min(self.left("credits", CREDITS), self.left("records", RECORDS), threads)
        now, worst = self.now, Meters(credits=1, records=1, requests=1)
        all_tried = Barrier(threads)  # who finds the record paid for gives its credit back, which is room for another

        def buy(_: int) -> Called | None:
            try:
                call = self.journal.ledger.begin("enrich.companies", worst, at=now, caps=[self.cap])
            except BudgetExceeded:
                return None
            finally:
                all_tried.wait(timeout=60)
            called = Called(call, worst, self.week)
            intent = self.intent(called, [record], worst)
            self.journal.reserve(intent)
            charge = Charge(entity="company", record_id=str(record), redeems=True)
            self.journal.settle(Settlement(intent=intent.id, charged_at=now, charges=(charge,)))
            self.journal.ledger.end(call, finished=True)
            called.requests.append(Sent(intent, 0, 1, "settled"))
            return called

        with ThreadPoolExecutor(threads) as pool:
            done = [one for one in pool.map(buy, range(threads)) if one]
        assert len(done) == room
        for called in done:
            before = len(self.charged)
            self.charge([n for one in called.requests for n in one.intent.ids if n is not None], now)
            called.requests[0].credits = self.charged[before].credits
            called.is_closed = True
            self.calls.append(called)

    @invariant()
    def agrees(self) -> None:
        left = self.journal.ledger.caps.left(self.journal.ledger.caps.standing() or "", at=self.now)
        assert left == Allowance(credits=self.left("credits", CREDITS), records=self.left("records", RECORDS))
        rows = self.journal.statements.ledger().select("id", "credits", "records", "managed_until").rows()
        ours = [(str(one.record), one.credits, 1, one.until) for one in self.charged]
        assert sorted(rows, key=str) == sorted(ours, key=str)
        totals = self.journal.statements.totals()
        assert totals.spent.credits == sum(one.credits for one in self.charged)
        assert totals.spent.records == len(self.charged)
        doubted = [one for _, one in self.requests("open", "unknown")]
        assert totals.unknown.credits == sum(one.credits for one in doubted)
        assert totals.unknown.records == sum(one.records for one in doubted)


def test_the_ledger_is_exact_to_the_credit_whatever_happens_in_whatever_order() -> None:
    machine: Any = Books
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=40))
