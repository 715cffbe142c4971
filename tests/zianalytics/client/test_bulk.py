"""Jobs give the frames of the direct calls, cost what was allowed, and go on whatever happens to who began them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response, serve
from mockserver.sandbox import Options
from mockserver.state import BUNDLES, Rates
from zianalytics.errors import (
    BudgetExceeded,
    LimitReached,
    NotAllAnswered,
    NotAnswered,
    NotEntitled,
    RequestRefused,
    ResultsExpire,
)
from zianalytics.schema.meters import Meters
from zianalytics.warehouse import Warehouse

if TYPE_CHECKING:
    from .conftest import Client, Desk, Service

ENRICH, SEARCH, STATUS, RESULTS = (
    "/bulk/enrich/company",
    "/bulk/search/company",
    "/bulk/job/status",
    "/bulk/job/results",
)
A_DAY_S = 86_400.0
UNDER_WAY = (
    b'{"status": "In_Progress", "jobType": "preview", "entityType": "company", "totalRecords": 9, "totalPages": 1, '
    b'"successfulPagesCount": 0, "successfulPages": []}'
)


class Seconds:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now, self.slept = 0.0, list[float]()

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(scope="module")
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(scope="module")
def running(seconds: Seconds) -> Iterator[tuple[Service, str]]:
    from .conftest import Service

    service = Service(Options(companies=700, bundle="scaling"), monotonic=seconds)
    with serve(service) as where:
        yield service, where.base_url
    service.sandbox.close()


@pytest.fixture
def desk(running: tuple[Service, str], service: Service, seconds: Seconds, tmp_path: Path) -> Iterator[Desk]:
    from .conftest import Desk

    seconds.slept.clear()
    said = service.sandbox.credentials()
    desk = Desk(running[1], said["username"], said["password"], tmp_path / "home", wall=seconds, sleep=seconds.sleep)
    with desk.opened:
        yield desk


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


def test_a_preview_gives_all_that_the_search_would_and_costs_requests_alone(client: Client, service: Service) -> None:
    assert (
        repr(client.bulk.preview.contacts.quote(country="United States")) == "Quote(credits=0, records=0, requests=1)"
    )
    found = client.bulk.preview.contacts(country="United States")
    some = client.search.contacts(country="United States", limit=100)
    assert found.schema == some.schema
    assert found.height == client.search.contacts.count(country="United States") > 1_000
    assert found.join(some, on="contact_id", how="semi").height == 100
    assert found["contact_id"].is_unique().all()
    assert service.charges == client.charges == {}
    assert service.asked["/bulk/job/results"] == -(-found.height // 1_000)


def test_a_redemption_counts_first_and_pays_for_what_matches(client: Client, service: Service) -> None:
    there_are = client.search.companies.count(country="Germany")
    quote = client.bulk.redeem.companies.quote(country="Germany", max_credits=there_are)
    assert (quote.credits, quote.records) == (there_are, there_are)
    found = client.bulk.redeem.companies(country="Germany", fields=["name", "country"], max_credits=there_are)
    assert found.columns == ["company_id", "name", "country", "extra"]
    assert found["country"].unique().to_list() == ["Germany"]
    assert found.height == there_are
    assert client.charges == service.charges
    assert client.ledger.totals().spent.credits == there_are
    assert client.ledger.totals().unknown == Meters()
    assert client.enrich.companies.quote(found["company_id"], fields=["name"]).held == there_are
    direct = client.enrich.companies(found["company_id"], fields=["name", "country"])
    assert direct.drop("input", "match_status").equals(found)


def test_nothing_is_redeemed_that_was_not_allowed(client: Client, service: Service) -> None:
    for most, records in ((None, None), (3, None), (500, 3)):
        with pytest.raises(BudgetExceeded, match="Nothing was sent"):
            client.bulk.redeem.companies(country="Germany", max_credits=most, max_records=records)
    with pytest.raises(RequestRefused, match="not known before"):
        client.bulk.redeem.companies.quote(country="Germany")
    assert service.asked[SEARCH] == 0
    assert client.bulk.jobs().is_empty()


def test_a_redemption_of_nothing_is_an_empty_frame(client: Client, service: Service) -> None:
    found = client.bulk.redeem.companies(company_id=[999], fields=["name"], max_credits=0)
    assert (found.columns, found.height) == (["company_id", "name", "extra"], 0)
    assert service.asked[SEARCH] == 0


def test_an_enrichment_gives_the_frame_of_the_direct_call(client: Client, desk: Desk, service: Service) -> None:
    given = pl.DataFrame({"company_id": [*service.ids[:600], 999, service.ids[0], None], "note": [*range(603)]})
    found = client.bulk.enrich.companies(given, max_credits=601)
    assert client.ledger.totals().spent == Meters(credits=600, records=600, requests=6)
    assert client.charges == service.charges
    desk.home = desk.home / "another"
    direct = desk.client().enrich.companies(given, max_credits=601)
    assert found.equals(direct)
    assert found["match_status"].to_list() == [*["matched"] * 600, "no_match", "matched", "invalid_input"]


def test_what_is_held_is_not_asked_by_a_job(client: Client, service: Service) -> None:
    ids = service.ids[:40]
    client.enrich.companies(ids[:30], max_credits=30)
    quote = client.bulk.enrich.companies.quote(ids)
    assert repr(quote) == "Quote(credits=10, records=10, requests=1, held=30)"
    assert client.bulk.enrich.companies(ids, max_credits=10)["match_status"].to_list() == ["matched"] * 40
    assert client.bulk.enrich.companies.quote(ids).held == 40
    assert client.bulk.enrich.companies.submit(ids).ids == ()
    assert service.asked[ENRICH] == 1


def test_contacts_are_enriched_by_jobs_with_e_mail_and_phone(client: Client, service: Service) -> None:
    ids = client.search.contacts(country="Germany", limit=20)["contact_id"]
    found = client.bulk.enrich.contacts(ids, fields=["email", "last_name"], max_credits=20)
    assert found.columns == ["input", "match_status", "contact_id", "last_name", "email", "extra"]
    assert found["email"].null_count() < 20
    assert client.charges == service.charges


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_inputs_come_from_files(client: Client, service: Service, tmp_path: Path, kind: str) -> None:
    file = tmp_path / f"accounts.{kind}"
    frame = pl.DataFrame({"crm": ["0007", "0008"], "company_id": service.ids[:2]})
    frame.write_csv(file) if kind == "csv" else frame.write_parquet(file)
    found = client.bulk.enrich.companies(file, fields=["name"], max_credits=2)
    assert found["crm"].to_list() == ["0007", "0008"]
    assert found["company_id_zi"].to_list() == service.ids[:2]


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
    assert client.ledger.unanswered().select("operation", "credits", "records").rows() == [
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
    with pytest.warns(NotAllAnswered, match="200 of 700 inputs are not answered"):
        found = client.bulk.enrich.companies(ids, max_credits=700)
    assert found["match_status"].to_list() == [*["matched"] * 500, *["error"] * 200]
    assert client.charges == service.charges
    assert client.ledger.totals().unknown == Meters()
    limit(service, "recordLimit", 2_000)
    assert client.bulk.enrich.companies(ids, max_credits=200)["match_status"].to_list() == ["matched"] * 700
    assert client.charges == service.charges
    assert sum(row["records"] for row in service.sandbox.ledger()) == 700


def test_the_last_page_alone_answers_the_last_inputs(client: Client, service: Service) -> None:
    ids = service.ids[:700]
    limit(service, "recordLimit", 300)
    with pytest.warns(NotAllAnswered, match="500 of 700"):
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


def test_jobs_belong_to_the_scaling_bundle(client: Client, service: Service) -> None:
    before = service.sandbox.service.bundle
    service.sandbox.service.bundle = BUNDLES["standard"]
    try:
        with pytest.raises(NotEntitled, match="You do not have access to this endpoint"):
            client.bulk.enrich.companies(service.ids[:3], max_credits=3)
    finally:
        service.sandbox.service.bundle = before
    assert client.ledger.totals().unknown == Meters()


def test_requests_used_up_stop_a_job_that_goes_on_later(client: Client, service: Service) -> None:
    limit(service, "requestLimit", service.sandbox.service.meters.used["requestLimit"] + 1)
    with pytest.raises(LimitReached):
        client.bulk.enrich.companies(service.ids[:3], fields=["name"], max_credits=3)
    limit(service, "requestLimit", 1_000_000)
    assert client.bulk.enrich.companies(service.ids[:3], fields=["name"])["match_status"].to_list() == ["matched"] * 3
    assert service.asked[ENRICH] == 1


def test_a_budget_holds_a_job_s_worst_case_until_it_is_fetched(client: Client, service: Service) -> None:
    client.budget.set(max_credits=100)
    job = client.bulk.enrich.companies.submit([*service.ids[:40], *range(1, 21)])
    assert client.budget.left.credits == 40
    job.frame()
    assert client.budget.left.credits == 60
    assert client.ledger.totals().spent.credits == 40


def test_descriptions_are_refused_by_name_and_left_out_of_all(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused, match="No such company field: 'descriptions'"):
        client.bulk.enrich.companies(service.ids[:1], fields=["descriptions"], max_credits=1)
    found = client.bulk.enrich.companies(service.ids[:1], fields="all", max_credits=1)
    assert "descriptions" not in found.columns
    with pytest.raises(RequestRefused, match=r"industry_codes=\[\] is empty"):
        client.bulk.preview.companies(industry_codes=[])


def test_what_jobs_bring_is_in_the_warehouse(client: Client, service: Service, tmp_path: Path) -> None:
    client.bulk.preview.contacts(country="Germany", management_level=["Director"])
    client.bulk.redeem.companies(country="Germany", fields=["name"], max_credits=100)
    client.bulk.enrich.companies([*service.ids[:3], 999], fields=["name"], max_credits=4)
    warehouse = Warehouse(tmp_path / "warehouse.duckdb")
    warehouse.load(client.journal)
    counts = {
        name: warehouse.sql(f"SELECT count(*) FROM {name}").item()  # noqa: S608  # our own names
        for name in ("companies", "contact_previews", "unreadable_replies")
    }
    german = client.search.companies(country="Germany")["company_id"]
    assert counts["companies"] == len({*german, *service.ids[:3]})
    assert counts["contact_previews"] == client.search.contacts.count(country="Germany", management_level=["Director"])
    assert counts["unreadable_replies"] == 0


def test_a_job_says_when_its_results_are_gone(client: Client, service: Service) -> None:
    job = client.bulk.preview.companies.submit(country="Germany")
    now = service.sandbox.now()
    told = job.status()
    assert told["status"].to_list() == ["Queued"]
    assert abs(told["expires_at"][0] - told["begun_at"][0]).total_seconds() == A_DAY_S
    assert abs(told["begun_at"][0] - now.astimezone(UTC)).total_seconds() < 3
    assert isinstance(told["begun_at"][0], datetime)
    assert repr(job) == f"<Job {job.ids[0]}>"
