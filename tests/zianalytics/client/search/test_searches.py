from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from mockserver import Request, Response
from zianalytics.errors import BudgetExceeded, NotAllAnswered, NotAnswered, RequestRefused, ResultsCut
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

INTENT = "/search/intent"
TOPICS = ["Lead Scoring", "Sales Forecasting", "Revenue Intelligence"]


def test_a_free_search_reads_all_pages_in_order(client: Client, service: Service) -> None:
    everyone = client.search.companies(employee_range_min=1)
    count = client.search.companies.count(employee_range_min=1)
    assert everyone.height == everyone["company_id"].n_unique() == count
    assert count > 300
    assert everyone.columns == ["company_id", "name", "extra"]
    assert client.search.companies(employee_range_min=1, limit=150).equals(everyone.head(150))
    assert client.ledger.totals().spent.credits == client.ledger.totals().spent.records == 0
    assert not service.charges


def test_threads_that_share_a_client_search_and_pay_at_a_time_as_they_would_in_turn(
    client: Client, service: Service
) -> None:
    headcounts, ids = [1, 10, 50, 100, 250, 500], [service.ids[start : start + 3] for start in range(0, 18, 3)]
    in_turn = [client.search.companies(employee_range_min=least) for least in headcounts]
    requests = client.ledger.totals().spent.requests
    with ThreadPoolExecutor(6) as pool, client.budget(max_credits=18):
        at_a_time = list(pool.map(lambda least: client.search.companies(employee_range_min=least), headcounts))
        paid = list(pool.map(client.enrich.companies, ids))
    assert [frame.rows() for frame in at_a_time] == [frame.rows() for frame in in_turn]
    assert [frame["company_id"].to_list() for frame in paid] == ids
    assert client.ledger.totals().spent == Meters(credits=18, records=18, requests=2 * requests + 6)
    assert client.charges == service.charges


def test_a_search_that_matches_nothing_has_all_columns(client: Client) -> None:
    frame = client.search.companies(company_name="Nobody Has This Name")
    assert frame.rows() == []
    assert frame.columns == ["company_id", "name", "extra"]


def test_paid_rows_are_never_more_than_asked_for_and_both_ledgers_have_them(client: Client, service: Service) -> None:
    quote = client.search.intent.quote(topics=TOPICS, limit=157)
    assert repr(quote) == "Quote(credits=0, records=157, requests=3)"
    frame = client.search.intent(topics=TOPICS, limit=157, max_records=200)
    assert frame.height == frame["signal_id"].n_unique() == 157
    assert client.charges == service.charges
    assert sum(row["records"] for row in service.sandbox.ledger()) == 157
    assert client.ledger.totals().spent == Meters(records=157, requests=3)
    assert client.ledger.frame()["managed_until"].null_count() == 157


def test_the_pages_of_a_paid_search_are_the_rows_of_one_list(client: Client) -> None:
    whole = client.search.intent(topics=TOPICS, limit=100, max_records=100)
    parts = client.search.intent(topics=TOPICS, limit=157, max_records=157)
    assert parts["signal_id"].to_list()[:100] == whole["signal_id"].to_list()


def test_max_records_alone_is_the_limit_and_the_smaller_of_both_holds(client: Client) -> None:
    with pytest.warns(ResultsCut, match=r"these are 20 of [\d,]+ rows"):
        assert client.search.intent(topics=TOPICS, max_records=20).height == 20
    with pytest.warns(ResultsCut, match=r"these are 20 of [\d,]+ rows"):
        assert client.search.intent(topics=TOPICS, limit=30, max_records=20).height == 20
    with client.budget(max_records=25) as budget:
        assert client.search.intent(topics=TOPICS, limit=20).height == 20
        assert budget.left.records == 5
        with pytest.raises(BudgetExceeded, match="5 records are left of the `with"):
            client.search.intent(topics=TOPICS, limit=20)


def test_a_paid_search_needs_a_size(client: Client, service: Service) -> None:
    with pytest.raises(
        RequestRefused,
        match=r"Pass max_records=, the rows you are ready to pay for; limit= alone will do where zi\.budget",
    ):
        client.search.intent(topics=TOPICS)
    with pytest.raises(RequestRefused):
        client.search.intent.quote(topics=TOPICS)
    with pytest.raises(
        BudgetExceeded, match=r"0 records are allowed for this call\. .* Pass max_records=5 to this call"
    ):
        client.search.intent(topics=TOPICS, limit=5)
    assert not service.asked
    assert client.search.intent(topics=TOPICS, limit=5, max_records=5).height == 5


def test_no_record_allowed_is_no_row(client: Client, service: Service) -> None:
    frame = client.search.intent(topics=TOPICS, max_records=0)
    assert frame.height == 0
    assert "signal_score" in frame.columns
    assert not service.asked
    with pytest.raises(RequestRefused, match="max_records=-1 is not a whole number of 0 or more"):
        client.search.intent(topics=TOPICS, max_records=-1)


def test_paid_rows_that_do_not_exist_are_not_paid(client: Client, service: Service) -> None:
    there_are = client.search.intent.count(topics=TOPICS, max_records=1)
    with client.budget(max_records=5000) as budget:
        frame = client.search.intent(topics=TOPICS, limit=5000)
        assert frame.height == there_are
        assert budget.left.records == 5000 - there_are
    assert client.charges == service.charges


def test_an_interrupted_paid_search_is_finished_by_the_same_search_and_pays_no_page_twice(
    desk: Desk, service: Service
) -> None:
    client = desk.client()
    pages: Counter[bytes] = Counter()

    def go_away(request: Request) -> Response | None:
        if request.path != INTENT:
            return None
        pages[request.body] += 1
        return service.says(503, b"") if len(pages) == 2 else None

    service.trouble = go_away
    client.budget.set(max_records=300)
    with pytest.warns(NotAllAnswered, match="1 of 2 pages .* Run the same search again within a day") as warned:
        cut = client.search.intent(topics=TOPICS, limit=200)
    assert cut.height == 100
    [said] = [one.message for one in warned if isinstance(one.message, NotAllAnswered)]
    assert said.report.select("page", "error", "status", "retryable", "credits_spent").rows() == [
        (2, "NotAnswered", 503, True, None)
    ]
    assert client.ledger.totals().spent.records == 100
    client.close()
    service.trouble = lambda request: None
    later = desk.client()
    later.usage()  # the day of the sandbox: a run goes on within a day
    frame = later.search.intent(topics=TOPICS, limit=200)
    assert frame["signal_id"].n_unique() == 200
    assert later.charges == service.charges
    assert later.ledger.totals().spent.records == 200
    assert later.ledger.totals().unknown == Meters(records=100, requests=1)
    assert later.search.intent.quote(topics=TOPICS, limit=200).records == 200


def test_a_finished_search_is_asked_anew(client: Client, service: Service) -> None:
    client.search.intent(topics=TOPICS, limit=10, max_records=10)
    client.search.intent(topics=TOPICS, limit=10, max_records=10)
    assert service.asked[INTENT] == 2
    assert client.ledger.totals().spent.records == 20


def signals(count: int, total: str) -> bytes:
    rows = ",".join(f'{{"id": "{n}", "topic": "Lead Scoring"}}' for n in range(count))
    return f'{{"totalResults": {total}, "data": [{rows}]}}'.encode()


@pytest.mark.parametrize("total", ["5.5", "null", '"many"', "[]"])
def test_a_page_that_does_not_say_how_many_rows_match_is_handed_out_and_paid_once(
    client: Client, service: Service, total: str
) -> None:
    service.trouble = lambda request: service.says(200, signals(2, total)) if request.path == INTENT else None
    assert client.search.intent(topics=TOPICS, max_records=5).height == 2
    assert client.ledger.totals().spent == Meters(records=2, requests=1)
    service.trouble = lambda request: service.says(200, signals(100, total)) if request.path == INTENT else None
    with pytest.warns(ResultsCut, match="does not say how many rows match, so that its first page, 100 rows"):
        assert client.search.intent(topics=TOPICS, max_records=200).height == 100
    service.trouble = lambda request: None
    assert client.search.intent(topics=TOPICS, limit=200, max_records=200).height == 200


def test_more_rows_on_a_page_than_asked_for_are_charged_and_said(client: Client, service: Service) -> None:
    service.trouble = lambda request: service.says(200, signals(70, "500")) if request.path == INTENT else None
    with pytest.warns(ResultsCut, match="sent 20 rows more than its pages were asked for"):
        frame = client.search.intent(topics=TOPICS, limit=50, max_records=50)
    assert frame.height == 50
    assert client.ledger.totals().spent == Meters(records=70, requests=1)
    with pytest.warns(ResultsCut, match="sent 20 rows more"):
        client.search.intent(topics=TOPICS, limit=120, max_records=120)
    assert client.ledger.totals().spent == Meters(records=70 + 70 + 70, requests=3)


def test_a_free_search_that_was_not_answered_leaves_nothing_open(client: Client, service: Service) -> None:
    service.trouble = lambda request: Response(200, delivery="cut") if request.path == "/search/company" else None
    with pytest.raises(NotAnswered):
        client.search.companies(country="Germany", limit=1)
    assert client.ledger.unanswered().is_empty()
    assert client.ledger.totals().unknown == Meters()


def test_usage_has_the_five_limits(client: Client) -> None:
    assert client.usage()["limit_type"].to_list() == [
        "uniqueIdLimit", "recordLimit", "requestLimit", "websightsRecordLimit", "websightsRequestLimit",
    ]  # fmt: skip
