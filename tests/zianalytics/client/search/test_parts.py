"""A search of more rows than one query brings: all of them or none, against a sandbox that ends at the 1,000th."""

from __future__ import annotations

import json
import warnings
from threading import Barrier
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from zianalytics.api.searches import CompanySearch
from zianalytics.api.table import OPERATIONS
from zianalytics.client.search.parts import Counted, Excess, Rows, joined
from zianalytics.errors import BudgetExceeded, NotAllAnswered, RequestRefused, ResultsCut, TooManyRows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zianalytics.transport.answer import Answer

    from ..conftest import Client, Service

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


class Counting:
    """A reader of ids that notes what it is asked for, and keeps nothing."""

    def __init__(self) -> None:
        self.counted: list[tuple[int, int]] = []
        self.read_: list[tuple[int, int]] = []
        self.rounds: list[int] = []

    def read(self, request: CompanySearch, *, sent: str = "", counted_by: str | None = None) -> Rows | Excess:
        ids = request.company_id
        assert isinstance(ids, list)
        assert counted_by in (None, str(ids[0])), "the run that has counted it"
        self.read_.append((ids[0], len(ids)))
        if len(ids) > 1_000:
            return Excess(matching=len(ids), ceiling=1_000, asked=1)
        return Rows(lambda: pl.DataFrame({"company_id": ids}), asked=9)

    def count(self, requests: Sequence[CompanySearch], *, before: Callable[[], None]) -> Sequence[Counted]:
        before()
        found = []
        for request in requests:
            ids = request.company_id
            assert isinstance(ids, list)
            self.counted.append((ids[0], len(ids)))
            found.append(Counted(matching=len(ids), missing=-(-len(ids) // 100) - 1, asked=1, run=str(ids[0])))
        self.rounds.append(len(requests))
        return found

    def permit(self, requests: int, *, sent: str) -> None:
        """No budget is in force."""


def test_parts_that_are_not_needed_are_not_asked_for() -> None:
    reader = Counting()
    search = CompanySearch(company_id=list(range(4_000)), limit=1_200)
    frame = joined(OPERATIONS["search.companies"], search, reader)
    assert frame["company_id"].to_list() == list(range(1_200))
    assert reader.counted == [(0, 2_000), (0, 1_000), (1_000, 1_000)]
    assert reader.read_[0] == (0, 4_000)
    assert sorted(reader.read_[1:]) == [(0, 1_000), (1_000, 1_000)]


def test_parts_that_are_all_needed_are_counted_together_and_read_in_the_order_of_the_rows() -> None:
    reader = Counting()
    frame = joined(OPERATIONS["search.companies"], CompanySearch(company_id=list(range(3_000))), reader)
    assert frame["company_id"].to_list() == list(range(3_000))
    assert reader.rounds == [2, 4]
    assert sorted(reader.read_[1:]) == [(0, 750), (750, 750), (1_500, 750), (2_250, 750)]


def test_parts_are_counted_by_requests_that_are_under_way_together(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, send = Barrier(2), client.session.send

    def waits(method: str, path: str, *, body: bytes, **rest: Any) -> Answer:
        asked = json.loads(body or "{}")
        if len(asked.get("companyId", "").split(",")) == 650 and asked["page"] == 1:
            together.wait(timeout=10)
        return send(method, path, body=body, **rest)

    monkeypatch.setattr(client.session, "send", waits)
    assert client.search.companies(company_id=service.ids).height == 1_300


def test_pages_of_one_part_leave_while_those_of_another_are_awaited(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, send = Barrier(12), client.session.send

    def waits(method: str, path: str, *, body: bytes, **rest: Any) -> Answer:
        asked = json.loads(body or "{}")
        if len(asked.get("companyId", "").split(",")) == 650 and asked["page"] > 1:
            together.wait(timeout=10)  # six pages more of each half
        return send(method, path, body=body, **rest)

    monkeypatch.setattr(client.session, "send", waits)
    frame = client.search.companies(company_id=service.ids)
    assert sorted(frame["company_id"]) == service.ids


def test_a_page_that_fails_in_one_part_is_all_that_the_next_run_asks_for(client: Client, service: Service) -> None:
    failing = ",".join(str(one) for one in service.ids[650:])

    def refuses(request: Request) -> Response | None:
        asked = json.loads(request.body) if request.path == COMPANIES else {}
        is_that = asked.get("companyId") == failing and asked["page"] == 3
        return service.says(400, b'{"message": "no"}') if is_that else None

    service.trouble = refuses
    with pytest.warns(NotAllAnswered) as told, pytest.warns(ResultsCut):
        assert client.search.companies(company_id=service.ids).height == 1_200
    assert [one.filename for one in told] == [__file__] * len(told), "it points at the line that asked"
    service.trouble = lambda request: None
    before = service.asked[COMPANIES]
    assert client.search.companies(company_id=service.ids).height == 1_300
    assert service.asked[COMPANIES] == before + 1


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


def test_a_part_that_cannot_be_divided_is_named_beside_all_that_match(client: Client) -> None:
    with pytest.raises(TooManyRows) as refused:
        client.search.companies(company_type=["private", "public"])
    assert refused.value.rows == 1_142
    assert str(refused.value).startswith(
        "search.companies: 1,142 rows match, 1,076 of them with company_type=['private'], and the service hands out "
        "the first 1,000 of a query. 3 requests were made, and nothing else was charged. No other criterion of it can "
    )


def test_a_sorted_search_is_not_divided(client: Client, service: Service) -> None:
    with pytest.raises(TooManyRows, match=r"in the order of sort_by=. Leave it out, or pass limit=1000"):
        client.search.companies(company_id=service.ids, sort_by="name")
    assert client.search.companies(company_id=service.ids, sort_by="name", limit=1_000).height == 1_000


def test_a_cap_on_requests_holds_for_all_parts_together(client: Client, service: Service) -> None:
    assert client.search.companies(company_id=service.ids, max_requests=15).height == 1_300
    assert service.asked[COMPANIES] == 15


def test_what_is_too_little_for_certain_is_refused_before_a_part_is_counted(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded) as refused:
        client.search.companies(company_id=service.ids, max_requests=13)
    assert str(refused.value) == (
        "search.companies: 1,300 rows match, and the service hands out 1,000 of a query, so that they are read in "
        "parts. 1 request was sent for it by this call, and what came is kept for a day. At least 13 more are needed, "
        "and max_requests=13 leaves 12. Run the same search again within a day with max_requests=13 or more (how many "
        "in all is not known before each part is counted), and it goes on from there. Or pass limit=1000 for what one "
        "query brings."
    )
    assert refused.value.requests == 13
    assert service.asked[COMPANIES] == 1
    assert client.search.companies(company_id=service.ids, max_requests=14).height == 1_300
    assert service.asked[COMPANIES] == 15, "what was sent before the refusal is not sent again"


def test_the_number_in_the_refusal_suffices_once_all_parts_are_counted(client: Client, service: Service) -> None:
    codes = [industry.id for industry in service.sandbox.world.lists.industries]  # rows meet both halves: more pages
    with pytest.raises(BudgetExceeded, match=r"3 requests were sent for it .*\. 13 more are needed") as refused:
        client.search.companies(industry_codes=codes, max_requests=15)
    sent = service.asked[COMPANIES]
    assert (sent, refused.value.requests) == (3, 13)
    with pytest.raises(BudgetExceeded, match="0 requests were sent"):
        client.search.companies(industry_codes=codes, max_requests=12)
    assert service.asked[COMPANIES] == sent
    assert sorted(client.search.companies(industry_codes=codes, max_requests=13)["company_id"]) == service.ids
    assert service.asked[COMPANIES] == sent + 13
    assert client.ledger.totals().spent.requests == service.asked[COMPANIES]


def test_a_search_in_parts_that_is_over_begins_anew(client: Client, service: Service) -> None:
    for times in (1, 2, 3):
        assert client.search.companies(company_id=service.ids).height == 1_300
        assert service.asked[COMPANIES] == 15 * times


def test_a_search_in_parts_that_went_on_is_over_when_it_is(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded):
        client.search.companies(company_id=service.ids, max_requests=13)
    assert client.search.companies(company_id=service.ids).height == 1_300
    assert service.asked[COMPANIES] == 15
    assert client.search.companies(company_id=service.ids).height == 1_300
    assert service.asked[COMPANIES] == 30


def test_a_budget_that_is_too_small_for_the_parts_says_what_was_sent(client: Client, service: Service) -> None:
    with client.budget(max_requests=13), pytest.raises(BudgetExceeded) as refused:
        client.search.companies(company_id=service.ids)
    assert str(refused.value) == (
        "search.companies would cost at most 0 credits, 0 records, 13 requests, and 12 requests are left of the `with "
        "zi.budget(max_requests=13)` block. 1 request was sent for it by this call, and what came is kept for a day; "
        "at least 13 more would be needed. Open that block with max_requests=14; or pass fewer rows."
    )
    with client.budget(max_requests=14):
        assert client.search.companies(company_id=service.ids).height == 1_300


def test_one_query_beyond_the_cap_is_refused_with_the_price_of_its_rows_alone(client: Client, service: Service) -> None:
    with pytest.raises(BudgetExceeded) as refused:
        client.search.companies(employee_range_min=1, max_requests=9)
    assert str(refused.value) == (
        "search.companies would cost at most 0 credits, 0 records, 10 requests, and 9 requests are allowed by the call "
        "itself. Nothing was sent. Pass max_requests=10 to this call; or pass limit=, as each 100 rows take a request. "
        "This is the price of 1,000 rows, and where more match they are read in parts, which cost more."
    )
    assert not service.asked[COMPANIES]


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
    assert repr(quote) == "Quote(credits=0, records=0, requests=10 or more)"
    assert quote.is_at_least
    assert repr(quote + client.search.companies.quote(limit=50, country="Germany")) == (
        "Quote(credits=0, records=0, requests=11 or more)"
    )
    assert "10 requests</b> (or more requests, where many rows match)" in quote._repr_html_()
    assert quote.lines["why"].to_list() == [
        "a search costs its requests alone: these are for 1,000 matches, and more are read in parts, each of which "
        "costs its own"
    ]
    small = client.search.companies.quote(employee_range_min=1, limit=50)
    assert repr(small) == "Quote(credits=0, records=0, requests=1)"
    assert not small.is_at_least
    assert small.lines["why"].to_list() == ["a search costs its requests alone"]


def test_a_quote_without_a_number_of_requests_is_redeemed_in_parts(client: Client, service: Service) -> None:
    quote = client.search.companies.quote(company_id=service.ids)
    assert client.redeem(quote).height == 1_300


def test_a_search_that_is_paid_by_the_row_is_not_divided(client: Client, service: Service) -> None:
    with pytest.raises(RequestRefused, match="hands out 100,000 rows of a query, and 100,001 are wanted"):
        client.search.news(categories=["FUNDING"], max_records=100_001)
    assert not service.asked


def test_a_search_below_the_ceiling_says_nothing(client: Client) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert client.search.companies(country="Germany").height > 20
