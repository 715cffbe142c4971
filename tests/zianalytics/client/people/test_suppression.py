"""Nobody who is suppressed is asked for, paid for or shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from zianalytics.client.compliance import Compliance
from zianalytics.errors import AnswerRefused, RequestRefused

if TYPE_CHECKING:
    from tests.zianalytics.client.conftest import Client, Service


@pytest.fixture
def compliance(client: Client) -> Compliance:
    return Compliance(client.caller, client.journal, client.clock)


def people(service: Service, *, gone: bool = False, number: int = 4) -> list[tuple[int, str]]:
    """Ids and e-mail addresses of contacts, who have opted out of the service's world or have not."""
    world, now = service.sandbox.world, service.sandbox.now()

    def found() -> Iterator[tuple[int, str]]:
        for person in world.contacts.values():
            at = world.changes.opted_out_at(person.id)
            if person.email and (at is not None and at <= now) is gone:
                yield person.id, person.email

    return [one for _, one in zip(range(number), found(), strict=False)]


def test_an_input_about_somebody_who_is_suppressed_is_not_sent_and_keeps_its_row(
    client: Client, service: Service, compliance: Compliance
) -> None:
    (one, _), (two, _), (three, _), _ = people(service)
    compliance.suppress([two])
    quote = client.enrich.contacts.quote([one, two, three])
    assert quote.lines.select("status", "credits").rows() == [("new", 1), ("opted_out", 0), ("new", 1)]
    assert (quote.credits, quote.requests) == (2, 1)
    rows = client.enrich.contacts([one, two, three], max_credits=2)
    assert rows["match_status"].to_list() == ["matched", "opted_out", "matched"]
    assert rows.row(1)[2:] == (None,) * (rows.width - 2)
    assert {row["id"] for row in service.sandbox.ledger()} == {one, three}


def test_nothing_is_sent_when_everybody_is_suppressed(client: Client, service: Service, compliance: Compliance) -> None:
    (one, email), *_ = people(service)
    compliance.suppress([email, "other@aster.example"])
    given = pl.DataFrame({"email": [f" {email.upper()}", email]})
    assert client.enrich.contacts(given)["match_status"].to_list() == ["opted_out", "opted_out"]
    assert service.asked["/enrich/contact"] == 0
    for kind in ("md5", "sha1", "sha256", "sha512"):
        hashed = hashlib.new(kind, email.encode(), usedforsecurity=False).hexdigest().upper()
        assert client.enrich.contacts([{"hashed_email": hashed}])["match_status"].to_list() == ["opted_out"]
    assert one


def test_what_is_held_of_somebody_is_not_shown_once_they_are_suppressed_by_their_address(
    client: Client, service: Service, compliance: Compliance
) -> None:
    (one, email), (two, _), *_ = people(service)
    client.enrich.contacts([one, two], max_credits=2)
    compliance.suppress([email])
    again = client.enrich.contacts([one, two])
    assert again["match_status"].to_list() == ["opted_out", "matched"]
    assert again["email"].to_list()[0] is None
    assert set(compliance.suppressions()["contact_id"].drop_nulls()) == {one}, "the id is remembered, too"
    assert compliance.suppress([email], reason="a letter") == 0
    assert compliance.suppress([email]) == 0, "no reason leaves the one that was given"
    assert compliance.suppressions()["reason"].to_list() == ["a letter", "a letter"]
    assert compliance.allow([email]) == 1, "a person, not entries"


def test_who_turns_out_to_be_suppressed_in_the_answer_is_not_shown_and_not_asked_again(
    client: Client, service: Service, compliance: Compliance
) -> None:
    (one, email), *_ = people(service)
    compliance.suppress([email])
    rows = client.enrich.contacts([one], max_credits=1)
    assert rows["match_status"].to_list() == ["opted_out"]
    assert rows.drop("input", "match_status").null_count().row(0) == (1,) * (rows.width - 2)
    assert client.enrich.contacts.quote([one]).lines["status"].to_list() == ["opted_out"]


def test_who_has_opted_out_of_the_service_costs_nothing_and_is_suppressed_from_then_on(
    client: Client, service: Service, compliance: Compliance
) -> None:
    [(one, email)] = people(service, gone=True, number=1)
    rows = client.enrich.contacts([email], max_credits=1)
    assert rows["match_status"].to_list() == ["opted_out"]
    assert service.sandbox.ledger() == []
    assert compliance.suppressions().select("email", "reason").rows() == [
        (email.casefold(), "the service says that they have opted out")
    ]
    before = service.asked["/enrich/contact"]
    client.enrich.contacts([email])
    assert service.asked["/enrich/contact"] == before
    assert one


def test_searches_and_lists_of_people_do_not_show_who_is_suppressed(
    client: Client, service: Service, compliance: Compliance
) -> None:
    company = next(iter(service.sandbox.world.companies.values()))
    found = client.search.contacts(company_id=company.id)
    compliance.suppress(found["contact_id"].head(2))
    assert client.search.contacts(company_id=company.id)["contact_id"].to_list() == found["contact_id"].to_list()[2:]
    topics = [topic.name for topic in service.sandbox.world.lists.topics]
    signals = client.search.intent(topics=topics, limit=100, max_records=100)
    shown = signals["recommended_contacts"].explode().struct.field("contact_id").drop_nulls().unique()
    assert shown.len() > 3
    compliance.suppress(shown.head(3))
    again = client.search.intent(topics=topics, limit=100, max_records=100)
    assert again.height == signals.height
    left = again["recommended_contacts"].explode().struct.field("contact_id").drop_nulls().unique()
    assert set(left) == set(shown) - set(shown.head(3))


def test_a_frame_made_before_loses_who_is_suppressed_now(compliance: Compliance) -> None:
    frame = pl.DataFrame(
        {
            "contact_id_zi": [1, 2, None, 4],
            "email": ["a@b.example", None, " C@B.example", "d@b.example"],
            "note": ["x", "y", "z", "w"],
        }
    )
    compliance.suppress([2])
    compliance.suppress(["c@b.example"])
    assert compliance.without(frame)["note"].to_list() == ["x", "w"]
    companies = pl.DataFrame({"company_id": [2]})
    assert compliance.without(companies).equals(companies)


def test_lists_go_out_and_come_in_as_csv(compliance: Compliance, client: Client, tmp_path: Path) -> None:
    source = tmp_path / "crm.csv"
    source.write_text("\ufeffName,E-mail,Contact ID\nAda, Ada@Aster.example ,\nBo,,17\n,,\n", encoding="utf-8")
    with pytest.raises(RequestRefused, match=r"names a person"):
        compliance.import_csv(_renamed(source, "E-mail", "Address", "Contact ID", "Number"))
    assert compliance.import_csv(source) == 2
    assert compliance.suppressions().select("contact_id", "email", "reason").rows() == [
        (None, "ada@aster.example", "crm.csv"),
        (17, None, "crm.csv"),
    ]
    with pytest.raises(RequestRefused, match="There is no folder"):
        compliance.export_csv(tmp_path / "gone" / "out.csv")
    assert repr(compliance) == "<Compliance: 2 suppressions>"
    written = compliance.export_csv(tmp_path / "out.csv")
    assert compliance.allow([17]) == 1
    assert compliance.allow(["ADA@aster.example"]) == 1
    assert compliance.import_csv(written) == 2


def _renamed(file: Path, *pairs: str) -> Path:
    text = file.read_text("utf-8")
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        text = text.replace(old, new)
    other = file.with_name("other.csv")
    other.write_text(text, encoding="utf-8")
    return other


@pytest.mark.parametrize("odd", [[], "ada@aster.example", 7, [1, "a@b.example"], [None], ["no address"], [True]])
def test_what_names_nobody_is_refused_and_nothing_is_kept(compliance: Compliance, odd: object) -> None:
    with pytest.raises(RequestRefused, match="Nothing was kept"):
        compliance.suppress(odd)  # type: ignore[arg-type]  # that is the point
    assert compliance.suppressions().is_empty()


def test_a_file_that_is_not_there_or_holds_a_bad_id_is_refused(compliance: Compliance, tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match="cannot be read"):
        compliance.import_csv(tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("contact_id\nseven\n")
    with pytest.raises(RequestRefused, match="Nothing was kept"):
        compliance.import_csv(tmp_path / "bad.csv")


def test_a_check_says_who_is_known_and_suppresses_who_has_opted_out(
    client: Client, service: Service, compliance: Compliance
) -> None:
    [(_, gone)] = people(service, gone=True, number=1)
    (one, known), *_ = people(service)
    given = [known, gone, "nobody@nowhere.example"]
    assert str(compliance.check.quote(given).total) == "0 credits, 0 records, 1 request"
    rows = compliance.check(given)
    assert rows.select("input_row", "match_status", "contact_id").rows() == [
        (0, "matched", one), (1, "opted_out", None), (2, "no_match", None),
    ]  # fmt: skip
    assert rows["emails"].to_list()[0] == [known]
    assert compliance.suppressions()["email"].to_list() == [gone.casefold()]
    assert client.ledger.totals().spent.requests == 1


def test_a_check_asks_twenty_five_at_a_time_and_keeps_its_order(
    client: Client, service: Service, compliance: Compliance
) -> None:
    known = people(service, number=60)
    rows = compliance.check(pl.DataFrame({"email": [email for _, email in known]}))
    first = rows.unique("input_row", keep="first", maintain_order=True)
    assert first["input_row"].to_list() == list(range(60))
    assert first["contact_id"].to_list() == [one for one, _ in known]
    assert service.asked["/compliance"] == 3


def test_a_check_by_a_name_lists_everybody_of_that_name(service: Service, compliance: Compliance) -> None:
    world, now = service.sandbox.world, service.sandbox.now()
    names: dict[tuple[str, str, str], list[int]] = {}
    for person in world.contacts.values():
        at = world.changes.opted_out_at(person.id)
        if at is None or at > now:
            country = world.companies[person.company_id].country
            names.setdefault((person.first_name, person.last_name, country), []).append(person.id)
    (first, last, country), ids = next((name, ids) for name, ids in names.items() if len(ids) == 2)
    rows = compliance.check([{"first_name": first, "last_name": last, "country": country}, {"first_name": first}])
    assert rows["contact_id"].to_list() == [*ids, None]
    assert rows["match_status"].to_list() == ["matched", "matched", "invalid_input"]


def test_a_check_that_is_cut_off_leaves_nothing_in_doubt(
    client: Client, service: Service, compliance: Compliance
) -> None:
    said = json.dumps({"message": "no"}).encode()
    service.trouble = lambda request: service.says(400, said) if request.path == "/compliance" else None
    with pytest.raises(AnswerRefused, match=r"compliance\.check got status 400"):
        compliance.check(["ada@aster.example"])
    assert client.ledger.unanswered().is_empty()
    assert client.ledger.totals().spent.requests == 0


def test_people_may_be_given_as_a_frame_of_another_library(
    compliance: Compliance, spreadsheet: Callable[..., Any]
) -> None:
    gaps = spreadsheet({"contact_id": [7.0, None], "email": [None, "ada@aster.example"], "zip": ["01234", 98101]})
    assert compliance.suppress(gaps) == 2
    assert compliance.without(gaps).height == 0
    assert compliance.suppressions().select("contact_id", "email").rows() == [(7, None), (None, "ada@aster.example")]
    assert compliance.erasure(gaps).height > 0
    with pytest.raises(RequestRefused, match=r"contact_id 7\.5 is not an id\. Nothing was kept"):
        compliance.suppress(spreadsheet({"contact_id": [7.5]}))
    with pytest.raises(RequestRefused, match=r"zi\.compliance: email holds .* among them list\. Nobody was erased"):
        compliance.erasure(spreadsheet({"email": ["ada@aster.example", ["x"]]}))


def test_ids_may_be_an_array_of_numpy(compliance: Compliance) -> None:
    ids: Any = np.array([7, 8])
    assert compliance.suppress(ids) == 2
    assert compliance.allow(list(ids)) == 2
