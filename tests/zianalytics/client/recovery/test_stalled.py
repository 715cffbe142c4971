"""A service that stalls beyond the time-out while somebody reconciles: it waits, and ends when it is answered."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import polars as pl
import pytest

from mockserver import Request, Response
from mockserver.sandbox import Options
from zianalytics.errors import NotAnswered, QuoteRefused
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote

if TYPE_CHECKING:
    from ..conftest import Client, Desk, Service

COMPANY, NEWS, USAGE = "/enrich/company", "/search/news", "/lookup/usage"
TIME_OUT_S = 0.3
PAID: list[tuple[str, Callable[[Client, Service], Quote]]] = [
    (COMPANY, lambda client, service: client.enrich.companies.quote(service.ids[:5], fields=["name"])),
    (NEWS, lambda client, service: client.search.news.quote(categories=["FUNDING"], limit=5)),
]


@pytest.fixture(scope="module")
def options() -> Options:
    return Options(companies=200, bundle="scaling")


@pytest.fixture
def client(desk: Desk) -> Client:
    return desk.client(answer_s=TIME_OUT_S)


@contextmanager
def stalled(service: Service, path: str, *, is_charged: bool = False) -> Iterator[None]:
    """What is asked there is answered with silence, before or after it was carried out."""

    def silence(request: Request) -> Response | None:
        if request.path != path:
            return None
        if is_charged:
            assert service.sandbox.answer(request).status == 200
        return Response(200, delivery="stall")

    service.trouble = silence
    yield
    service.trouble = lambda request: None


def reconciled(client: Client) -> pl.DataFrame:
    return client.ledger.reconcile(max_records=5, lists="ask")


@pytest.mark.parametrize("is_charged", [False, True], ids=["before", "after the charge"])
@pytest.mark.parametrize(("path", "quoted"), PAID, ids=["records", "rows"])
def test_a_repeat_that_stalls_waits_and_ends_with_the_next(
    client: Client, service: Service, path: str, quoted: Callable[[Client, Service], Quote], is_charged: bool
) -> None:
    quote = quoted(client, service)
    with stalled(service, path, is_charged=is_charged):
        with pytest.raises(NotAnswered, match=r"timed out.*zia reconcile"):
            client.redeem(quote)
        told = reconciled(client)
        assert told["outcome"].to_list() == ["waits"]
        assert "timed out" in told["why"][0]
        with pytest.raises(QuoteRefused, match=r"ha(d|ve had) no answer"):
            client.redeem(quote)
    assert reconciled(client)["outcome"].to_list() == ["settled"]
    assert client.redeem(quote).height == 5
    assert service.asked[path] == 3
    assert client.ledger.totals().unknown == Meters()
    theirs, ours = service.sandbox.ledger(), client.ledger.totals().spent
    assert ours.credits == sum(row["credits"] for row in theirs) == (5 if path == COMPANY else 0)
    assert ours.records == sum(row["records"] for row in theirs) == (15 if is_charged else 5)


def test_where_the_count_stalls_nothing_is_asked_again(client: Client, service: Service) -> None:
    with stalled(service, COMPANY), pytest.raises(NotAnswered):
        client.enrich.companies(service.ids[:5], max_credits=5)
    with stalled(service, USAGE), pytest.raises(NotAnswered):
        reconciled(client)
    assert service.asked[COMPANY] == 1
    assert client.ledger.totals().unknown.credits == 5
