"""A search of more rows than one query brings: all of them or none, against a sandbox that ends at the 1,000th."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from zianalytics.api.searches import CompanySearch
from zianalytics.api.table import OPERATIONS
from zianalytics.client.parts import Excess, Rows, joined
from zianalytics.errors import BudgetExceeded, RequestRefused, ResultsCut, TooManyRows

if TYPE_CHECKING:
    from .conftest import Client, Service

COMPANIES, CONTACTS = "/search/company", "/search/contact"
LEVELS = ["Director", "Manager"]


@pytest.fixture(scope="module")
def options() -> Options:
    """A sandbox of more companies than the service hands out."""
    return Options(companies=1_300, no_limits=True)


def known_headcount(service: Service) -> set[int]:
    return {c.id for c in service.sandbox.world.companies.values() if (c.employees or 0) >= 1}


def test_ids_past_the_ceiling_are_read_in_parts(client: Client, service: Service) -> None:
    frame = client.search.companies(company_id=service.ids)
    assert sorted(frame["company_id"]) == service.ids
    assert len(service.ids) == 1_300
    assert service.asked[COMPANIES] == 1 + 7 + 7  # to know how many, then two halves of 650
    assert frame.columns == ["company_id", "name", "extra"]
    assert client.ledger.totals().spent.requests == 15


def test_a_range_past_the_ceiling_is_read_in_parts_and_open_ends_stay_open(client: Client, service: Service) -> None:
    wanted = known_headcount(service)
    assert len(wanted) > 1_000
    frame = client.search.companies(employee_range_min=1)
    assert frame.height == frame["company_id"].n_unique()
    assert set(frame["company_id"]) == wanted


def test_a_row_that_meets_both_halves_of_a_list_comes_once(client: Client, service: Service) -> None:
    world = service.sandbox.world
    codes = [industry.id for industry in world.lists.industries]
    frame = client.search.companies(industry_codes=codes)
    assert any(len({i.id.split(".")[0] for i in c.industries}) > 1 for c in world.companies.values())
    assert sorted(frame["company_id"]) == service.ids


def test_contacts_are_divided_by_what_is_asked_of_people(client: Client, service: Service) -> None:
    total = client.search.contacts.count(country="United States", management_level=LEVELS)
    assert total > 1_000
    frame = client.search.contacts(country="United States", management_level=LEVELS, contact_accuracy_score_min=70)
    assert frame.height == frame["contact_id"].n_unique() == total


def test_a_limit_above_the_ceiling_stops_when_it_is_reached(client: Client, service: Service) -> None:
    frame = client.search.companies(company_id=service.ids, limit=1_100)
    assert frame.height == frame["company_id"].n_unique() == 1_100
    service.asked.clear()
    assert client.search.companies(company_id=service.ids, limit=1_000).height == 1_000
    assert service.asked[COMPANIES] == 10


def test_parts_that_are_not_needed_are_not_asked_for() -> None:
    asked: list[tuple[int, int]] = []

    def read(request: CompanySearch) -> Rows | Excess:
        ids = request.company_id
        assert isinstance(ids, list)
        asked.append((ids[0], len(ids)))
        if len(ids) > 1_000:
            return Excess(matching=len(ids), ceiling=1_000, asked=1)
        return Rows(pl.DataFrame({"company_id": ids}), asked=10)

    frame = joined(OPERATIONS["search.companies"], CompanySearch(company_id=list(range(4_000)), limit=1_200), read)
    assert frame["company_id"].to_list() == list(range(1_200))
    assert asked == [(0, 4_000), (0, 2_000), (0, 1_000), (1_000, 1_000)]


def test_what_cannot_be_divided_is_refused_with_advice_and_not_cut(client: Client, service: Service) -> None:
    with pytest.raises(TooManyRows) as refused:
        client.search.companies(exclude_defunct_companies=False)
    assert refused.value.rows == 1_300
    assert str(refused.value) == (
        "search.companies: 1,300 rows match and the service hands out the first 1,000 of a query. 1 request was made, "
        "and nothing else was charged. No criterion of it can be divided further. Pass limit=1000 for some of them, or "
        "narrow it by one that can: employee_range_min=1 (companies of known headcount), a list of ids, ranges or "
        "levels."
    )
    assert service.asked[COMPANIES] == 1


def test_a_sorted_search_is_not_divided(client: Client, service: Service) -> None:
    with pytest.raises(TooManyRows, match=r"in the order of sort_by=. Leave it out, or pass limit=1000"):
        client.search.companies(company_id=service.ids, sort_by="name")
    assert client.search.companies(company_id=service.ids, sort_by="name", limit=1_000).height == 1_000


def test_a_cap_on_requests_holds_for_all_parts_together(client: Client, service: Service) -> None:
    assert client.search.companies(company_id=service.ids, max_requests=18).height == 1_300
    service.asked.clear()
    with pytest.raises(BudgetExceeded, match="10 requests, and 9 requests are allowed") as refused:
        client.search.companies(company_id=service.ids, max_requests=17)  # 1 and 7 made, and 10 may be needed
    assert service.asked[COMPANIES] == 8
    assert "a search of 1,300 rows, for which 8 requests had been made" in refused.value.__notes__[0]


def test_rows_that_went_away_between_the_parts_are_told(client: Client, service: Service) -> None:
    gone = service.ids[0]

    def leaves(request: Request) -> Response | None:
        body = json.loads(request.body) if request.path == COMPANIES else {}
        ids = body.get("companyId", "").split(",")
        if str(gone) not in ids or len(ids) > 1_000:
            return None
        others = {**body, "companyId": ",".join(one for one in ids if one != str(gone))}
        return service.sandbox.answer(
            Request(request.method, request.path, request.query, request.headers, json.dumps(others).encode())
        )

    service.trouble = leaves
    with pytest.warns(ResultsCut, match="1,300 rows matched when it was asked whole, and its parts hold 1,299"):
        frame = client.search.companies(company_id=service.ids)
    assert gone not in frame["company_id"].to_list()


def test_a_quote_says_that_parts_cost_requests_of_their_own(client: Client) -> None:
    quote = client.search.companies.quote(employee_range_min=1)
    assert repr(quote) == "Quote(credits=0, records=0, requests=10)"
    assert quote.lines["why"].to_list() == [
        "a search costs its requests alone; of more than 1,000 matches each part costs its own"
    ]
    assert client.search.companies.quote(employee_range_min=1, limit=50).lines["why"].to_list() == [
        "a search costs its requests alone"
    ]


def test_a_search_that_is_paid_by_the_row_is_not_divided(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused, match="hands out 100,000 rows of a query, and 100,001 are wanted"):
        client.search.news(categories=["FUNDING"], max_records=100_001)
    assert not service.asked


def test_a_search_below_the_ceiling_says_nothing(client: Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.search.companies(country="Germany").height > 20
