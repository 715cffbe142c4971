"""Who is erased, who cannot be, and what it means for calls that come after."""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from contextlib import closing
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import apsw
import polars as pl
import pytest

from mockserver.sandbox import Options
from zianalytics.client.compliance import Compliance, wanted
from zianalytics.errors import AskedAgain, JournalDamaged, NotAnswered, RequestRefused, StoreHeld

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

NOT_HELD = [("journal", "nobody so named is held", 0), ("suppressions", "kept out from now on", 1)]
COLUMNS = ["first_name", "last_name", "email", "phone", "mobile_phone", "job_title"]


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=200, bundle="scaling")


@pytest.fixture(scope="module")
def stands_still() -> bool:
    return True


@pytest.fixture
def compliance(client: Client) -> Compliance:
    return client.compliance


def test_whoever_is_erased_is_not_asked_for_again_by_any_of_their_names(
    client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    client.enrich.contacts([person.id], max_credits=1)
    compliance.erase([person.id])
    asked = service.asked["/enrich/contact"]
    hashed = hashlib.sha1(str(person.email).encode(), usedforsecurity=False).hexdigest().upper()
    for given in ({"contact_id": person.id}, {"email": f" {str(person.email).upper()}"}, {"hashed_email": hashed}):
        assert client.enrich.contacts([given])["match_status"].to_list() == ["opted_out"]
    assert service.asked["/enrich/contact"] == asked
    by_name = {"full_name": f"{person.first_name} {person.last_name}", "company_id": person.company_id}
    row = client.enrich.contacts([by_name], fields=["email"], max_credits=1)
    assert row.select("match_status", "email").rows() == [("opted_out", None)]
    assert person.id not in client.search.contacts(company_id=[person.company_id], limit=100)["contact_id"]
    assert sum(one["credits"] for one in service.sandbox.ledger()) == client.ledger.totals().spent.credits == 1


def test_an_erased_person_can_be_allowed_again_and_is_asked_for_without_a_second_credit(
    client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    client.enrich.contacts([person.id], max_credits=1)
    compliance.erase([person.id])
    assert compliance.allow([str(person.email)]) == 1
    quote = client.enrich.contacts.quote([person.id], fields=["email"])
    assert (quote.credits, quote.records) == (0, 1)
    assert client.enrich.contacts([person.id], fields=["email"], max_credits=0)["email"].to_list() == [person.email]


def test_a_tombstone_tells_the_id_what_it_cost_and_the_digest_of_what_was_received(
    desk: Desk, client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    other = service.others(person)[0]
    client.enrich.contacts([other, person.id], fields=COLUMNS, max_credits=2)
    [reply] = client.journal.replies_to(["enrich.contacts"])
    before = json.loads(reply.body)["data"]["result"]
    compliance.erase([person.id])
    [after] = client.journal.replies_to(["enrich.contacts"])
    told = json.loads(after.body)["data"]["result"]
    assert told[0] == before[0]
    assert told[1] == {
        "input": {"personid": person.id}, "matchStatus": "FULL_MATCH", "data": [{"id": person.id}]
    } | {name: one for name, one in before[1].items() if name not in ("input", "matchStatus", "data")}  # fmt: skip
    with closing(apsw.Connection(str(desk.home / "account" / "replies.db"))) as db:
        found = db.execute("select reply, record_id, credits, records, sha256 from erased").fetchall()
    assert found == [(reply.id, str(person.id), 1, 1, hashlib.sha256(reply.body).digest())]


def test_a_ledger_that_is_made_again_after_an_erasure_counts_the_same(
    desk: Desk, client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    client.enrich.contacts([{"email": str(person.email)}], max_credits=1)
    compliance.erase([person.id])
    client.close()
    (desk.home / "account" / "ledger.db").unlink()
    with pytest.warns(JournalDamaged):
        again = desk.client()
    assert again.charges == service.charges == Counter({("contact", str(person.id), 1, 1): 1})
    assert again.enrich.contacts([person.id])["match_status"].to_list() == ["opted_out"]


def test_nobody_is_erased_while_another_client_works_here(desk: Desk, client: Client, compliance: Compliance) -> None:
    other = desk.client()
    with pytest.raises(StoreHeld, match=r"Another client has .* open\. Nobody was erased\."):
        compliance.erase([1])
    other.close()
    assert compliance.erase([1]).rows() == NOT_HELD


def test_nobody_is_erased_whom_an_unanswered_request_would_bring_back(
    client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    service.sandbox.set_faults({"rules": [{"path": "/enrich/contact", "fault": "cut_after_charge", "share": 1.0}]})
    with pytest.raises(NotAnswered):
        client.enrich.contacts([{"email": person.email}], max_credits=1)
    service.sandbox.set_faults({"rules": []})
    with pytest.raises(RequestRefused, match=r"1 requests that name them have no end: .* zia reconcile"):
        compliance.erase([str(person.email)])
    with pytest.warns(AskedAgain):
        client.enrich.contacts([{"email": person.email}], max_credits=0)
    assert compliance.erase([str(person.email)]).height > 0


def test_people_are_named_by_name_and_company_or_not_at_all(
    client: Client, service: Service, compliance: Compliance
) -> None:
    person = service.known()
    client.search.contacts(company_id=[person.company_id], limit=100)
    name, company = f"{person.first_name} {person.last_name}", service.sandbox.world.companies[person.company_id].name
    named = pl.DataFrame(
        {"First Name": [person.first_name], "last_name": [person.last_name], "company_name": [company]}
    )
    told = compliance.erasure(named)
    assert told.rows() == [("search.contacts", "records cut out", 1), ("search.contacts", "replies written over", 1)]
    assert compliance.erase(named).rows() == told.rows()
    assert person.id in compliance.suppressions()["contact_id"]
    nobody: list[int] = []
    for given in (pl.DataFrame({"full_name": [name]}), pl.DataFrame({"company_name": [company]}), nobody):
        with pytest.raises(RequestRefused, match="Nobody was erased"):
            compliance.erase(given)


def test_of_somebody_who_is_not_held_it_is_told_whether_they_are_kept_out(compliance: Compliance) -> None:
    ada = ["ada@aster.example"]
    assert compliance.erasure(ada).rows() == NOT_HELD[:1]
    assert compliance.suppressions().is_empty()
    assert compliance.erase(ada).rows() == NOT_HELD
    assert compliance.suppressions()["reason"].to_list() == ["erased"]
    named = pl.DataFrame({"full_name": ["Bo Aster"], "company_name": ["Aster"]})  # a name is no key to keep out by
    assert compliance.erase(named).rows() == NOT_HELD[:1]
    assert compliance.suppressions().height == 1


def test_two_people_of_one_name_at_one_company_are_told_apart_by_id(client: Client, compliance: Compliance) -> None:
    told = {"webhookDetails": {"id": "7", "objectType": "Contact"}}
    company = {"id": 9, "name": "Aster"}
    twins = [
        {"id": one, "firstName": "Ada", "lastName": "Moor", "company": company, "jobTitle": "CEO"} for one in (3, 4)
    ]
    client.journal.keep(
        None, "webhooks.delivered.contact", b"", status=200, headers={}, received=client.clock.now(),
        body=json.dumps({**told, "data": twins}).encode(),
    )  # fmt: skip
    with pytest.raises(RequestRefused, match=r"2 people have that name at that company: 3, 4\. Nobody was erased"):
        compliance.erase(pl.DataFrame({"full_name": ["ada moor"], "company_name": ["ASTER"]}))
    compliance.erase([3])
    [reply] = client.journal.replies_to(["webhooks.delivered.contact"])
    assert json.loads(reply.body)["data"] == [{"id": 3}, twins[1]]


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ({"company_id": [9.0, None]}, {"employers": ({"9"}, {"aster"})}),
        ({"company_id": [9.0, math.nan]}, {"employers": ({"9"}, {"aster"})}),
        ({"company_id": [Decimal("9.00"), None]}, {"employers": ({"9"}, {"aster"})}),
        ({"company_id": [" 9 ", " "]}, {"employers": ({"9"}, {"aster"})}),
        ({"phone": [12125550142, None]}, {"phones": ({"12125550142"}, set())}),
        ({"mobile_phone": [12125550142.0, math.nan]}, {"phones": ({"12125550142"}, set())}),
        ({"phone": ["12125550142.0", None]}, {"phones": ({"12125550142"}, set())}),
        ({"contact_id": [3.0, math.nan]}, {"ids": ({3}, set())}),
    ],
    ids=["gap", "nan", "decimal", "text", "phone", "phone-with-a-gap", "phone-as-text", "contact"],
)
def test_numbers_name_a_person_however_a_column_holds_them(columns: dict[str, Any], says: dict[str, Any]) -> None:
    named = {"full_name": ["Ada Moor", "Bob Fenn"], "company_name": [None if "company_id" in columns else "x", "Aster"]}
    people = wanted(pl.DataFrame(named | columns))
    [(field, told)] = says.items()
    assert tuple(getattr(one, field) for one in people) == told


@pytest.mark.parametrize(
    ("column", "value"),
    [("company_id", 2.0**60), ("company_id", "Aster"), ("company_id", "9.0"), ("contact_id", 1.5), ("person_id", -1)],
)
def test_an_id_that_is_none_erases_nobody_though_more_is_said(column: str, value: Any) -> None:
    with pytest.raises(RequestRefused, match=rf"^{column} .* is not an id\. Nobody was erased\. Correct it"):
        wanted(pl.DataFrame({"email": ["ada@aster.example"], column: [value]}))


@pytest.mark.parametrize("column", ["id", "ID", " Id ", "_id"])
def test_a_column_id_alone_erases_nobody(client: Client, service: Service, compliance: Compliance, column: str) -> None:
    person = service.known()
    client.search.contacts(company_id=[person.company_id], limit=100)
    says = (
        rf"^A row names nobody for certain, or there is none; a column {column} may number rows, and says nothing\. "
        r"Nobody was erased\. Rename it to contact_id if it holds ZoomInfo's ids of contacts, or give contact_id "
        r"\(or person_id\), email, or full_name \(or first_name and last_name\) beside company_name or company_id\.$"
    )
    for ask in (compliance.erase, compliance.erasure):
        with pytest.raises(RequestRefused, match=says):
            ask(pl.DataFrame({column: [person.id]}))
    assert compliance.suppressions().is_empty()
    assert compliance.erasure([person.id]).rows()[0] == ("search.contacts", "records cut out", 1)


def test_a_column_id_beside_a_name_is_left_and_cannot_stand_in_for_one() -> None:
    rows = pl.DataFrame({"id": [1, 2], "contact_id": [30, None], "email": [None, "ada@aster.example"]})
    assert [one.ids for one in wanted(rows)] == [{30}, set()]
    with pytest.raises(RequestRefused, match=r"a column id may number rows"):
        wanted(rows.with_columns(email=None))


def test_a_frame_of_ours_names_its_people(client: Client, service: Service) -> None:
    person = service.known()
    mine = pl.DataFrame({"id": [1], "email": [person.email]})
    frames = [
        client.search.contacts(company_id=[person.company_id], limit=100).filter(contact_id=person.id),
        client.enrich.contacts([person.id], max_credits=1),
        client.enrich.contacts(mine, max_credits=1),
    ]
    assert [[one.ids for one in wanted(frame)] for frame in frames] == [[{person.id}]] * 3


def test_lists_of_people_may_have_gaps_and_whole_floats() -> None:
    assert [one.ids for one in wanted([3, None, 4.0, math.nan])] == [{3}, {4}]
    assert [one.emails for one in wanted(pl.Series(["ada@aster.example", None]))] == [{"ada@aster.example"}]
    with pytest.raises(RequestRefused, match=r"^1\.5 is not an id: .* Nobody was erased\. Correct it"):
        wanted([3, 1.5])
    with pytest.raises(RequestRefused, match=r"as ids or as e-mail addresses\. Nobody was erased\. Split the list"):
        wanted([3, "ada@aster.example"])


def test_files_of_yours_are_named_and_deleted_when_you_say_so(desk: Desk, compliance: Compliance) -> None:
    (desk.home / "list.csv").write_bytes("Ada@Aster.example;x\n".encode("utf-16"))
    (desk.home / "other.csv").write_text("bob@aster.example")
    (desk.home / "old.parquet").write_bytes(b"PAR1")
    unread = ("old.parquet", "file of yours is compressed or a copy of a journal, and was not looked into", 1)
    kept = compliance.erase(["ada@aster.example"])
    assert kept.rows() == [
        *NOT_HELD, ("list.csv", 'file of yours names them: delete it, or pass files="delete"', 1), unread,
    ]  # fmt: skip
    gone = compliance.erase(["ada@aster.example"], files="delete")
    assert gone.rows() == [*NOT_HELD, ("list.csv", "file deleted", 1), unread]
    assert sorted(path.name for path in desk.home.glob("*.*")) == ["old.parquet", "other.csv"]
