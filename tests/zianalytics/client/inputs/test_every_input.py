"""The less common inputs of enrichments: read, checked before anything is sent, and answered by the sandbox."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.client.inputs.read import read_inputs
from zianalytics.errors import RequestRefused

if TYPE_CHECKING:
    from ..conftest import Client, Service

COMPANIES, CONTACTS = OPERATIONS["enrich.companies"], OPERATIONS["enrich.contacts"]


def says(operation: Any, of: Any) -> list[dict[str, Any]]:
    return [dict(one.says) for one in read_inputs(operation, of).questions]


def test_an_internal_address_names_no_company_and_hides_no_other_word() -> None:
    frame = pl.DataFrame({"name": ["Aster", "Birch", None], "ip_address": ["10.0.0.1", "198.18.0.5", "192.168.0.1"]})
    inputs = read_inputs(COMPANIES, frame)
    assert [dict(one.says) for one in inputs.questions] == [
        {"company_name": "Aster"},
        {"company_name": "Birch", "ip_address": "198.18.0.5"},
    ]
    assert inputs.unusable == {2: "it is empty"}


@pytest.mark.parametrize(
    "given", [date(2026, 1, 2), datetime(2026, 1, 2, 23, 59, tzinfo=UTC), "2026-01-02", " 2026-01-02 "], ids=str
)
def test_a_day_is_written_as_the_service_takes_it(given: Any) -> None:
    asked = {"email": "ada@aster.example", "valid_date_after": given}
    assert says(CONTACTS, [asked]) == [{"email": "ada@aster.example", "valid_date_after": "2026-01-02"}]


@pytest.mark.parametrize(
    ("condition", "why"),
    [
        ({"valid_date_after": "1/2/2026"}, "valid_date_after '1/2/2026' is not a day"),
        ({"last_updated_date_after": "soon"}, "last_updated_date_after 'soon' is not a day"),
        ({"contact_accuracy_score_min": "high"}, "contact_accuracy_score_min 'high' is not a whole number above 0"),
    ],
    ids=["day", "text", "score"],
)
def test_a_condition_that_cannot_be_is_refused_before_anything_is_sent(condition: dict[str, Any], why: str) -> None:
    with pytest.raises(RequestRefused, match=f"{why}.*Nothing was sent"):
        read_inputs(CONTACTS, [{"contact_id": 7} | condition])


def test_conditions_go_along_with_an_id_and_a_page_with_a_name() -> None:
    page = {"external_url": "https://people.example/in/ada"}
    assert says(CONTACTS, [{"contact_id": 7, "contact_accuracy_score_min": "80"} | page]) == [
        {"contact_id": 7, "contact_accuracy_score_min": 80}
    ]
    named = {"full_name": "Ada Birch", "company_id": 7}
    assert says(CONTACTS, [named | page]) == [named | page]


def test_a_contact_who_is_found_and_not_wanted_costs_nothing(client: Client, service: Service) -> None:
    people = [p for p in service.sandbox.world.contacts.values() if p.accuracy_score < 90][:2]
    asked = [{"contact_id": people[0].id, "contact_accuracy_score_min": 95}, {"contact_id": people[1].id}]
    found = client.enrich.contacts(asked, max_credits=2)
    assert found["match_status"].to_list() == ["below_accuracy", "matched"]
    assert [entry["id"] for entry in service.sandbox.ledger()] == [people[1].id]


def test_a_company_is_found_by_its_address_on_the_net(client: Client, service: Service) -> None:
    world = service.sandbox.world
    owned = [(one, ip, world.owner_of(ip)) for one in world.companies for ip in world.addresses_of(one)]
    company, ip = next((one, str(ip)) for one, ip, owner in owned if owner and owner.confidence > 0.5)
    found = client.enrich.companies([{"ip_address": ip}], max_credits=1)
    assert found.select("ip_address", "match_status", "company_id").rows() == [(ip, "matched", company)]


def test_an_office_that_does_not_fit_as_wanted_is_no_match(client: Client, service: Service) -> None:
    company = next(one for one in service.sandbox.world.companies.values() if one.website)
    asked = [{"company_website": company.website}]
    least: list[dict[str, Any]] = [{"company_name": "exact"}, {"match_score": 9}]
    none = client.enrich.master_data(asked, match_reasons=least, max_credits=1)
    assert none["match_status"].to_list() == ["no_match"]
    one = client.enrich.master_data(asked, match_reasons=[*least, {"company_website": "fuzzy"}], max_credits=1)
    assert one["match_status"].to_list() == ["matched"]


@pytest.mark.parametrize(
    ("way", "message"),
    [
        ({"compny_name": "exact"}, r"no part is called 'compny_name' \(did you mean company_name"),
        ({"city": "close"}, "city='close' is none of exact, fuzzy, different, missing"),
        ({"match_score": 11}, "match_score=11 is not a whole number from 0 to 10"),
    ],
    ids=["part", "fit", "score"],
)
def test_a_way_to_fit_that_is_not_documented_is_refused(client: Client, way: dict[str, Any], message: str) -> None:
    with pytest.raises(RequestRefused, match=f"match_reasons: {message}.*Nothing was sent"):
        client.enrich.master_data([7], match_reasons=[way])
