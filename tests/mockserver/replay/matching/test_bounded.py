"""What comes may be very long, and what was recorded very open: matching tries so much of it and no more."""

from __future__ import annotations

import json
from collections.abc import Callable

from mockserver import Replay, Request
from mockserver.replay.matching import bodies, queries
from mockserver.replay.matching.template import EACH, MOST, Patterns, pieces_of

ReplayOf = Callable[..., Replay]


def test_of_many_open_texts_the_earliest_are_tried_for_a_long_text() -> None:
    patterns: Patterns[int] = Patterns()
    for number in range(1_000):
        patterns.add(pieces_of(f"{{{{a}}}}q{number}q{{{{b}}}}"), number)
    tried = 100
    short = "x" + "".join(f"q{number}q" for number in range(1_000)) + "x"
    long = short.ljust(MOST // tried - EACH, "x")

    assert [*patterns.fitting(short)] == [*range(1_000)]
    assert [*patterns.fitting(long)] == [*range(tried)]


def test_of_many_open_bodies_few_are_read_for_a_large_one(replay_of: ReplayOf) -> None:
    def holed(number: int) -> str:
        return json.dumps(["{{x}}" if number >> bit & 1 else number for bit in range(8)])

    replay = replay_of(
        *(("POST /", {"name": str(number), "asked": {"mode": "raw", "raw": holed(number)}}) for number in range(1, 255))
    )

    def why(long: int) -> str:
        sent = json.dumps(["x" * long if 200 >> bit & 1 else 200 for bit in range(8)])
        answer = replay.answer(Request("POST", "/", body=sent.encode()))
        return dict(answer.headers)["X-Mock-Matched"]

    assert "/ 200 (" in why(10)
    assert "/ 200 (" not in why(bodies.MOST_READ // 10)


def test_so_many_pairs_of_a_request_are_held_against_open_ones(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /?b=1", {"name": "none"}), ("GET /?a={{x}}9", {"name": "open"}))

    def matched(before: int) -> str:
        pairs = tuple(("a", str(number * 10)) for number in range(before))
        return dict(replay.answer(Request("GET", "/", (*pairs, ("a", "19")))).headers)["X-Mock-Matched"]

    assert "/ open (" in matched(queries.MOST_PAIRS - 1)
    assert "/ open (" not in matched(queries.MOST_PAIRS)
