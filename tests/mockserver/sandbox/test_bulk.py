"""Bulk jobs are worked off by the clock, page by page, charged as they come off, and gone after a day."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.sandbox.bulk import NOT_IN_JOBS
from mockserver.sandbox.record import COLLECTION

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

GERMANY = {"country": "Germany"}
TOO_FAST = "You have exceeded your API query rate limit. Please decrease the frequency of your API requests"
SEARCH, ENRICH = "/bulk/search/company", "/bulk/enrich/company"


@pytest.fixture
def buyer(calling: Callable[[Options], Caller]) -> Caller:
    """A caller whose account has the bundle that jobs belong to."""
    return calling(Options(companies=300, bundle="scaling"))


def begin(buyer: Caller, path: str, body: dict[str, Any]) -> str:
    """Begin a job, long enough after the last one; returns its id."""
    buyer.seconds += 1.0
    job_id: str = buyer.post(path, body)["jobId"]
    return job_id


def status(buyer: Caller, job_id: str) -> dict[str, Any]:
    said: dict[str, Any] = buyer.post("/bulk/job/status", {"jobId": job_id})
    return said


def page(buyer: Caller, job_id: str, number: int = 1) -> dict[str, Any]:
    said: dict[str, Any] = buyer.post("/bulk/job/results", {"jobId": job_id, "page": number})
    return said


def inputs(buyer: Caller, count: int) -> dict[str, Any]:
    """An enrichment of this many inputs: every company of the world, again and again."""
    ids = list(buyer.sandbox.world.companies)
    given = [{"companyId": ids[n % len(ids)]} for n in range(count)]
    return {"matchCompanyInput": given, "outputFields": ["id", "name"]}


def used(buyer: Caller) -> tuple[int, int, int]:
    """Credits, records and requests so far."""
    counts = {row["limitType"]: row["currentUsage"] for row in buyer.sandbox.usage()["usage"]}
    return counts["uniqueIdLimit"], counts["recordLimit"], counts["requestLimit"]


def test_a_job_passes_through_its_states_page_by_page(buyer: Caller) -> None:
    job = begin(buyer, ENRICH, inputs(buyer, 1_001))
    waiting = status(buyer, job)
    assert waiting == {
        "status": "Queued", "jobType": "redeem", "entityType": "company", "totalRecords": 0, "totalPages": 0,
        "successfulPagesCount": 0, "successfulPages": [],
    }  # fmt: skip
    seen = []
    for seconds in (1.0, 0.5, 0.4):
        buyer.seconds += seconds
        said = status(buyer, job)
        seen.append((said["status"], said["totalRecords"], said["totalPages"], said["successfulPages"]))
    assert seen == [
        ("In_Progress", 1_001, 3, []),
        ("In_Progress", 1_001, 3, [1]),
        ("In_Progress", 1_001, 3, [1, 2]),
    ]
    buyer.seconds += 0.6
    done = status(buyer, job)
    assert (done["status"], done["successfulPagesCount"], done["successfulPages"]) == ("Completed", 3, [1, 2, 3])
    assert [page(buyer, job, number)["currentResults"] for number in (1, 2, 3)] == [500, 500, 1]


def test_a_preview_lists_who_matches_and_costs_requests_alone(buyer: Caller) -> None:
    direct = buyer.post("/search/company", GERMANY | {"rpp": 100})
    before = used(buyer)
    job = begin(buyer, SEARCH, {"query": GERMANY})
    buyer.seconds += 2
    said = page(buyer, job)
    assert (said["jobType"], said["entityType"], said["currentPage"]) == ("preview", "company", 1)
    assert said["totalRecords"] == said["currentResults"] == direct["totalResults"] > 0
    assert said["result"] == direct["data"]
    assert used(buyer) == (0, 0, before[2] + 2)
    assert buyer.sandbox.ledger() == []


def test_people_are_previewed_as_the_search_previews_them(buyer: Caller) -> None:
    direct = buyer.post("/search/contact", GERMANY | {"managementLevel": "Director", "rpp": 100})
    job = begin(buyer, "/bulk/search/contact", {"query": GERMANY | {"managementLevel": "Director"}})
    buyer.seconds += 2
    said = {row["id"]: row for row in page(buyer, job)["result"]}
    assert len(said) == direct["totalResults"]
    assert [said[row["id"]] for row in direct["data"]] == direct["data"]


@pytest.mark.parametrize("noun", ["company", "contact"])
def test_what_a_search_redeems_is_charged_once_as_its_page_comes_off(buyer: Caller, noun: str) -> None:
    body = {"jobType": "redeem", "query": GERMANY, "outputFields": ["id"]}
    job = begin(buyer, f"/bulk/search/{noun}", body)
    assert used(buyer)[:2] == (0, 0)
    buyer.seconds += 2
    found = buyer.post(f"/search/{noun}", GERMANY)["totalResults"]
    assert used(buyer)[:2] == (found, found)
    ids = [row["id"] for row in page(buyer, job)["result"]]
    entries = buyer.sandbox.ledger()
    assert [entry["id"] for entry in entries] == ids
    assert {(e["endpoint"], e["entity"], e["credits"], e["records"], e["time"][:19]) for e in entries} == {
        (f"/bulk/search/{noun}", noun, 1, 1, "2026-10-01T09:00:02")
    }
    page(buyer, job)
    begin(buyer, f"/bulk/search/{noun}", body)
    buyer.seconds += 2
    assert used(buyer)[:2] == (found, 2 * found)


def test_what_is_enriched_is_what_the_direct_call_answers(buyer: Caller) -> None:
    ids = list(buyer.sandbox.world.companies)
    given = [{"companyId": ids[0]}, {"companyId": 999}, {}, {"companyId": ids[1]}]
    body = {"matchCompanyInput": given, "outputFields": ["id", "name", "revenue"]}
    direct = buyer.post("/enrich/company", body)["data"]["result"]
    job = begin(buyer, ENRICH, body)
    buyer.seconds += 2
    assert page(buyer, job)["result"] == direct
    assert used(buyer)[:2] == (2, 4)


def test_a_page_is_read_only_when_it_came_off(buyer: Caller) -> None:
    job = begin(buyer, ENRICH, inputs(buyer, 501))
    beyond = (400, "Page number (page) requested is greater than the available results")
    for number in (1, 2, 3):
        assert buyer.refused("/bulk/job/results", {"jobId": job, "page": number}) == beyond
    buyer.seconds += 2
    assert page(buyer, job, 2)["currentResults"] == 1
    assert buyer.refused("/bulk/job/results", {"jobId": job, "page": 3}) == beyond
    assert buyer.refused("/bulk/job/results", {"jobId": job, "page": 0}) == beyond


def test_a_job_is_gone_after_a_day_and_was_never_another_s(buyer: Caller) -> None:
    job = begin(buyer, SEARCH, {"query": GERMANY})
    unknown = (400, "There are invalid fields in your request: jobId")
    buyer.seconds += 86_390
    buyer.sign_in()
    assert status(buyer, job)["status"] == "Completed"
    buyer.seconds += 10
    for path, body in (("/bulk/job/status", {}), ("/bulk/job/results", {"page": 1})):
        assert buyer.refused(path, body | {"jobId": job}) == unknown
        assert buyer.refused(path, body | {"jobId": "0" * 40}) == unknown


def test_one_new_job_a_second_and_five_at_a_time(buyer: Caller) -> None:
    body = inputs(buyer, 10_000)  # twenty pages: eleven seconds
    first = begin(buyer, ENRICH, body)
    answer = buyer.send("POST", ENRICH, body)
    assert (answer.status, json.loads(answer.body)["message"], dict(answer.headers)["Retry-After"]) == (
        429, TOO_FAST, "1",
    )  # fmt: skip
    for _ in range(4):
        begin(buyer, ENRICH, body)
    buyer.seconds += 1
    answer = buyer.send("POST", ENRICH, body)
    assert (answer.status, json.loads(answer.body)["message"]) == (429, TOO_FAST)
    buyer.seconds += float(dict(answer.headers)["Retry-After"])
    assert status(buyer, first)["status"] == "Completed"
    assert begin(buyer, ENRICH, body)


def test_pages_that_the_limits_do_not_suffice_for_fail_and_the_others_stay(buyer: Caller) -> None:
    buyer.sandbox.service.meters.limits["recordLimit"] = 600
    job = begin(buyer, ENRICH, inputs(buyer, 1_100))
    buyer.seconds += 3
    said = status(buyer, job)
    assert (said["status"], said["totalPages"], said["successfulPages"]) == ("Failed", 3, [1, 3])
    assert used(buyer)[:2] == (300, 600)
    assert page(buyer, job, 3)["currentResults"] == 100
    assert buyer.refused("/bulk/job/results", {"jobId": job, "page": 2})[0] == 400


def test_a_search_that_finds_nothing_is_done_without_a_page(buyer: Caller) -> None:
    job = begin(buyer, SEARCH, {"jobType": "redeem", "query": {"companyId": "999"}, "outputFields": ["id"]})
    buyer.seconds += 1
    said = status(buyer, job)
    assert (said["status"], said["totalRecords"], said["totalPages"]) == ("Completed", 0, 0)


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (SEARCH, {"query": {}}, "There is insufficient information for this request"),
        (SEARCH, {}, "There are invalid fields in your request: query"),
        (SEARCH, {"query": GERMANY, "jobType": "steal"}, "There are invalid fields in your request: jobType"),
        (SEARCH, {"query": GERMANY | {"sortBy": "name"}}, "There are invalid fields in your request: sortBy"),
        (SEARCH, {"query": GERMANY | {"page": 2, "rpp": 5}}, "There are invalid fields in your request: page, rpp"),
        (SEARCH, {"query": GERMANY | {"moon": 1}}, "There are invalid fields in your request: moon"),
        (SEARCH, {"query": GERMANY, "jobType": "redeem"}, "Missing outputFields parameter"),
        (SEARCH, {"query": GERMANY, "outputFields": ["moon"]}, "There are invalid fields in your request: moon"),
        (ENRICH, {"matchCompanyInput": [{}], "outputFields": ["id"]}, "There is insufficient information"),
        (ENRICH, {"matchCompanyInput": [{"companyId": 1}]}, "Missing outputFields parameter"),
        (ENRICH, {"matchCompanyInput": [{"companyId": 1}] * 10_001, "outputFields": ["id"]}, "matchCompanyInput"),
    ],
)  # fmt: skip
def test_a_job_that_makes_no_sense_is_not_begun(buyer: Caller, path: str, body: dict[str, Any], message: str) -> None:
    code, said = buyer.refused(path, body)
    assert code == 400
    assert message in said
    assert buyer.sandbox.service.jobs.active(buyer.sandbox.now()) == []


@pytest.mark.parametrize("name", sorted(NOT_IN_JOBS))
def test_descriptions_are_not_answered_by_jobs(buyer: Caller, name: str) -> None:
    noun = "contact" if name.startswith("company") else "company"
    body = {"query": GERMANY, "jobType": "redeem", "outputFields": ["id", name]}
    assert buyer.refused(f"/bulk/search/{noun}", body) == (400, f"There are invalid fields in your request: {name}")


def test_jobs_and_what_they_cost_outlive_the_sandbox(
    tmp_path: Path, buyer: Caller, calling: Callable[[Options], Caller]
) -> None:
    options = Options(companies=300, bundle="scaling", state=tmp_path / "state.db")
    first = type(buyer)(options).sign_in()
    job = begin(first, ENRICH, inputs(first, 501))
    first.seconds += 1.5
    assert status(first, job)["successfulPages"] == [1]
    spent = used(first)
    first.sandbox.close()
    second = calling(options)
    assert status(second, job)["status"] == "In_Progress"
    assert used(second)[:2] == spent[:2] == (300, 500)
    second.seconds += 2
    assert page(second, job, 2)["currentResults"] == 1
    assert used(second)[:2] == (300, 501)
    assert Counter(entry["id"] for entry in second.sandbox.ledger()).most_common(1)[0][1] == 2
    second.sandbox.reset()
    second.sign_in()
    assert second.refused("/bulk/job/status", {"jobId": job})[0] == 400


def recorded_results() -> Iterator[tuple[str, list[Any]]]:
    """Every recorded page, with the operation and the type of the job that it belongs to."""
    begun: dict[str, str] = {}
    for folder in json.loads(COLLECTION.read_text(encoding="utf-8"))["item"]:
        for item in folder["item"] if folder["name"] == "Bulk" else []:
            for example in item["response"]:
                path = "/" + "/".join(example["originalRequest"]["url"]["path"])
                said = json.loads(example["body"])
                if "jobId" in said:
                    begun[said["jobId"]] = path
    for folder in json.loads(COLLECTION.read_text(encoding="utf-8"))["item"]:
        for item in folder["item"] if folder["name"] == "Bulk" else []:
            for example in item["response"]:
                said = json.loads(example["body"])
                if "result" in said:
                    asked = json.loads(example["originalRequest"]["body"]["raw"])["jobId"]
                    yield f"{begun[asked]} {said['jobType']}", said["result"]


def test_the_entries_of_every_recorded_page_are_what_the_contract_says() -> None:
    document = json.loads((Path(COLLECTION).parents[1] / "contract" / "resolved.json").read_bytes())["paths"]
    seen, wrong = set(), []
    for name, result in recorded_results():
        path, job_type = name.split()
        schema = document[path]["post"]["x-result"][job_type]
        seen.add(name)
        wrong += [f"{name}: {e.message}" for row in result for e in Draft202012Validator(schema).iter_errors(row)]
    assert wrong == []
    assert seen == {
        f"{o.path} {kind}"
        for o in contract().operations
        if o.id.startswith("bulk.search") or o.id.startswith("bulk.enrich")
        for kind in document[o.path]["post"]["x-result"]
    }
