from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from zianalytics.errors import RequestRefused, StoreDamaged
from zianalytics.warehouse import pack_deals
from zianalytics.warehouse.given import unpack_deals

DEALS = pl.DataFrame(
    {
        "deal_id": ["D1", "D2"],
        "company_id": [1, None],
        "outcome": ["won", "lost"],
        "opened_on": [date(2026, 3, 1), date(2026, 4, 1)],
        "closed_on": [date(2026, 5, 1), date(2026, 6, 1)],
    }
)


def test_deals_come_back_as_they_were_given() -> None:
    back = unpack_deals(pack_deals(DEALS))
    assert back.select(DEALS.columns).equals(DEALS)
    assert back["amount_usd"].to_list() == [None, None]


def test_deals_may_be_a_frame_of_a_spreadsheet(spreadsheet: Callable[..., Any]) -> None:
    columns = DEALS.to_dict(as_series=False) | {"deal_id": ["D1", 2], "company_id": [1, "2"], "stage": ["lead", 3]}
    back = unpack_deals(pack_deals(spreadsheet(columns)))
    assert back.select("deal_id", "company_id", "closed_on").rows() == [
        ("D1", 1, date(2026, 5, 1)),
        ("2", 2, date(2026, 6, 1)),
    ]
    with pytest.raises(RequestRefused, match=r"^zi\.give\.deals: stage holds .* among them list\. Nothing was kept"):
        pack_deals(spreadsheet(columns | {"stage": ["lead", [3]]}))


def test_numbers_of_deals_are_whole_however_a_column_holds_them() -> None:
    columns = {
        "company_id": pl.Series([7.0, math.nan]),
        "amount_usd": pl.Series([Decimal("1200.00"), None], dtype=pl.Decimal(12, 2)),
    }
    back = unpack_deals(pack_deals(DEALS.with_columns(**columns)))
    assert back.select("company_id", "amount_usd").rows() == [(7, 1200), (None, None)]


def test_no_deals_at_all_keep_their_columns() -> None:
    assert unpack_deals(pack_deals(DEALS.clear())).schema == unpack_deals(pack_deals(DEALS)).schema


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d.to_dicts(), r"as a frame, not list\. .*pl\.DataFrame"),
        (lambda d: d.lazy(), r"as a frame, not LazyFrame\. .*deals\.collect\(\)"),
        (lambda d: d.drop("outcome", "closed_on"), "no column outcome, closed_on"),
        (lambda d: d.with_columns(deal_id=pl.lit("D1")), "or two share one"),
        (lambda d: d.with_columns(deal_id=pl.lit(None, pl.String)), "has no deal_id"),
        (lambda d: d.with_columns(outcome=pl.lit("open")), "An outcome is open"),
        (lambda d: d.with_columns(outcome=pl.lit(None, pl.String)), "An outcome is empty"),
        (lambda d: d.with_columns(closed_on=date(2026, 3, 31)), "closed before it was opened"),
        (lambda d: d.with_columns(closed_on=pl.lit(None, pl.Date)), "lacks a day"),
        (lambda d: d.with_columns(company_id=pl.lit("Aster")), "a value of another type"),
        (lambda d: d.with_columns(company_id=pl.lit(1.5)), "a value of another type"),
        (lambda d: d.with_columns(company_id=pl.lit(2.0**53)), r"of another type .*company_id.*9007199254740992\.0"),
        (lambda d: d.with_columns(company_id=pl.lit(True)), "a value of another type .*company_id"),
        (
            lambda d: d.with_columns(amount_usd=pl.lit(Decimal("10.50"))),
            r"of another type .*amount_usd.*10\.50.*Nothing was kept\. company_id and amount_usd are whole numbers",
        ),
        (lambda d: d.with_columns(opened_on=pl.lit("soon")), "a value of another type"),
    ],
)
def test_deals_that_say_too_little_are_refused(spoil: Any, message: str) -> None:
    with pytest.raises(RequestRefused, match=message):
        pack_deals(spoil(DEALS))


def test_a_deal_that_is_closed_on_a_day_to_come_is_refused_with_the_last_of_them() -> None:
    guessed = DEALS.with_columns(closed_on=pl.Series([date(2026, 5, 3), date(2199, 1, 1)]))
    with pytest.raises(
        RequestRefused,
        match=r"Of these deals, 2 would be closed after today, 2026-05-01: D2 on 2199-01-01\. Nothing was kept\. "
        "Leave open deals out",
    ):
        pack_deals(guessed, today=date(2026, 5, 1))


def test_a_deal_may_be_closed_where_it_is_tomorrow_already() -> None:
    closed = DEALS.with_columns(closed_on=date(2026, 5, 2))
    assert unpack_deals(pack_deals(closed, today=date(2026, 5, 1)))["closed_on"].to_list() == [date(2026, 5, 2)] * 2


def test_a_damaged_gift_is_named() -> None:
    with pytest.raises(StoreDamaged, match="deals in the journal cannot be read"):
        unpack_deals(b"{")
