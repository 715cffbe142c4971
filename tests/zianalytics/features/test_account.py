from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from typing import Any

import polars as pl
import pytest

from zianalytics import features
from zianalytics.errors import NoHistory, RequestRefused
from zianalytics.warehouse import pack_deals

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
DAY = date(2026, 10, 2)
OF_ANOTHER = (  # so that on any day between them it is known that intent was asked for
    (2, "Lead Scoring", 50, "C", "8/1/2026 10:00 AM"),
    (2, "Lead Scoring", 50, "C", "10/15/2026 10:00 AM"),
)


def one(frame: pl.DataFrame) -> dict[str, Any]:
    assert frame.height == 1
    return frame.row(0, named=True)


def test_an_account_has_every_declared_feature_in_order(load: Any, aster: dict[str, Any]) -> None:
    frame = features.accounts(load(aster), as_of=DAY)
    beside = ["company_id", "as_of", "name", "seen_later", "latest_intent_on", "latest_funding_on"]
    assert frame.columns == [*beside, *(f.name for f in features.FEATURES)]
    assert all(frame.schema[f.name] == f.dtype for f in features.FEATURES)
    row = one(frame)
    assert row["name"] == "Aster"
    assert row["employee_count"] == 400
    assert row["revenue_usd"] == 25_000_000
    assert row["company_age_years"] == 27
    assert row["employee_growth_1y"] == 12.5
    assert (row["industry"], row["country"], row["company_type"]) == ("Software", "Germany", "private")
    assert row["technologies"] == ["Accounting", "Cloud Data Warehouse"]
    assert (row["is_recently_funded"], row["funding_usd"]) == (True, 9_000_000)
    assert row["latest_funding_on"] == date(2026, 3, 10)
    assert row["office_countries"] is None


@pytest.mark.parametrize(
    ("as_of", "recent", "raised"),
    [
        (date(2026, 3, 10), False, 1_000_000),
        (date(2026, 3, 11), True, 9_000_000),
        (date(2027, 9, 10), True, 9_000_000),
        (date(2027, 9, 11), False, 9_000_000),
        (date(2019, 1, 1), False, 0),
    ],
)
def test_money_is_seen_from_the_day_after_it_was_raised(
    load: Any, aster: dict[str, Any], as_of: date, recent: bool, raised: int
) -> None:
    row = one(features.accounts(load(aster), as_of=as_of, known="dated"))
    assert (row["is_recently_funded"], row["funding_usd"]) == (recent, raised)


def test_a_technology_is_seen_from_the_day_after_it_was_first_seen(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(aster)
    for as_of, held in [(date(2026, 4, 1), ["Cloud Data Warehouse"]), (date(2020, 1, 1), [])]:
        assert one(features.accounts(warehouse, as_of=as_of, known="dated"))["technologies"] == held


def test_strictly_nothing_is_seen_before_it_was_received(load: Any, aster: dict[str, Any]) -> None:
    load(aster)
    warehouse = load(
        aster | {"employeeCount": 500},
        signals=((1, "Lead Scoring", 80, "A", "9/20/2026 10:00 AM"),),
        offices=((11, 1, "Germany"),),
        received=NOW + timedelta(days=5),
    )
    then = one(features.accounts(warehouse, as_of=date(2026, 10, 6)))
    assert (then["employee_count"], then["intent_signals_90d"], then["office_countries"]) == (400, None, None)
    later = one(features.accounts(warehouse, as_of=date(2026, 10, 7)))
    assert (later["employee_count"], later["intent_signals_90d"], later["office_countries"]) == (500, 1, 1)
    assert then["seen_later"] is later["seen_later"] is False


def test_by_their_dates_growth_is_that_of_the_last_quarter_that_was_over(load: Any, aster: dict[str, Any]) -> None:
    quarters = ["2025 Q4", "2025 Q1", "2025 Q2", "2025 Q3", "2026 Q1", "Q2 2026", "now", None]
    counts = [180, 100, 200, 300, 150, 250, 900, 900]
    points = [{"label": label, "employeeCount": n} for label, n in zip(quarters, counts, strict=True)]
    grown = {"employeeGrowth": {"oneYearGrowthRate": "12.5", "employeeGrowthDataPoints": points}}
    warehouse = load(aster | grown)
    by_day = {
        date(2026, 3, 31): None,  # nothing is held of the year before the end of 2025
        date(2026, 4, 1): 50.0,  # from 100 to 150
        date(2026, 6, 30): 50.0,
        date(2026, 7, 1): 25.0,  # from 200 to 250
        date(2026, 10, 1): 25.0,  # received on this very day
        date(2026, 10, 2): 12.5,  # as it was reported
    }
    asked = pl.DataFrame({"company_id": [1] * len(by_day), "as_of": list(by_day)})
    told = features.accounts(warehouse, as_of=asked, known="dated").select("as_of", "employee_growth_1y").rows()
    assert dict(told) == by_day


def test_growth_from_nobody_and_growth_without_a_history_are_unknown_for_days_past(
    load: Any, aster: dict[str, Any]
) -> None:
    points = [{"label": "2025 Q1", "employeeCount": 0}, {"label": "2026 Q1", "employeeCount": 10}]
    from_nobody = {"employeeGrowth": {"oneYearGrowthRate": "12.5", "employeeGrowthDataPoints": points}}
    warehouse = load(aster, aster | from_nobody | {"id": 2}, aster | {"id": 3, "employeeGrowth": None})
    told = features.accounts(warehouse, as_of=date(2026, 6, 1), known="dated")["employee_growth_1y"]
    assert told.to_list() == [None, None, None]


def test_whether_a_company_is_defunct_is_unknown_where_that_was_received_later(
    load: Any, aster: dict[str, Any]
) -> None:
    warehouse = load(aster | {"isDefunct": True})
    for as_of, told in [(date(2026, 6, 1), None), (date(2026, 10, 1), None), (date(2026, 10, 2), True)]:
        assert one(features.accounts(warehouse, as_of=as_of, known="dated"))["is_defunct"] is told
    assert one(features.accounts(warehouse, as_of=date(2026, 10, 2)))["is_defunct"] is True


def test_by_their_dates_slow_facts_of_today_serve_and_are_marked(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(aster)
    before = one(features.accounts(warehouse, as_of=date(2025, 1, 1), known="dated"))
    assert (before["employee_count"], before["company_age_years"], before["seen_later"]) == (400, 26, True)
    assert one(features.accounts(warehouse, as_of=DAY, known="dated"))["seen_later"] is False


def test_offices_count_their_countries(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(aster, offices=((11, 1, "Germany"), (12, 1, "France"), (13, 1, "France"), (14, 2, "Spain")))
    assert one(features.accounts(warehouse, as_of=DAY))["office_countries"] == 2


def test_a_frame_asks_for_a_day_of_its_own_in_each_row(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(aster, signals=((1, "Lead Scoring", 80, "A", "9/15/2026 10:00 AM"), *OF_ANOTHER))
    days = [date(2026, 9, 20), date(2026, 9, 10), date(2026, 9, 20)]
    frame = features.accounts(warehouse, as_of=pl.DataFrame({"company_id": [1, 1, 1], "as_of": days}), known="dated")
    assert frame.select("as_of", "intent_topics_90d").rows() == [(date(2026, 9, 10), 0), (date(2026, 9, 20), 1)]


def test_a_company_that_was_not_enriched_is_a_row_of_nulls(load: Any, aster: dict[str, Any]) -> None:
    warehouse = load(
        aster,
        signals=(
            (1, "Lead Scoring", 80, "A", "9/20/2026 10:00 AM"),
            (9, "Lead Scoring", 80, "A", "9/20/2026 10:00 AM"),
        ),
        offices=((11, 9, "Germany"),),
    )
    asked = pl.DataFrame({"company_id": [1, 9], "as_of": [DAY, DAY + timedelta(days=1)]})
    known, unknown = features.accounts(warehouse, as_of=asked).rows(named=True)
    assert (known["name"], known["intent_signals_90d"]) == ("Aster", 1)
    assert (unknown.pop("company_id"), unknown.pop("as_of")) == (9, date(2026, 10, 3))
    assert set(unknown.values()) == {None}
    assert len(unknown) == len(features.FEATURES) + 4


def test_without_history_the_error_says_since_when_there_is_some(load: Any, aster: dict[str, Any]) -> None:
    with pytest.raises(NoHistory, match="No company was enriched yet"):
        features.accounts(load(), as_of=DAY)
    warehouse = load(aster)
    with pytest.raises(NoHistory, match=r"before 2026-10-01: the first was received on 2026-10-01.*known=\"dated\""):
        features.accounts(warehouse, as_of=date(2026, 10, 1))
    with pytest.raises(NoHistory, match="None of these companies"):
        features.accounts(warehouse, as_of=pl.DataFrame({"company_id": [9], "as_of": [DAY]}), known="dated")


@pytest.mark.parametrize(
    ("as_of", "message"),
    [
        ("2026-10-01", "as_of is str"),
        (datetime(2026, 10, 1, tzinfo=UTC), "as_of is datetime"),
        (pl.DataFrame({"company_id": [1]}), "no column as_of"),
        (
            pl.DataFrame({"company_id": [None], "as_of": [DAY]}, schema={"company_id": pl.Int64, "as_of": pl.Date}),
            "needs a whole",
        ),
        (pl.DataFrame({"company_id": [1], "as_of": ["2026-10-01"]}), "needs a whole company_id and a date"),
    ],
)
def test_a_day_that_is_none_is_refused(load: Any, as_of: Any, message: str) -> None:
    with pytest.raises(RequestRefused, match=message):
        features.accounts(load(), as_of=as_of)


def test_a_misspelt_way_of_knowing_is_refused(load: Any) -> None:
    with pytest.raises(RequestRefused, match='Write "received" or "dated"'):
        features.accounts(load(), as_of=DAY, known="today")  # type: ignore[arg-type]


def test_deals_are_those_of_matched_companies_with_their_outcome(load: Any) -> None:
    given = pl.DataFrame(
        {
            "deal_id": ["D2", "D1", "D3"],
            "company_id": [1, 2, None],
            "outcome": ["won", "lost", "won"],
            "opened_on": [date(2026, 3, 1), date(2026, 2, 1), date(2026, 1, 1)],
            "closed_on": [date(2026, 5, 1)] * 3,
        }
    )
    frame = features.deals(load(deals=pack_deals(given)))
    assert frame.select("deal_id", "company_id", "as_of", "won").rows() == [
        ("D1", 2, date(2026, 2, 1), False),
        ("D2", 1, date(2026, 3, 1), True),
    ]


def test_without_deals_the_error_says_what_to_give(load: Any) -> None:
    with pytest.raises(NoHistory, match="give them to the journal"):
        features.deals(load())


def test_each_query_opens_with_its_question() -> None:
    for path in files("zianalytics.features").joinpath("sql").iterdir():
        text = path.read_text("utf-8")
        assert text.startswith("-- "), path
        assert "?" in text.split("\n", 1)[0] + text.split("\n", 2)[1], path
