"""Every built answer is held against the contract, over many companies and people."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.sandbox.enrich.company_fields import FIELDS as COMPANY_FIELDS
from mockserver.sandbox.enrich.contact_fields import FIELDS as CONTACT_FIELDS

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

FILE = os.environ.get("ZOOMINFO_PUBLIC_COLLECTION")
# Names of theirs that ours have in another way: one was given up by the service long ago, the other is an empty list in
# the published example, and is answered as it is for companies.
ELSEWISE = {".data.result.data.alexaRank", ".data.result.data.company.socialMediaUrls"}


def promised(operation_id: str, status: int = 200) -> Draft202012Validator:
    return Draft202012Validator(contract()[operation_id].answers[status])


def everything(caller: Caller, operation_id: str) -> dict[str, Any]:
    """A request for every granted field of 25 records, some of them of a ranked company."""
    operation, world = contract()[operation_id], caller.sandbox.world
    ranked = next(c for c in world.companies.values() if c.ranking and c.contact_count)
    people = [*list(world.contacts)[::400], *(person.id for person in world.contacts_of(ranked.id))]
    withheld = caller.sandbox.service.bundle.withheld.get(operation_id, frozenset())
    companies = list(world.companies)
    inputs: dict[str, tuple[str, list[dict[str, Any]]]] = {
        "enrich.company": ("matchCompanyInput", [{"companyId": i} for i in companies[::40]]),
        "enrich.contact": ("matchPersonInput", [{"personId": i} for i in people]),
        "enrich.company-master": ("matchCompanyInput", [{"zi_c_company_id": i} for i in companies[::40]]),
    }
    key, records = inputs[operation_id]
    return {key: records[:25], "outputFields": [name for name in operation.fields if name not in withheld]}


@pytest.mark.parametrize("operation_id", ["enrich.company", "enrich.contact", "enrich.company-master"])
def test_an_enrichment_of_everything_keeps_the_contract(reader: Caller, operation_id: str) -> None:
    answer = reader.post(contract()[operation_id].path, everything(reader, operation_id))
    assert len(answer["data"]["result"]) > 15
    promised(operation_id).validate(answer)


@pytest.mark.parametrize(
    ("operation_id", "criteria"),
    [
        ("search.company", {"country": "United States", "rpp": 100}),
        ("search.contact", {"country": "Germany", "rpp": 100}),
        ("search.intent", {"topics": ["Lead Scoring"], "rpp": 100}),
    ],
)
def test_a_search_keeps_the_contract(reader: Caller, operation_id: str, criteria: dict[str, Any]) -> None:
    answer = reader.post(contract()[operation_id].path, criteria)
    assert len(answer["data"]) > 20
    promised(operation_id).validate(answer)


def test_every_field_of_the_contract_is_built() -> None:
    assert set(COMPANY_FIELDS) == set(contract()["enrich.company"].fields)
    assert set(CONTACT_FIELDS) == set(contract()["enrich.contact"].fields)


def examples(items: list[dict[str, Any]]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for item in items:
        yield from examples(item.get("item", []))
        for saved in item.get("response", []):
            raw = saved["originalRequest"]["url"]["raw"]
            yield saved["originalRequest"]["method"], raw.removeprefix("{{baseUrl}}"), saved


@pytest.mark.skipif(FILE is None, reason="ZOOMINFO_PUBLIC_COLLECTION names no file")
@pytest.mark.parametrize(
    "operation_id",
    ["enrich.company", "enrich.contact", "enrich.company-master", "search.company", "search.contact", "search.intent"],
)
def test_our_answers_have_the_names_and_types_that_others_recorded(
    calling: Callable[[Options], Caller], operation_id: str
) -> None:
    """An outside witness: a collection that others made holds every name of ours with its type."""
    assert FILE is not None
    caller, operation = calling(Options(companies=1_000, bundle="scaling")), contract()[operation_id]
    asked = everything(caller, operation_id) if operation.fields else {"country": "Germany", "rpp": 100}
    body = asked | ({"topics": ["Lead Scoring"]} if operation_id == "search.intent" else {})
    ours = leaves(caller.post(operation.path, body))
    theirs = [
        json.loads(saved["body"])
        for method, path, saved in examples(json.loads(Path(FILE).read_bytes())["item"])
        if (method, path) == (operation.method, operation.path) and saved["code"] == 200
    ]
    assert theirs
    different = {
        name: (types, ours.get(name))
        for saved in theirs
        for name, types in leaves(saved).items()
        if name not in ELSEWISE and (name not in ours or not ours[name] <= {*types, "null"})
    }
    assert different == {}


WORDS = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def leaves(value: Any, at: str = "") -> dict[str, set[str]]:
    """The types at every path of a JSON value: a text like `<integer>` stands for a type; inputs are the caller's."""
    if isinstance(value, dict | list):
        inner = [(f"{at}.{k}", v) for k, v in value.items()] if isinstance(value, dict) else [(at, v) for v in value]
        found: dict[str, set[str]] = {}
        for path, member in inner:
            for name, types in leaves(member, path).items() if not path.endswith(".input") else ():
                found.setdefault(name, set()).update(types)
        return found
    if isinstance(value, str) and value.startswith("<"):
        return {at: {word.replace("long", "integer") for word in value.strip("<>").split(",")}}
    return {at: {WORDS[type(value)]}}
