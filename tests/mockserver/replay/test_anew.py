"""A replay that is made anew from another shares what never changes, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mockserver import Replay, Request

ReplayOf = Callable[..., Replay]
SAVED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("GET /orders/:id", {"name": "one", "code": 200, "body": "{{$guid}}"}),
    ("GET /plain", {"name": "plain", "code": 200, "body": "as it is"}),
)


def drawn(replay: Replay, count: int = 3) -> list[bytes]:
    return [replay.answer(Request("GET", "/orders/7")).body for _ in range(count)]


def test_it_was_asked_nothing(replay_of: ReplayOf) -> None:
    first = replay_of(*SAVED)
    first.answer(Request("GET", "/plain"))
    second = first.anew()
    assert second.requests() == []
    second.answer(Request("GET", "/nowhere"))
    assert [one["path"] for one in first.requests()] == ["/plain"]
    assert [one["path"] for one in second.requests()] == ["/nowhere"]


def test_it_draws_from_the_beginning_whatever_the_other_has_drawn(replay_of: ReplayOf) -> None:
    first = replay_of(*SAVED)
    expected = drawn(first)
    assert len(set(expected)) == 3
    second, third = first.anew(), first.anew(seed=8)
    assert drawn(second) == expected
    assert set(drawn(third)).isdisjoint(expected)
    assert drawn(first.anew(seed=8)) == drawn(first.anew(seed=8))


def test_it_answers_and_reports_as_the_other_does(replay_of: ReplayOf) -> None:
    first = replay_of(*SAVED, ("GET /odd", {"name": "odd", "code": 700}))
    second = first.anew()
    assert second.answer(Request("GET", "/plain")) == first.answer(Request("GET", "/plain"))
    assert second.examples is first.examples
    assert second.faults == first.faults != ()
