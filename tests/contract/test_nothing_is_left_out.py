"""Everything that the published operations take and give is in the contract, and has a word of the client's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import Operation, contract
from zianalytics.api.enterprise import body
from zianalytics.api.enterprise.requests import criterion_names, input_names
from zianalytics.api.filters import MATCH_FITS, MATCH_PARTS
from zianalytics.api.kinds import KINDS
from zianalytics.api.table import OPERATIONS, PAGES

PUBLISHED: Mapping[str, Any] = json.loads((Path(__file__).parent / "published.json").read_bytes())
OF_A_SIGNAL = 'docs/assumptions.md, "`topSignalLocations`"'
NEVER_SENT = {
    ("POST /enrich/intent", "topSignalLocations"): OF_A_SIGNAL,
    ("PUT /webhooks/{id}", "verificationToken"): 'docs/assumptions.md, "`verificationToken` of an updated webhook"',
}
WORDS = {"personId": "id", "contentAccuracyScore": "contactAccuracyScore", "jobTitle": "title"}
"""Outputs that the list calls otherwise than the examples do; those of a company stand in `company` there."""
BY_THE_METHOD = {"rpp", "page", "limit", "outputFields", "jobType", "query"}
"""Inputs that the client says by itself: which page, which columns, and which method was called."""
NOT_OF_JOBS = {"sortBy", "sortOrder"}
"""The contract rules them out in a job."""


def described(label: str) -> Operation:
    found = contract().find(*label.split(" "))
    assert found is not None, label
    return found


def names(schema: Mapping[str, Any]) -> Iterator[str]:
    """Every name in a schema, however deep."""
    for name, inner in schema.get("properties", {}).items():
        yield name
        yield from names(inner)
    if "items" in schema:
        yield from names(schema["items"])


def parts(schema: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """The names that hold values; lists of inputs are entered, and ways to fit and subscriptions are values."""
    for name, inner in schema.get("properties", {}).items():
        within = inner if "properties" in inner else inner.get("items", {})
        if name in ("match_reasons", "subscriptions") or "properties" not in within:
            yield before + name
        else:
            yield from parts(within, "" if name.startswith("match") or name == "query" else f"{name}.")


def as_in_examples(name: str) -> set[str]:
    in_company = name.removeprefix("company")
    return {name, WORDS.get(name, name), in_company[:1].lower() + in_company[1:]}


def test_every_published_input_is_in_the_contract() -> None:
    missing = []
    for label, published in PUBLISHED.items():
        operation = described(label)
        known = {*names(operation.body or {}), *operation.query}
        missing += [f"{label}: {name}" for name in published["inputs"] if name not in known]
    assert not missing, "\n".join(missing)


def test_every_published_output_is_in_the_contract() -> None:
    missing = []
    for label, published in PUBLISHED.items():
        operation = described(label)
        known = {*names(operation.answers[200]), *operation.fields}
        missing += [
            f"{label}: {name}"
            for name in published["outputs"]
            if not as_in_examples(name) & known and (label, name) not in NEVER_SENT
        ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(("label", "name"), NEVER_SENT, ids=str)
def test_an_exception_is_about_something_that_is_never_sent(label: str, name: str) -> None:
    assert name in PUBLISHED[label]["outputs"]
    assert name not in set(names(described(label).answers[200]))


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in PAGES])
def test_every_input_of_the_contract_has_a_word_of_the_clients(name: str) -> None:
    row = OPERATIONS[name]
    operation = described(f"{row.enterprise.method} {row.enterprise.path}")
    documented = {*parts(operation.body or {}), *operation.query} - BY_THE_METHOD
    if name.startswith("bulk."):
        documented -= NOT_OF_JOBS
    criteria = {} if row.enterprise.method == "GET" and not operation.query else criterion_names(row.request)
    kind = KINDS.get(row.record.name) if operation.body and "of" in signature(row.request).parameters else None
    inputs = {input_names(row)[name] for name in kind.names.values()} if kind else set()
    offered = inputs.union(criteria.values())
    assert documented - offered == set()


def test_every_way_to_fit_is_written_as_the_contract_wants() -> None:
    row = OPERATIONS["enrich.master_data"]
    ways = [dict.fromkeys(MATCH_PARTS, fit) | {"match_score": 3} for fit in MATCH_FITS]
    wire = json.loads(body(row, row.request([7], match_reasons=ways), inputs=[{"location_id": 7}], fields=["all"]))
    operation = described("POST /enrich/company-master")
    assert operation.body is not None
    Draft202012Validator(operation.body).validate(wire)
    [said] = wire["matchCompanyInput"]
    known = operation.body["properties"]["matchCompanyInput"]["items"]["properties"]["match_reasons"]["items"]
    assert set(said["match_reasons"][0]) == set(known["properties"])
    assert [way["zi_c_name"] for way in said["match_reasons"]] == ["E", "F", "D", "M"]
    assert "match_reasons" not in wire
