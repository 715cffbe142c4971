"""What is held and young enough is not asked for again, whichever call fetches it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics.errors import BudgetExceeded

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Meanwhile, Service


def companies(client: Client, service: Service) -> Any:
    return service.ids[:3]


def contacts(client: Client, service: Service) -> Any:
    return client.search.contacts(country="Germany", limit=3)["contact_id"]


def offices(client: Client, service: Service) -> Any:
    world = service.sandbox.world
    return [{"company_id": one, "country": world.companies[one].country} for one in service.ids[:3]]


def addresses(client: Client, service: Service) -> Any:
    return ["203.0.113.4", "192.0.2.9"]


@pytest.mark.parametrize(
    ("noun", "inputs", "path", "allowed", "anew"),
    [
        ("companies", companies, "/enrich/company", {"max_credits": 3}, {"max_credits": 0}),
        ("contacts", contacts, "/enrich/contact", {"max_credits": 3}, {"max_credits": 0}),
        ("hierarchies", companies, "/enrich/corporatehierarchy", {"max_credits": 3}, {"max_credits": 0}),
        ("master_data", offices, "/enrich/company-master", {"max_credits": 3}, {"max_credits": 3}),
        ("ips", addresses, "/enrich/ip", {"max_records": 2}, {"max_records": 2}),
    ],
    ids=["companies", "contacts", "hierarchies", "master_data", "ips"],
)
def test_what_is_held_and_young_enough_is_answered_without_a_call(
    desk: Desk,
    service: Service,
    noun: str,
    inputs: Callable[[Client, Service], Any],
    path: str,
    allowed: dict[str, int],
    anew: dict[str, int],
) -> None:
    client = desk.client()
    asked = inputs(client, service)
    first = getattr(client.enrich, noun)(asked, **allowed)
    client.close()
    later = desk.client()
    fetch = getattr(later.enrich, noun)
    sent = service.asked[path]
    assert fetch(asked).equals(first)
    assert fetch(asked, max_age=1).equals(first)
    service.sandbox.advance(20)
    assert fetch(asked, max_age=timedelta(days=21)).equals(first)
    assert service.asked[path] == sent
    for age in (19, 0):
        with pytest.raises(BudgetExceeded):
            fetch(asked, max_age=age)
        assert service.asked[path] == sent
    assert fetch(asked, max_age=19, **anew).columns == first.columns
    assert service.asked[path] > sent
    assert fetch(asked, max_age=19).height == first.height, "it is young again"
    assert later.charges == service.charges


def test_what_another_call_paid_for_between_the_plan_and_the_payment_is_not_paid_again(
    client: Client, desk: Desk, service: Service, meanwhile: Meanwhile
) -> None:
    meanwhile(client, lambda: desk.client().enrich.companies(service.ids[:10], max_credits=10))
    assert client.enrich.companies(service.ids[:10], max_credits=10)["match_status"].unique().to_list() == ["matched"]
    assert service.asked["/enrich/company"] == 1
    assert client.charges == service.charges
    assert sum(service.charges.values()) == 10
