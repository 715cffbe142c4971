from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics.client.metered.budget import short
from zianalytics.errors import BudgetExceeded, RequestRefused
from zianalytics.journal import Allowance
from zianalytics.schema.meters import Cost, Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

ENRICH = Cost(entity="company", credit_per_new_record=True, counts_records=True)
INTENT = Cost(entity="intent", counts_records=True)
SEARCH = Cost()
PRICE = Meters(credits=12, records=50, requests=2)


def is_allowed(cost: Cost, worst: Meters, call: Allowance, *caps: Allowance) -> bool:
    return not short(cost, worst, call, caps)


@pytest.mark.parametrize(
    ("cost", "worst", "call", "caps", "allowed"),
    [
        (ENRICH, PRICE, Allowance(), [], False),
        (ENRICH, PRICE, Allowance(credits=12), [], True),
        (ENRICH, PRICE, Allowance(credits=11), [], False),
        (ENRICH, PRICE, Allowance(credits=12, records=50), [], True),
        (ENRICH, PRICE, Allowance(credits=12, records=49), [], False),
        (ENRICH, PRICE, Allowance(records=50), [], False),
        (ENRICH, PRICE, Allowance(credits=12, requests=1), [], False),
        (ENRICH, PRICE, Allowance(), [Allowance(credits=12)], True),
        (ENRICH, PRICE, Allowance(), [Allowance(records=50)], False),
        (ENRICH, Meters(records=5, requests=1), Allowance(), [], False),
        (ENRICH, Meters(records=5, requests=1), Allowance(credits=0), [], True),
        (ENRICH, Meters(records=5, requests=1), Allowance(records=5), [], True),
        (ENRICH, Meters(), Allowance(), [], True),
        (INTENT, Meters(records=50, requests=1), Allowance(), [], False),
        (INTENT, Meters(records=50, requests=1), Allowance(records=50), [], True),
        (INTENT, Meters(records=50, requests=1), Allowance(), [Allowance(credits=100)], False),
        (INTENT, Meters(records=50, requests=1), Allowance(), [Allowance(credits=100, records=50)], True),
        (SEARCH, Meters(requests=9), Allowance(), [], True),
        (SEARCH, Meters(requests=9), Allowance(requests=8), [], False),
    ],
)
def test_nothing_is_allowed_until_someone_says_so(
    cost: Cost, worst: Meters, call: Allowance, caps: list[Allowance], allowed: bool
) -> None:
    assert is_allowed(cost, worst, call, *caps) is allowed


def test_over_budget_on_credits_nothing_is_sent(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded) as refused:
        client.enrich.companies(service.ids[:30])
    assert str(refused.value) == (
        "enrich.companies would cost at most 30 credits, 30 records, 2 requests, and 0 credits are allowed for this "
        "call. Nothing was sent. Pass max_credits=30 to this call, open `with zi.budget(max_credits=30):`, or use "
        "zi.budget.set(max_credits=30)."
    )
    with pytest.raises(BudgetExceeded), client.budget(max_credits=29):
        client.enrich.companies(service.ids[:30])
    assert not service.asked
    assert not service.charges


def test_over_budget_on_records_nothing_is_sent(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded, match="0 records are allowed for this call"):
        client.search.intent(topics=["Lead Scoring"], limit=10)
    with pytest.raises(BudgetExceeded, match="29 records are allowed"):
        client.enrich.companies(service.ids[:30], max_credits=30, max_records=29)
    assert not service.asked
    assert not service.charges


def test_a_block_is_spent_by_its_calls_together(client: Client, service: Service) -> None:
    with client.budget(max_credits=40) as budget:
        client.enrich.companies(service.ids[:30])
        assert budget.left.credits == 10
        with pytest.raises(
            BudgetExceeded, match=r"10 credits are left of the `with zi\.budget\(max_credits=40\)` block"
        ):
            client.enrich.companies(service.ids[30:41])
        client.enrich.companies(service.ids[30:40])
        assert str(budget) == "may spend 0 of 40 credits"
    assert str(client.budget) == "no budget set"
    assert client.ledger.totals().spent.credits == 40


def test_a_block_inside_a_block_is_held_by_both(client: Client, service: Service) -> None:
    with client.budget(max_credits=5), client.budget(max_credits=100):
        with pytest.raises(BudgetExceeded):
            client.enrich.companies(service.ids[:6])
        with pytest.raises(BudgetExceeded):
            client.enrich.companies(service.ids[:6], max_credits=6)
        client.enrich.companies(service.ids[:5])


def test_a_standing_budget_holds_for_later_clients_until_it_is_ended(desk: Desk, service: Service) -> None:
    first, second = desk.client(), desk.client()
    first.budget.set(max_credits=100, max_records=200)
    first.enrich.companies(service.ids[:60])
    assert str(second.budget) == "may spend 40 of 100 credits, 140 of 200 records"
    assert repr(second.budget) == "<Budget: may spend 40 of 100 credits, 140 of 200 records>"
    second.budget.clear()
    assert str(first.budget) == "no budget set"


def test_a_standing_budget_without_a_limit_is_refused_and_leaves_the_one_in_force(client: Client) -> None:
    client.budget.set(max_credits=7)
    with pytest.raises(RequestRefused) as refused:
        client.budget.set()
    assert str(refused.value) == (
        "zi.budget.set() says no limit. Nothing was sent or changed. Write zi.budget.set(max_credits=500), or "
        "zi.budget.clear() to end the standing budget."
    )
    assert str(client.budget) == "may spend 7 credits"


def test_where_no_standing_budget_is_set_ending_it_changes_nothing(client: Client, service: Service) -> None:
    client.budget.clear()
    with client.budget(max_credits=1) as budget:
        client.budget.clear()
        assert str(budget) == "may spend 1 credits"
    assert str(client.budget) == "no budget set"


def test_a_refusal_names_the_standing_budget_and_only_ways_on_that_work(client: Client, service: Service) -> None:
    client.budget.set(max_credits=0)
    assert str(client.budget) == "may spend 0 credits"
    said = (
        "0 credits are left of the standing budget, zi.budget.set(max_credits=0). Nothing was sent. Begin the standing "
        "budget anew by zi.budget.set(max_credits=4), or end it by zi.budget.clear() and pass max_credits=4 to this "
        "call."
    )
    assert client.refusal_of(service.ids[:4]) == said
    assert client.refusal_of(service.ids[:4], max_credits=4) == said
    client.budget.clear()
    assert client.enrich.companies(service.ids[:4], max_credits=4).height == 4
    client.budget.set(max_credits=4)
    assert client.enrich.companies(service.ids[4:8]).height == 4
    assert client.refusal_of(service.ids[8:9]).startswith("0 credits are left of the standing budget")


def test_a_standing_budget_that_is_partly_spent_is_not_to_be_set_below_what_it_was(
    client: Client, service: Service
) -> None:
    client.budget.set(max_credits=6)
    client.enrich.companies(service.ids[:4])
    assert client.refusal_of(service.ids[4:9]) == (
        "2 credits are left of the standing budget, zi.budget.set(max_credits=6). Nothing was sent. Begin the standing "
        "budget anew by zi.budget.set(max_credits=6), or end it by zi.budget.clear() and pass max_credits=5 to this "
        "call; or pass fewer rows."
    )
    client.budget.set(max_credits=6)
    client.enrich.companies(service.ids[4:9])


def test_a_refusal_names_the_block_and_how_much_it_needs_with_what_it_has_spent(
    client: Client, service: Service
) -> None:
    with client.budget(max_credits=4):
        client.enrich.companies(service.ids[:3])
        assert client.refusal_of(service.ids[3:8]) == (
            "1 credit is left of the `with zi.budget(max_credits=4)` block. Nothing was sent. "
            "Open that block with max_credits=8; or pass fewer rows."
        )
    with client.budget(max_credits=8):
        client.enrich.companies(service.ids[3:8])


def test_all_that_stands_in_the_way_is_named_at_once_for_all_holds_at_once(client: Client, service: Service) -> None:
    client.budget.set(max_credits=9, max_records=1)
    with client.budget(max_records=2):
        assert client.refusal_of(service.ids[:5], max_credits=4) == (
            "4 credits are allowed by the call itself, and 1 record is left of the standing budget, "
            "zi.budget.set(max_credits=9, max_records=1), and 2 records are left of the "
            "`with zi.budget(max_records=2)` block. Nothing was sent. Pass max_credits=5 to this call; and begin "
            "the standing budget anew by zi.budget.set(max_credits=9, max_records=5), or end it by "
            "zi.budget.clear() and pass max_credits=5 to this call; and open that block with max_records=5; or pass "
            "fewer rows."
        )
    client.budget.set(max_credits=9, max_records=5)
    with client.budget(max_records=5):
        client.enrich.companies(service.ids[:5], max_credits=5)


def test_a_budget_of_records_alone_still_wants_the_credits_said(client: Client, service: Service) -> None:
    client.budget.set(max_records=1)
    assert client.refusal_of(service.ids[:2]) == (
        "0 credits are allowed for this call, and 1 record is left of the standing budget, "
        "zi.budget.set(max_records=1). Nothing was sent. Pass max_credits=2 to this call; and begin the standing "
        "budget anew by zi.budget.set(max_records=2), or end it by zi.budget.clear() and pass max_credits=2 to this "
        "call; or pass fewer rows."
    )
    client.budget.set(max_records=2)
    client.enrich.companies(service.ids[:2], max_credits=2)


def test_a_budget_that_is_not_entered_says_so_and_can_be_entered_twice(client: Client) -> None:
    block = client.budget(max_credits=3)
    assert repr(block) == (
        "<zi.budget(max_credits=3): not in force; write `with zi.budget(max_credits=3):`, or use zi.budget.set for all "
        "calls>"
    )
    for _ in range(2):
        with block as budget:
            assert repr(block) == "<zi.budget(max_credits=3): in force>"
            assert str(budget) == "may spend 3 credits"
    assert str(client.budget) == "no budget set"


def test_arguments_that_a_budget_does_not_take_are_refused_in_words(client: Client) -> None:
    wrong: dict[str, Any] = {"max_credit": 3}
    with pytest.raises(RequestRefused, match=r"zi\.budget has no argument 'max_credit' \(did you mean max_credits"):
        client.budget(**wrong)
    with pytest.raises(RequestRefused, match=r"zi\.budget\.set has no argument 'max_credit' \(did you mean max_cr"):
        client.budget.set(**wrong)
    positional: tuple[int, ...] = (3,)
    with pytest.raises(RequestRefused, match=r"too many positional .* Write zi\.budget\(\*, max_credits, max_rec"):
        client.budget(*positional)


def test_what_a_refused_or_free_call_does_not_spend_stays_in_the_budget(client: Client, service: Service) -> None:
    with client.budget(max_credits=5) as budget:
        client.enrich.companies([1, 2, 3])
        assert budget.left.credits == 5
    assert client.ledger.totals().spent.credits == 0


def test_requests_are_capped_only_on_demand(client: Client) -> None:
    client.search.companies(country="United States")
    with pytest.raises(BudgetExceeded, match="1 request is allowed"):
        client.search.companies(country="United States", max_requests=1)
    with client.budget(max_requests=3):
        client.search.companies(country="Germany", limit=200)
        with pytest.raises(BudgetExceeded, match="requests"):
            client.search.companies(country="France", limit=300)


def enrich_until_refused(client: Client, ids: list[int]) -> int:
    """Ten companies a call, until the budget says no; returns the calls that were paid."""
    for done, start in enumerate(range(0, len(ids), 10)):
        try:
            client.enrich.companies(ids[start : start + 10])
        except BudgetExceeded:
            return done
    raise AssertionError("the budget never ended")


def test_two_threads_never_exceed_a_budget(client: Client, service: Service) -> None:
    with client.budget(max_credits=55) as budget, ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda n: enrich_until_refused(client, service.ids[n * 100 : n * 100 + 100]), range(2)))
        assert budget.left.credits == 5
    assert sum(done) == 5
    assert sum(row["credits"] for row in service.sandbox.ledger()) == 50
    assert client.charges == service.charges


def test_two_processes_never_exceed_a_budget(desk: Desk, service: Service) -> None:
    client = desk.client()
    client.budget.set(max_credits=55)
    script = (
        f"import sys; sys.path[:0] = {[str(folder) for folder in Path(__file__).parents[:2]]!r}\n"
        "from pathlib import Path\nfrom conftest import Desk\nfrom test_budget import enrich_until_refused\n"
        f"desk = Desk({desk.base_url!r}, {desk.username!r}, {desk.password!r}, Path({str(desk.home)!r}))\n"
        "with desk.opened:\n    print(enrich_until_refused(desk.client(), [int(n) for n in sys.argv[1:]]))"
    )
    children = [
        subprocess.Popen(
            [sys.executable, "-c", script, *map(str, service.ids[n * 100 : n * 100 + 100])],
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(2)
    ]
    assert sum(int(child.communicate(timeout=60)[0]) for child in children) == 5
    assert sum(row["credits"] for row in service.sandbox.ledger()) == 50
    assert client.charges == service.charges
