"""Several values may be a list or one text with commas, whichever criterion they are for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from zianalytics.errors import RequestRefused

if TYPE_CHECKING:
    from ..conftest import Client


def test_places_are_counted_together_as_a_list_and_as_a_text(client: Client) -> None:
    count = client.search.companies.count
    both = count(country="Germany") + count(country="France")
    assert both > 0
    assert count(country=["Germany", "France"]) == count(country="Germany, France") == both
    assert json.loads(client.search.companies.request(country=["DE", "France"]).body)["country"] == "Germany,France"


def test_categories_and_topics_may_be_one_text_with_commas(client: Client) -> None:
    as_list = client.search.news.request(categories=["FUNDING", "CONTRACTS"], limit=5)
    client.search.news(categories=["FUNDING", "CONTRACTS"], limit=5, max_records=5)  # hears the list
    assert client.search.news.request(categories="Funding, contracts", limit=5).body == as_list.body
    client.search.intent(topics="Lead Scoring", limit=1, max_records=1)
    topics = json.loads(client.search.intent.request(topics="lead scoring,Sales Forecasting", limit=1).body)["topics"]
    assert topics == ["Lead Scoring", "Sales Forecasting"]
    with pytest.raises(RequestRefused, match=r"'fundin' is not among the values of .*did you mean 'FUNDING'"):
        client.search.news(categories="contracts,fundin", limit=5, max_records=5)


def test_tickers_and_models_are_cut_at_their_commas(client: Client) -> None:
    said = json.loads(client.search.companies.request(company_ticker="AST, BRM", business_model="B2B,B2C").body)  # type: ignore[arg-type]  # one text for several
    assert (said["companyTicker"], said["businessModel"]) == (["AST", "BRM"], ["B2B", "B2C"])
