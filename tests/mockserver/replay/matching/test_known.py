from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mockserver import Replay, Request
from mockserver.message import Headers
from mockserver.replay.matching.known import Known
from mockserver.replay.matching.match import Match
from mockserver.replay.matching.route import Route

LINES = [(b"host", b"127.0.0.1:8080"), (b"accept", b"*/*")]
MATCH = Match(Route("GET", ("orders",), ends_in_slash=False, with_base=True), 0, "same path")


def asked(path: str = "/orders", lines: list[tuple[bytes, bytes]] = LINES, **more: Any) -> Request:
    return Request("GET", path, headers=Headers(list(lines)), **more)


def expecting(*requests: Request) -> Known:
    """To it the header lines of these are none that come for the first time."""
    known = Known()
    for request in requests:
        known.keep(replace(request, path="/another"), MATCH)
    return known


def test_a_request_that_is_the_same_in_everything_is_known() -> None:
    known = Known()
    for _ in range(2):
        known.keep(asked(body=b"a", query=(("x", "1"),)), MATCH)
    assert known.of(asked(body=b"a", query=(("x", "1"),))) is MATCH


@pytest.mark.parametrize(
    "other",
    [
        asked("/Orders"),
        asked(body=b"a"),
        asked(query=(("x", ""),)),
        asked(lines=[*LINES, (b"x-mock-response-code", b"404")]),
        asked(lines=[LINES[0], (b"accept", b"*/*;q=1")]),
        asked(lines=LINES[::-1]),
        replace(asked(), method="POST"),
        Request("GET", "/orders", headers={"host": "127.0.0.1:8080", "accept": "*/*"}),
    ],
    ids=["path", "body", "query", "selector", "header", "order of headers", "method", "other mapping"],
)
def test_a_request_that_differs_in_anything_is_not(other: Request) -> None:
    known = expecting(asked(), other)
    known.keep(asked(), MATCH)
    assert known.of(asked()) is MATCH
    assert known.of(other) is None


@pytest.mark.parametrize(
    "large",
    [
        asked("/" + "a" * 2_048),
        asked(body=bytes(2_049)),
        asked(query=(("a", "b" * 2_048),)),
        asked(lines=[(b"a", bytes(2_048))]),
    ],
    ids=["path", "body", "query", "headers"],
)
def test_a_large_request_is_not_kept(large: Request) -> None:
    known = expecting(large)
    known.keep(large, MATCH)
    assert known.of(large) is None


def test_header_lines_that_come_for_the_first_time_are_not_worth_keeping_anything() -> None:
    known = Known()
    known.keep(asked(), MATCH)
    assert known.of(asked()) is None


def test_where_there_are_too_many_all_are_forgotten() -> None:
    known = expecting(asked())
    for number in range(12_000):
        known.keep(asked(f"/{number}", body=bytes(2_000)), MATCH)
    assert known.of(asked("/0", body=bytes(2_000))) is None
    assert known.of(asked("/11999", body=bytes(2_000))) is MATCH


def test_a_client_that_numbers_its_requests_is_forgotten_after_a_while_and_others_with_it() -> None:
    known = expecting(asked())
    known.keep(asked(), MATCH)
    for number in range(63):
        known.keep(asked(lines=[(b"x-request-id", b"%d" % number)]), MATCH)
    assert known.of(asked()) is MATCH
    known.keep(asked(lines=[(b"x-request-id", b"63")]), MATCH)
    assert known.of(asked()) is None


def test_what_is_known_is_answered_told_and_drawn_anew(write_collection: Callable[..., Any]) -> None:
    item = {"request": "/orders", "response": [{"name": "all", "body": "{{$guid}}"}]}
    replay = Replay.read([write_collection(item)])
    answers = [replay.answer(asked()) for _ in range(3)]
    assert len({answer.body for answer in answers}) == 3
    assert len({answer.headers for answer in answers}) == 1
    assert [told["path"] for told in replay.requests()] == ["/orders"] * 3


def test_what_is_asked_again_is_answered_as_the_first_time(write_collection: Callable[..., Any]) -> None:
    saved = [
        {"name": name, "code": code, "body": name, "originalRequest": {"method": "GET", "url": f"/orders?page={code}"}}
        for name, code in (("first", 200), ("second", 201), ("third", 404))
    ]
    replay = Replay.read([write_collection({"request": "/orders", "response": saved})])
    requests = [
        asked(query=query, lines=[*LINES, *more])
        for query in ((), (("page", "201"),), (("page", "404"),), (("page", "9"),))
        for more in ((), ((b"x-mock-response-code", b"404"),), ((b"x-mock-response-name", b"second"),))
    ]
    first = [replay.answer(request) for request in requests]
    for _ in range(3):
        assert [replay.answer(request) for request in requests] == first
    assert {answer.body for answer in first} == {b"first", b"second", b"third"}
