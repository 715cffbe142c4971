"""The client's table and its frames beside the contract of the mock: written apart, held together here.

Each test lists every missing half. The contract is read as the JSON that the mock's package ships.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from jsonschema import Draft202012Validator

from zianalytics.api.enterprise import body, layout
from zianalytics.api.enterprise.names import output_field
from zianalytics.api.filters import Page, Request
from zianalytics.api.kinds import KINDS, NUMBERS
from zianalytics.api.layout import ABOVE, LEVEL, Reading
from zianalytics.api.searches import CompanySearch, ContactSearch, IntentSearch
from zianalytics.api.spec import Operation
from zianalytics.api.table import JOBS, OPERATIONS, PAGES

ROOT = Path(__file__).parents[2]
CONTRACT: Mapping[str, Any] = json.loads((ROOT / "mockserver/contract/resolved.json").read_bytes())["paths"]
SEARCHES = ("search.companies", "search.contacts", "search.intent")
ENRICHMENTS = ("enrich.companies", "enrich.contacts", "enrich.master_data", "enrich.hierarchies")
OF_ONE_INPUT = ("enrich.org_charts", "enrich.locations", "enrich.ips")
"""Enrichments whose request has one input, and which answer all they know."""
NOT_ASKED = {"enrich.contacts": {"companyRevenue", "isCalifornia", "isCanada"}}
"""Documented output fields without a column: the same in words, or undocumented in meaning."""


def described(operation: Operation[...]) -> Mapping[str, Any]:
    """What the contract says of an operation; empty when it says nothing."""
    return CONTRACT.get(operation.enterprise.path, {}).get(operation.enterprise.method.lower(), {})  # type: ignore[no-any-return]  # read from JSON


def body_schema(operation: Operation[...]) -> Mapping[str, Any]:
    return described(operation)["requestBody"]["content"]["application/json"]["schema"]  # type: ignore[no-any-return]  # read from JSON


def record_schema(operation: Operation[...]) -> Mapping[str, Any]:
    """What the contract says of one record in the answer."""
    if operation in PAGES.values():
        job = next(job for job in JOBS.values() if job.page is operation)
        schema = described(job)["x-result"]["preview" if job.kind == "preview" else "redeem"]
        return schema["properties"]["data"]["items"] if job.kind == "enrich" else schema  # type: ignore[no-any-return]  # read from JSON
    schema = described(operation)["responses"]["200"]["content"]["application/json"]["schema"]
    for key in operation.enterprise.records:
        schema = schema["properties"][key]
    if operation.enterprise.single:
        return schema  # type: ignore[no-any-return]  # read from JSON
    schema = schema["items"]
    if words := operation.enterprise.words:
        return {"properties": dict.fromkeys(words, schema)}
    if operation.enterprise.records[-1:] == ("result",):
        schema = schema["properties"]["data"]
        schema = schema.get("items", schema)
    if echo := operation.enterprise.echo:
        return {**schema, "properties": {**schema["properties"], echo: {"type": "string"}}}
    return schema  # type: ignore[no-any-return]  # read from JSON


def test_every_operation_of_the_client_is_in_the_contract() -> None:
    missing = [
        f"{name}: no operation {row.enterprise.method} {row.enterprise.path} in the contract"
        for name, row in OPERATIONS.items()
        if not described(row)
    ]
    assert not missing, "\n".join(missing)


def test_both_sides_say_the_same_price() -> None:
    different = []
    for name, row in OPERATIONS.items():
        meters, cost = described(row)["x-meters"], row.cost
        said = (meters["credits"] != "none", meters["records"] != "none", meters["requests"] > 0)
        is_free_job = name in JOBS and JOBS[name].kind == "preview"  # of a route that redeems, too, and says so
        if not is_free_job and said != (cost.credit_per_new_record, cost.counts_records, cost.counts_requests):
            different.append(f"{name}: the contract says {meters}, the client {cost}")
    assert not different, "\n".join(different)


def full(request: type[Request], wanted: Mapping[str, Any]) -> Iterator[Any]:
    """Requests that use every criterion at least once."""
    yield request(**{name: value for name, value in wanted.items() if name != "state"})
    yield request(**{name: value for name, value in wanted.items() if name in ("topics", "state")})


FIRM = {
    "country": "Germany", "state": "Ontario", "industry_codes": ["software"], "employee_range_min": 5,
    "employee_range_max": 50, "employee_ranges": ["5to9"], "revenue_ranges": ["under500k"], "revenue_min_usd": 1000,
    "revenue_max_usd": 2000, "tech_attribute_tags": ["333.202.28"], "sort_order": "asc", "limit": 3, "max_requests": 1,
    "continent": "Europe", "metro_region": ["usa.ohio.columbus"], "excluded_regions": ["usa.ohio.dayton"],
    "zip_code": "43201", "zip_code_radius_miles": 25, "street": "Elm Street", "address": "1 Elm Street, Columbus",
    "location_search_type": "person_then_hq", "one_year_employee_growth_rate_min": -2.5,
    "one_year_employee_growth_rate_max": 12, "two_year_employee_growth_rate_min": 0,
    "two_year_employee_growth_rate_max": 33.3, "contact_count_min": 1, "contact_count_max": 90,
    "funding_min_usd": 1000, "funding_max_usd": 5_000_000, "funding_start_date": date(2026, 1, 2),
    "funding_end_date": date(2026, 3, 4), "primary_industries_only": True, "industry_keywords": "software AND security",
    "sic_codes": ["7372"], "naics_codes": ["513210"], "hashtags": ["saas"], "company_description": "payroll",
    "company_type": ["private"], "company_ranking": ["fortune.500"], "sub_unit_types": ["Division"],
    "included_sub_unit_types": ["Subsidiary"],
}  # fmt: skip
ALIVE = {"certified": True, "exclude_defunct_companies": True}
ENGAGED = {
    "engagement_start_date": date(2026, 1, 2), "engagement_end_date": date(2026, 3, 4), "engagement_type": ["email"],
}  # fmt: skip
WHICH = {
    "company_id": [7, 8], "company_name": "Aster", "company_website": "aster.example", "company_ticker": ["ZX: ASTR"],
    "parent_id": [7], "ultimate_parent_id": [8],
}  # fmt: skip
PERSON = {
    "management_level": ["Director"], "department": ["Sales"], "job_title": ["CTO"], "person_id": [9],
    "email": "ada@aster.example", "supplemental_email": ["ada@post.example"], "hashed_email": "0" * 32,
    "phone": ["(614) 555-0101"], "full_name": "Ada Aster", "first_name": "Ada", "middle_initial": "B",
    "last_name": "Aster", "exclude_job_title": ["Intern"], "exclude_management_level": ["Manager"],
    "job_function": ["Recruiting"], "board_member": "exclude", "executives_only": True,
    "filter_by_buying_committee": True, "location_id": [20], "position_start_date_min": date(2020, 1, 2),
    "position_start_date_max": date(2026, 3, 4), "years_of_experience": ["16+ Years"], "tech_skills": ["2"],
    "school": "Tarwick", "degree": "Bachelor", "company_past_or_present": "past_and_present",
    "contact_accuracy_score_min": 80, "contact_accuracy_score_max": 99, "required_fields": ["direct_phone", "email"],
    "exclude_partial_profiles": True, "last_updated_date_after": date(2026, 1, 2), "last_updated_in_months": 6,
    "valid_date_after": date(2026, 1, 2), "has_been_notified": "only", "web_references": ["robotics"],
}  # fmt: skip
SIGNAL = {
    "topics": ["Cloud"], "signal_start_date": date(2026, 1, 2), "signal_end_date": date(2026, 3, 4),
    "signal_score_min": 60, "signal_score_max": 90, "audience_strength_min": "E", "audience_strength_max": "A",
    "max_records": 5,
}  # fmt: skip
FULL = {
    "search.companies": (
        CompanySearch,
        FIRM | WHICH | ALIVE | ENGAGED | {"business_model": ["B2B"], "sort_by": "revenue"},
    ),
    "search.contacts": (ContactSearch, FIRM | WHICH | PERSON | ENGAGED | {"sort_by": "last_name"}),
    "search.intent": (IntentSearch, FIRM | ALIVE | SIGNAL | {"sort_by": "signal_date"}),
}


@pytest.mark.parametrize("name", SEARCHES)
def test_every_criterion_is_documented_built_and_written_as_the_contract_wants(name: str) -> None:
    operation, (request, criteria) = OPERATIONS[name], FULL[name]
    assert set(criteria) == {field.name for field in dataclasses.fields(request)}, "a criterion is not tried here"
    validator = Draft202012Validator(body_schema(operation))
    wrong, used = [], set()
    for one in full(request, criteria):
        wire = json.loads(body(operation, one, page=1, size=100))
        wrong += [f"{name}: {error.json_path} {error.message}" for error in validator.iter_errors(wire)]
        used |= set(wire)
    properties = body_schema(operation)["properties"]
    assert not wrong, "\n".join(wrong)
    missing = [key for key in properties if key not in used]
    assert not missing, f"{name}: in the contract and not in the client: {missing}"


@pytest.mark.parametrize("name", SEARCHES)
def test_everything_one_can_sort_by_is_built(name: str) -> None:
    schema = body_schema(OPERATIONS[name])["properties"]["sortBy"]
    built = schema["enum"]
    request: Any = FULL[name][0]
    assert issubclass(request, Page)
    minimal: dict[str, Any] = {"topics": ["Cloud"]} if name == "search.intent" else {"country": "Germany"}
    words = {"revenue": "revenue", "employeeCount": "employee_count", "contactAccuracyScore": "contact_accuracy_score"}
    words |= {"lastName": "last_name", "companyName": "company_name", "signalDate": "signal_date"}
    words |= {"signalScore": "signal_score", "audienceStrength": "audience_strength"}
    words |= {"sourceCount": "source_count", "lastMentioned": "last_mentioned"}
    for wire in built:
        asked = request(sort_by=words.get(wire, wire), **minimal)
        assert json.loads(body(OPERATIONS[name], asked))["sortBy"] == wire


@pytest.mark.parametrize("name", ENRICHMENTS)
def test_every_input_is_documented_built_and_written_as_the_contract_wants(name: str) -> None:
    operation = OPERATIONS[name]
    names = sorted(set(KINDS[operation.record.name].names.values()))
    wire = json.loads(
        body(operation, inputs=[{one: 7 if one in NUMBERS else "text" for one in names}], fields=operation.record.names)
    )
    wrong = [
        f"{error.json_path} {error.message}" for error in Draft202012Validator(body_schema(operation)).iter_errors(wire)
    ]
    key = next(key for key in wire if key != "outputFields")
    inputs = body_schema(operation)["properties"][key]
    assert not wrong, "\n".join(wrong)
    assert inputs["maxItems"] == operation.batch


@pytest.mark.parametrize("name", OF_ONE_INPUT)
def test_the_one_input_of_a_request_is_written_as_the_contract_wants(name: str) -> None:
    operation, kind = OPERATIONS[name], KINDS[OPERATIONS[name].record.name]
    request = operation.request([7], department=["Sales", "Legal"]) if name == "enrich.org_charts" else None
    says = {kind.key: "192.0.2.1" if kind.key == "ip_address" else 7}
    wire = json.loads(body(operation, request, inputs=[says], fields=operation.record.names))
    schema = body_schema(operation)
    wrong = [f"{error.json_path} {error.message}" for error in Draft202012Validator(schema).iter_errors(wire)]
    assert not wrong, "\n".join(wrong)
    assert operation.batch == 1
    assert set(schema["properties"]) - set(wire) <= {"outputFields"}


def test_what_a_contact_must_have_is_written_in_the_words_of_output_fields() -> None:
    operation = OPERATIONS["enrich.contacts"]
    request = operation.request([7], required_fields=["email", "company_revenue_usd"])
    wire = json.loads(body(operation, request, inputs=[{"contact_id": 7}], fields=["email"]))
    assert wire == {
        "requiredFields": "email,companyRevenueNumeric",
        "matchPersonInput": [{"personId": 7}],
        "outputFields": ["id", "email"],
    }
    Draft202012Validator(body_schema(operation)).validate(wire)


@pytest.mark.parametrize("name", ENRICHMENTS)
def test_every_output_field_has_a_column_and_every_column_an_output_field(name: str) -> None:
    operation = OPERATIONS[name]
    documented = set(described(operation)["x-fields"])
    asked = {output_field(operation.record, column) for column in operation.record}
    assert asked - documented == set(), f"{name}: asked for and not documented"
    assert documented - asked == NOT_ASKED.get(name, set()), f"{name}: documented and not asked for"


TYPES: Mapping[type[pl.DataType], set[str]] = {
    pl.Int64: {"integer", "number", "string"},
    pl.Float64: {"integer", "number", "string"},
    pl.Boolean: {"boolean", "string"},
    pl.String: {"string", "integer"},
    pl.Date: {"string"},
    pl.Datetime: {"string"},
    pl.List: {"array"},
    pl.Struct: {"object"},
}


def types_of(schema: Mapping[str, Any]) -> set[str]:
    """The JSON types that a schema allows, without null."""
    if "enum" in schema and "type" not in schema:
        return {"boolean" if isinstance(one, bool) else "string" for one in schema["enum"]}
    said = schema["type"]
    return {said} - {"null"} if isinstance(said, str) else set(said) - {"null"}


def unfit(reading: Reading, schema: Mapping[str, Any], path: str) -> Iterator[str]:
    """Where a reading and the schema of its object do not fit."""
    if reading.form == "question":
        return  # the answer leaves it out
    for key in reading.at:
        if "properties" not in schema and schema.get("type") == "object":
            return  # an object whose keys are not listed
        if key not in schema.get("properties", {}):
            yield f"{path}{reading.name}: no {'.'.join(reading.at)}"
            return
        schema = schema["properties"][key]
    if reading.form == "tree":
        nodes = {key: one for key, one in schema["items"]["properties"].items() if key != reading.branches}
        nodes |= schema["items"]["properties"][reading.branches]["items"]["properties"] | {LEVEL: {"type": "integer"}}
        nodes |= {ABOVE: {"type": "integer"}}
        for one in reading.inside:
            yield from unfit(one, {"properties": nodes}, f"{path}{reading.name}.")
        return
    if reading.form != "value":
        return
    if not types_of(schema) <= TYPES[type(reading.dtype)]:
        yield f"{path}{reading.name}: {reading.dtype} from {types_of(schema)}"
    inner = schema.get("items", schema)
    for one in reading.inside:
        yield from unfit(one, inner, f"{path}{reading.name}.")
    known = {one.at[0] for one in reading.inside} | reading.left_out
    if reading.inside:
        yield from (f"{path}{reading.name}: nothing reads {key}" for key in inner["properties"] if key not in known)


ANSWERED = [row for name, row in OPERATIONS.items() if name not in JOBS]
"""Jobs are answered by their pages."""


@pytest.mark.parametrize("operation", ANSWERED, ids=lambda operation: operation.name)
def test_every_column_stands_in_the_answer_with_a_fitting_type_and_nothing_else_does(operation: Operation[...]) -> None:
    schema, readings = record_schema(operation), layout(operation.record)
    # The type of a field is documented for what can be asked, and for master data alone of what is answered.
    optional = {"input_fields": set(), "output_fields": {"field_type"}}.get(operation.name.split(".")[-2:][0], set())
    wrong = [one for reading in readings for one in unfit(reading, schema, "") if reading.name not in optional]
    known: dict[str, set[str]] = {}
    for reading in readings:
        known.setdefault(reading.at[0], set()).add(reading.at[-1])
    unread = [key for key in schema["properties"] if key not in known]
    for key, inside in known.items():
        unread += [
            f"{key}.{one}"
            for one in schema["properties"].get(key, {}).get("properties", {})
            if inside != {key} and one not in inside
        ]
    unread = [one for one in unread if one not in {"isCalifornia", "isCanada", "company.revenue"}]
    assert not wrong + unread, "\n".join(wrong + [f"nothing reads {one}" for one in unread])
