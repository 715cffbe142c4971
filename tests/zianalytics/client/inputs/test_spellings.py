"""A record that is held, or asked for in the same call, is not paid again because it is spelt in another way."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from zianalytics.client.inputs.namesakes import site_of, unspelt
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Service


@pytest.mark.parametrize(
    ("website", "site"),
    [
        ("https://www.Aster.example/", "aster.example"),
        ("HTTP://ASTER.example", "aster.example"),
        (" aster.example// ", "aster.example"),
        ("pages.example/Aster/", "pages.example/Aster"),
        ("www.example", "example"),
        ("", ""),
    ],
    ids=["whole", "capitals", "blanks", "path", "no-www-of-its-own", "empty"],
)
def test_a_website_is_the_same_whatever_stands_around_its_address(website: str, site: str) -> None:
    assert site_of(website) == site


def test_spelling_is_case_and_spaces_and_nothing_else() -> None:
    assert unspelt({"company_name": " Aster  GmbH", "email": "Ada@Aster.example"}) == {
        "company_name": "aster gmbh",
        "email": "ada@aster.example",
    }
    assert unspelt({"company_name": "Aster-GmbH", "company_id": 7, "external_url": "https://a.example/Ada"}) == {
        "company_name": "aster-gmbh",
        "company_id": 7,
        "external_url": "https://a.example/Ada",
    }


def test_a_held_contact_is_held_by_its_e_mail_address(client: Client, service: Service) -> None:
    held = client.enrich.contacts(client.people(3), max_credits=3)
    email = str(held["email"][1])
    service.asked.clear()
    quote = client.enrich.contacts.quote([email, email.upper(), f" {email}"])
    assert (quote.total, quote.lines["status"].to_list()) == (Meters(), ["held", "duplicate", "duplicate"])
    found = client.enrich.contacts([email, email.upper(), f" {email}"])
    assert found["contact_id"].to_list() == [held["contact_id"][1]] * 3
    assert found["input"].to_list() == [email, email.upper(), f" {email}"], "as they were given"
    assert service.asked["/enrich/contact"] == 0


def test_spellings_of_one_address_are_paid_once(client: Client) -> None:
    spelt = ["ada@nobody.example", "ADA@Nobody.example", " ada@nobody.example"]
    assert client.enrich.contacts.quote(spelt).total == Meters(credits=1, records=1, requests=1)
    names = ["Aster Works", "ASTER works ", "aster  works", "Aster-Works"]
    assert client.enrich.companies.quote(names).total == Meters(credits=2, records=2, requests=1)
    sites = ["nobody.example", "http://nobody.example/", "NOBODY.example", "www.nobody.example"]
    assert client.enrich.companies.quote(sites).total == Meters(credits=1, records=1, requests=1)


def test_a_held_company_is_held_by_its_website_however_it_is_spelt(client: Client, service: Service) -> None:
    held = client.enrich.companies(service.ids[:30], max_credits=30)
    site = str(held["website"][27])
    spelt = [site, f"http://{site}/", site.upper(), f"www.{site.removeprefix('www.')}"]
    assert client.enrich.companies.quote(spelt).total == Meters()
    charged = service.charges
    assert client.enrich.companies(spelt)["company_id"].to_list() == [service.ids[27]] * 4
    assert service.charges == charged


def test_an_address_that_is_not_certain_or_not_held_any_more_is_asked(client: Client, service: Service) -> None:
    held = client.enrich.companies(service.ids[:30], max_credits=30)
    shared = held.filter(held["website"].is_duplicated())["website"][0]
    site = str(held["website"][27])
    assert client.enrich.companies.quote([shared]).credits == 1, "two held records have it"
    assert client.enrich.companies.quote([f"{site}/about"]).credits == 1, "a page at the domain may be another's"
    assert client.enrich.companies.quote([{"company_website": site, "country": "Japan"}]).credits == 1
    assert client.enrich.companies.quote([site], max_age=timedelta()).credits == 1
    assert client.enrich.companies.quote([site], fields="all").credits == 1, "what is held lacks columns"
    service.sandbox.advance(days=366)
    client.caller.limits()
    assert client.enrich.companies.quote([site]).credits == 1


def test_the_price_of_a_name_says_that_its_record_may_be_held(client: Client, service: Service) -> None:
    [name] = client.enrich.companies(service.ids[:1], max_credits=1)["name"]
    [line] = client.enrich.companies.quote([name]).lines.to_dicts()
    assert (line["status"], line["credits"]) == ("new", 1)
    assert line["why"] == "at most: its id is not known yet, and a name may be that of a record which is held"


def test_a_quote_counts_the_inputs_for_which_the_service_would_pick_a_record(client: Client, service: Service) -> None:
    [name] = client.enrich.companies(service.ids[:1], max_credits=1)["name"]
    inputs = [*map(str, service.ids[:3]), name, name.upper(), "nobody.example"]
    assert client.enrich.companies.quote(inputs).not_by_id == 2
    assert client.enrich.companies.quote(service.ids[:3]).not_by_id == 0
    assert client.enrich.ips.quote(["203.0.113.9"]).not_by_id == 0
