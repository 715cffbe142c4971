"""The scenes that are recorded: for each operation what succeeds, what finds nothing, and each way to be refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from mockserver.contract import Operation, contract
from mockserver.sandbox.answer import Sandbox
from mockserver.sandbox.scenes.scene import ABSENT, Scene, refused_scenes
from mockserver.sandbox.search.pages import CEILING

COMPANY_FIELDS = (
    "id", "name", "website", "domainList", "revenue", "employeeCount", "city", "state", "country", "primaryIndustry",
    "industryCodes", "techAttributes", "companyFunding", "employeeGrowth", "type", "foundedYear", "lastUpdatedDate",
    "certified", "parentId", "parentName", "socialMediaUrls",
)  # fmt: skip
CONTACT_FIELDS = (
    "id", "firstName", "lastName", "email", "phone", "jobTitle", "jobFunction", "managementLevel",
    "contactAccuracyScore", "validDate", "lastUpdatedDate", "employmentHistory", "education", "companyId",
    "companyName", "companyWebsite", "companyRevenueNumeric",
)  # fmt: skip
MASTER_FIELDS = (
    "zi_c_location_id", "zi_es_ecid", "zi_es_location_id", "zi_c_is_hq", "zi_c_tier_grade", "zi_c_name",
    "zi_c_name_display", "zi_c_city", "zi_c_country", "zi_match_reason",
)  # fmt: skip


def scenes(sandbox: Sandbox) -> Iterator[Scene]:
    """Every scene, about companies and people of the sandbox's own world."""
    yield from _logins()
    yield from _searches(sandbox)
    yield from _enrichments(sandbox)
    yield from _structures(sandbox)
    yield from _addresses(sandbox)
    for operation in contract().operations:
        if operation.method == "GET" and operation.bundle is None:
            yield from _lookup(operation)
    yield from _narrowed(sandbox)


def _logins() -> Iterator[Scene]:
    said = {"username": "{{username}}", "password": "{{password}}"}
    login = Scene("Authenticate", "Authenticate", "A token", "POST", "/authenticate", said, is_signed_in=False)
    yield login
    yield replace(login, name="A token for a form", is_form=True)
    yield replace(login, name="A token for a key", body=None, is_by_key=True)
    yield replace(login, name="Wrong password", body=said | {"password": "open sesame"})
    yield replace(login, name="Invalid field", body=said | {"colour": "red"})
    yield replace(login, name="Too many requests", is_too_fast=True)


def _searches(sandbox: Sandbox) -> Iterator[Scene]:
    topic = sandbox.world.lists.topics[0].name
    wanted: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "company": ({"country": "Germany", "sortBy": "employeeCount", "rpp": 5}, {"companyId": str(ABSENT)}),
        "contact": ({"country": "Canada", "managementLevel": "Director", "rpp": 5}, {"personId": str(ABSENT)}),
        "intent": (
            {"topics": [topic], "signalStartDate": "2026-01-01", "signalEndDate": "2026-09-30", "rpp": 5},
            {"topics": [topic], "signalStartDate": "1999-01-01", "signalEndDate": "1999-12-31"},
        ),
    }
    several: dict[str, dict[str, Any]] = {
        "company": {"industryCodes": "software", "excludeDefunctCompanies": True, "oneYearEmployeeGrowthRateMin": "5"},
        "contact": {"locationSearchType": "PersonAndHQ", "requiredFields": "directPhone", "sortBy": "hierarchy"},
        "intent": {"continent": "Europe", "certified": 1, "sortBy": "signalScore"},
    }
    for noun, (body, empty) in wanted.items():
        scene = Scene("Search", f"{noun.title()} Search", "A page of results", "POST", f"/search/{noun}", body)
        yield scene
        yield replace(scene, name="Nothing found", body=empty)
        yield replace(scene, name="Too many results per page", body=body | {"rpp": CEILING})
        yield replace(scene, name="Several criteria", body=body | several[noun])
        yield replace(scene, name="A criterion without its partner", body=body | {"zipCodeRadiusMiles": "25"})
        yield from refused_scenes(scene, body | {"colour": "red"})
        if noun == "intent":
            yield replace(scene, name="Record limit used up", used_up="recordLimit")


def _enrichments(sandbox: Sandbox) -> Iterator[Scene]:
    companies = [c for c in sandbox.world.companies.values() if c.office_count > 1 and c.contact_count > 1][:3]
    people = sandbox.world.contacts_of(companies[0].id)[:2]
    jobs: dict[str, tuple[str, tuple[str, ...], list[dict[str, Any]], dict[str, Any], str | None]] = {
        "company": (
            "matchCompanyInput",
            COMPANY_FIELDS,
            [{"companyId": c.id} for c in companies[:2]],
            {"companyId": ABSENT},
            "departmentBudgets",
        ),
        "contact": (
            "matchPersonInput",
            CONTACT_FIELDS,
            [{"personId": person.id} for person in people],
            {"personId": ABSENT},
            "hashedEmails",
        ),
        "company-master": (
            "matchCompanyInput",
            MASTER_FIELDS,
            [{"zi_c_company_id": str(c.id)} for c in companies[1:]],
            {"zi_c_name": "Nobody Knows This Company"},
            None,
        ),
    }
    for noun, (key, fields, inputs, absent, withheld) in jobs.items():
        body = {key: inputs, "outputFields": list(fields)}
        title = f"{noun.title().replace('-', ' ')} Enrich"
        scene = Scene("Enrich", title, "All inputs matched", "POST", f"/enrich/{noun}", body)
        yield scene
        yield replace(scene, name="Nothing matched", body=body | {key: [absent]})
        yield replace(scene, name="Some inputs matched", body=body | {key: [inputs[0], absent, {}]})
        yield replace(scene, name="No input can be used", body=body | {key: [{}]})
        yield replace(scene, name="No output fields", body={key: inputs})
        if noun == "contact":
            required = {"requiredFields": "email,phone,mobilePhone"}
            yield replace(scene, name="Only with certain fields", body=body | required)
        if withheld is not None:
            yield replace(scene, name="Field outside the subscription", body=body | {"outputFields": [withheld]})
        new = {key: _new_inputs(sandbox, noun), "outputFields": list(fields)}
        yield replace(scene, name="Credit limit used up", body=new, used_up="uniqueIdLimit")
        yield replace(scene, name="Record limit used up", used_up="recordLimit")
        yield from refused_scenes(scene, body | {"outputFields": [fields[0], "colour"]})


def _structures(sandbox: Sandbox) -> Iterator[Scene]:
    """Families, org charts and locations, of a company with a parent and of one with people."""
    world = sandbox.world
    child = next(c for c in world.companies.values() if c.parent_id is not None)
    busy = next(c for c in world.companies.values() if c.office_count > 2 and c.contact_count > 20)
    fields = ["parentage", "familyTree", "companyId"]
    body: dict[str, Any] = {"matchCompanyInput": [{"companyId": child.id}], "outputFields": fields}
    scene = Scene("Enrich", "Corporate Hierarchy", "A family", "POST", "/enrich/corporatehierarchy", body)
    yield scene
    some = [{"companyId": child.id}, {"companyId": ABSENT}, {}]
    yield replace(scene, name="Nothing matched", body=body | {"matchCompanyInput": some[1:2]})
    yield replace(scene, name="Some inputs matched", body=body | {"matchCompanyInput": some})
    yield replace(scene, name="No input can be used", body=body | {"matchCompanyInput": [{}]})
    yield replace(scene, name="Record limit used up", used_up="recordLimit")
    yield from refused_scenes(scene, body | {"outputFields": ["colour"]})
    chart = {"companyId": str(busy.id), "department": "Sales,Information Technology,Finance"}
    for title, path, body in (
        ("Org Chart", "/enrich/orgchart", chart),
        ("Locations", "/enrich/location", {"companyId": str(busy.id)}),
    ):
        scene = Scene("Enrich", title, "A whole list", "POST", path, body)
        yield scene
        yield replace(scene, name="Nothing found", body=body | {"companyId": str(ABSENT)})
        yield replace(scene, name="Record limit used up", used_up="recordLimit")
        yield from refused_scenes(scene, body | {"colour": "red"})


def _addresses(sandbox: Sandbox) -> Iterator[Scene]:
    """An address of a company, one of a provider, and one of nobody."""
    world = sandbox.world
    owners = ((ips[0], world.owner_of(ips[0])) for one in world.companies if (ips := world.addresses_of(one)))
    own = next(str(address) for address, owner in owners if owner is not None and owner.confidence > 0.5)
    scene = Scene("WebSights", "IP Enrich", "A company", "POST", "/enrich/ip", {"ipAddress": own})
    yield scene
    yield replace(scene, name="A provider", body={"ipAddress": "203.0.113.9"})
    yield replace(scene, name="Nobody", body={"ipAddress": "192.0.2.1"})
    yield replace(scene, name="Some fields", body={"ipAddress": own, "outputFields": ["id", "name"]})
    yield replace(scene, name="Not an address", body={"ipAddress": "999.1.1.1"})
    yield replace(scene, name="WebSights record limit used up", used_up="websightsRecordLimit")
    yield replace(scene, name="Invalid field", body={"ipAddress": own, "outputFields": ["colour"]})
    yield replace(scene, name="Without a token", is_signed_in=False)
    yield replace(scene, name="WebSights request limit used up", used_up="websightsRequestLimit")
    yield replace(scene, name="Too many requests", is_too_fast=True)


def _new_inputs(sandbox: Sandbox, noun: str) -> list[dict[str, Any]]:
    """One input for a record that no scene has redeemed."""
    company = list(sandbox.world.companies.values())[-1]
    if noun == "contact":
        last = [c for c in sandbox.world.companies.values() if c.contact_count][-1]
        return [{"personId": sandbox.world.contacts_of(last.id)[0].id}]
    return [{"companyId": company.id} if noun == "company" else {"zi_c_company_id": str(company.id)}]


def _lookup(operation: Operation) -> Iterator[Scene]:
    scene = Scene("Lookup", operation.id.removeprefix("lookup."), "The whole list", "GET", operation.path)
    yield scene
    yield replace(scene, name="Invalid field", query={"colour": "red"})
    yield replace(scene, name="Without a token", is_signed_in=False)
    yield replace(scene, name="Too many requests", is_too_fast=True)


def _narrowed(sandbox: Sandbox) -> Iterator[Scene]:
    """The look-ups that take parameters."""
    vendor = sandbox.world.lists.technologies[0].vendor
    scene = Scene("Lookup", "tech.product", "Of one vendor", "GET", "/lookup/tech/product", query={"vendor": vendor})
    yield scene
    yield replace(scene, name="Nothing found", query={"vendor": "Nobody Sells This"})
    yield Scene("Lookup", "hashtag", "Of one vendor", "GET", "/lookup/hashtag", query={"vendor": vendor})
