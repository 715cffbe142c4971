"""Families, org charts and locations: of the company that was asked for, whole, and charged as published."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from mockserver.contract import contract
from mockserver.sandbox import Options
from mockserver.world import Company

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

FAMILY = ["parentage", "familyTree", "companyId"]


def families(caller: Caller, *inputs: dict[str, Any], fields: list[str] | None = None) -> list[Any]:
    body = {"matchCompanyInput": inputs, "outputFields": fields or FAMILY}
    return list(caller.post("/enrich/corporatehierarchy", body)["data"]["result"])


def middle(caller: Caller) -> Company:
    """A company with a parent and with children."""
    world = caller.sandbox.world
    return next(c for c in world.companies.values() if c.parent_id is not None and world.subsidiaries_of(c.id))


def nodes(node: dict[str, Any], above: int | None = None) -> Iterator[tuple[int | None, dict[str, Any]]]:
    yield above, node
    for one in node.get("familyNodes", []):
        yield from nodes(one, node["companyId"])


def spent(caller: Caller) -> list[tuple[str, int, int]]:
    """Entity, credits and records of each charge."""
    return [(row["entity"], row["credits"], row["records"]) for row in caller.sandbox.ledger()]


def busy(caller: Caller) -> Company:
    return next(c for c in caller.sandbox.world.companies.values() if c.office_count > 2 and c.contact_count > 20)


@pytest.mark.parametrize("seed", [7, 11])
def test_a_family_is_everybody_with_the_same_top_and_parentage_leads_there(
    calling: Callable[[Options], Caller], seed: int
) -> None:
    caller = calling(Options(companies=3_000, seed=seed))
    world, company = caller.sandbox.world, middle(caller)
    child = world.subsidiaries_of(company.id)[0]
    [record], [childs] = (
        result["data"] for result in families(caller, {"companyId": company.id}, {"companyId": child})
    )
    [top] = record["familyTree"]
    found = {node["companyId"]: above for above, node in nodes(top)}
    family = [c for c in world.companies.values() if company.ultimate_parent_id in (c.id, c.ultimate_parent_id)]
    assert found == {c.id: c.parent_id for c in family}
    assert len(found) > 2
    assert "subUnitTypeInfo" not in top
    assert all(node["subUnitTypeInfo"]["typeDescription"] for above, node in nodes(top) if above)
    assert [one["companyId"] for one in record["parentage"]] == [str(company.parent_id)]
    assert [one["companyId"] for one in childs["parentage"]] == [str(company.id), str(company.parent_id)]
    assert childs["familyTree"] == record["familyTree"]


def test_some_parents_bought_the_company_below_and_some_founded_it(reader: Caller) -> None:
    children = [c for c in reader.sandbox.world.companies.values() if c.parent_id is not None][:25]
    results = families(reader, *({"companyId": c.id} for c in children), fields=["parentage"])
    days = [result["data"][0]["parentage"][0]["acquiredByDate"] for result in results]
    assert "" in days
    assert [day for day in days if day] == [day for day in days if "2016-01-01" < day < "2026-10-01"]


def test_a_company_that_stands_alone_is_a_family_of_its_own(reader: Caller) -> None:
    world = reader.sandbox.world
    alone = next(c for c in world.companies.values() if c.parent_id is None and not world.subsidiaries_of(c.id))
    [record] = families(reader, {"companyId": alone.id})[0]["data"]
    assert record == {
        "parentage": [],
        "familyTree": [{"companyId": alone.id, "name": alone.name, "city": alone.city, "state": alone.state or ""}],
        "companyId": alone.id,
    }


def test_a_family_is_found_by_name_and_website_and_charged_as_its_company(caller: Caller) -> None:
    world = caller.sandbox.world
    names = [c.name for c in world.companies.values()]
    company = next(c for c in world.companies.values() if c.website and names.count(c.name) == 1)
    results = families(caller, {"companyName": company.name}, {"companyName": "No Such Company"}, {}, fields=FAMILY[2:])
    assert [r["matchStatus"] for r in results] == ["FULL_MATCH", "NO_MATCH", "INVALID_INPUT"]
    assert results[0]["data"] == [{"companyId": company.id}]
    families(caller, {"companyWebsite": company.website, "companyName": company.name})
    caller.redeem(company.id)
    assert spent(caller) == [("company", 1, 1), ("company", 0, 1), ("company", 0, 1)]


def test_an_org_chart_has_the_people_of_the_departments_from_the_top_down(reader: Caller) -> None:
    world, company = reader.sandbox.world, busy(reader)
    chart = reader.post("/enrich/orgchart", {"companyId": str(company.id), "department": "c-suite, finance"})
    people = [p for p in world.contacts_of(company.id) if p.department in ("C-Suite", "Finance") and not p.has_moved]
    assert {row["id"] for row in chart["data"]} == {p.id for p in people}
    assert chart["totalResults"] == chart["maxResults"] == len(people) > 1
    order = [(row["department"], row["orgChartTier"], row["orgChartSubTier"]) for row in chart["data"]]
    assert order == sorted(order)
    levels = {p.id: p.management_levels for p in people}
    moved = next(p for p in world.contacts.values() if p.department == "Sales" and p.has_moved)
    chart_of_moved = reader.post("/enrich/orgchart", {"companyId": moved.company_id, "department": "Sales"})
    assert moved.id not in {row["id"] for row in chart_of_moved["data"]}
    assert all((row["orgChartTier"] == 5) == (levels[row["id"]] == ("Non Manager",)) for row in chart["data"])


def test_an_org_chart_is_one_record_and_a_location_is_one_each(caller: Caller) -> None:
    company = busy(caller)
    caller.post("/enrich/orgchart", {"companyId": company.id, "department": "Sales"})
    assert spent(caller) == [("company", 1, 1)]
    found = caller.post("/enrich/location", {"companyId": company.id})
    assert found["totalResults"] == len(found["data"]) == company.office_count
    assert spent(caller)[1:] == [("location", 0, 1)] * company.office_count
    headers = dict(caller.send("POST", "/enrich/location", {"companyId": company.id}).headers)
    assert headers["X-Usage-Unique-Id-Limit-Remaining"] == "4999"
    assert headers["X-Usage-Record-Limit-Remaining"] == str(125_000 - 1 - 2 * company.office_count)


def test_locations_are_the_offices_of_the_company_headquarters_first(reader: Caller) -> None:
    company = busy(reader)
    rows = reader.post("/enrich/location", {"companyId": str(company.id)})["data"]
    offices = reader.sandbox.world.offices_of(company.id)
    assert [(row["city"], row["country"]) for row in rows] == [(o.city, o.country) for o in offices]
    assert [row["company"]["subUnitType"] for row in rows] == ["Headquarters"] + ["Location"] * (len(offices) - 1)


def test_nobody_and_nowhere_cost_a_request_alone(caller: Caller) -> None:
    assert caller.post("/enrich/location", {"companyId": 999})["data"] == []
    assert caller.post("/enrich/orgchart", {"companyId": 999, "department": "Sales"})["data"] == []
    assert caller.sandbox.ledger() == []
    assert [row["currentUsage"] for row in caller.sandbox.usage()["usage"]] == [0, 0, 2, 0, 0]


@pytest.mark.parametrize(
    ("path", "body", "names"),
    [
        ("/enrich/orgchart", {"companyId": "7"}, "department"),
        ("/enrich/orgchart", {"companyId": "7", "department": "Alchemy"}, "department"),
        ("/enrich/orgchart", {"companyId": "seven", "department": "Sales"}, "companyId"),
        ("/enrich/location", {}, "companyId"),
        ("/enrich/location", {"companyId": 7, "page": 2}, "page"),
        ("/enrich/corporatehierarchy", {"matchCompanyInput": [{"colour": "red"}], "outputFields": FAMILY}, "colour"),
    ],
)  # fmt: skip
def test_what_is_not_documented_is_refused_by_name(reader: Caller, path: str, body: dict[str, Any], names: str) -> None:
    assert reader.refused(path, body) == (400, f"There are invalid fields in your request: {names}")


def test_many_companies_keep_the_contract(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=800, no_limits=True))
    companies = list(caller.sandbox.world.companies)[::10]
    for first in range(0, len(companies), 25):
        body = {"matchCompanyInput": [{"companyId": i} for i in companies[first:][:25]], "outputFields": FAMILY}
        keeps("enrich.corporatehierarchy", caller.post("/enrich/corporatehierarchy", body))
    for company in companies:
        keeps("enrich.location", caller.post("/enrich/location", {"companyId": company}))
        keeps("enrich.orgchart", caller.post("/enrich/orgchart", {"companyId": company, "department": "Sales,Legal"}))


def keeps(operation_id: str, answer: Any) -> None:
    Draft202012Validator(contract()[operation_id].answers[200]).validate(answer)
