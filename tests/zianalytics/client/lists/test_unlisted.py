"""What no list has: sent with a warning, left out, or not sent and told."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request
from zianalytics.errors import NotAllAnswered, ValueUnlisted

if TYPE_CHECKING:
    from ..conftest import Client, Service


@pytest.fixture(scope="module")
def stands_still() -> bool:
    """Nobody waits for real."""
    return True


def bodies(service: Service, path: str) -> list[bytes]:
    """The bodies that will reach a path from now on."""
    seen: list[bytes] = []

    def look(request: Request) -> None:
        if request.path == path:
            seen.append(request.body)

    service.trouble = look
    return seen


def test_a_place_that_no_list_has_is_left_out_where_something_else_names_the_company(
    client: Client, service: Service
) -> None:
    preview = client.search.companies(country="US", limit=50)
    ids = preview["company_id"].head(2).to_list()
    websites = [service.sandbox.world.companies[one].website for one in ids]
    inputs = pl.DataFrame({"website": websites, "country": ["Deutschland", "US"], "state": ["Bayern", "Texsa"]})
    seen = bodies(service, "/enrich/company")
    with pytest.warns(ValueUnlisted) as caught:
        frame = client.enrich.companies(inputs, fields="minimal", max_credits=2)
    [told] = [str(one.message) for one in caught if isinstance(one.message, ValueUnlisted)]
    assert told == (
        "enrich.companies: of 2 inputs a country or state is not sent, since it is in no list and something else names "
        "the record. The first is input 0: country 'Deutschland' is not among the values of zi.lookup.countries() "
        "(did you mean 'Netherlands'?)."
    )
    assert frame["company_id"].to_list() == ids
    assert b"Deutschland" not in seen[0]
    assert b"Bayern" not in seen[0]
    assert b"Texsa" not in seen[0]


@pytest.mark.parametrize(("name", "value"), [("country", "England"), ("state", "Bavaria"), ("country", "Somewhere")])
def test_free_text_that_no_list_has_is_sent_with_a_warning(
    name: str, value: str, client: Client, service: Service
) -> None:
    seen = bodies(service, "/search/company")
    with pytest.warns(ValueUnlisted, match=f"'{value}' is not among .* and is sent as it is: the service takes free"):
        client.search.companies.count(
            country=value if name == "country" else None, state=value if name == "state" else None
        )
    assert value.encode() in seen[0]


def test_an_empty_input_is_not_warned_of(client: Client, service: Service) -> None:
    with warnings.catch_warnings(action="error"):
        frame = client.enrich.companies(pl.DataFrame({"company_id": [service.ids[0], None]}), max_credits=1)
    assert frame["match_status"].to_list() == ["matched", "invalid_input"]


def test_an_id_that_no_office_has_is_told_with_what_to_ask(client: Client, service: Service) -> None:
    with pytest.warns(NotAllAnswered, match=r'taken for a location_id, .* ask with {"company_id": ..., "country"'):
        frame = client.enrich.master_data(service.ids[:1], fields="minimal", max_credits=1)
    assert frame["match_status"].to_list() == ["no_match"]
