"""Budgets against a plain model: calls, blocks, days, two processes' worth of clients, threads and crashes, by lot."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from zianalytics.client.metered.budget import Block, Budget
from zianalytics.clock import ServerClock
from zianalytics.errors import BudgetExceeded
from zianalytics.journal import Allowance, Call, Charge, Intent, Journal, Per, Settlement
from zianalytics.schema.meters import Cost, Meters

ENRICH = Cost(entity="company", credit_per_new_record=True, counts_records=True)
INTENT = Cost(entity="intent", counts_records=True)
METERS = ("credits", "records", "requests")
CAPS = st.fixed_dictionaries({}, optional={f"max_{name}": st.integers(0, 20) for name in METERS})
STANDING = st.fixed_dictionaries({"max_credits": st.integers(5, 30)}, optional={"max_records": st.integers(5, 60)})
ENDS = st.sampled_from(["all", "half", "refused", "silence", "silence"])
WORST = st.builds(
    lambda new, more, requests: Meters(credits=new, records=new + more, requests=requests),
    st.integers(0, 4), st.integers(0, 3), st.integers(1, 3),
)  # fmt: skip


@dataclass
class Bought:
    """A call as it should be: what it holds of each budget that it draws on."""

    call: Call
    worst: Meters
    sent: Intent | None = None
    holds: Meters = field(default_factory=Meters)


@dataclass
class Modelled:
    """A budget as it should be: what it allows, and the calls that draw on it, by its periods."""

    allowed: dict[str, int]
    per: Per | None = None
    calls: dict[object, list[Bought]] = field(default_factory=dict)

    def in_period(self, now: datetime) -> list[Bought]:
        key = {"day": now.date(), "week": now.isocalendar()[:2], "month": (now.year, now.month), None: "ever"}[self.per]
        return self.calls.setdefault(key, [])

    def left(self, now: datetime) -> dict[str, int]:
        return {n: most - sum(getattr(one.holds, n) for one in self.in_period(now)) for n, most in self.allowed.items()}


@dataclass
class Desk:
    """A client with its blocks, and its calls that are under way."""

    journal: Journal
    budget: Budget
    blocks: list[tuple[Block, Modelled]] = field(default_factory=list)
    under_way: list[Bought] = field(default_factory=list)


class Budgets(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.now = datetime(2031, 2, 27, 21, 0, tzinfo=UTC)
        self.standing: Modelled | None = None
        self.in_doubt: list[Bought] = []
        self.desks = [self._opened(), self._opened()]

    def _opened(self) -> Desk:
        journal = Journal.open(Path(self.folder.name))
        return Desk(journal, Budget(journal, ServerClock(lambda: self.now.timestamp())))

    def teardown(self) -> None:
        for desk in self.desks:
            desk.journal.close()
        self.folder.cleanup()

    def in_force(self, desk: Desk) -> list[Modelled]:
        return [*([self.standing] if self.standing else []), *(one for _, one in desk.blocks)]

    def may(self, desk: Desk, cost: Cost, worst: Meters, limits: dict[str, int]) -> bool:
        budgets = self.in_force(desk)
        said = {name for one in budgets for name in one.allowed} | {name.removeprefix("max_") for name in limits}
        if worst.credits and "credits" not in said:
            return False
        if worst.records and "records" not in said and not (cost is ENRICH and "credits" in said):
            return False
        rests = [one.left(self.now) for one in budgets]
        rests.append({name.removeprefix("max_"): n for name, n in limits.items()})
        return all(getattr(worst, name) <= rest for left in rests for name, rest in left.items())

    @initialize(said=STANDING, per=st.sampled_from(["day", "week", "month"]))
    def begin(self, said: dict[str, int], per: Per) -> None:
        self.set(0, said, per)

    @rule(
        at=st.integers(0, 1),
        said=st.one_of(STANDING, CAPS.filter(bool)),
        per=st.sampled_from(["day", "week", "month", None]),
    )
    def set(self, at: int, said: dict[str, int], per: Per | None) -> None:
        self.desks[at].budget.set(**said, per=per)
        self.standing = Modelled(_named(said), per)

    @rule(at=st.integers(0, 1))
    def clear(self, at: int) -> None:
        self.desks[at].budget.clear()
        self.standing = None

    @rule(at=st.integers(0, 1), said=CAPS)
    def open_a_block(self, at: int, said: dict[str, int]) -> None:
        block = self.desks[at].budget(**said)
        block.__enter__()
        self.desks[at].blocks.append((block, Modelled(_named(said))))

    @rule(at=st.integers(0, 1), which=st.integers(0, 9))
    def leave_a_block(self, at: int, which: int) -> None:
        if blocks := self.desks[at].blocks:
            block, _ = blocks.pop(which % len(blocks))
            block.__exit__(None, None, None)

    @rule(hours=st.sampled_from([1, 5, 24, 24 * 6, 24 * 20]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(
        at=st.integers(0, 1),
        worst=WORST,
        limits=st.one_of(st.just({}), CAPS),
        sends=st.booleans(),
        by_row=st.booleans(),
    )
    def call(self, at: int, worst: Meters, limits: dict[str, int], sends: bool, by_row: bool) -> None:
        desk, cost = self.desks[at], INTENT if by_row else ENRICH
        if by_row:
            worst = Meters(records=worst.records, requests=worst.requests)
        wanted = Allowance(**{name.removeprefix("max_"): n for name, n in limits.items()})
        if not self.may(desk, cost, worst, limits):
            with pytest.raises(BudgetExceeded) as refused:
                desk.budget.permit("enrich.companies", cost, worst, wanted)
            assert (refused.value.credits, refused.value.records) == (worst.credits, worst.records)
            return
        caps = desk.budget.permit("enrich.companies", cost, worst, wanted)
        bought = begun(desk.journal, caps, worst, self.now)
        for one in self.in_force(desk):
            one.in_period(self.now).append(bought)
        if sends:
            bought.sent = sent(desk.journal, bought, self.now)
        desk.under_way.append(bought)

    @precondition(lambda self: any(desk.under_way for desk in self.desks))
    @rule(at=st.integers(0, 1), which=st.integers(0, 9), end=ENDS)
    def a_call_ends(self, at: int, which: int, end: str) -> None:
        if not (calls := self.desks[at].under_way):
            return
        journal, bought = self.desks[at].journal, calls.pop(which % len(calls))
        if bought.sent is None:
            bought.holds = Meters()
        elif end == "silence":
            journal.doubt(bought.sent.id)
            self.in_doubt.append(bought)
        elif end == "refused":
            journal.release(bought.sent.id)
            bought.holds = Meters()
        else:
            settle(journal, bought, whole=end == "all", at=self.now)
        journal.ledger.end(bought.call, finished=True)

    @precondition(lambda self: self.in_doubt)
    @rule(at=st.integers(0, 1), which=st.integers(0, 9), whole=st.booleans())
    def a_doubt_is_settled(self, at: int, which: int, whole: bool) -> None:
        bought = self.in_doubt.pop(which % len(self.in_doubt))
        settle(self.desks[at].journal, bought, whole=whole, at=self.now)

    @rule(at=st.integers(0, 1))
    def a_client_dies_and_comes_again(self, at: int) -> None:
        dead = self.desks[at]
        dead.journal.close()
        self.desks[at] = desk = self._opened()
        self.agrees()  # what was under way is still reserved
        desk.journal.open_intents()
        for bought in dead.under_way:
            if bought.sent is None:
                bought.holds = Meters()
            else:
                self.in_doubt.append(bought)

    @rule(at=st.integers(0, 1))
    def six_threads_want_the_rest(self, at: int) -> None:
        desk, one = self.desks[at], Meters(credits=1, records=1, requests=1)
        rests = [rest for budget in self.in_force(desk) for rest in budget.left(self.now).values()]
        caps, now = desk.budget.in_force, self.now

        def buy(number: int) -> Bought | None:
            journal = self.desks[number % 2].journal
            try:
                bought = begun(journal, caps, one, now)
            except BudgetExceeded:
                return None
            bought.sent = sent(journal, bought, now)
            settle(journal, bought, whole=True, at=now)
            journal.ledger.end(bought.call, finished=True)
            return bought

        with ThreadPoolExecutor(6) as pool:
            bought = [one for one in pool.map(buy, range(6)) if one]
        assert len(bought) == min([6, *rests])
        for budget in self.in_force(desk):
            budget.in_period(self.now).extend(bought)

    @invariant()
    def agrees(self) -> None:
        for desk in self.desks:
            rests = [one.left(self.now) for one in self.in_force(desk)]
            assert all(rest >= 0 for one in rests for rest in one.values())
            left = {name: min((one[name] for one in rests if name in one), default=0) for name in METERS}
            assert desk.budget.left == Meters(**left)


def _named(said: dict[str, int]) -> dict[str, int]:
    return {name.removeprefix("max_"): n for name, n in said.items()}


def begun(journal: Journal, caps: tuple[str, ...], worst: Meters, at: datetime) -> Bought:
    return Bought(journal.ledger.begin("enrich.companies", worst, at=at, caps=caps), worst, holds=worst)


def sent(journal: Journal, bought: Bought, at: datetime) -> Intent:
    intent = Intent(
        id=str(uuid4()), call=bought.call.id, operation="enrich.companies", request=b"", worst=bought.worst, at=at
    )
    journal.reserve(intent)
    return intent


def settle(journal: Journal, bought: Bought, *, whole: bool, at: datetime) -> None:
    assert bought.sent
    worst = bought.worst
    new, records = (worst.credits, worst.records) if whole else (worst.credits // 2, worst.records // 2)
    charges = [
        Charge(entity="company", record_id=f"{bought.call.id} {n}", redeems=n < new) for n in range(max(new, records))
    ]
    journal.settle(Settlement(intent=bought.sent.id, charged_at=at, charges=tuple(charges)))
    bought.holds = Meters(credits=new, records=len(charges), requests=worst.requests)


def test_budgets_are_exact_to_the_credit_whatever_happens_in_whatever_order() -> None:
    machine: Any = Budgets
    run_state_machine_as_test(machine, settings=settings(max_examples=25, stateful_step_count=30))
