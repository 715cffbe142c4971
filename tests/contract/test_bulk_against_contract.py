"""What jobs ask beside the contract of the mock."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from zianalytics.api.enterprise import body
from zianalytics.api.kinds import KINDS, NUMBERS
from zianalytics.api.searches import CompanySearch, ContactSearch
from zianalytics.api.table import JOBS, OPERATIONS

ROOT = Path(__file__).parents[2]
CONTRACT: Mapping[str, Any] = json.loads((ROOT / "mockserver/contract/resolved.json").read_bytes())["paths"]
SEARCHES = [name for name, job in JOBS.items() if job.kind != "enrich"]
ENRICHMENTS = [name for name, job in JOBS.items() if job.kind == "enrich"]
BESIDE = {"max_credits", "max_records", "max_requests", "fields"}


def schema_of(name: str) -> Mapping[str, Any]:
    path = OPERATIONS[name].enterprise.path
    return CONTRACT[path]["post"]["requestBody"]["content"]["application/json"]["schema"]  # type: ignore[no-any-return]  # read from JSON


def unfit(name: str, wire: Any) -> list[str]:
    return [f"{error.json_path} {error.message}" for error in Draft202012Validator(schema_of(name)).iter_errors(wire)]


@pytest.mark.parametrize("name", SEARCHES)
def test_a_job_takes_the_criteria_of_the_search_and_neither_page_nor_order(name: str) -> None:
    search = CompanySearch if name.endswith("companies") else ContactSearch
    of_search = {field.name for field in dataclasses.fields(search)} - {"limit", "sort_by", "sort_order"}
    of_job = {field.name for field in dataclasses.fields(OPERATIONS[name].request)}  # type: ignore[arg-type]  # a dataclass
    assert of_job - BESIDE == of_search - BESIDE


@pytest.mark.parametrize("name", SEARCHES)
def test_what_a_search_job_asks_is_documented(name: str) -> None:
    job = JOBS[name]
    wire = json.loads(body(job, job.request(country="Germany", company_id=[7, 8], employee_range_min=5)))
    assert unfit(name, wire) == []
    assert wire["query"] == {"country": "Germany", "companyId": "7,8", "employeeRangeMin": "5"}
    assert (wire["jobType"], "outputFields" in wire) == (job.kind, job.kind == "redeem")
    for key in ("rpp", "page", "sortBy", "sortOrder"):
        assert unfit(name, wire | {"query": wire["query"] | {key: 1}}), key


@pytest.mark.parametrize("name", ENRICHMENTS)
def test_what_an_enriching_job_asks_is_documented(name: str) -> None:
    job = JOBS[name]
    names = sorted(set(KINDS[job.record.name].names.values()))
    inputs = [{one: 7 if one in NUMBERS else "text" for one in names}]
    wire = json.loads(body(job, inputs=inputs, fields=["all"]))
    assert unfit(name, wire) == []
    key = next(key for key in wire if key != "outputFields")
    assert schema_of(name)["properties"][key]["maxItems"] == job.batch == 10_000


@pytest.mark.parametrize("name", [name for name, job in JOBS.items() if job.kind != "preview"])
def test_a_job_asks_for_no_field_that_jobs_do_not_answer(name: str) -> None:
    job = JOBS[name]
    wire = json.loads(
        body(job, inputs=[{"company_id": 7}], fields=["all"])
        if job.kind == "enrich"
        else body(job, job.request(country="Germany", fields="all"))
    )
    documented = set(CONTRACT[job.enterprise.path]["post"]["x-fields"])
    assert documented - set(wire["outputFields"]) <= {
        "companyDescriptionList", "descriptionList", "companyRevenue", "isCalifornia", "isCanada",
    }  # fmt: skip
    assert not {"companyDescriptionList", "descriptionList"} & set(wire["outputFields"])


@pytest.mark.parametrize("path", ["/bulk/job/status", "/bulk/job/results"])
def test_what_is_asked_about_a_job_is_documented(path: str) -> None:
    rows = [row for row in OPERATIONS.values() if row.enterprise.path == path]
    assert rows
    schema = CONTRACT[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    for row in rows:
        asked = {"job_id": "1d"} | ({"page": 3} if path.endswith("results") else {})
        wire = json.loads(body(row, row.request(**asked)))
        assert wire == {"jobId": "1d"} | ({"page": 3} if path.endswith("results") else {})
        assert list(Draft202012Validator(schema).iter_errors(wire)) == []
