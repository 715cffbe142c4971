"""What stands around a price: what was seen of inputs alike, windows, what would be left, how long it takes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver.sandbox import Options

if TYPE_CHECKING:
    from ..conftest import Client, Service


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=200, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def test_what_a_pilot_has_shown_narrows_the_quote_of_the_rest(service: Service, client: Client) -> None:
    named = [{"company_name": f"No Such Company {n}"} for n in range(20)]
    inputs: list[dict[str, Any]] = [*named, *({"company_id": one} for one in service.ids[:40])]
    whole = client.enrich.companies.quote(inputs)
    assert whole.likely is None
    assert "was answered before; .pilot(25) finds out" in whole.likely_basis
    pilot = whole.pilot(25, seed=11)
    assert client.redeem(pilot).height == 25
    rest = client.enrich.companies.quote(inputs)
    assert rest.held == 25
    by_id = 25 - pilot.lines.filter(by="company_name").height
    assert {(one.by, one.asked, one.matched) for one in rest.seen} == {
        ("company_id", by_id, by_id), ("company_name", 25 - by_id, 0)
    }  # fmt: skip
    likely = rest.likely
    assert likely is not None
    assert likely.credits.likely == 40 - by_id
    assert likely.credits.low < likely.credits.likely < likely.credits.high < rest.credits == 35
    client.redeem(rest)
    assert likely.credits.low <= sum(key[2] for key in service.charges) - by_id <= likely.credits.high


def test_what_lists_have_brought_tells_what_those_to_come_will(service: Service, client: Client) -> None:
    rest, few = service.ids[40:60], client.enrich.news.quote(service.ids[40:60], limit=9)
    assert few.likely is None
    assert few.likely_basis == "how many rows enrich.news brings is not known before"
    for limit in (1, 9):  # what was cut off at one row says nothing of nine
        assert client.enrich.news.quote(rest, limit=9).likely is None
        client.enrich.news(service.ids[:12], limit=limit, max_credits=12)
    quote = client.enrich.news.quote(rest, limit=9)
    [seen] = quote.seen
    newest = client.ledger.frame().filter(pl.col("entity") == "news", pl.col("run") == pl.col("run").last())
    assert (seen.asked, sum(seen.rows)) == (12, newest.height)
    likely = quote.likely
    assert likely is not None
    assert likely.records.likely == min(180, round(20 * newest.height / 12))
    assert likely.records.low <= client.redeem(quote).filter(match_status="matched").height <= likely.records.high
    assert "12 different inputs of enrich.news brought" in quote.likely_basis


def test_a_job_is_as_likely_as_the_direct_calls_that_were_answered(service: Service, client: Client) -> None:
    client.enrich.companies([*service.ids[:9], 999], max_credits=10)
    likely = client.bulk.enrich.companies.quote(service.ids[20:30]).likely
    assert likely is not None
    assert (likely.credits.likely, likely.records.likely) == (9, 9)
    redemption = client.bulk.redeem.companies.quote(country="Germany", max_credits=50)
    assert redemption.likely is None
    assert redemption.likely_basis == "how many rows bulk.redeem.companies brings is not known before"


def test_inputs_asked_twice_count_once(service: Service, client: Client) -> None:
    site = [{"company_name": "No Such Company"}]
    for _ in range(2):
        client.enrich.companies(site, max_credits=1, max_age=timedelta(0))
        service.sandbox.advance(1)
        client.usage()
    [seen] = client.enrich.companies.quote([{"company_name": "Another One"}]).seen
    assert (seen.by, seen.asked, seen.matched) == ("company_name", 1, 0)


def test_days_left_are_told_of_what_is_managed_and_of_what_is_held(service: Service, client: Client) -> None:
    client.enrich.companies(service.ids[:2], max_credits=2, fields=["name"])
    service.sandbox.advance(10)
    client.usage()
    lines = client.enrich.companies.quote(service.ids[:3], fields=["revenue_usd"]).lines
    assert lines["status"].to_list() == ["managed", "managed", "new"]
    assert lines["days_left"].to_list() == [355, 355, None]
    news = client.enrich.news.quote(service.ids[:3], limit=2).lines
    assert news["days_left"].to_list() == [355, 355, None]
    assert client.enrich.companies.quote(service.ids[:1], fields=["name"]).lines["days_left"].to_list() == [355]


def test_what_would_remain_is_of_the_budget_and_of_the_last_word_of_the_service(
    service: Service, client: Client
) -> None:
    assert client.enrich.companies.quote(service.ids[:3]).remaining["service_left"].to_list() == [None] * 3
    client.usage()
    client.budget.set(max_credits=10)
    left = client.enrich.companies.quote(service.ids[:3]).remaining
    assert left["meter"].to_list() == ["credits", "records", "requests"]
    assert left["budget_after"].to_list() == [7, None, None]
    assert left["service_after"].to_list() == [4_997, 499_997, None]
    ips = client.enrich.ips.quote(["203.0.113.9"]).remaining.filter(meter="records")
    assert ips.select("pool", "service_after").rows() == [("websights", 999)]


def test_the_minutes_are_those_of_the_bundle(service: Service, client: Client) -> None:
    assert client.enrich.companies.quote(service.ids[:1]).per_minute == 1500
    client.usage()
    assert client.enrich.companies.quote(service.ids[:1]).per_minute == 2000
