"""A quote is not paid where the world has moved: what it costs now is shown, and nothing is sent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.sandbox import Options
from zianalytics.client.quotes.redemption import as_price
from zianalytics.errors import AskedAgain, BudgetExceeded, NotAllAnswered, NotAnswered, QuoteRefused, RequestRefused
from zianalytics.schema.quote import Quote

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=200, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def refused(client: Client, quote: Quote) -> QuoteRefused:
    with pytest.raises(QuoteRefused, match="Nothing was sent") as caught:
        client.redeem(quote)
    assert caught.value.credits_spent == 0
    return caught.value


def test_a_window_that_has_ended_is_not_paid_for_under_an_old_approval(service: Service, client: Client) -> None:
    client.usage()
    client.enrich.companies(service.ids[:3], max_credits=3, fields=["name"])
    service.sandbox.advance(340)
    client.usage()
    quote = client.enrich.companies.quote(service.ids[:3], fields=["name", "city"])
    assert (quote.credits, quote.records) == (0, 3)
    service.sandbox.advance(26)
    client.usage()
    asked = service.asked.copy()
    said = refused(client, quote)
    assert said.code == "costs_more"
    assert (
        "approved on 2027-09-06 were at most 0 credits, 3 records, 1 request, and now it would cost at most 3 credits, "
        "3 records, 1 request" in str(said)
    )
    assert service.asked == asked
    assert client.redeem(said.quote).height == 3


def test_a_client_that_does_not_know_of_it_yet_is_stopped_before_it_pays(service: Service, desk: Desk) -> None:
    client = desk.client()
    client.usage()
    client.enrich.companies(service.ids[:3], max_credits=3, fields=["name"])
    service.sandbox.advance(350)
    client.usage()
    quote = client.enrich.companies.quote(service.ids[:3], fields=["name", "city"])
    service.sandbox.advance(20)
    before = service.charges
    with pytest.raises(BudgetExceeded, match="0 credits are allowed by the call itself"):
        client.redeem(quote)
    assert service.charges == before


def test_an_old_quote_that_nobody_has_begun_to_pay_is_refused_and_a_paid_one_is_answered(
    service: Service, client: Client
) -> None:
    client.usage()
    paid, unpaid = (client.search.news.quote(categories=[one], limit=5) for one in ("FUNDING", "AWARDS"))
    frame = client.redeem(paid)
    service.sandbox.advance(31)
    client.usage()
    said = refused(client, unpaid)
    assert said.code == "too_old"
    assert "this quote is of 2026-10-01, and one that costs 0 credits, 5 records, 1 request is good for 30" in str(said)
    assert str(said).endswith("Nothing was sent that costs anything. Look at `.quote` of this error, and redeem that.")
    assert client.redeem(paid).equals(frame)
    assert client.redeem(said.quote).height == 5


def test_a_visitor_that_was_paid_for_is_answered_however_old_it_is(service: Service, client: Client) -> None:
    quote = client.enrich.ips.quote(["203.0.113.9", "198.51.100.7"])
    frame = client.redeem(quote)
    asked = service.asked["/enrich/ip"]
    service.sandbox.advance(90)
    client.usage()
    assert client.redeem(quote).equals(frame)
    assert service.asked["/enrich/ip"] == asked


def test_an_approval_that_asks_for_all_anew_does_so_once(service: Service, client: Client) -> None:
    client.enrich.companies(service.ids[:3], max_credits=3)
    service.sandbox.advance(1)
    client.usage()
    quote = client.enrich.companies.quote(service.ids[:3], max_age=timedelta(0))
    assert quote.records == 3
    frame = client.redeem(quote)
    service.sandbox.advance(40)
    client.usage()
    assert client.redeem(quote).equals(frame)
    assert service.asked["/enrich/company"] == 2


def test_an_own_clock_that_is_wrong_refuses_nothing(service: Service, desk: Desk) -> None:
    heard = desk.client()
    heard.usage()
    quote = heard.search.news.quote(categories=["FUNDING"], limit=5)
    ahead = replace(desk, wall=lambda: 5e9).client(folder="ahead/account")
    assert ahead.redeem(quote).height == 5


def test_what_was_paid_and_is_held_no_more_is_not_paid_again(service: Service, client: Client) -> None:
    client.usage()
    quote = client.enrich.companies.quote(service.ids[:3])
    client.redeem(quote)
    service.sandbox.advance(366)
    client.usage()
    said = refused(client, quote)
    assert said.code == "paid"
    assert (
        "of which 3 credits, 3 records, 1 request are paid or reserved, and now it would cost at most 3 credits"
        in str(said)
    )


def test_a_request_that_was_never_answered_may_not_cost_records_beyond_the_approval(
    service: Service, client: Client
) -> None:
    quote = client.enrich.companies.quote(service.ids[:5])
    service.sandbox.set_faults(
        {"seed": 1, "rules": [{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1}]}
    )
    with pytest.raises(NotAnswered):
        client.redeem(quote)
    service.sandbox.set_faults({"rules": []})
    said = refused(client, quote)
    assert said.code == "paid"
    assert repr(said.quote) == "Quote(credits=0, records=5, requests=1, unanswered=5, reserved=5)"
    assert "zia reconcile --max-records 5, or zi.ledger.reconcile(max_records=5), asks them again" in str(said)
    with pytest.warns(AskedAgain, match="sent again"):
        assert client.redeem(said.quote)["match_status"].to_list() == ["matched"] * 5
    assert sum(credits for (_, _, credits, _) in service.charges) == 5


def test_what_was_never_answered_is_reconciled_and_then_the_same_quote_is_redeemed(
    service: Service, client: Client
) -> None:
    quote = client.enrich.companies.quote(service.ids[:5])
    service.sandbox.set_faults({"rules": [{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1}]})
    with pytest.raises(NotAnswered):
        client.redeem(quote)
    service.sandbox.set_faults({"rules": []})
    assert client.ledger.reconcile(max_records=5)["outcome"].to_list() == ["settled"]
    before = service.charges
    assert client.redeem(quote)["match_status"].to_list() == ["matched"] * 5
    assert service.charges == before
    assert sum(credits for (_, _, credits, _) in service.charges) == 5


def test_a_call_of_a_sum_that_is_answered_in_part_does_not_stop_those_after_it(
    service: Service, client: Client
) -> None:
    one, other = (client.enrich.companies.quote(service.ids[some]) for some in (slice(0, 30), slice(30, 40)))
    refusals = iter([None, service.says(502, b"")])
    service.trouble = lambda request: next(refusals, None) if request.path == "/enrich/company" else None
    with pytest.warns(NotAllAnswered):
        first, second = client.redeem(one + other)
    assert sorted(first["match_status"].value_counts().rows()) in (
        [("error", 5), ("matched", 25)],
        [("error", 25), ("matched", 5)],
    )
    assert second["match_status"].to_list() == ["matched"] * 10


def test_a_sum_that_is_refused_half_way_says_what_was_made(service: Service, client: Client) -> None:
    one, other = (client.enrich.companies.quote(service.ids[some]) for some in (slice(0, 30), slice(0, 30)))
    refusals = iter([None, service.says(502, b"")])
    service.trouble = lambda request: next(refusals, None) if request.path == "/enrich/company" else None
    with (
        pytest.warns(NotAllAnswered),
        pytest.raises(QuoteRefused, match=r"Its first 1 of 2 calls were made, and are kept\. Requests") as caught,
    ):
        client.redeem(one + other)
    assert "Nothing was sent" not in str(caught.value)
    assert caught.value.credits_spent == 30


def test_an_interrupted_payment_goes_on_within_its_approval(service: Service, client: Client) -> None:
    quote = client.enrich.companies.quote(service.ids[:60])
    refusals = iter([None, None, service.says(403, b'{"error": "no"}'), None])
    service.trouble = lambda request: next(refusals, None) if request.path == "/enrich/company" else None
    with pytest.warns(NotAllAnswered):
        client.redeem(quote)
    service.trouble = lambda request: None
    assert client.redeem(quote)["match_status"].to_list() == ["matched"] * 60
    assert sum(service.charges.values()) == 60
    assert service.asked["/enrich/company"] == 4


def test_a_quote_of_another_account_is_refused(service: Service, desk: Desk) -> None:
    quote = desk.client(folder="another").enrich.companies.quote(service.ids[:3])
    said = refused(desk.client(), quote)
    assert said.code == "other_account"
    assert "made for the account another, and this client is of account" in str(said)


def test_a_dearer_credit_is_refused_and_a_cheaper_one_is_not(service: Service, desk: Desk) -> None:
    client = desk.client(credit_price=Decimal("0.35"))
    client.usage()
    quote = client.enrich.companies.quote(service.ids[:3])
    assert repr(quote) == "Quote(credits=3, records=3, requests=1, money=1.05)"
    said = refused(desk.client(credit_price=Decimal("0.36")), quote)
    assert said.code == "credit_price"
    assert "approved were credits at 0.35 each, and this client was given credit_price=0.36" in str(said)
    assert desk.client(credit_price=Decimal("0.34")).redeem(quote).height == 3


def test_a_price_that_cannot_be_paid_or_understood_is_refused(service: Service, client: Client) -> None:
    assert refused(client, Quote("match.companies")).code == "no_call"
    quote = client.enrich.companies.quote(service.ids[:3])
    [part] = quote.parts
    for other in (replace(part, operation="enrich.planets"), replace(part, keywords={"colour": "red"})):
        assert refused(client, replace(quote, parts=(other,))).code == "unreadable"


def test_a_sum_with_a_call_that_cannot_be_redeemed_is_refused_and_not_paid_in_part(
    service: Service, client: Client, tmp_path: Path
) -> None:
    bill = client.enrich.companies.quote(service.ids[:2]) + Quote("match.companies", requests=3)
    assert bill.requests == 4
    error = refused(client, bill)
    assert error.code == "no_call"
    assert "match.companies cannot be redeemed, and would be left out. Nothing was sent" in str(error)
    with pytest.raises(RequestRefused, match=r"match\.companies cannot be redeemed, and would be left out"):
        bill.save(tmp_path / "bill.json")
    assert service.charges == Counter()


@pytest.mark.parametrize("price", ["a lot", -1, float("nan"), True], ids=["word", "negative", "nan", "bool"])
def test_what_is_no_price_is_refused(price: Any) -> None:
    with pytest.raises(RequestRefused, match=r"credit_price=.* is not a number of 0 or more\. Nothing was sent\."):
        as_price(price)


def test_a_price_is_as_exact_as_it_was_given() -> None:
    assert [as_price(one) for one in (0.1, "0.10", 2, None)] == [Decimal("0.1"), Decimal("0.10"), Decimal(2), None]


@pytest.mark.parametrize("given", [None, 5, ["quote.json"]], ids=["none", "number", "list"])
def test_what_is_no_quote_is_refused(client: Client, given: Any) -> None:
    with pytest.raises(RequestRefused, match=r"zi\.redeem takes a quote, or the file .* Nothing was sent"):
        client.redeem(given)
