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
from zianalytics.api.filters import CompanySearch, ContactSearch, IntentSearch, Page, Request
from zianalytics.api.reading import Reading
from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.client.asked import KINDS

ROOT = Path(__file__).parents[2]
CONTRACT: Mapping[str, Any] = json.loads((ROOT / "mockserver/contract/resolved.json").read_bytes())["paths"]
SEARCHES = ("search.companies", "search.contacts", "search.intent")
ENRICHMENTS = ("enrich.companies", "enrich.contacts", "enrich.master_data")
SIGN_IN = ("POST", "/authenticate")
"""Belongs to the transport, which has its own tests against ZoomInfo's client."""
NOT_ASKED = {"enrich.contacts": {"companyRevenue", "isCalifornia", "isCanada"}}
"""Documented output fields without a column: the same in words, or undocumented in meaning."""
VERBS = {"get", "post", "put", "delete"}


def described(operation: Operation[...]) -> Mapping[str, Any]:
    """What the contract says of an operation; empty when it says nothing."""
    return CONTRACT.get(operation.enterprise.path, {}).get(operation.enterprise.method.lower(), {})  # type: ignore[no-any-return]  # read from JSON


def is_built(thing: Mapping[str, Any]) -> bool:
    return thing.get("x-built", True) is not False


def body_schema(operation: Operation[...]) -> Mapping[str, Any]:
    return described(operation)["requestBody"]["content"]["application/json"]["schema"]  # type: ignore[no-any-return]  # read from JSON


def record_schema(operation: Operation[...]) -> Mapping[str, Any]:
    """What the contract says of one record in the answer."""
    schema = described(operation)["responses"]["200"]["content"]["application/json"]["schema"]
    for key in operation.enterprise.records:
        schema = schema["properties"][key]
    schema = schema["items"]
    if operation.enterprise.records[-1:] == ("result",):
        schema = schema["properties"]["data"]
        schema = schema.get("items", schema)
    return schema  # type: ignore[no-any-return]  # read from JSON


def test_every_operation_of_the_client_is_in_the_contract() -> None:
    missing = [
        f"{name}: no operation {row.enterprise.method} {row.enterprise.path} in the contract"
        for name, row in OPERATIONS.items()
        if not described(row) or not is_built(described(row))
    ]
    assert not missing, "\n".join(missing)


def test_every_built_operation_of_the_contract_is_in_the_client() -> None:
    known = {(row.enterprise.method, row.enterprise.path) for row in OPERATIONS.values()} | {SIGN_IN}
    missing = [
        f"{method.upper()} {path}: not in the client's table"
        for path, methods in CONTRACT.items()
        for method, operation in methods.items()
        if method in VERBS and is_built(operation) and (method.upper(), path) not in known
    ]
    assert not missing, "\n".join(missing)


def test_both_sides_say_the_same_price() -> None:
    different = []
    for name, row in OPERATIONS.items():
        meters, cost = described(row)["x-meters"], row.cost
        said = (meters["credits"] != "none", meters["records"] != "none", meters["requests"] > 0)
        if said != (cost.credit_per_new_record, cost.counts_records, cost.counts_requests):
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
}  # fmt: skip
WHICH = {"company_id": [7, 8], "company_name": "Aster", "company_website": "aster.example"}
PERSON = {"management_level": ["Director"], "department": ["Sales"], "job_title": ["CTO"], "person_id": [9]}
SIGNAL = {
    "topics": ["Cloud"], "signal_start_date": date(2026, 1, 2), "signal_end_date": date(2026, 3, 4),
    "signal_score_min": 60, "signal_score_max": 90, "audience_strength_min": "E", "audience_strength_max": "A",
    "max_records": 5,
}  # fmt: skip
FULL = {
    "search.companies": (CompanySearch, FIRM | WHICH | {"sort_by": "revenue"}),
    "search.contacts": (ContactSearch, FIRM | WHICH | PERSON | {"sort_by": "last_name"}),
    "search.intent": (IntentSearch, FIRM | SIGNAL | {"sort_by": "signal_date"}),
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
    wrong += [f"{name}: {key} is not built" for key in used if key in properties and not is_built(properties[key])]
    assert not wrong, "\n".join(wrong)
    missing = [key for key, schema in properties.items() if is_built(schema) and key not in used]
    assert not missing, f"{name}: built in the contract and not in the client: {missing}"


@pytest.mark.parametrize("name", SEARCHES)
def test_everything_one_can_sort_by_is_built(name: str) -> None:
    schema = body_schema(OPERATIONS[name])["properties"]["sortBy"]
    built = schema.get("x-built-values", schema["enum"])
    request: Any = FULL[name][0]
    assert issubclass(request, Page)
    minimal: dict[str, Any] = {"topics": ["Cloud"]} if name == "search.intent" else {"country": "Germany"}
    words = {"revenue": "revenue", "employeeCount": "employee_count", "contactAccuracyScore": "contact_accuracy_score"}
    words |= {"lastName": "last_name", "companyName": "company_name", "signalDate": "signal_date"}
    words |= {"signalScore": "signal_score", "audienceStrength": "audience_strength"}
    for wire in built:
        asked = request(sort_by=words.get(wire, wire), **minimal)
        assert json.loads(body(OPERATIONS[name], asked))["sortBy"] == wire


@pytest.mark.parametrize("name", ENRICHMENTS)
def test_every_input_is_documented_built_and_written_as_the_contract_wants(name: str) -> None:
    operation = OPERATIONS[name]
    ids = {"company_id": 7, "contact_id": 9, "location_id": 20}
    names = sorted(set(KINDS[operation.record.name].names.values()))
    wire = json.loads(
        body(operation, inputs=[{one: ids.get(one, "text") for one in names}], fields=operation.record.names)
    )
    wrong = [
        f"{error.json_path} {error.message}" for error in Draft202012Validator(body_schema(operation)).iter_errors(wire)
    ]
    key = next(key for key in wire if key != "outputFields")
    inputs = body_schema(operation)["properties"][key]
    wrong += [f"{one} is not built" for one in wire[key][0] if not is_built(inputs["items"]["properties"][one])]
    assert not wrong, "\n".join(wrong)
    assert inputs["maxItems"] == operation.batch


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
    for key in reading.at:
        if "properties" not in schema and schema.get("type") == "object":
            return  # an object whose keys are not listed
        if key not in schema.get("properties", {}):
            yield f"{path}{reading.name}: no {'.'.join(reading.at)}"
            return
        schema = schema["properties"][key]
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


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=lambda operation: operation.name)
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
