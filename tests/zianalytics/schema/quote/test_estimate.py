from __future__ import annotations

from math import comb
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.schema.quote import Likely, Quote, Range, Seen, quote_lines
from zianalytics.schema.quote.estimate import to_come, to_match


def seen(asked: int, matched: int, by: str = "company_website") -> Seen:
    return Seen(operation="enrich.companies", by=by, asked=asked, matched=matched)


def lines(n: int, **more: Any) -> list[dict[str, Any]]:
    line = {"operation": "enrich.companies", "by": "company_website", "status": "new", "credits": 1, "records": 1}
    return [line | more] * n


def quote(*rows: dict[str, Any], known: tuple[Seen, ...] = ()) -> Quote:
    return Quote("enrich.companies", quote_lines(rows), 1, seen=known)


answered = st.integers(1, 300).flatmap(lambda m: st.tuples(st.just(m), st.integers(0, m)))


@given(answered, st.integers(0, 5000))
def test_the_interval_holds_what_is_likely_and_never_more_than_there_is(told: tuple[int, int], coming: int) -> None:
    found = to_match(coming, seen(*told))
    assert 0 <= found.low <= found.likely <= found.high <= coming


@given(answered, st.integers(1, 500))
def test_more_matches_before_never_promise_fewer_to_come(told: tuple[int, int], coming: int) -> None:
    asked, matched = told
    one, more = to_match(coming, seen(asked + 1, matched)), to_match(coming, seen(asked + 1, matched + 1))
    assert (one.low, one.likely, one.high) <= (more.low, more.likely, more.high)
    assert one.high <= more.high


@given(answered, st.integers(1, 500), st.integers(2, 20))
def test_more_of_the_same_answers_never_widen_the_interval(told: tuple[int, int], coming: int, times: int) -> None:
    few, many = to_match(coming, seen(*told)), to_match(coming, seen(told[0] * times, told[1] * times))
    assert many.high - many.low <= few.high - few.low + 1  # both ends are rounded outward


def coverage(whole: int, pilot: int, match: int) -> float:
    """How likely the interval from a pilot holds what the rest will bring, worked out over all pilots there are."""
    found = {x: to_match(whole - pilot, seen(pilot, x)) for x in range(pilot + 1)}
    ways = sum(
        comb(match, x) * comb(whole - match, pilot - x)
        for x in range(max(0, pilot - whole + match), min(pilot, match) + 1)
        if found[x].low <= match - x <= found[x].high
    )
    return ways / comb(whole, pilot)


@pytest.mark.parametrize("whole", [30, 60, 200, 1000])
def test_a_pilot_of_25_holds_the_rest_in_95_of_100_cases_on_average_and_85_at_worst(whole: int) -> None:
    shares = [coverage(whole, 25, match) for match in range(whole + 1)]
    assert sum(shares) / len(shares) >= 0.95
    assert min(shares) >= 0.85


def test_the_figures_are_those_of_wilsons_interval() -> None:
    # Of a million to come it is Wilson's own: 20 of 25 give 0.6087 to 0.9114.
    assert to_match(1_000_000, seen(25, 20)) == Range(608_688, 800_000, 911_397)
    assert to_match(75, seen(25, 20)) == Range(43, 60, 71)
    assert to_match(0, seen(25, 20)) == Range(0, 0, 0)


@given(answered, st.integers(1, 200))
def test_inside_the_interval_are_exactly_those_that_a_score_test_does_not_tell_apart(
    told: tuple[int, int], coming: int
) -> None:
    (m, x), n = told, coming
    z2 = 3.8414588206941236
    alike = [
        y
        for y in range(n + 1)
        if (x / m - y / n) ** 2 <= z2 * (r := (x + y) / (m + n)) * (1 - r) * (1 / m + 1 / n) + 1e-12
    ]
    found = to_match(n, seen(m, x))
    if alike:  # of a few to come it may be that no whole number is alike: then it is the nearest on both sides
        assert found.low in (alike[0] - 1, alike[0])
        assert found.high in (alike[-1], alike[-1] + 1)


def test_what_a_quote_is_likely_to_cost_sums_the_kinds_of_its_inputs() -> None:
    rows = [*lines(75), *lines(10, by="company_id"), *lines(3, status="managed", credits=0)]
    found = quote(*rows, known=(seen(25, 20), seen(50, 50, "company_id")))
    assert found.likely == Likely(credits=Range(52, 70, 81), records=Range(55, 73, 84))
    assert found.likely_basis == (
        "20 of 25 different inputs of enrich.companies by company_website were matched before; 50 of 50 different "
        "inputs of enrich.companies by company_id were matched before"
    )


def test_why_nothing_is_likely_is_said() -> None:
    unseen = quote(*lines(5), known=(seen(9, 9, "company_id"),))
    assert unseen.likely is None
    assert unseen.likely_basis == (
        "no input of enrich.companies by company_website was answered before; .pilot(25) finds out"
    )
    listed = quote({"operation": "search.news", "status": "listed", "credits": 0, "records": 50})
    assert (listed.likely, listed.likely_basis) == (None, "how many rows search.news brings is not known before")


def test_what_is_certain_needs_nothing_that_was_seen() -> None:
    held = quote(*lines(2, status="held", credits=0, records=0), *lines(3, status="managed", credits=0))
    assert held.likely == Likely(credits=Range(0, 0, 0), records=Range(3, 3, 3))
    assert held.likely_basis == "nothing of it is uncertain"


def test_the_rows_of_lists_to_come_follow_from_those_of_others() -> None:
    assert to_come(10, 50, [5, 0, 3, 2, 5, 3]) == Range(10, 30, 50)
    assert to_come(100, 500, [5, 0, 3, 2, 5, 3] * 20) == Range(253, 300, 347)
    assert to_come(10, 50, [5, 0, 3, 2]) == Range(0, 25, 50)  # of so few nothing is certain
    told = Seen(operation="enrich.news", asked=6, matched=5, rows=(5, 0, 3, 2, 5, 3))
    found = quote(*lines(10, operation="enrich.news", by=None, status="listed", records=5), known=(told,))
    assert found.likely == Likely(credits=to_match(10, told), records=Range(10, 30, 50))
    assert found.likely_basis == "6 different inputs of enrich.news brought 18 rows before"


@given(st.lists(st.integers(0, 9), min_size=1, max_size=40), st.integers(1, 300))
def test_rows_to_come_are_never_more_than_are_asked_for(rows: list[int], coming: int) -> None:
    found = to_come(coming, 9 * coming, rows)
    assert 0 <= found.low <= found.likely <= found.high <= 9 * coming
