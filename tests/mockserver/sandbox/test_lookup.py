"""Look-ups list what criteria take and what an account may have."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.sandbox import Options

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

LOOKUPS = [o for o in contract().operations if o.id.startswith("lookup.")]


@pytest.mark.parametrize("operation", LOOKUPS, ids=lambda o: o.id)
def test_a_lookup_answers_what_the_contract_promises(reader: Caller, operation: object) -> None:
    promised = next(o for o in LOOKUPS if o is operation)
    answer = reader.get(promised.path)
    assert answer
    Draft202012Validator(promised.answers[200]).validate(answer)


@pytest.mark.parametrize(
    ("path", "criterion"),
    [
        ("/lookup/industry", "industryCodes"),
        ("/lookup/employeecount", "employeeCount"),
        ("/lookup/revenuerange", "revenue"),
        ("/lookup/country", "country"),
        ("/lookup/state", "state"),
    ],
)
def test_a_value_of_a_lookup_is_taken_by_its_criterion(reader: Caller, path: str, criterion: str) -> None:
    values = [row["Id"] for row in reader.get(path)]
    assert sum(reader.post("/search/company", {criterion: value})["totalResults"] for value in values[:8]) > 0


@pytest.mark.parametrize(
    ("path", "criterion"), [("/lookup/managementLevel", "managementLevel"), ("/lookup/department", "department")]
)
def test_a_value_about_people_is_taken_by_its_criterion(reader: Caller, path: str, criterion: str) -> None:
    for row in reader.get(path):
        assert reader.post("/search/contact", {criterion: row["Id"]})["totalResults"] > 0


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
