"""Look-ups list what criteria take and what an account may have."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import Operation, contract
from mockserver.sandbox import Options

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

LOOKUPS = [o for o in contract().operations if o.id.startswith("lookup.")]
UNWRITTEN = [o for o in contract().operations if o.body is None]
"""Requests that say what they say by their address alone."""
INVALID = "There are invalid fields in your request"
PAGE = ["rpp", "page", "sortOrder", "sortBy"]
SCOOP = [
    "publishedStartDate", "publishedEndDate", "updatedSinceCreation", "scoopType", "scoopTopic", "department",
    "scoopId", "description",
]  # fmt: skip
SIGNAL = [
    "signalStartDate", "signalEndDate", "signalScoreMin", "signalScoreMax", "audienceStrengthMin",
    "audienceStrengthMax",
]  # fmt: skip
NEWS = ["categories", "url", "pageDateMin", "pageDateMax"]


@pytest.mark.parametrize("operation", LOOKUPS, ids=lambda o: o.id)
def test_a_lookup_answers_what_the_contract_promises(reader: Caller, operation: Operation) -> None:
    answer = reader.get(operation.path)
    assert answer
    Draft202012Validator(operation.answers[200]).validate(answer)


@pytest.mark.parametrize("bundle", ["standard", "scaling"])
def test_lookups_are_free_and_open_to_every_bundle(calling: Callable[[Options], Caller], bundle: str) -> None:
    caller = calling(Options(companies=20, bundle=bundle))
    before = caller.sandbox.usage()
    for operation in LOOKUPS:
        headers = dict(caller.send("GET", operation.path).headers)
        assert not [name for name in headers if name.startswith("X-Usage")], operation.id
    assert caller.sandbox.usage() == before
    assert caller.sandbox.ledger() == []


def test_a_parameter_that_is_not_documented_is_refused_as_the_contract_says(
    calling: Callable[[Options], Caller],
) -> None:
    caller = calling(Options(companies=20, bundle="scaling"))
    different = {}
    for operation in UNWRITTEN:
        query = {"colour": "red", **dict.fromkeys(operation.query, "x")}
        answer = caller.send(operation.method, operation.path.replace("{id}", "x"), query=query)
        said = answer.status, json.loads(answer.body)["message"]
        if said != (400, f"{INVALID}: colour") or 400 not in operation.answers:
            different[operation.id] = said
    assert different == {}


def test_products_are_narrowed_by_vendor_and_category(reader: Caller) -> None:
    every = reader.get("/lookup/tech/product")
    vendor, category = every[0]["Vendor"], every[0]["Category"]
    narrowed = reader.get("/lookup/tech/product", {"vendor": vendor.upper(), "category": category})
    assert narrowed == [row for row in every if (row["Vendor"], row["Category"]) == (vendor, category)]
    assert 0 < len(narrowed) < len(every)


def test_fields_say_what_the_account_may_have(caller: Caller, calling: Callable[[Options], Caller]) -> None:
    path = "/lookup/outputfields/company/enrich"
    granted = {row["fieldName"]: row["accessGranted"] for row in caller.get(path)}
    assert {name for name, said in granted.items() if said == "false"} == {"departmentBudgets", "engagements"}
    assert granted["revenue"] == "true"
    scaling = calling(Options(companies=20, bundle="scaling"))
    assert {row["accessGranted"] for row in scaling.get(path)} == {"true"}


def test_input_fields_are_the_criteria_of_the_contract(reader: Caller) -> None:
    names = [row["fieldName"] for row in reader.get("/lookup/inputfields/company/search")]
    assert names == list((contract()["search.company"].body or {})["properties"])
    assert [row["fieldName"] for row in reader.get("/lookup/inputfields/company/enrich")][:2] == [
        "companyId",
        "companyName",
    ]


def test_output_fields_of_a_preview_have_their_documented_names(reader: Caller) -> None:
    names = [row["fieldName"] for row in reader.get("/lookup/outputfields/contact/search")]
    assert {"personId", "companyId", "companyName", "hasEmail"} <= set(names)
    assert "company" not in names
    assert {"companyWebsite", "companyHasOtherTopicConsumption"} <= {
        row["fieldName"] for row in reader.get("/lookup/outputfields/intent/search")
    }


@pytest.mark.parametrize(
    ("described", "names"),
    [
        ("news/search", ["rpp", "page", *NEWS]),
        ("orgchart/enrich", ["companyId", "department"]),
        ("corporatehierarchy/enrich", ["companyId", "companyName", "companyWebsite"]),
        ("location/enrich", ["companyId"]),
        ("tech/enrich", ["companyId"]),
        ("hashtag/enrich", ["companyId"]),
        (
            "intent/enrich",
            ["companyId", "companyName", "companyWebsite", "topics", *SIGNAL, "findRecommendedContacts", *PAGE],
        ),
        ("news/enrich", ["companyId", "limit", "page", *NEWS]),
        ("scoop/enrich", ["companyId", "companyName", "companyWebsite", *SCOOP, *PAGE]),
        ("ip/enrich", ["ipAddress", "outputFields"]),
    ],
)
def test_input_fields_of_an_operation_are_what_it_takes(reader: Caller, described: str, names: list[str]) -> None:
    rows = reader.get(f"/lookup/inputfields/{described}")
    assert [row["fieldName"] for row in rows] == names
    assert all(row["description"] for row in rows)
    assert {row["fieldType"] for row in rows} <= {"Array", "Boolean", "Integer", "Number", "Object", "String"}


def test_input_fields_of_scoop_search_are_the_criteria_of_companies_and_of_scoops(reader: Caller) -> None:
    names = [row["fieldName"] for row in reader.get("/lookup/inputfields/scoop/search")]
    assert names[-8:] == SCOOP
    assert {"industryCodes", "techAttributeTagList", "metroRegion", *PAGE} <= set(names)


OF_A_SCOOP = [
    "id", "publishedDate", "originalPublishedDate", "linkText", "link", "description", "topics", "updateText", "types",
    "contacts", "companyId", "companyName",
]  # fmt: skip
OF_A_SIGNAL = [
    "id", "category", "topic", "signalScore", "audienceStrength", "newSignal", "signalDate", "trend",
    "recommendedContacts", "companyId", "companyName", "companyWebsite", "companyHasOtherTopicConsumption",
]  # fmt: skip
OF_AN_ARTICLE = ["domain", "title", "url", "imageUrl", "pageDate", "categories"]


@pytest.mark.parametrize(
    ("described", "names"),
    [
        ("scoop/search", OF_A_SCOOP),
        ("scoop/enrich", OF_A_SCOOP),
        ("news/search", [*OF_AN_ARTICLE, "companyId", "companyName"]),
        ("news/enrich", [*OF_AN_ARTICLE, "companyId", "companyName", "description"]),
        ("intent/enrich", OF_A_SIGNAL),
        ("corporatehierarchy/enrich", ["parentage", "familyTree", "companyId"]),
        (
            "orgchart/enrich",
            [
                "id", "firstName", "middleName", "lastName", "lastUpdatedDate", "jobTitle", "hasEmail",
                "hasDirectPhone", "directPhoneDoNotCall", "department", "jobFunction", "orgChartTier",
                "orgChartSubTier", "contactAccuracyScore", "companyId", "companyName",
            ],
        ),
        (
            "location/enrich",
            [
                "phone", "fax", "street", "city", "state", "zipCode", "country", "companyId", "companyAddressStatus",
                "companySubUnitType", "locationName", "locationEmployeeCount",
            ],
        ),
        (
            "ip/enrich",
            [
                "id", "name", "street", "city", "state", "zipCode", "country", "ticker", "website", "employeeCount",
                "revenue", "industries", "confidenceScore",
            ],
        ),
    ],
)  # fmt: skip
def test_output_fields_of_an_operation_have_their_documented_names(
    reader: Caller, described: str, names: list[str]
) -> None:
    rows = reader.get(f"/lookup/outputfields/{described}")
    assert [row["fieldName"] for row in rows] == names
    assert all(row["description"] for row in rows)


def test_access_is_said_where_it_is_published(reader: Caller) -> None:
    saying = {
        operation.path.removeprefix("/lookup/")
        for operation in LOOKUPS
        if operation.describes and "accessGranted" in reader.get(operation.path)[0]
    }
    assert saying == {
        "inputfields/company/search",
        "inputfields/contact/search",
        "outputfields/contact/search",
        "outputfields/company/enrich",
        "outputfields/contact/enrich",
    }
