"""Look-ups are asked once and held for the account, searched by a text, and no error when what is held is damaged."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zianalytics.api.listed import plain
from zianalytics.client.lookups import Lookup
from zianalytics.errors import ClientClosed, NotAnswered, RequestRefused

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service


@pytest.fixture(scope="module")
def stands_still() -> bool:
    """Nobody waits for real."""
    return True


@pytest.fixture
def desk(desk: Desk, service: Service) -> Desk:
    """Clients whose time is that of the service from the start, as it is for everyone but a sandbox."""
    desk.wall = lambda: service.sandbox.now().timestamp()
    return desk


@pytest.fixture
def lookup(client: Client) -> Lookup:
    return Lookup(client.caller)


def held(client: Client, name: str) -> Path:
    [path] = (client.journal.folder / "lookups").glob(f"lookup.{name}.json")
    return path


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("soft", {"software", "software.crm"}),
        ("SOFTWARE", {"software", "software.crm"}),
        ("Sécurity", {"software.security"}),
        ("consult", {"bizservice.consulting"}),
    ],
    ids=["part of an id", "another case", "an accent", "part of a name"],
)
def test_a_text_finds_the_rows_that_hold_it(text: str, ids: set[str], lookup: Lookup) -> None:
    found, whole = lookup.industries(text), lookup.industries()
    assert ids <= set(found["id"])
    assert 0 < found.height < whole.height
    assert found.schema == whole.schema


def test_a_text_that_no_row_holds_finds_none_with_the_same_columns(lookup: Lookup) -> None:
    found = lookup.tech_products("nothing like it")
    assert found.is_empty()
    assert found.schema == lookup.tech_products().schema


def test_any_text_column_is_searched(lookup: Lookup) -> None:
    assert lookup.intent_topics("future revenue")["name"].to_list() == ["Revenue Intelligence"]
    assert "street" in lookup.output_fields("enrich.companies", "street")["field_name"]


@given(st.text(), st.text())
@example("\u3392", "")  # one sign for "MHz"
def test_a_text_in_a_text_is_found_whatever_its_case(inner: str, around: str) -> None:
    assert plain(plain(inner)) == plain(inner)
    if plain(inner.upper()) == plain(inner):  # "\u0131" has a capital of its own
        assert plain(inner) in plain(f"{around} {inner.upper()} {around}")


@pytest.mark.parametrize(
    ("text", "same"),
    [("STRASSE", "stra\u00dfe"), ("C\u00d4TE d\u2019Or", "cote d\u2019or"), ("  two \t words ", "two words")],
    ids=["sharp s", "accents", "blanks"],
)
def test_texts_that_are_the_same_for_comparing(text: str, same: str) -> None:
    assert plain(text) == plain(same)


def test_a_second_call_sends_nothing_and_a_younger_one_is_asked_on_request(lookup: Lookup, service: Service) -> None:
    first = lookup.countries()
    assert lookup.countries().equals(first)
    assert lookup.countries("germ")["id"].to_list() == ["Germany"]
    assert service.asked["/lookup/country"] == 1
    lookup.countries(max_age=1)
    assert service.asked["/lookup/country"] == 1
    lookup.countries(max_age=0)
    lookup.countries(max_age=timedelta(0))
    assert service.asked["/lookup/country"] == 3


def test_a_list_is_held_for_30_days_and_fields_for_one(lookup: Lookup, service: Service) -> None:
    lookup.continents()
    lookup.input_fields("search.companies")
    service.sandbox.advance(2)
    lookup.continents()
    lookup.input_fields("search.companies")
    assert service.asked["/lookup/continent"] == 1
    assert service.asked["/lookup/inputfields/company/search"] == 2
    service.sandbox.advance(29)
    lookup.continents()
    assert service.asked["/lookup/continent"] == 2


def test_what_narrows_a_list_is_held_apart(lookup: Lookup, service: Service) -> None:
    one = lookup.tech_products(vendor="Quorvane")
    assert one["vendor"].unique().to_list() == ["Quorvane"]
    assert lookup.tech_products().height > one.height
    assert lookup.tech_products(vendor="Quorvane").equals(one)
    assert service.asked["/lookup/tech/product"] == 2


def test_another_process_takes_what_is_held(lookup: Lookup, desk: Desk, service: Service) -> None:
    first = lookup.states()
    other = Lookup(desk.client().caller)
    assert other.states().equals(first)
    assert service.asked["/lookup/state"] == 1


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\xff", b"[]", b'{"version": 1}', "version", "body", "deep"],
    ids=["empty", "no JSON", "a list", "half", "another version", "a changed body", "deep"],
)
def test_a_cache_that_cannot_be_relied_on_is_asked_again(content: bytes | str, desk: Desk, service: Service) -> None:
    client = desk.client()
    first = Lookup(client.caller).countries()
    place = held(client, "countries")
    if content == "deep":
        place.write_bytes(b"[" * 100_000)
    elif isinstance(content, str):
        told = json.loads(place.read_bytes())
        changed = {"version": 0, "body": told["body"].replace("Germany", "Germania")}
        place.write_text(json.dumps(told | {content: changed[content]}))
    else:
        place.write_bytes(content)
    other = Lookup(desk.client().caller)
    assert other.ages().is_empty()
    assert other.countries().equals(first)
    assert service.asked["/lookup/country"] == 2
    assert Lookup(desk.client().caller).countries().equals(first)
    assert service.asked["/lookup/country"] == 2


def test_a_folder_that_cannot_be_made_is_no_error(client: Client, service: Service) -> None:
    (client.journal.folder / "lookups").write_text("a file is in the way")
    assert Lookup(client.caller).countries().height == 13


def test_the_age_of_each_is_told_without_a_request(lookup: Lookup, service: Service) -> None:
    lookup.continents()
    lookup.tech_products(vendor="Quorvane")
    service.sandbox.advance(3)
    lookup.states()
    asked = service.asked.total()
    ages = lookup.ages()
    assert service.asked.total() == asked
    assert ages.select("lookup", "asked_with", "rows").rows() == [
        ("lookup.continents", None, 6),
        ("lookup.states", None, 64),
        ("lookup.tech_products", "vendor=Quorvane", lookup.tech_products(vendor="Quorvane").height),
    ]
    assert ages["age"].dt.total_days().to_list() == [3, 0, 3]
    assert ages["received"].dtype == pl.Datetime("us", "UTC")


def test_a_look_up_that_the_user_asks_for_says_when_it_is_not_answered(lookup: Lookup, service: Service) -> None:
    service.trouble = lambda request: service.says(503, b"") if request.path == "/lookup/country" else None
    with pytest.raises(NotAnswered):
        lookup.countries()


def test_a_closed_client_tells_nothing(client: Client, service: Service) -> None:
    lookup = Lookup(client.caller)
    lookup.continents()
    client.journal.close()
    for ask in (lookup.continents, lookup.ages, lookup.entitlements):
        with pytest.raises(ClientClosed):
            ask()
    assert service.asked["/lookup/continent"] == 1


def test_an_age_below_nothing_is_refused(lookup: Lookup, service: Service) -> None:
    with pytest.raises(RequestRefused, match=r"max_age=-1 is below 0.*Nothing was sent"):
        lookup.countries(max_age=-1)
    assert not service.asked
