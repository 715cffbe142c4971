"""A paid list whose reply was lost is asked again when you say so, and then the call or redemption ends by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from zianalytics.errors import NotAllAnswered, NotAnswered, QuoteRefused
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

NEWS, SCOOPS, INTENT, TOLD = "/search/news", "/search/scoop", "/search/intent", "/enrich/news"
TOPICS = ["Lead Scoring", "Sales Forecasting", "Data Governance", "Email Marketing"]


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=400, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def paid(service: Service) -> int:
    """The records that the service has charged."""
    return sum(row["records"] for row in service.sandbox.ledger())


LISTS = [
    (NEWS, lambda client, **how: client.search.news.quote(categories=["FUNDING"], **how)),
    (SCOOPS, lambda client, **how: client.search.scoops.quote(country="United States", **how)),
    (INTENT, lambda client, **how: client.search.intent.quote(topics=["Lead Scoring"], **how)),
]


@pytest.mark.parametrize(("path", "quoted"), LISTS, ids=["news", "scoops", "intent"])
def test_a_redemption_whose_reply_was_lost_is_finished_by_what_was_asked_again(
    client: Client, desk: Desk, service: Service, path: str, quoted: Any
) -> None:
    quote = quoted(client, limit=5)
    with service.losing(path), pytest.raises(NotAnswered):
        client.redeem(quote)
    with pytest.raises(QuoteRefused) as caught:
        client.redeem(quote)
    assert caught.value.code == "paid"
    assert (
        "Nothing was sent that costs anything. Of its lists 1 request had no answer, and may have cost up to 0 "
        "credits, 5 records, 1 request. zia reconcile --ask-lists --max-records 5, or "
        'zi.ledger.reconcile(lists="ask", max_records=5), asks again, which pays the rows a second time'
    ) in str(caught.value)
    assert service.asked[path] == 1
    told = client.ledger.reconcile(max_records=5, lists="ask")
    assert told.select("outcome", "records").rows() == [("settled", 10)]
    assert told["why"].to_list() == [
        "it had been carried out; the same call, or zi.redeem of its quote, takes what came from the journal"
    ]
    assert service.asked[path] == 2
    frame = client.redeem(quote)
    assert frame.height == 5
    assert desk.client().redeem(quote).equals(frame)
    assert service.asked[path] == 2
    assert paid(service) == client.ledger.totals().spent.records == 10
    assert client.ledger.totals().unknown == Meters()


@pytest.mark.parametrize("days", [0, 3])
def test_a_call_whose_reply_was_lost_takes_what_was_asked_again_within_a_day_of_that(
    client: Client, service: Service, days: int
) -> None:
    with service.losing(NEWS), pytest.raises(NotAnswered):
        client.search.news(categories=["FUNDING"], max_records=5)
    service.sandbox.advance(days)
    client.usage()
    assert client.ledger.reconcile(max_records=5, lists="ask")["outcome"].to_list() == ["settled"]
    assert client.search.news(categories=["FUNDING"], max_records=5, limit=5).height == 5
    assert service.asked[NEWS] == 2
    assert client.search.news(categories=["FUNDING"], max_records=5, limit=5).height == 5
    assert service.asked[NEWS] == 3, "the run is over, and news is asked anew"


def test_pages_that_are_left_are_paid_by_the_approval_and_what_was_asked_again_is_not(
    client: Client, service: Service
) -> None:
    quote = client.search.intent.quote(topics=TOPICS, limit=150)
    assert repr(quote) == "Quote(credits=0, records=150, requests=2)"
    with service.losing(INTENT), pytest.raises(NotAnswered):
        client.redeem(quote)
    with pytest.raises(QuoteRefused):
        client.redeem(quote)
    client.ledger.reconcile(max_records=100, lists="ask")
    frame = client.redeem(quote)
    assert frame.height == 150
    assert service.asked[INTENT] == 3
    assert client.redeem(quote).equals(frame)
    assert service.asked[INTENT] == 3
    assert paid(service) == client.ledger.totals().spent.records == 225
    [run] = {part.id for part in quote.parts}
    assert client.ledger.frame().filter(run=run)["records"].sum() == 225


def test_what_is_told_of_companies_is_asked_again_for_the_run_that_lacks_it(client: Client, service: Service) -> None:
    ids = service.ids[:3]
    quote = client.enrich.news.quote(ids, max_records=30)
    falls = iter([None, Response(200, delivery="cut")])
    service.trouble = lambda request: next(falls, None) if request.path == TOLD else None
    with pytest.warns(NotAllAnswered):
        client.redeem(quote)
    service.trouble = lambda request: None
    with pytest.raises(QuoteRefused, match="Of its lists 1 request had no answer"):
        client.redeem(quote)
    assert client.ledger.reconcile(max_records=30, lists="ask")["outcome"].to_list() == ["settled"]
    asked = service.asked[TOLD]
    frame = client.redeem(quote)
    assert frame["match_status"].unique().to_list() == ["matched"]
    assert frame["input_row"].unique().sort().to_list() == [0, 1, 2]
    assert service.asked[TOLD] == asked
    assert client.ledger.totals().unknown == Meters()


def test_one_that_is_lost_again_still_waits_and_goes_by_what_it_may_have_cost(client: Client, service: Service) -> None:
    quote = client.search.news.quote(categories=["FUNDING"], limit=5)
    with service.losing(NEWS):
        with pytest.raises(NotAnswered):
            client.redeem(quote)
        assert client.ledger.reconcile(max_records=5, lists="ask")["outcome"].to_list() == ["waits"]
    with pytest.raises(QuoteRefused, match="2 requests had no answer, and may have cost up to 0 credits, 10 records"):
        client.redeem(quote)
    assert client.ledger.reconcile(max_records=5, lists="ask")["outcome"].to_list() == ["settled"]
    assert client.redeem(quote).height == 5
    assert service.asked[NEWS] == 3
    assert paid(service) == client.ledger.totals().spent.records == 15


def test_a_sum_names_the_records_of_its_lists_and_of_its_enrichments_together(client: Client, service: Service) -> None:
    both = client.enrich.companies.quote(service.ids[:3]) + client.search.news.quote(categories=["FUNDING"], limit=5)
    with service.losing("/enrich/company"), pytest.raises(NotAnswered):
        client.redeem(both)
    with pytest.raises(QuoteRefused, match=r"zia reconcile --max-records 3, or zi\.ledger\.reconcile\(max_records=3\)"):
        client.redeem(both)
    client.ledger.reconcile(max_records=3)
    with service.losing(NEWS), pytest.raises(NotAnswered):
        client.redeem(both)
    with pytest.raises(QuoteRefused, match=r"zia reconcile --ask-lists --max-records 5, or zi\.ledger\.reconcile"):
        client.redeem(both)
    client.ledger.reconcile(max_records=5, lists="ask")
    assert [one.height for one in client.redeem(both)] == [3, 5]


def test_a_reply_that_was_kept_and_not_settled_finishes_its_redemption(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    quote = client.search.news.quote(categories=["FUNDING"], limit=5)

    def die(*settlements: object) -> None:
        raise KeyboardInterrupt

    settle = client.journal.settle
    monkeypatch.setattr(client.journal, "settle", die)
    with pytest.raises(KeyboardInterrupt):
        client.redeem(quote)
    monkeypatch.setattr(client.journal, "settle", settle)
    assert client.redeem(quote).height == 5
    assert service.asked[NEWS] == 1
    assert paid(service) == 5


def test_two_reconciliations_ask_a_list_once(client: Client, desk: Desk, service: Service) -> None:
    quote = client.search.news.quote(categories=["FUNDING"], limit=5)
    with service.losing(NEWS), pytest.raises(NotAnswered):
        client.redeem(quote)
    others = [desk.client() for _ in range(3)]
    with ThreadPoolExecutor() as several:
        told = list(several.map(lambda one: one.ledger.reconcile(max_records=5, lists="ask"), others))
    assert service.asked[NEWS] == 2
    assert sum(sum(one["records"]) for one in told) == 10
    assert paid(service) == 10


@pytest.mark.parametrize("is_charged", [True, False], ids=["carried out", "not carried out"])
def test_a_page_that_the_same_call_has_paid_since_is_not_paid_a_third_time(
    client: Client, service: Service, is_charged: bool
) -> None:
    def falls(request: Request) -> Response | None:
        if request.path == NEWS and is_charged:
            service.sandbox.answer(request)
        return Response(200, delivery="cut") if request.path == NEWS else None

    service.trouble = falls
    with pytest.raises(NotAnswered):
        client.search.news(categories=["FUNDING"], limit=5, max_records=5)
    service.trouble = lambda request: None
    assert client.search.news(categories=["FUNDING"], limit=5, max_records=5).height == 5
    assert client.ledger.totals().unknown.records == 5
    told = client.ledger.reconcile(max_records=5, lists="ask")
    assert told.select("outcome", "why").rows() == [
        ("settled", "its reply was kept, or all that it asked was answered otherwise")
    ]
    assert service.asked[NEWS] == 2
    assert client.ledger.totals().unknown == Meters()
    assert paid(service) == client.ledger.totals().spent.records == (10 if is_charged else 5)
