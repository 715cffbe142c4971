"""What the service counts: now, over time, and where it leads; heard at no request of its own."""

from __future__ import annotations

import inspect
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl
import pytest

from zianalytics.errors import LimitReached, RequestRefused

if TYPE_CHECKING:
    from tests.zianalytics.client.conftest import Client, Desk, Service


def test_usage_is_called_and_offers_the_rest_on_tab(client: Client) -> None:
    assert client.usage().columns == ["limit_type", "description", "limit", "current_usage", "usage_remaining", "extra"]
    assert {"history", "projection", "warn_at"} <= set(dir(client.usage))
    assert str(inspect.signature(client.usage)) == "() -> polars.dataframe.frame.DataFrame"


def test_a_limit_that_is_not_set_is_null(client: Client) -> None:
    client.search.companies.count(country="Germany")
    shown = client.usage().filter(pl.col("limit_type") == "requestLimit")
    assert shown.select("limit", "current_usage", "usage_remaining").row(0) == (None, 1, None)
    assert client.usage.projection().filter(pl.col("limit_type") == "requestLimit")["limit"].to_list() == [None]


def test_every_metered_reply_tells_of_all_limits_at_no_request_of_its_own(client: Client, service: Service) -> None:
    client.search.companies(employee_range_min=0, limit=3)
    assert dict(service.asked) == {"/authenticate": 1, "/search/company": 1}
    history = client.usage.history()
    assert history.schema == {
        "at": pl.Datetime("us", "UTC"),
        "limit_type": pl.String,
        "current_usage": pl.Int64,
        "limit": pl.Int64,
        "source": pl.String,
    }
    assert history.select("limit_type", "current_usage", "source").rows() == [
        ("recordLimit", 0, "header"),
        ("requestLimit", 1, "header"),
        ("uniqueIdLimit", 0, "header"),
        ("websightsRecordLimit", 0, "header"),
        ("websightsRequestLimit", 0, "header"),
    ]
    assert history["at"].dt.date().unique().to_list() == [date(2026, 10, 1)]


def test_a_look_up_is_kept_beside_the_headers(client: Client, service: Service) -> None:
    client.usage()
    assert client.usage.history()["source"].unique().to_list() == ["look-up"]
    service.sandbox.colleague(7)
    service.sandbox.advance(1)
    client.usage()
    spent = client.usage.history().filter(pl.col("limit_type") == "uniqueIdLimit")
    assert spent["current_usage"].to_list() == [0, 7]


def test_another_process_of_the_account_sees_what_this_one_heard(desk: Desk) -> None:
    desk.client().search.companies(employee_range_min=0, limit=3)
    other = desk.client()
    assert other.usage.history().height == 5
    assert other.usage.projection()["used"].to_list() == [0, 1, 0, 0, 0]


def test_before_anything_was_heard_the_frames_have_their_columns(client: Client) -> None:
    assert (client.usage.history().shape, client.usage.projection().shape) == ((0, 5), (0, 6))


def test_the_projection_tells_the_day_of_each_limit(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(service.sandbox.service.meters.limits, "uniqueIdLimit", 5_000)
    client.search.companies(employee_range_min=0, limit=3)
    start = client.usage.history()["at"][0]
    for _ in range(5):
        service.sandbox.advance(2)
        service.sandbox.colleague(10)
        client.search.companies(employee_range_min=0, limit=3)
    told = {row["limit_type"]: row for row in client.usage.projection().rows(named=True)}
    credits = told["uniqueIdLimit"]
    assert (credits["used"], credits["limit"], round(credits["per_day"], 3)) == (50, 5_000, 5.0)
    assert abs(credits["runs_out_on"] - (start + timedelta(days=1_000)).date()) <= timedelta(days=1)
    assert credits["basis"] == "counts from 2026-10-01 to 2026-10-11"
    assert told["websightsRecordLimit"]["basis"] == "no limit is set; counts from 2026-10-01 to 2026-10-11"
    assert told["websightsRecordLimit"]["runs_out_on"] is None


def test_history_and_projection_send_nothing(client: Client, service: Service) -> None:
    client.usage.history()
    client.usage.projection()
    assert dict(service.asked) == {}


def test_a_refusal_for_want_of_requests_tells_what_it_knows(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = {"X_Usage_Request_Limit_Limit": "10", "X_Usage_Request_Limit_Remaining": "3"}
    body = b'{"success": false, "statusCode": 403, "message": "You have used up all of your allowed record limit"}'
    service.trouble = lambda request: service.says(403, body, **headers) if request.path.startswith("/search") else None
    with pytest.raises(LimitReached):
        client.search.companies(employee_range_min=0, limit=3)
    assert client.usage.history().select("limit_type", "current_usage", "limit").rows() == [("requestLimit", 7, 10)]


def test_thresholds_are_checked_when_they_are_said(client: Client) -> None:
    with pytest.raises(RequestRefused, match="200 is not a percentage from 1 to 100"):
        client.usage.warn_at(80, 200)
