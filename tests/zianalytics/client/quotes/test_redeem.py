"""Paying a quote: exactly what was priced, for no more than was approved, however often and by whomever."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request
from mockserver.sandbox import Options
from zianalytics.errors import BudgetExceeded, OthersAtWork
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=300, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def fetched(service: Service, client: Client, name: str) -> tuple[Quote, Callable[[], pl.DataFrame]]:
    """A quote of each kind of call that costs something, and the same call."""
    ids = service.ids[:6]
    contacts = sorted(service.sandbox.world.contacts)[:6]
    sites = [{"company_id": one, "country": "United States"} for one in ids]
    calls: dict[str, tuple[Any, tuple[Any, ...], dict[str, Any]]] = {
        "companies": (client.enrich.companies, (ids,), {"fields": ["name", "city"]}),
        "contacts": (client.enrich.contacts, (contacts,), {}),
        "contacts with": (client.enrich.contacts, (contacts,), {"required_fields": "email"}),
        "master_data": (client.enrich.master_data, (sites,), {}),
        "hierarchies": (client.enrich.hierarchies, (ids,), {}),
        "technologies": (client.enrich.technologies, (ids,), {}),
        "org_charts": (client.enrich.org_charts, (ids[:2],), {"department": "Sales"}),
        "locations": (client.enrich.locations, (ids,), {"max_records": 90}),
        "intent": (client.enrich.intent, (ids,), {"limit": 3}),
        "news": (client.enrich.news, (ids,), {"max_records": 14}),
        "scoops": (client.enrich.scoops, (ids,), {"limit": 2, "published_start_date": date(2026, 1, 1)}),
        "search intent": (client.search.intent, (), {"topics": ["Lead Scoring"], "limit": 7}),
        "search news": (client.search.news, (), {"categories": ["FUNDING"], "max_records": 130}),
        "search scoops": (client.search.scoops, (), {"country": "United States", "limit": 120}),
        "ips": (client.enrich.ips, (["203.0.113.9", "10.0.0.1", "198.51.100.7"],), {}),
        "bulk companies": (client.bulk.enrich.companies, (ids,), {}),
        "bulk redeem": (
            client.bulk.redeem.companies, (), {"country": "Germany", "employee_range_min": 900, "max_credits": 90}
        ),
    }  # fmt: skip
    call, args, keywords = calls[name]
    quote = call.quote(*args, **keywords)
    allowed = {"max_records": quote.records} | keywords
    if any(one in name for one in ("companies", "contacts", "master", "hier", "tech", "org")):
        allowed = {"max_credits": quote.credits} | keywords
    if name in ("intent", "news", "scoops", "locations"):
        allowed = {"max_credits": quote.credits} | keywords
    return quote, lambda: call(*args, **allowed)


def summed(side: Service | Client) -> tuple[int, int]:
    """Credits and records in all."""
    charges = side.charges.items()
    return sum(credits * n for (_, _, credits, _), n in charges), sum(records * n for (*_, records), n in charges)


KINDS = [
    "companies", "contacts", "contacts with", "master_data", "hierarchies", "technologies", "org_charts", "locations",
    "intent", "news", "scoops", "search intent", "search news", "search scoops", "ips",
    "bulk companies", "bulk redeem",
]  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_a_quote_gives_the_frame_of_the_call_and_is_paid_once(
    service: Service, desk: Desk, tmp_path: Path, name: str
) -> None:
    client = desk.client()
    client.usage()
    asked = service.asked.copy()
    quote, _ = fetched(service, client, name)
    path = quote.save(tmp_path / "approval.json")
    assert quote._repr_html_().startswith("<div>")
    assert quote.remaining.height == 3
    assert (service.asked, service.charges) == (asked, Counter())  # a quote sends nothing
    frame = client.redeem(quote)
    spent = service.charges
    assert spent or name == "ips"
    asked = service.asked.copy()
    assert client.redeem(quote).equals(frame)
    assert client.redeem(path).height == frame.height
    assert service.charges == spent
    assert summed(service) == summed(client)
    paid_paths = {path for path in service.asked if "/lookup/" not in path and "authenticate" not in path}
    assert {path: service.asked[path] - asked[path] for path in paid_paths if service.asked[path] != asked[path]} == {}
    service.sandbox.reset()
    _, call = fetched(service, desk.client(folder="another"), name)
    assert call().equals(frame)
    assert service.charges == spent


def test_it_needs_no_allowance_and_reserves_exactly_its_worst_case(service: Service, client: Client) -> None:
    client.budget.set(max_credits=40, max_records=40, max_requests=90)
    quote = client.enrich.companies.quote(service.ids[:30])
    reserved: list[Meters] = []
    service.trouble = lambda request: reserved.append(client.budget.left) if "enrich" in request.path else None
    client.redeem(quote)
    assert quote.total == Meters(credits=30, records=30, requests=2)
    assert {(left.credits, left.records, left.requests) for left in reserved} == {(10, 10, 88)}
    assert client.budget.left == Meters(credits=10, records=10, requests=88)


def test_a_budget_in_force_still_holds(service: Service, client: Client) -> None:
    client.budget.set(max_credits=29)
    quote = client.enrich.companies.quote(service.ids[:30])
    with pytest.raises(BudgetExceeded, match="29 credits are left of the standing budget"):
        client.redeem(quote)
    assert service.asked["/enrich/company"] == 0


def test_the_columns_of_the_user_come_back_from_memory_and_not_from_a_file(
    service: Service, client: Client, tmp_path: Path
) -> None:
    mine = pl.DataFrame({"crm": ["a", "b", "c"], "company_id": [service.ids[0], None, service.ids[1]]})
    quote = client.enrich.companies.quote(mine, fields=["name"])
    frame = client.redeem(quote)
    assert frame.columns == ["crm", "company_id", "match_status", "company_id_zi", "name", "extra"]
    assert frame["match_status"].to_list() == ["matched", "invalid_input", "matched"]
    saved = client.redeem(quote.save(tmp_path / "approval.json"))
    assert saved.equals(frame.drop("crm"))


def test_another_process_pays_a_file_and_the_first_finds_it_paid(service: Service, desk: Desk, tmp_path: Path) -> None:
    path = desk.client().enrich.companies.quote(service.ids[:5]).save(tmp_path / "approval.json")
    colleague, own = desk.client(), desk.client()
    frame = colleague.redeem(str(path))
    assert own.redeem(path).equals(frame)
    assert service.asked["/enrich/company"] == 1


@pytest.mark.filterwarnings("ignore::zianalytics.errors.OthersAtWork")  # a busy machine makes the wait a long one
def test_two_who_pay_the_same_records_of_news_at_once_pay_them_once(service: Service, desk: Desk) -> None:
    clients = [desk.client(), desk.client(), desk.client()]
    for one in clients:
        one.search.news(categories=["AWARDS"], limit=1, max_records=1)  # each is signed in and knows what it may ask
    quote = clients[0].search.news.quote(categories=["FUNDING"], limit=60, max_records=60)
    before = summed(service)
    frames: list[Any] = []
    threads = [threading.Thread(target=lambda one=one: frames.append(one.redeem(quote))) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [frame.equals(frames[0]) for frame in frames] == [True] * 3
    assert summed(service) == (0, before[1] + frames[0].height)


def test_who_finds_another_paying_the_same_quote_waits_and_says_so(service: Service, desk: Desk) -> None:
    payer, client = desk.client(), desk.client()
    quote = client.search.news.quote(categories=["FUNDING"], limit=5, max_records=5)
    with payer.journal.at_work.on([f"redeem {quote.parts[0].id}"], waits=lambda _: None):
        with pytest.raises(OthersAtWork, match=r"^zi\.redeem: another call is at work"):  # warnings are errors here
            client.redeem(quote)
        assert service.asked["/search/news"] == 0
    assert client.redeem(quote).height == 5


def test_a_sum_for_which_a_budget_has_too_little_is_refused_before_the_first_call(
    service: Service, client: Client
) -> None:
    bill = client.enrich.companies.quote(service.ids[:6]) + client.search.news.quote(categories=["FUNDING"], limit=5)
    with (
        client.budget(max_credits=6, max_records=10),
        pytest.raises(BudgetExceeded, match="at most 6 credits, 11 records, 2 requests, and 10 records are"),
    ):
        client.redeem(bill)
    assert service.charges == Counter()
    assert client.budget.left == Meters()
    with client.budget(max_credits=6, max_records=11, max_requests=2) as budget:
        assert [frame.height for frame in client.redeem(bill)] == [6, 5]
        assert budget.left == Meters()
    assert summed(service) == summed(client) == (6, 11)


def test_all_that_a_sum_may_cost_is_reserved_while_it_is_paid_and_the_rest_is_free_again(
    desk: Desk, service: Service
) -> None:
    client, other = desk.client(), desk.client()
    client.budget.set(max_credits=20, max_records=40)
    bill = client.enrich.companies.quote([*service.ids[:5], 999]) + client.enrich.contacts.quote([1, 2, 3])
    bill += client.enrich.companies.quote(service.ids[4:8])
    assert bill.credits == 12
    seen: list[int] = []

    def look(request: Request) -> None:
        if request.path.startswith("/enrich/"):
            seen.append(other.budget.left.credits)

    service.trouble = look
    client.redeem(bill)
    assert seen[0] == 20 - 12  # nobody else can take what the calls to come will need
    assert seen == sorted(seen)
    paid, _ = summed(service)
    assert other.budget.left.credits == 20 - paid
    assert other.enrich.companies(service.ids[8:20], max_credits=12).height == 12


def test_a_sum_is_paid_part_by_part_and_a_shared_record_once(service: Service, client: Client) -> None:
    ids = service.ids
    bill = client.enrich.companies.quote(ids[:4]) + client.enrich.companies.quote(ids[2:6])
    bill += client.enrich.news.quote(ids[:3], limit=2)
    assert bill.total == Meters(credits=6, records=12, requests=5)
    found = client.redeem(bill)
    assert isinstance(found, tuple)
    assert [frame["input"].to_list() for frame in found[:2]] == [ids[:4], ids[2:6]]
    assert found[2]["input_row"].unique().to_list() == [0, 1, 2]
    assert sum(credits for (_, _, credits, _), n in service.charges.items() for _ in range(n)) == 6
    assert [frame.equals(again) for frame, again in zip(found, client.redeem(bill), strict=True)] == [True] * 3


def test_a_file_that_is_paid_from_two_homes_costs_its_records_twice_and_its_credits_once(
    desk: Desk, service: Service
) -> None:
    client = desk.client()
    client.usage()
    quote = client.enrich.companies.quote(service.ids[:4]) + client.search.news.quote(categories=["FUNDING"], limit=3)
    file = quote.save(desk.home / "approval.json")
    client.redeem(file)
    client.redeem(file)
    assert summed(service) == (4, 7)
    elsewhere = desk.client(folder="another home/account")
    elsewhere.redeem(file)
    assert summed(service) == (4, 14)
