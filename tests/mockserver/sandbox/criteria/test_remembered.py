"""A search that comes again is not searched for again, and finds what a new one would find."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from mockserver.sandbox import Options
from mockserver.sandbox.criteria.remembered import MOST, SEARCHES, Finding, Remembered

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


class Searching:
    """Finds the next of these each time that it has to look."""

    def __init__(self, *found: Finding) -> None:
        self.left = list(found)

    def __call__(self) -> Finding:
        return self.left.pop(0)


def test_the_pages_of_a_search_are_looked_for_once() -> None:
    remembered, find = Remembered(), Searching(Finding([7, 3, 5]))
    pages = [{"country": "Canada", "rpp": rpp, "page": page} for rpp, page in ((2, 1), (2, 2), (25, 1))]
    assert [list(remembered.rows("company", page, NOW, find)) for page in pages] == [[7, 3, 5]] * 3


def test_other_criteria_another_order_and_another_kind_are_other_searches() -> None:
    remembered, find = Remembered(), Searching(*(Finding([n]) for n in range(4)))
    canada = {"country": "Canada"}
    found = [
        remembered.rows("company", canada, NOW, find),
        remembered.rows("company", canada | {"sortBy": "name"}, NOW, find),
        remembered.rows("company", {"country": "Ireland"}, NOW, find),
        remembered.rows("contact", canada, NOW, find),
        remembered.rows("company", canada, NOW, find),
    ]
    assert [list(rows) for rows in found] == [[0], [1], [2], [3], [0]]


def test_it_is_searched_for_again_when_what_is_found_may_be_another() -> None:
    remembered, find = Remembered(), Searching(Finding([1, 2], NOW + timedelta(hours=1)), Finding([2]), Finding([1, 2]))
    at = [NOW, NOW + timedelta(minutes=59), NOW + timedelta(hours=1), NOW]  # and back, as after a reset
    assert [list(remembered.rows("contact", {}, moment, find)) for moment in at] == [[1, 2], [1, 2], [2], [1, 2]]


def test_what_a_search_says_counts_among_what_is_remembered() -> None:
    remembered, find = Remembered(), Searching(*(Finding([n]) for n in range(3)))
    long, longer = ({"country": letter * (MOST // 2 + 1)} for letter in "ab")
    assert list(remembered.rows("company", long, NOW, find)) == [0]
    assert list(remembered.rows("company", longer, NOW, find)) == [1]
    assert list(remembered.rows("company", longer, NOW, find)) == [1]
    assert list(remembered.rows("company", long, NOW, find)) == [2]


def test_the_search_that_was_asked_for_longest_ago_is_forgotten() -> None:
    remembered, find = Remembered(), Searching(*(Finding([n]) for n in range(SEARCHES + 3)))
    for n in range(SEARCHES):
        remembered.rows("company", {"companyName": str(n)}, NOW, find)
    assert list(remembered.rows("company", {"companyName": "0"}, NOW, find)) == [0]  # and so 1 is the oldest
    remembered.rows("company", {"companyName": "new"}, NOW, find)
    assert list(remembered.rows("company", {"companyName": "0"}, NOW, find)) == [0]
    assert list(remembered.rows("company", {"companyName": "1"}, NOW, find)) == [SEARCHES + 1]


def test_what_is_kept_takes_no_more_than_so_many_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mockserver.sandbox.criteria.remembered.MOST", 20_000)
    large = [list(range(n, n + 1_000)) for n in range(4)]  # 8 kB each
    remembered, find = Remembered(), Searching(*map(Finding, large), Finding([-1]), Finding([-2]))
    for n in range(3):
        assert remembered.rows("intent", {"n": n}, NOW, find) == large[n]
    assert remembered.rows("intent", {"n": 1}, NOW, find) == large[1]
    assert remembered.rows("intent", {"n": 3}, NOW, find) == large[3]  # and 2, asked longest ago, has gone
    assert remembered.rows("intent", {"n": 2}, NOW, find) == [-1]
    assert remembered.rows("intent", {"n": 1}, NOW, find) == large[1]
    assert remembered.rows("intent", {"n": 0}, NOW, find) == [-2]


def test_a_signal_that_comes_is_found_by_a_search_that_comes_again(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=300))
    world, now = caller.sandbox.world, caller.sandbox.now()
    search = {"topics": [topic.name for topic in world.lists.topics], "rpp": 1}
    before = caller.post("/search/intent", search)
    assert caller.post("/search/intent", {**search, "page": 2})["totalResults"] == before["totalResults"]
    coming = world.next_signal_at(now)
    assert coming is not None
    caller.sandbox.advance((coming - now).days + 1)
    after = caller.sign_in().post("/search/intent", search)
    assert after["totalResults"] == len(world.signals(caller.sandbox.now()))
    assert after["totalResults"] > before["totalResults"]


def test_who_opts_out_is_no_longer_found_by_a_search_that_comes_again(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=300))
    world, now = caller.sandbox.world, caller.sandbox.now()
    leaving = {p.id: at for p in world.contacts.values() if (at := world.changes.opted_out_at(p.id)) and at > now}
    who, at = min(leaving.items(), key=lambda one: one[1])
    search = {"companyId": str(world.contacts[who].company_id)}
    assert who in caller.every_id("/search/contact", search)
    caller.sandbox.advance((at - now).days + 1)
    assert who not in caller.sign_in().every_id("/search/contact", search)
    caller.sandbox.reset()
    assert who in caller.sign_in().every_id("/search/contact", search)


def test_updated_in_months_reckons_from_the_day_on_which_it_is_asked(calling: Callable[[Options], Caller]) -> None:
    caller = calling(Options(companies=300))
    search = {"lastUpdatedInMonths": 1, "country": "Ireland"}
    before = caller.every_id("/search/contact", search)
    caller.sandbox.advance(20)
    after = caller.sign_in().every_id("/search/contact", search)
    assert set(after) < set(before)
