"""One record for an intake form: from what is held without any request, else as a call for a list of one pays it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

from zianalytics.errors import BudgetExceeded, NotAnswered, RequestRefused
from zianalytics.journal import Person
from zianalytics.schema.meters import Meters

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Meanwhile, Service

COMPANY, CONTACT = "/enrich/company", "/enrich/contact"


def test_a_company_that_is_held_is_a_dict_and_nothing_at_all_is_sent(desk: Desk, service: Service) -> None:
    client = desk.client()
    frame = client.enrich.companies(service.ids[:3], max_credits=3)
    client.close()
    later = desk.client()
    service.asked.clear()
    found = later.enrich.companies.one(company_id=service.ids[1])
    assert found == frame.drop("input").row(1, named=True)
    assert list(found)[:4] == ["match_status", "company_id", "name", "website"]
    assert later.enrich.companies.one(company_id=service.ids[1], fields=["name"]) == {
        "match_status": "matched",
        "company_id": service.ids[1],
        "name": frame["name"][1],
        "extra": None,
    }
    assert service.asked.total() == 0, "not even a sign-in or a usage look-up"


def test_what_is_held_by_its_id_is_found_by_its_address(client: Client, service: Service) -> None:
    companies = client.enrich.companies(service.ids[:30], max_credits=30)
    contacts = client.enrich.contacts(client.people(3), max_credits=3)
    service.asked.clear()
    website = str(companies["website"][27]).removeprefix("www.")
    for written in (website, f"https://www.{website}/about", website.upper()):
        assert client.enrich.companies.one(website=written)["company_id"] == service.ids[27]
    found = client.enrich.contacts.one(email=str(contacts["email"][2]).upper())
    assert (found["match_status"], found["contact_id"]) == ("matched", contacts["contact_id"][2])
    assert service.asked.total() == 0


def test_an_address_that_two_held_records_have_names_neither(client: Client, service: Service) -> None:
    companies = client.enrich.companies(service.ids[:30], max_credits=30)
    shared = companies.filter(companies["website"].is_duplicated())["website"][0]
    with pytest.raises(BudgetExceeded):
        client.enrich.companies.one(website=shared)


def test_an_address_is_known_as_soon_as_another_call_has_paid_for_its_record(desk: Desk, service: Service) -> None:
    client, other = desk.client(), desk.client()
    ids = service.ids[:40]
    websites = other.enrich.companies(ids[:20], max_credits=20)["website"]
    assert client.enrich.companies.one(website=websites[3])["company_id"] == ids[3]
    websites = other.enrich.companies(ids[20:], max_credits=20)["website"]
    service.asked.clear()
    assert client.enrich.companies.one(website=websites[5])["company_id"] == ids[25]
    assert service.asked.total() == 0


def test_a_record_that_is_not_held_costs_what_a_list_of_one_costs(client: Client, service: Service) -> None:
    one = service.ids[7]
    with pytest.raises(BudgetExceeded, match=r"enrich\.companies.*1 credit.*Nothing was sent"):
        client.enrich.companies.one(company_id=one)
    assert service.asked[COMPANY] == 0
    assert client.enrich.companies.one(company_id=one, max_credits=1)["company_id"] == one
    with client.budget(max_credits=1):
        assert client.enrich.companies.one(company_id=service.ids[8])["match_status"] == "matched"
    assert client.charges == service.charges
    assert client.ledger.totals().spent == Meters(credits=2, records=2, requests=2)
    assert client.ledger.frame()["endpoint"].unique().to_list() == ["enrich.companies"]


def test_nothing_found_has_the_same_keys_and_is_not_asked_again(client: Client, service: Service) -> None:
    keys = list(client.enrich.companies.one(company_id=service.ids[0], max_credits=1))
    found = client.enrich.companies.one(website="nobody-has-this.example", max_credits=1)
    assert list(found) == keys
    assert found.pop("match_status") == "no_match"
    assert set(found.values()) == {None}
    service.asked.clear()
    assert client.enrich.companies.one(website="nobody-has-this.example")["match_status"] == "no_match"
    assert service.asked.total() == 0


def test_what_is_too_old_lacks_a_field_or_is_managed_no_longer_is_asked_again(client: Client, service: Service) -> None:
    one = service.ids[3]
    client.enrich.companies.one(company_id=one, fields=["name"], max_credits=1)
    service.sandbox.advance(40)
    client.usage()
    service.asked.clear()
    assert client.enrich.companies.one(company_id=one, fields=["name"], max_age=60)["company_id"] == one
    assert service.asked.total() == 0
    for again in ({"fields": ["name"], "max_age": 30}, {"fields": ["website"]}):
        with pytest.raises(BudgetExceeded, match="1 record"):
            client.enrich.companies.one(company_id=one, **again)
        client.enrich.companies.one(company_id=one, max_credits=0, **again)
    assert service.asked[COMPANY] == 2
    service.sandbox.advance(330)
    client.usage()
    with pytest.raises(BudgetExceeded, match="1 credit"):
        client.enrich.companies.one(company_id=one, fields=["name"])
    assert client.charges == service.charges


def test_a_person_who_is_suppressed_is_never_shown(client: Client, service: Service) -> None:
    ids = client.people(3)
    known = client.enrich.contacts(ids, max_credits=3)
    email = known["email"][0]
    client.journal.people.suppress([Person(contact_id=ids[0])], reason="asked us", at=client.clock.now())
    client.journal.people.suppress([Person(email=known["email"][1])], reason="asked us", at=client.clock.now())
    service.asked.clear()
    asked: list[dict[str, Any]] = [{"contact_id": ids[0]}, {"email": email}, {"contact_id": ids[1]}]
    asked += [{"email": known["email"][1]}, {"contact_id": ids[1], "fields": ["job_title"]}]
    for named in asked:
        found = client.enrich.contacts.one(**named, max_credits=1)
        assert found.pop("match_status") == "opted_out", named
        assert set(found.values()) == {None}
    assert service.asked.total() == 0
    assert client.enrich.contacts.one(contact_id=ids[2])["match_status"] == "matched"


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ({}, r"Nothing names the record. Nothing was sent. Pass company_id, website"),
        ({"website": "", "name": None}, r"Nothing names the record"),
        ({"name": "  "}, r"enrich\.companies\.one: it is empty. Nothing was sent. Pass company_id"),
        ({"country": "Germany"}, r"enrich\.companies\.one: it has only country. Nothing was sent"),
        ({"company_id": 0}, r"company_id 0 is not an id. Nothing was sent"),
        ({"company_id": "7"}, r"company_id='7' is not a whole number"),
        ({"company_id": 7, "fields": ["nmae"]}, r"did you mean name"),
        ({"company_id": 7, "max_age": -1}, r"max_age=-1 is below 0"),
        ({"websit": "aster.example"}, r"enrich\.companies\.one has no argument 'websit' \(did you mean website"),
        ({"ip_address": "10.0.0.1"}, r"10\.0\.0\.1|it is empty"),
    ],
    ids=["nothing", "empty", "blank", "country", "zero", "text id", "field", "age", "misspelt", "internal ip"],
)
def test_what_names_no_record_is_refused_before_anything_is_sent(
    client: Client, service: Service, named: dict[str, Any], says: str
) -> None:
    with pytest.raises(RequestRefused, match=says):
        client.enrich.companies.one(**named)
    assert service.asked.total() == 0


def test_a_name_without_a_company_names_no_contact(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused, match=r"enrich\.contacts\.one: it has only full_name.*company_name"):
        client.enrich.contacts.one(full_name="Ada Aster")
    with pytest.raises(RequestRefused, match="it has only contact_accuracy_score_min"):
        client.enrich.contacts.one(contact_accuracy_score_min=80)
    assert service.asked.total() == 0


def test_a_contact_by_name_and_company_is_held_under_the_same_words(client: Client, service: Service) -> None:
    [one] = client.enrich.contacts(client.people(1), max_credits=1).to_dicts()
    named = {"first_name": one["first_name"], "last_name": one["last_name"], "company_name": one["company_name"]}
    found = client.enrich.contacts.one(**named, contact_accuracy_score_min=70, max_credits=1)
    assert found["contact_id"] == one["contact_id"]
    service.asked.clear()
    assert client.enrich.contacts.one(**named, contact_accuracy_score_min=70) == found
    assert service.asked.total() == 0


def test_threads_of_a_server_pay_for_each_record_once(client: Client, service: Service) -> None:
    ids = service.ids[:12]
    client.enrich.companies(ids[:6], max_credits=6)
    with client.budget(max_credits=6), ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda one: client.enrich.companies.one(company_id=one), ids * 4))
    assert [one["company_id"] for one in found] == ids * 4
    assert sorted(service.charges.values()) == [1] * 12, "no record was paid for twice"
    assert client.charges == service.charges


def test_a_reply_that_does_not_come_is_an_error_and_the_next_call_pays_nothing_more(
    client: Client, service: Service
) -> None:
    one = service.ids[4]
    service.sandbox.set_faults({"rules": [{"path": COMPANY, "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.companies.one(company_id=one, max_credits=1)
    service.sandbox.set_faults({"rules": []})
    with pytest.warns(UserWarning, match="sent again"):
        assert client.enrich.companies.one(company_id=one, max_credits=0)["match_status"] == "matched"
    assert sum(row["credits"] for row in service.sandbox.ledger()) == 1


def test_what_tab_and_shift_tab_show_is_real(client: Client) -> None:
    import inspect

    companies: Any = client.enrich.companies
    keywords = inspect.signature(companies.one).parameters
    assert list(keywords)[:4] == ["company_id", "website", "name", "ticker"]
    assert keywords["company_id"].annotation == int | None
    assert "max_credits : int, optional" in companies.one.__doc__
    assert [name for name in dir(companies) if not name.startswith("_")] == ["one", "quote", "request"]


def test_what_another_call_paid_for_between_the_look_and_the_payment_is_held_then(
    desk: Desk, client: Client, service: Service, meanwhile: Meanwhile
) -> None:
    """Nobody is at work on it any more, and the budget that was meant for it is used up."""
    [one] = service.ids[20:21]
    other = desk.client()
    with client.budget(max_credits=0):
        meanwhile(client, lambda: other.enrich.companies([one], max_credits=1))
        assert client.enrich.companies([one])["match_status"].to_list() == ["matched"]
    assert list(service.charges.values()) == [1]
