"""Matching a list to contacts of the sandbox: by e-mail, then by name and company; nothing silently picked."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request, Response
from mockserver.world import Contact
from zianalytics.client.search.match import LeadMatch
from zianalytics.errors import RequestRefused

if TYPE_CHECKING:
    from ..conftest import Client, Service

SEARCH = "/search/contact"


def matching(client: Client) -> LeadMatch:
    return LeadMatch(client.caller, progress=False)


def people(service: Service) -> list[Contact]:
    """People with an address of their own, whose name nobody else has."""
    everybody = list(service.sandbox.world.contacts.values())
    names = Counter((p.first_name, p.last_name) for p in everybody)
    return [p for p in everybody if p.email and names[p.first_name, p.last_name] == 1 and not p.has_moved]


def employer(service: Service, person: Contact) -> str:
    return service.sandbox.world.companies[person.company_id].name


def test_an_address_finds_its_contact_whatever_its_case(client: Client, service: Service) -> None:
    one, two = people(service)[:2]
    crm = pl.DataFrame({"lead": ["a", "b"], "email": [(one.email or "").upper(), two.email]})
    result = matching(client)(crm)
    assert result.matched.select(
        "lead", "contact_id", "last_name", "company_id", "company_name", "matched_by"
    ).rows() == [
        ("a", one.id, one.last_name, one.company_id, employer(service, one), "email"),
        ("b", two.id, two.last_name, two.company_id, employer(service, two), "email"),
    ]
    assert result.requests == service.asked[SEARCH] == 2
    assert service.charges.total() == 0


def test_without_a_hit_by_address_name_and_company_decide(client: Client, service: Service) -> None:
    one, two, three = people(service)[:3]
    website = next(p for p in people(service) if service.sandbox.world.companies[p.company_id].website)
    leads: list[dict[str, Any]] = [
        {
            "email": "gone@nowhere.example",
            "name": f"{one.first_name} {one.last_name}",
            "company": employer(service, one),
        },
        {"first_name": two.first_name, "last_name": two.last_name, "company_id": two.company_id},
        {"full_name": f"{three.first_name} {three.last_name}", "company_id": one.company_id + 1},
        {
            "full_name": f"{website.first_name} {website.last_name}",
            "website": service.sandbox.world.companies[website.company_id].website,
        },
    ]
    result = matching(client)(leads)
    assert result.matched["contact_id"].to_list() == [one.id, two.id, website.id]
    assert result.matched["matched_by"].to_list() == ["name and company"] * 3
    assert result.failed["why"].to_list() == ["no contact found"]


def test_namesakes_at_one_company_are_ambiguous_with_both_as_candidates(client: Client, service: Service) -> None:
    one = people(service)[0]

    def twice(request: Request) -> Response | None:
        if request.path != SEARCH:
            return None
        said = json.loads(service.sandbox.answer(request).body)
        [row] = said["data"]
        rows = [row, row | {"id": row["id"] + 1, "jobTitle": "Buyer"}]
        return service.says(200, json.dumps(said | {"data": rows, "totalResults": 2, "maxResults": 2}).encode())

    service.trouble = twice
    leads = [{"first_name": one.first_name, "last_name": one.last_name, "company_id": one.company_id}]
    result = matching(client)(leads)
    [found] = result.ambiguous.to_dicts()
    assert found["matched_by"] == "name and company"
    assert [(c["contact_id"], c["job_title"]) for c in found["candidates"]] == [
        (one.id, one.job_title),
        (one.id + 1, "Buyer"),
    ]
    assert result.matched.height == result.failed.height == 0


def test_a_hit_of_another_name_or_company_is_no_match(client: Client, service: Service) -> None:
    """The service's own matching is fuzzier than that of the sandbox."""
    one = people(service)[0]
    changes: list[dict[str, Any]] = []

    def other(request: Request) -> Response | None:
        if request.path != SEARCH:
            return None
        said = json.loads(service.sandbox.answer(request).body)
        return service.says(200, json.dumps(said | {"data": [said["data"][0] | changes[-1]]}).encode())

    service.trouble = other
    leads: list[dict[str, Any]] = [
        {"full_name": f"{one.first_name} {one.last_name}", "company_id": one.company_id},
        {"full_name": f"{one.first_name} {one.last_name}", "company": employer(service, one)},
    ]
    for change, found in (
        ({"middleName": "Q."}, 2),
        ({"lastName": "Somebody"}, 0),
        ({"company": {"id": one.company_id + 1, "name": employer(service, one)}}, 1),
        ({"company": {"id": one.company_id, "name": "Another Company"}}, 1),
    ):
        changes.append(change)
        assert matching(client)(leads).matched.height == found, change


def test_what_cannot_be_asked_is_failed_with_the_reason_and_costs_nothing(client: Client, service: Service) -> None:
    leads: list[dict[str, Any]] = [{"email": people(service)[0].email}, {"full_name": "Ada Nobody"}, {}]
    result = matching(client)(leads)
    assert result.failed["why"].to_list() == ["it has only full_name", "it is empty"]
    assert service.asked[SEARCH] == 1
    with pytest.raises(RequestRefused, match="email, or a full_name"):
        matching(client)(["Ada Nobody"])


def test_a_quote_is_the_requests_it_takes_at_most(client: Client, service: Service) -> None:
    one, two = people(service)[:2]
    leads: list[dict[str, Any]] = [
        {"email": one.email, "full_name": f"{one.first_name} {one.last_name}", "company_id": one.company_id},
        {"email": (one.email or "").upper()},
        {"email": two.email},
    ]
    quote = matching(client).quote(leads)
    assert repr(quote) == "Quote(credits=0, records=0, requests=3)"
    assert service.asked[SEARCH] == 0
    assert matching(client)(leads).requests == 2
