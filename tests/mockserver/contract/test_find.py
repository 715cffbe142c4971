"""A verb and a path lead to one operation, and the operation knows its cost and its fields."""

from __future__ import annotations

import pytest

from mockserver.contract import Meters, contract


def test_an_operation_is_found_by_verb_and_path() -> None:
    found = contract().find("POST", "/search/company")
    assert found is not None
    assert found.id == "search.company"


@pytest.mark.parametrize(("method", "path"), [("GET", "/search/company"), ("POST", "/search/unicorn"), ("GET", "/")])
def test_another_verb_or_path_is_no_operation(method: str, path: str) -> None:
    assert contract().find(method, path) is None


def test_a_segment_that_is_filled_in_is_found() -> None:
    found = contract().find("PUT", "/webhooks/12345")
    assert found is not None
    assert (found.id, found.bundle) == ("webhooks.put", "scaling")
    assert contract().find("PUT", "/webhooks/") is None


@pytest.mark.parametrize(
    ("operation_id", "meters"),
    [
        ("search.company", Meters(credits="none", records="none", requests=1)),
        ("search.contact", Meters(credits="none", records="none", requests=1)),
        ("search.intent", Meters(credits="none", records="intent", requests=1)),
        ("enrich.company", Meters(credits="company", records="company", requests=1)),
        ("enrich.contact", Meters(credits="contact", records="contact", requests=1)),
        ("enrich.company-master", Meters(credits="location", records="location", requests=1)),
        ("lookup.usage", Meters(credits="none", records="none", requests=0)),
    ],
)
def test_every_operation_says_what_it_costs(operation_id: str, meters: Meters) -> None:
    assert contract()[operation_id].meters == meters


@pytest.mark.parametrize(
    ("operation_id", "criteria"), [("search.company", 54), ("search.contact", 86), ("search.intent", 51)]
)
def test_every_documented_criterion_is_there_and_obeyed(operation_id: str, criteria: int) -> None:
    body = contract()[operation_id].body
    assert body is not None
    properties = body["properties"]
    assert len(properties) == criteria


@pytest.mark.parametrize(
    ("operation_id", "fields"), [("enrich.company", 62), ("enrich.contact", 71), ("enrich.company-master", 201)]
)
def test_every_documented_output_field_is_there(operation_id: str, fields: int) -> None:
    described = contract()[operation_id].fields
    assert len(described) == fields
    assert all(said["description"] for said in described.values())


def test_the_token_is_the_one_thing_that_needs_no_token() -> None:
    assert [o.id for o in contract().operations if not o.needs_token] == ["authenticate"]
