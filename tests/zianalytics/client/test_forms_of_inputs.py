"""Inputs in the forms in which notebooks have them, and what is said of those that cannot be asked."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from zianalytics.client.match import CompanyMatch
from zianalytics.errors import BudgetExceeded, RequestRefused, ResultsCut

if TYPE_CHECKING:
    from .conftest import Client, Service


def test_ids_may_be_floats_of_a_column_with_gaps(client: Client, service: Service) -> None:
    ids = service.ids[:2]
    given: list[Any] = [[float(ids[0]), float(ids[1])], pl.Series([float(one) for one in ids]), [ids[0], float(ids[1])]]
    for of in given:
        assert client.enrich.companies.quote(of).lines["id"].to_list() == ids
    gaps: Any = [float(ids[0]), math.nan, None]
    quote = client.enrich.companies.quote(gaps)
    assert quote.lines["status"].to_list() == ["new", "invalid_input", "invalid_input"]


def test_a_frame_keeps_its_floats_and_is_asked_by_the_id_in_them(client: Client, service: Service) -> None:
    frame = pl.DataFrame({"company_id": [float(service.ids[0]), None], "owner": ["ana", "bo"]})
    found = client.enrich.companies(frame, max_credits=1)
    assert found["company_id"].to_list() == [float(service.ids[0]), None]
    assert found["company_id_zi"].to_list() == [service.ids[0], None]


@pytest.mark.parametrize("odd", [12.5, 2.0**53, math.inf], ids=["half", "not-exact", "endless"])
def test_a_float_that_is_no_id_is_refused_as_such(client: Client, odd: float) -> None:
    with pytest.raises(RequestRefused, match=r"enrich\.companies: .* is no id: ids are whole numbers"):
        client.enrich.companies.quote([7.0, odd])  # type: ignore[arg-type]  # that is the point


def test_a_match_is_answered_with_what_to_pass_of_it(client: Client) -> None:
    found = CompanyMatch(client.caller, progress=False)(["nobody.example"])
    with pytest.raises(RequestRefused, match=r"not Matched\. Nothing was sent\. Pass its \.matched: what is in"):
        client.enrich.companies.quote(found)  # type: ignore[arg-type]  # that is the point


def test_rows_that_max_records_cuts_off_are_told(client: Client) -> None:
    with pytest.warns(ResultsCut, match=r"search\.intent: these are 5 of \d+ rows that match, .* max_records=5 pays"):
        assert client.search.intent(topics="Lead Scoring", max_records=5).height == 5
    assert client.search.intent(topics="Lead Scoring", max_records=5, limit=5).height == 5


def test_a_search_that_no_budget_allows_is_told_of_its_limit(client: Client) -> None:
    with client.budget(max_records=5), pytest.raises(BudgetExceeded, match=r"; or pass a smaller limit=\.$"):
        client.search.intent(topics="Lead Scoring", limit=100)
