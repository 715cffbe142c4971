"""A job goes on whatever happens to who began it, and is looked after before its results are gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from mockserver.state import Rates
from zianalytics.errors import (
    LimitNear,
    LimitReached,
    NotAllAnswered,
    NotAnswered,
    RequestRefused,
    ResultsExpire,
)
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Seconds, Service

ENRICH, SEARCH = "/bulk/enrich/company", "/bulk/search/company"
STATUS, RESULTS = "/bulk/job/status", "/bulk/job/results"
A_DAY_S = 86_400.0
UNDER_WAY = (
    b'{"status": "In_Progress", "jobType": "preview", "entityType": "company", "totalRecords": 9, "totalPages": 1, '
    b'"successfulPagesCount": 0, "successfulPages": []}'
)


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=700, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


def limit(service: Service, kind: str, amount: int) -> None:
    service.sandbox.service.meters.limits[kind] = amount


@pytest.fixture(autouse=True)
def limits(service: Service) -> Iterator[None]:
    """Each test has all that the bundle allows; how fast it asks is of no concern where time stands still."""
    service.sandbox.service.rates = Rates(per_second=10**6, per_minute=10**6)
    meters = service.sandbox.service.meters
    before = dict(meters.limits)
    yield
    meters.limits.update(before)


def test_a_job_is_resumed_by_its_id_from_another_client(client: Client, desk: Desk, service: Service) -> None:
    ids = service.ids[:600]
    job = client.bulk.enrich.companies.submit(ids, fields=["name"], max_credits=600)
    [job_id] = job.ids
    assert client.ledger.totals().unknown == Meters(credits=600, records=600, requests=1)
    client.close()
    later = desk.client()
    assert later.bulk.jobs().select("job_id", "operation", "status").rows() == [
        (job_id, "bulk.enrich.companies", "Queued")
    ]
    found = later.bulk.job(job_id).frame()
    assert (found["company_id"].to_list(), found["name"].null_count()) == (ids, 0)
    assert later.bulk.jobs().is_empty()
    assert later.charges == service.charges
    assert later.ledger.totals().unknown == Meters()
    asked = dict(service.asked)
    assert later.bulk.job(job_id).frame().equals(found)
    assert later.bulk.job(job_id).status()["fetched_pages"].to_list() == [2]
    assert service.asked == asked
    with pytest.raises(RequestRefused, match="did you mean"):
        later.bulk.job(f"{job_id[:-1]}x")


def test_running_the_same_call_again_goes_on_with_its_job(client: Client, desk: Desk, service: Service) -> None:
    ids = service.ids[:600]
    half = 0

    def goes_away(request: Request) -> Response | None:
        nonlocal half
        half += request.path == RESULTS
        return Response(200, delivery="cut") if request.path == RESULTS and half > 1 else None

    service.trouble = goes_away
    with pytest.raises(NotAnswered):
        client.bulk.enrich.companies(ids, fields=["name"], max_credits=600)
    client.close()
    service.trouble = lambda request: None
    later = desk.client()
    quote = later.bulk.enrich.companies.quote([*ids, 999], fields=["name"])
    assert (quote.credits, quote.records) == (1, 1)
    assert "works on it; no second credit" in quote.lines["why"][0]
    found = later.bulk.enrich.companies(ids, fields=["name"])
    assert found["company_id"].to_list() == ids
    assert service.asked[ENRICH] == 1
    assert later.charges == service.charges
    preview = later.bulk.preview.companies.submit(country="Germany")
    assert later.bulk.preview.companies.submit(country="Germany").ids == preview.ids
    assert later.bulk.preview.companies.submit(country="Canada").ids != preview.ids


def test_a_job_whose_reply_was_lost_stays_in_doubt_and_costs_no_second_credit(client: Client, service: Service) -> None:
    ids = service.ids[:30]
    client.budget.set(max_credits=60)
    service.sandbox.set_faults({"rules": [{"path": ENRICH, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered, match="may have been carried out"):
        client.bulk.enrich.companies(ids)
    assert client.ledger.unanswered().select("endpoint", "credits", "records").rows() == [
        ("bulk.enrich.companies", 30, 30)
    ]
    service.sandbox.set_faults({"rules": []})
    found = client.bulk.enrich.companies(ids)
    assert found["match_status"].to_list() == ["matched"] * 30
    assert sum(row["credits"] for row in service.sandbox.ledger()) == 30
    assert client.budget.left.credits == 0
    assert client.ledger.totals().unknown.credits == 30


def test_pages_that_failed_are_told_and_asked_again_by_the_same_call(client: Client, service: Service) -> None:
    ids = service.ids[:700]
    limit(service, "recordLimit", 600)
    with pytest.warns(NotAllAnswered, match="200 of 700 inputs are not answered"), pytest.warns(LimitNear):
        found = client.bulk.enrich.companies(ids, max_credits=700)
    assert found["match_status"].to_list() == [*["matched"] * 500, *["error"] * 200]
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()
    limit(service, "recordLimit", 2_000)
    client.usage()  # it is told that there are more by now
    assert client.bulk.enrich.companies(ids, max_credits=200)["match_status"].to_list() == ["matched"] * 700
    assert client.charges == service.charges
    assert sum(row["records"] for row in service.sandbox.ledger()) == 700


def test_the_last_page_alone_answers_the_last_inputs(client: Client, service: Service) -> None:
    ids = service.ids[:700]
    limit(service, "recordLimit", 300)
    with pytest.warns(NotAllAnswered, match="500 of 700"), pytest.warns(LimitNear):
        found = client.bulk.enrich.companies(ids, fields=["name"], max_credits=700)
    assert found["match_status"].to_list() == [*["error"] * 500, *["matched"] * 200]
    assert found["company_id"].to_list()[500:] == ids[500:]


def test_results_that_expire_soon_are_fetched_before_another_job_begins(
    client: Client, service: Service, seconds: Seconds
) -> None:
    old = client.bulk.preview.companies.submit(country="Germany")
    seconds.now += A_DAY_S - 5 * 3600
    with pytest.warns(ResultsExpire, match=rf"{old.ids[0]} \(bulk.preview.companies, 2026-10-0"):
        client.bulk.preview.companies.submit(country="Canada")
    seconds.now += A_DAY_S
    asked = dict(service.asked)
    assert old.frame().height > 0
    assert service.asked == asked


def test_results_that_are_gone_leave_their_price_in_doubt_and_cost_no_second_credit(
    client: Client, service: Service, seconds: Seconds
) -> None:
    ids = service.ids[:30]
    job = client.bulk.enrich.companies.submit(ids, max_credits=30)
    seconds.now += A_DAY_S
    with pytest.warns(ResultsExpire, match="does not know job"), pytest.warns(NotAllAnswered, match="30 of 30"):
        assert job.frame()["match_status"].to_list() == ["error"] * 30
    assert client.ledger.totals().unknown == Meters(credits=30, records=30, requests=1)
    with pytest.warns(ResultsExpire):
        assert client.bulk.resume()["fetched_pages"].to_list() == [0]
    assert client.bulk.enrich.companies(ids, max_credits=30)["match_status"].to_list() == ["matched"] * 30
    assert sum(row["credits"] for row in service.sandbox.ledger()) == 30
    preview = client.bulk.preview.companies.submit(country="Germany")
    seconds.now += A_DAY_S
    with pytest.warns(ResultsExpire, match="does not know job"):  # that of the enrichment alone
        client.bulk.resume()
    assert preview.status()["fetched_pages"].to_list() == [0]


def test_no_more_jobs_are_begun_than_the_service_works_on(client: Client, service: Service, seconds: Seconds) -> None:
    service.sandbox.service.jobs.forget()
    begun = [
        client.bulk.preview.companies.submit(country="United States", employee_range_min=n).ids[0] for n in range(1, 6)
    ]
    assert [round(one, 6) for one in seconds.slept] == [1.0] * 4
    assert service.asked[SEARCH] == 5
    states = client.bulk.jobs()
    assert states["job_id"].to_list() == begun
    service.trouble = lambda request: service.says(200, UNDER_WAY) if request.path == STATUS else None
    with pytest.raises(RequestRefused, match="works on 5 jobs at a time; 5 are active and 1 more") as refused:
        client.bulk.enrich.companies.submit(service.ids[:3], max_credits=3)
    assert "zi.bulk.resume()" in str(refused.value)
    service.trouble = lambda request: None
    assert client.bulk.resume()["status"].to_list() == ["Completed"] * 5
    assert service.asked[ENRICH] == 0


def test_a_job_is_asked_after_less_and_less_often(client: Client, service: Service, seconds: Seconds) -> None:
    job = client.bulk.preview.companies.submit(country="Germany")
    left = 12

    def waits(request: Request) -> Response | None:
        nonlocal left
        left -= request.path == STATUS
        return service.says(200, UNDER_WAY) if request.path == STATUS and left >= 0 else None

    service.trouble = waits
    job.frame()
    assert [round(one, 1) for one in seconds.slept] == [
        1.5, 2.2, 3.4, 5.1, 7.6, 11.4, 17.1, 25.6, 30.0, 30.0, 30.0, 30.0,
    ]  # fmt: skip


def test_requests_used_up_stop_a_job_that_goes_on_later(client: Client, service: Service) -> None:
    limit(service, "requestLimit", service.sandbox.service.meters.used["requestLimit"] + 1)
    with pytest.warns(LimitNear), pytest.raises(LimitReached):
        client.bulk.enrich.companies(service.ids[:3], fields=["name"], max_credits=3)
    limit(service, "requestLimit", 1_000_000)
    assert client.bulk.enrich.companies(service.ids[:3], fields=["name"])["match_status"].to_list() == ["matched"] * 3
    assert service.asked[ENRICH] == 1


def test_a_job_whose_day_is_over_is_not_listed_as_if_it_could_be_fetched(
    client: Client, desk: Desk, service: Service
) -> None:
    client.bulk.enrich.companies.submit(service.ids[:3], fields=["name"], max_credits=3)
    assert client.bulk.jobs()["status"].to_list() == ["Queued"]
    service.sandbox.advance(2)
    client.usage()
    assert client.bulk.jobs().select("status", "total_records", "fetched_pages").rows() == [("Gone", None, 0)]
    later = desk.client()
    later.usage()
    assert later.bulk.jobs()["status"].to_list() == ["Gone"]


def test_a_job_says_when_its_results_are_gone(client: Client, service: Service) -> None:
    job = client.bulk.preview.companies.submit(country="Germany")
    now = service.sandbox.now()
    told = job.status()
    assert told["status"].to_list() == ["Queued"]
    assert abs(told["expires_at"][0] - told["begun_at"][0]).total_seconds() == A_DAY_S
    assert abs(told["begun_at"][0] - now.astimezone(UTC)).total_seconds() < 3
    assert isinstance(told["begun_at"][0], datetime)
    assert repr(job) == f"<Job {job.ids[0]}>"
