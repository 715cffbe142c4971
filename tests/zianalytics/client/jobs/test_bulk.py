"""Jobs give the frames of the direct calls and cost what was allowed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from mockserver.state import BUNDLES, Rates
from zianalytics.errors import (
    BudgetExceeded,
    MoreCharged,
    NotAllAnswered,
    NotEntitled,
    RequestRefused,
    ResultsCut,
)
from zianalytics.schema.meters import Meters
from zianalytics.warehouse import Warehouse

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

ENRICH, SEARCH = "/bulk/enrich/company", "/bulk/search/company"


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=700, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


@pytest.fixture(autouse=True)
def rates(service: Service) -> None:
    """How fast a test asks is of no concern where time stands still."""
    service.sandbox.service.rates = Rates(per_second=10**6, per_minute=10**6)


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


def test_what_a_job_has_redeemed_is_ours_and_counted_once(client: Client, service: Service) -> None:
    there_are = client.search.companies.count(country="Germany")
    client.bulk.redeem.companies(country="Germany", max_credits=there_are)
    others = client.search.contacts(country="France", limit=3)["contact_id"]
    client.enrich.contacts(others, max_credits=3)
    client.bulk.redeem.companies(country="Germany", max_credits=there_are)
    assert client.charges == service.charges
    assert client.ledger.totals().spent.credits == there_are + 3


def test_a_quote_without_a_budget_counts_and_says_how_to_know_what_is_held(client: Client, service: Service) -> None:
    there_are = client.search.companies.count(country="Germany")
    quote = client.bulk.redeem.companies.quote(country="Germany")
    assert (quote.credits, quote.records, quote.requests) == (there_are, there_are, 2)
    assert quote.lines["what"].item() == f"{there_are} records that match now"
    assert quote.lines["why"].item().endswith("and zi.enrich.companies.quote of that list knows what is new")
    assert service.asked[SEARCH] == 0
    assert client.ledger.totals().spent == Meters(requests=2)


def test_a_job_without_a_criterion_is_refused_before_anything_is_sent(client: Client, service: Service) -> None:
    for ask in (client.bulk.preview.companies, client.bulk.preview.contacts, client.bulk.redeem.contacts.quote):
        with pytest.raises(RequestRefused, match=r"^A search needs a criterion"):
            ask()
    assert service.asked.total() == 0


def test_nothing_is_redeemed_that_was_not_allowed(client: Client, service: Service) -> None:
    for most, records in ((None, None), (3, None), (500, 3)):
        with pytest.raises(BudgetExceeded, match="Nothing was begun: they were only counted") as refused:
            client.bulk.redeem.companies(country="Germany", max_credits=most, max_records=records)
        assert "rows" not in str(refused.value)
    with client.budget(max_credits=3), pytest.raises(BudgetExceeded, match="; or narrow the criteria"):
        client.bulk.redeem.companies(country="Germany")
    with (
        client.budget(max_credits=3),
        pytest.raises(BudgetExceeded, match=r"zi\.enrich\.companies\.quote of that list"),
    ):
        client.bulk.redeem.companies(country="Germany")
    assert service.asked[SEARCH] == 0
    assert client.bulk.jobs().is_empty()


@pytest.mark.parametrize("most", [0, 1])
def test_a_redemption_without_room_for_its_counting_and_its_beginning_sends_nothing(
    client: Client, service: Service, most: int
) -> None:
    said = rf"2 requests?, and {most} requests? (is|are) allowed by the call itself\. Nothing was sent\."
    with pytest.raises(BudgetExceeded, match=said):
        client.bulk.redeem.companies(country="Germany", max_credits=500, max_requests=most)
    with client.budget(max_requests=most), pytest.raises(BudgetExceeded, match=r"Nothing was sent\."):
        client.bulk.redeem.companies(country="Germany", max_credits=500)
    assert service.asked.total() == 0


def test_questions_after_a_job_are_capped_by_the_budget_and_go_on_when_it_is_raised(
    client: Client, service: Service
) -> None:
    ids = service.ids[:3]
    with client.budget(max_requests=1):
        job = client.bulk.enrich.companies.submit(ids, fields=["name"], max_credits=3, max_requests=1)
        with pytest.raises(BudgetExceeded, match=r"bulk\.status would cost at most .* 1 request"):
            job.frame()
    assert job.frame()["company_id"].to_list() == ids
    assert client.charges == service.charges


def test_what_matches_beside_what_was_counted_is_charged_and_said(client: Client, service: Service) -> None:
    there_are = client.search.companies.count(country="Germany")

    def fewer_at_first(request: Request) -> Response | None:
        if request.path != "/search/company":
            return None
        body = json.dumps({"maxResults": 1, "totalResults": there_are - 2, "currentPage": 1, "data": []})
        return service.says(200, body.encode())

    service.trouble = fewer_at_first
    with pytest.warns(MoreCharged, match="2 records more matched than when they were counted, and they were charged"):
        found = client.bulk.redeem.companies(country="Germany", fields=["name"], max_credits=there_are)
    assert found.height == there_are == client.ledger.totals().spent.credits
    assert client.charges == service.charges


def test_a_search_of_more_than_a_job_takes_is_refused_or_said_to_be_cut(client: Client, service: Service) -> None:
    def too_many(request: Request) -> Response | None:
        if request.path == "/search/company":
            body = {"maxResults": 1000, "totalResults": 200_001, "currentPage": 1, "data": []}
            return service.says(200, json.dumps(body).encode())
        return None

    service.trouble = too_many
    with pytest.raises(RequestRefused, match="200,001 records match, and a job redeems 200,000 at most"):
        client.bulk.redeem.companies(country="Germany", max_credits=300_000)
    assert service.asked[SEARCH] == 0

    def full(request: Request) -> Response | None:
        if request.path != "/bulk/job/status":
            return None
        told = json.loads(service.sandbox.answer(request).body)
        return service.says(200, json.dumps(told | {"totalRecords": 200_000}).encode())

    service.trouble = full
    with (
        pytest.warns(ResultsCut, match="a job finds 200,000 records at most, so more may match"),
        pytest.warns(NotAllAnswered, match="of 200,000 records are not here"),
    ):
        client.bulk.preview.companies(country="Germany")


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


def test_jobs_belong_to_the_scaling_bundle(client: Client, service: Service) -> None:
    before = service.sandbox.service.bundle
    service.sandbox.service.bundle = BUNDLES["standard"]
    try:
        with pytest.raises(NotEntitled, match="You do not have access to this endpoint"):
            client.bulk.enrich.companies(service.ids[:3], max_credits=3)
    finally:
        service.sandbox.service.bundle = before
    assert client.ledger.totals().unknown == Meters()


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
