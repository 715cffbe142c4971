"""The scenes of bulk jobs: begun, waiting, under way, done, fetched, gone, and each way to be refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from mockserver.sandbox.answer import Sandbox
from mockserver.sandbox.scenes.scene import ABSENT, Scene

A_DAY_S = 86_400.0
COMPANY_FIELDS = ["id", "name", "website", "revenue", "employeeCount", "country"]
CONTACT_FIELDS = ["id", "firstName", "lastName", "email", "jobTitle", "companyId", "companyName"]


def bulk_scenes(sandbox: Sandbox) -> Iterator[Scene]:
    """Every scene, about companies and people of the sandbox's own world."""
    world = sandbox.world
    company = next(one for one in world.companies.values() if one.contact_count > 2)
    person = world.contacts_of(company.id)[0]
    searches: dict[str, tuple[dict[str, Any], list[str]]] = {
        "company": ({"companyId": str(company.id)}, COMPANY_FIELDS),
        "contact": ({"companyId": str(company.id), "managementLevel": "Director,Manager,Non Manager"}, CONTACT_FIELDS),
    }
    for noun, (query, fields) in searches.items():
        preview = {"jobType": "preview", "query": query}
        scene = _begins(f"{noun.title()} Search", f"/bulk/search/{noun}", preview)
        yield replace(scene, name="A preview")
        yield from _follow(sandbox, scene, "A page of a preview")
        redeem = preview | {"jobType": "redeem", "outputFields": fields}
        yield replace(scene, name="A redemption", body=redeem, after_s=1.0)
        yield from _follow(sandbox, scene, "A page of what a search redeemed")
        yield replace(scene, name="No output fields", body=preview | {"jobType": "redeem"})
        yield replace(scene, name="No criterion", body=preview | {"query": {}})
        yield replace(scene, name="Page and order", body=preview | {"query": query | {"rpp": 5}})
        yield replace(scene, name="Invalid field", body=preview | {"query": query | {"colour": "red"}})
        yield from _turned_away(scene)
    inputs: dict[str, tuple[str, list[dict[str, Any]], list[str]]] = {
        "company": ("matchCompanyInput", [{"companyId": company.id}, {"companyId": ABSENT}, {}], COMPANY_FIELDS),
        "contact": ("matchPersonInput", [{"personId": person.id}, {"personId": ABSENT}, {}], CONTACT_FIELDS),
    }
    for noun, (key, given, fields) in inputs.items():
        body = {key: given, "outputFields": fields}
        scene = _begins(f"{noun.title()} Enrich", f"/bulk/enrich/{noun}", body)
        yield replace(scene, name="Some inputs")
        yield from _follow(sandbox, scene, "A page of enriched inputs")
        yield replace(scene, name="Inputs that match nothing", body=body | {key: given[1:2]})
        yield from _follow(sandbox, scene, "A page without a match")
        yield replace(scene, name="No input can be used", body=body | {key: [{}]})
        yield replace(scene, name="No output fields", body={key: given})
        yield replace(scene, name="Descriptions", body=body | {"outputFields": ["companyDescriptionList"]})
        yield replace(scene, name="Invalid field", body=body | {"outputFields": ["colour"]})
        yield from _turned_away(scene)
    yield from _asked_after(sandbox)


def _begins(item: str, path: str, body: Mapping[str, Any]) -> Scene:
    return Scene("Bulk", item, "", "POST", path, body, bundle="scaling", after_s=1.0)


def _follow(sandbox: Sandbox, begun: Scene, name: str) -> Iterator[Scene]:
    """Fetch the first page of the newest job, when it came off."""
    job = {"jobId": sandbox.service.jobs.newest().id}
    yield replace(begun, item="Job Results", name=name, path="/bulk/job/results", body=job | {"page": 1}, after_s=1.5)


def _asked_after(sandbox: Sandbox) -> Iterator[Scene]:
    """A job of several pages from its beginning to its end, and one that the records left do not suffice for."""
    body = {"jobType": "preview", "query": {"country": "United States"}}
    long = _begins("Contact Search", "/bulk/search/contact", body)
    yield replace(long, name="More than a page")
    job = {"jobId": sandbox.service.jobs.newest().id}
    status = replace(long, item="Job Status", name="Waiting", path="/bulk/job/status", body=job, after_s=0.5)
    results = replace(status, item="Job Results", path="/bulk/job/results", body=job | {"page": 1}, after_s=0.0)
    yield status
    yield replace(results, name="A page that has not come off", is_passing=True)
    yield replace(status, name="Under way", after_s=1.0)
    yield replace(status, name="Done", after_s=60.0)
    yield replace(results, name="A page past the end", body=job | {"page": ABSENT})
    yield replace(results, name="A page that is no number", body=job | {"page": "two"})
    for scene, said in ((status, job), (results, job | {"page": 1})):
        yield replace(scene, name="Invalid field", body=said | {"colour": "red"}, after_s=0.0)
        yield from _turned_away(replace(scene, after_s=0.0))
    yield replace(long, name="A search that finds nobody", body=body | {"query": {"personId": str(ABSENT)}})
    none = {"jobId": sandbox.service.jobs.newest().id}
    yield replace(status, name="Done, and nobody found", body=none, after_s=2.0)
    company = next(iter(sandbox.world.companies))
    one = {"matchCompanyInput": [{"companyId": company}], "outputFields": COMPANY_FIELDS}
    yield replace(long, item="Company Enrich", name="More than is left", path="/bulk/enrich/company", body=one)
    failed = {"jobId": sandbox.service.jobs.newest().id}
    yield replace(status, name="Failed", body=failed, used_up="recordLimit", after_s=2.0)
    yield replace(status, name="Gone after a day", after_s=A_DAY_S, is_passing=True)


def _turned_away(scene: Scene) -> Iterator[Scene]:
    yield replace(scene, name="Outside the bundle", bundle="standard")
    yield replace(scene, name="Without a token", is_signed_in=False)
    yield replace(scene, name="Request limit used up", used_up="requestLimit")
    yield replace(scene, name="Too many requests", is_too_fast=True)
