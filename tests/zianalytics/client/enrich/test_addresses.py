"""Which held record has an address is known to a process that has just begun, without reading all replies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zianalytics.client.compliance import Compliance

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service


@pytest.fixture(autouse=True)
def _all_is_worth_keeping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zianalytics.client.enrich.addresses._WORTH_KEEPING", 1)


def read_by(client: Client, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the replies that are read from now on."""
    read: list[int] = []
    some_replies = client.journal.some_replies

    def counted(numbers: list[int]) -> object:
        read.extend(numbers)
        return some_replies(numbers)

    monkeypatch.setattr(client.journal, "some_replies", counted)
    return read


def test_a_form_of_a_new_process_reads_one_reply_of_all_that_are_held(
    desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = desk.client()
    websites = client.enrich.companies(service.ids[:60], max_credits=60)["website"]
    client.close()
    later = desk.client()
    read = read_by(later, monkeypatch)
    assert later.enrich.companies.one(website=websites[27])["company_id"] == service.ids[27]
    assert len(read) == 1


def test_what_was_paid_since_is_read_besides(desk: Desk, service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    client, later = desk.client(), desk.client()
    client.enrich.companies(service.ids[:20], max_credits=20)
    assert later.enrich.companies.one(company_id=service.ids[0])["match_status"] == "matched"
    client.close()
    monkeypatch.setattr("zianalytics.client.enrich.addresses._WORTH_KEEPING", 100)
    other = desk.client()
    websites = other.enrich.companies(service.ids[20:40], max_credits=20)["website"]
    read = read_by(later, monkeypatch)
    assert later.enrich.companies.one(website=websites[5])["company_id"] == service.ids[25]
    assert len(read) == 2, "the reply that came since, and the one with the record"


def test_whoever_is_erased_is_not_among_the_digests_any_more(desk: Desk) -> None:
    client = desk.client()
    contacts = client.enrich.contacts(
        client.search.contacts(country="Germany", required_fields="email", limit=3)["contact_id"], max_credits=3
    )
    path = client.journal.folder / "addresses-enrich.contacts.bin"
    assert path.exists()
    Compliance(client.caller, client.journal, client.clock, lambda: None).erase([contacts["contact_id"][0]])
    assert not path.exists()
    assert client.enrich.contacts.one(email=contacts["email"][1])["contact_id"] == contacts["contact_id"][1]
    known = client.journal.addressed.of("enrich.contacts")
    assert known.record_of(str(contacts["email"][0]).casefold()) is None
    assert known.record_of(str(contacts["email"][1]).casefold()) == contacts["contact_id"][1]
