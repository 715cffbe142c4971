"""A divided search matches what the whole one does: checked on a population that the test itself filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from zianalytics.api.parts import halves
from zianalytics.api.searches import CompanySearch, ContactSearch, IntentSearch


@dataclass(frozen=True)
class Somebody:
    """What the criteria below look at."""

    company: int
    employees: int | None
    score: int
    levels: frozenset[str]


LEVELS = ["Director", "Manager", "Board Member", "Non Manager"]
PEOPLE = st.lists(
    st.builds(
        Somebody,
        company=st.integers(1, 9),
        employees=st.none() | st.integers(0, 400_000),
        score=st.integers(70, 99),
        levels=st.frozensets(st.sampled_from(LEVELS), min_size=1),
    ),
    max_size=30,
)


@st.composite
def searches(draw: st.DrawFn) -> ContactSearch:
    """Searches by lists and ranges, some ends open."""
    said: dict[str, Any] = {}
    if draw(st.booleans()):
        said["company_id"] = draw(st.lists(st.integers(1, 9), min_size=1, max_size=9, unique=True))
    if draw(st.booleans()):
        said["management_level"] = draw(st.lists(st.sampled_from(LEVELS), min_size=1, unique=True))
    for least, most, values in (
        ("employee_range_min", "employee_range_max", st.integers(0, 400_000)),
        ("contact_accuracy_score_min", "contact_accuracy_score_max", st.integers(70, 99)),
    ):
        low, high = sorted(draw(st.tuples(values, values)))
        said |= {least: low} if draw(st.booleans()) else {}
        said |= {most: high} if draw(st.booleans()) else {}
    assume(said)  # a search for everything is refused
    return ContactSearch(**said)


def matches(search: ContactSearch, one: Somebody) -> bool:
    bounds = (search.employee_range_min, search.employee_range_max)
    score = (search.contact_accuracy_score_min or 70, search.contact_accuracy_score_max or 99)
    levels, companies = search.management_level, search.company_id
    return (
        (companies is None or one.company in companies)  # type: ignore[operator]  # a list, as drawn
        and (levels is None or not one.levels.isdisjoint(levels))
        and (bounds == (None, None) or one.employees is not None)
        and (bounds[0] is None or (one.employees or 0) >= bounds[0])
        and (bounds[1] is None or (one.employees or 0) <= bounds[1])
        and score[0] <= one.score <= score[1]
    )


@given(search=searches(), people=PEOPLE)
def test_the_halves_of_a_search_match_what_it_matches_and_nothing_else(
    search: ContactSearch, people: list[Somebody]
) -> None:
    parts = halves(search)
    if parts is not None:
        assert [matches(search, one) for one in people] == [
            matches(parts[0], one) or matches(parts[1], one) for one in people
        ]


@given(search=searches())
def test_dividing_comes_to_an_end(search: ContactSearch) -> None:
    waiting, steps = [search], 0
    while waiting and steps < 400:
        parts = halves(waiting.pop())
        waiting += parts[:1] if parts else ()
        steps += 1
    assert steps < 400


def test_ids_are_divided_before_ranges() -> None:
    first, second = halves(CompanySearch(company_id=[7, 8, 9], employee_range_min=1)) or (None, None)
    assert (first, second) == (
        CompanySearch(company_id=[7], employee_range_min=1),
        CompanySearch(company_id=[8, 9], employee_range_min=1),
    )


def test_a_range_is_divided_by_orders_of_magnitude_and_open_ends_stay_open() -> None:
    assert halves(CompanySearch(employee_range_min=100, employee_range_max=10_000)) == (
        CompanySearch(employee_range_min=100, employee_range_max=1_000),
        CompanySearch(employee_range_min=1_001, employee_range_max=10_000),
    )
    assert halves(CompanySearch(employee_range_min=1)) == (
        CompanySearch(employee_range_min=1, employee_range_max=3_162),
        CompanySearch(employee_range_min=3_163),
    )
    assert halves(CompanySearch(employee_range_min=5, employee_range_max=6)) == (
        CompanySearch(employee_range_min=5, employee_range_max=5),
        CompanySearch(employee_range_min=6, employee_range_max=6),
    )


@pytest.mark.parametrize(
    "search",
    [
        CompanySearch(country="Germany"),
        CompanySearch(company_id=[7], industry_codes="software,retail"),
        CompanySearch(employee_range_min=5, employee_range_max=5),
        CompanySearch(excluded_regions=["usa.ohio.columbus", "usa.ohio.dayton"]),
        ContactSearch(exclude_management_level=["Manager", "Director"], required_fields=["email", "phone"]),
        IntentSearch(topics=["Cloud", "Storage"]),
    ],
)
def test_what_does_not_divide_exactly_is_left_alone(search: Any) -> None:
    assert halves(search) is None
