import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zianalytics.errors import BudgetExceeded, StoreDamaged
from zianalytics.journal import Allowance, Charge, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)
Intend = Callable[..., Intent]


def test_a_call_over_the_budget_is_refused_with_its_price_and_the_ways_on(journal: Journal) -> None:
    cap = journal.ledger.caps.open(Allowance(credits=10, records=50), "block", at=NOW)
    with pytest.raises(BudgetExceeded) as refused:
        journal.ledger.begin("enrich.companies", Meters(credits=12, records=12, requests=1), at=NOW, caps=[cap])
    assert str(refused.value) == (
        "enrich.companies would cost at most 12 credits, 12 records, 1 request, and 10 credits are left of the "
        "`with zi.budget(max_credits=10, max_records=50)` block. Nothing was sent. Open that block with "
        "max_credits=12; or pass fewer rows."
    )
    assert (refused.value.credits, refused.value.records, refused.value.requests) == (12, 12, 1)
    assert journal.ledger.caps.left(cap) == Allowance(credits=10, records=50)


def test_a_refused_call_draws_on_no_cap_at_all(journal: Journal) -> None:
    wide = journal.ledger.caps.open(Allowance(credits=100), "standing", at=NOW)
    narrow = journal.ledger.caps.open(Allowance(credits=1), "block", at=NOW)
    with pytest.raises(BudgetExceeded):
        journal.ledger.begin("enrich.companies", Meters(credits=2), at=NOW, caps=[wide, narrow])
    assert journal.ledger.caps.left(wide).credits == 100


def test_an_ended_call_gives_back_what_it_did_not_spend_and_keeps_what_is_in_doubt(
    journal: Journal, intend: Intend
) -> None:
    cap = journal.ledger.caps.open(Allowance(credits=10), "block", at=NOW)
    call = journal.ledger.begin("enrich.companies", Meters(credits=6, records=6, requests=3), at=NOW, caps=[cap])
    paid, lost, unsent = intend(call, 1, 2), intend(call, 3, 4), intend(call, 5, 6)
    for intent in (paid, lost, unsent):
        journal.reserve(intent)
    charges = (Charge(entity="company", record_id="1", redeems=True),)
    journal.settle(Settlement(intent=paid.id, charged_at=NOW, charges=charges))
    journal.doubt(lost.id)
    journal.release(unsent.id)
    assert journal.ledger.caps.left(cap).credits == 4
    journal.ledger.end(call, finished=False)
    assert journal.ledger.caps.left(cap).credits == 7
    journal.settle(Settlement(intent=lost.id, charged_at=NOW))
    assert journal.ledger.caps.left(cap).credits == 9


def test_what_a_reply_brings_beyond_its_reservation_is_not_left_in_the_budget(journal: Journal, intend: Intend) -> None:
    cap = journal.ledger.caps.open(Allowance(records=10), "standing", at=NOW)
    for brought, left in ((7, 3), (5, 0)):
        call = journal.ledger.begin("enrich.locations", Meters(records=2, requests=1), at=NOW, caps=[cap])
        intent = intend(call, 1, worst=Meters(records=2, requests=1))
        journal.reserve(intent)
        charge = Charge(entity="company", record_id="1", records=brought)
        journal.settle(Settlement(intent=intent.id, charged_at=NOW, charges=(charge,)))
        journal.ledger.end(call, finished=True)
        assert journal.ledger.caps.left(cap).records == left
    assert journal.statements.totals().spent.records == 12


def test_a_repeat_that_redeems_what_had_been_redeemed_before_takes_the_second_credit_from_the_budget_too(
    journal: Journal, intend: Intend
) -> None:
    cap = journal.ledger.caps.open(Allowance(credits=10), "standing", at=NOW)
    second_worst = Meters(records=2, requests=1)
    first = journal.ledger.begin("enrich.companies", Meters(credits=2, records=2, requests=1), at=NOW, caps=[cap])
    second = journal.ledger.begin("enrich.companies", second_worst, at=NOW, caps=[cap])
    root = intend(first, 1, 2)
    again = intend(second, 1, 2, repeats=root.id, worst=second_worst)
    journal.reserve(root)
    journal.doubt(root.id)
    journal.ledger.end(first, finished=False)
    journal.reserve(again)
    charges = tuple(Charge(entity="company", record_id=one, redeems=True) for one in ("1", "2"))
    late = NOW + timedelta(days=366)
    journal.settle(
        Settlement(intent=root.id, charged_at=NOW, charges=charges, pays_from=root.id),
        Settlement(intent=again.id, charged_at=late, charges=charges, pays_from=root.id),
    )
    journal.ledger.end(second, finished=True)
    assert journal.statements.totals().spent.credits == 4
    assert journal.ledger.caps.left(cap).credits == 6


def test_a_new_standing_cap_takes_the_place_of_the_old(journal: Journal) -> None:
    journal.ledger.caps.open(Allowance(credits=5), "standing", at=NOW)
    new = journal.ledger.caps.open(Allowance(credits=7), "standing", at=NOW)
    assert journal.ledger.caps.standing() == new
    journal.ledger.caps.close(new, at=NOW)
    assert journal.ledger.caps.standing() is None


def test_a_call_that_was_allowed_before_the_standing_budget_was_set_anew_draws_on_the_new_one(journal: Journal) -> None:
    before = journal.ledger.caps.open(Allowance(credits=5), "standing", at=NOW)
    now = journal.ledger.caps.open(Allowance(credits=3), "standing", at=NOW, per="day")
    with pytest.raises(BudgetExceeded, match="3 credits are left of the standing budget"):
        journal.ledger.begin("enrich.companies", Meters(credits=4), at=NOW, caps=[before])
    journal.ledger.begin("enrich.companies", Meters(credits=3), at=NOW, caps=[before])
    assert [journal.ledger.caps.left(cap).credits for cap in (before, now)] == [5, 0]


def test_the_file_itself_keeps_the_rules_of_budgets(journal: Journal) -> None:
    cap = journal.ledger.caps.open(Allowance(credits=5), "block", at=NOW)
    journal.ledger.begin("enrich.companies", Meters(credits=3), at=NOW, caps=[cap])
    other = journal.ledger.begin("enrich.companies", Meters(credits=3), at=NOW)
    exceeded = pytest.raises(StoreDamaged, match="reserved and spent would exceed the budget")
    with exceeded, journal.ledger.db.writing() as db:
        db.execute("insert into draws (cap, call, credits, records, requests) values (?, ?, 3, 0, 0)", [cap, other.id])
    grown = pytest.raises(StoreDamaged, match="a draw on a budget would grow")
    with grown, journal.ledger.db.writing() as db:
        db.execute("update draws set credits = 4")
    assert journal.ledger.caps.left(cap).credits == 2


def spend_until_refused(folder: Path, cap: str, credits: int) -> int:
    """One customer: calls of `credits` each, all charged, until the cap refuses; returns how many got through."""
    done = 0
    with Journal.open(folder) as journal:
        while True:
            try:
                call = journal.ledger.begin("enrich.companies", Meters(credits=credits), at=NOW, caps=[cap])
            except BudgetExceeded:
                return done
            intent = Intent(
                id=f"{call.id}-1", call=call.id, operation="enrich.companies", request=b"", at=NOW,
                worst=Meters(credits=credits),
            )  # fmt: skip
            journal.reserve(intent)
            charges = tuple(Charge(entity="company", record_id=f"{call.id}-{n}", redeems=True) for n in range(credits))
            journal.settle(Settlement(intent=intent.id, charged_at=NOW, charges=charges))
            journal.ledger.end(call, finished=True)
            done += 1


def test_threads_together_spend_exactly_what_is_allowed(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        cap = journal.ledger.caps.open(Allowance(credits=100), "block", at=NOW)
        with ThreadPoolExecutor(8) as pool:
            done = list(pool.map(lambda _: spend_until_refused(tmp_path, cap, 3), range(8)))
        assert sum(done) == 33
        assert journal.statements.totals().spent.credits == 99
        assert journal.ledger.caps.left(cap).credits == 1


def test_processes_together_spend_exactly_what_is_allowed(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as journal:
        cap = journal.ledger.caps.open(Allowance(credits=100), "standing", at=NOW)
        script = (
            f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
            "from pathlib import Path\nfrom test_caps import spend_until_refused\n"
            f"print(spend_until_refused(Path({str(tmp_path)!r}), {cap!r}, 3))"
        )
        children = [subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) for _ in "ab"]
        done = [int(child.communicate(timeout=60)[0]) for child in children]
        assert sum(done) == 33
        assert journal.statements.totals().spent.credits == 99
        assert journal.ledger.caps.left(cap).credits == 1


STEPS = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 5), st.sampled_from(["spend", "spend less", "doubt", "release", "leave open"])
    ),
    max_size=12,
)


@settings(max_examples=60)
@given(STEPS, st.integers(0, 15), st.integers(0, 15))
def test_a_budget_never_goes_below_zero_whatever_the_order_of_calls(
    steps: list[tuple[int, int, str]], credits: int, records: int
) -> None:
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder)) as journal:
        cap = journal.ledger.caps.open(Allowance(credits=credits, records=records), "block", at=NOW)
        for number, (wanted, listed, end) in enumerate(steps):
            worst = Meters(credits=wanted, records=wanted + listed, requests=1)
            try:
                call = journal.ledger.begin("enrich.companies", worst, at=NOW, caps=[cap])
            except BudgetExceeded:
                left = journal.ledger.caps.left(cap)
                assert worst.credits > (left.credits or 0) or worst.records > (left.records or 0)
                continue
            intent = Intent(
                id=str(number), call=call.id, operation="enrich.companies", request=b"", worst=worst, at=NOW
            )
            journal.reserve(intent)
            charged = wanted if end == "spend" else wanted // 2
            charges = tuple(Charge(entity="company", record_id=f"{number}-{n}", redeems=True) for n in range(charged))
            if end.startswith("spend"):
                journal.settle(Settlement(intent=intent.id, charged_at=NOW, charges=charges))
            elif end == "doubt":
                journal.doubt(intent.id)
            elif end == "release":
                journal.release(intent.id)
            if end != "leave open":
                journal.ledger.end(call, finished=True)
            left = journal.ledger.caps.left(cap)
            totals = journal.statements.totals()
            assert left.credits is not None
            assert left.records is not None
            assert left.credits >= 0
            assert left.records >= 0
            assert totals.spent.credits + totals.unknown.credits + left.credits <= credits
            assert totals.spent.records + totals.unknown.records + left.records <= records
