"""Long ranges of days are cut into slices that hold each day once."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zianalytics.api.signals import IntentEnrich
from zianalytics.client.metered.pages import exact_pages, most_pages
from zianalytics.client.metered.spans import Span, spans

NAMES = ("signal_start_date", "signal_end_date")
TODAY = date(2026, 10, 1)
NINETY = timedelta(days=90)
DAYS = st.dates(date(2020, 1, 1), date(2027, 12, 31))


def cut(first: date | None, last: date | None) -> list[str]:
    return [str(span) for span in spans(first, last, today=TODAY, longest=NINETY, names=NAMES)]


def test_a_range_that_one_request_takes_is_asked_as_it_is() -> None:
    assert cut(None, None) == cut(None, date(2026, 1, 1)) == ["all"]
    assert cut(date(2026, 7, 3), date(2026, 10, 1)) == cut(date(2026, 7, 3), None) == ["all"]
    assert Span().put_into(7) == 7


def test_a_longer_one_is_cut_from_its_end_and_today_is_the_end_of_an_open_one() -> None:
    assert cut(date(2026, 7, 2), None) == ["2026-07-03..2026-10-01", "2026-07-02..2026-07-02"]
    assert cut(date(2026, 1, 1), date(2026, 7, 1)) == ["2026-04-02..2026-07-01", "2026-01-01..2026-04-01"]


@given(DAYS, DAYS)
def test_slices_hold_each_day_once_and_none_is_too_long(one: date, other: date) -> None:
    first, last = sorted((one, other))
    found = spans(first, last, today=TODAY, longest=NINETY, names=NAMES)
    if len(found) == 1:
        assert last - first <= NINETY
        return
    days = [(dict(span.days)[NAMES[0]], dict(span.days)[NAMES[1]]) for span in found]
    assert all(start <= end and end - start <= NINETY for start, end in days)
    every = [start + timedelta(days=n) for start, end in days for n in range((end - start).days + 1)]
    assert sorted(every) == [first + timedelta(days=n) for n in range((last - first).days + 1)]
    assert days == sorted(days, reverse=True)


def test_a_slice_is_put_into_the_request_and_nothing_else_changes() -> None:
    request = IntentEnrich([7], limit=3, topics=["Cloud"], signal_start_date=date(2025, 1, 1))
    [latest, *_] = spans(request.signal_start_date, None, today=TODAY, longest=NINETY, names=NAMES)
    sliced = latest.put_into(request)
    assert (sliced.signal_start_date, sliced.signal_end_date) == (date(2026, 7, 3), TODAY)
    assert (sliced.of, sliced.limit, sliced.topics) == ([7], 3, ["Cloud"])


@given(st.integers(0, 400), st.integers(0, 400))
def test_no_rest_of_the_rows_takes_more_pages_than_said(rows: int, less: int) -> None:
    assert most_pages(rows, 100, is_cut=False) == len(exact_pages(rows, 100) if rows else [])
    rest = min(rows, less)
    assert len(exact_pages(rest, 100) if rest else []) <= most_pages(rows, 100, is_cut=True)
