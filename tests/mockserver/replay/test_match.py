from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import pytest

from mockserver import Replay, Request

ReplayOf = Callable[..., Replay]


def ask(replay: Replay, line: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> str:
    """The body of the answer, or "miss"."""
    method, url = line.split(" ", 1)
    path, _, query = url.partition("?")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    response = replay.answer(Request(method, path, pairs, headers or {}, body))
    return "miss" if b'"nearest"' in response.body else response.body.decode()


def raw(text: str) -> dict[str, str]:
    return {"mode": "raw", "raw": text}


def line_of(replay: Replay, line: str) -> str:
    """The request line that was saved with the answer, or "miss"."""
    method, url = line.split(" ", 1)
    path, _, query = url.partition("?")
    response = replay.answer(Request(method, path, tuple(parse_qsl(query, keep_blank_values=True))))
    told = dict(response.headers)["X-Mock-Matched"].rpartition(" / ")[0].replace("%25", "%")
    return told or "miss"


def saved(*lines: str) -> list[tuple[str, dict[str, Any]]]:
    """Each request line with an answer."""
    return [(line, {"name": "x"}) for line in lines]


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("GET /users/me", "GET /users/me"),
        ("GET /users/7", "GET /users/:id"),
        ("GET /users/7.json", "GET /users/{{id}}.json"),
        ("GET /users/7/posts", "GET /users/{{id}}/posts"),
        ("GET /users/me/posts", "GET /users/me/{{what}}"),
        ("GET /users/me/posts/last", "GET /users/{{id}}/posts/last"),
        ("GET /Users/Me", "GET /users/me"),
        ("GET /users/me/", "GET /users/me"),
        ("GET /users", "GET /users/"),
        ("PURGE /users/me", "PURGE /users/me"),
        ("POST /users/me", "miss"),
        ("GET /users/7/posts/1", "miss"),
        ("GET /", "miss"),
    ],
)
def test_the_most_literal_path_answers(replay_of: ReplayOf, asked: str, answered: str) -> None:
    replay = replay_of(
        *saved(
            "GET /users/:id",
            "GET /users/{{id}}.json",
            "GET /users/me",
            "GET /users/{{id}}/posts",
            "GET /users/me/{{what}}",
            "GET /users/me/{{what}}/{{which}}",
            "GET /users/{{id}}/posts/last",
            "GET /users/",
            "PURGE /users/me",
        )
    )

    assert line_of(replay, asked) == answered


def test_a_trailing_slash_decides_when_both_were_saved(replay_of: ReplayOf) -> None:
    replay = replay_of(*saved("GET /a", "GET /a/"))

    assert line_of(replay, "GET /a") == "GET /a"
    assert line_of(replay, "GET /a/") == "GET /a/"


def test_a_variable_that_was_filled_in_still_stands_for_others_when_nothing_better_fits(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET /u/{{one}}", {"body": "one"}),
        ("GET /u/{{two}}", {"body": "two"}),
        ("GET /u/3", {"body": "three"}),
        ("GET /u/2", {"body": "literally two"}),
        variable=[{"key": "one", "value": "1"}, {"key": "two", "value": "2"}],
    )

    assert [ask(replay, f"GET /u/{id_}") for id_ in "1234"] == ["one", "literally two", "three", "one"]


def test_a_base_path_in_the_host_variable_may_be_used_or_left_out(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET {{base}}/orders", {"body": "based"}),
        ("GET /orders", {"body": "plain"}),
        ("GET {{base}}/items", {"body": "items"}),
        variable=[{"key": "base", "value": "https://x.example.com/api/v1"}],
    )

    assert ask(replay, "GET /api/v1/orders") == "based"
    assert ask(replay, "GET /orders") == "plain"
    assert ask(replay, "GET /items") == "items"
    assert ask(replay, "GET /v1/items") == "miss"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("GET /o", "GET /o"),
        ("GET /o?page=1", "GET /o?page=1"),
        ("GET /o?page=2", "GET /o?page=2"),
        ("GET /o?page=2&trace=on&x=", "GET /o?page=2"),
        ("GET /o?trace=on", "GET /o"),
        ("GET /o?page=9", "GET /o"),
        ("GET /o?size=5&page=1", "GET /o?page=1&size=5"),
        ("GET /o?page=1&size=9", "GET /o?page=1"),
        ("GET /o?tag=a&tag=b", "GET /o?tag=b&tag=a"),
        ("GET /o?tag=a", "GET /o?tag=a&tag=a"),
        ("GET /o?day=monday", "GET /o?day={{day}}"),
        ("GET /o?q=two+words", "GET /o?q=two%20words"),
        ("GET /o?q=two%2Bwords", "GET /o?q=two%20words"),
    ],
)
def test_the_closest_query_answers_and_an_unknown_parameter_spoils_nothing(
    replay_of: ReplayOf, asked: str, answered: str
) -> None:
    replay = replay_of(
        *saved(
            "GET /o?page=1&size=5",
            "GET /o?tag=a&tag=a",
            "GET /o?tag=b&tag=a",
            "GET /o?q=two%20words",
            "GET /o?page=2",
            "GET /o?page=1",
            "GET /o",
            "GET /o?day={{day}}",
        )
    )

    assert line_of(replay, asked) == answered


def test_an_equal_body_wins_over_the_order_of_the_file_and_over_the_first_2xx(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("POST /o", {"body": "first", "asked": raw('{"a": 1}')}),
        ("POST /o", {"body": "second", "asked": raw('{"b": [1, 2], "a": 2}')}),
        ("POST /o", {"body": "open", "asked": raw('{"a": "{{any}}"}')}),
        ("POST /o", {"body": "none", "code": 400}),
    )

    assert ask(replay, "POST /o", body=b'{"a":2,"b":[1,2]}') == "second"
    assert ask(replay, "POST /o", body=b'{"a": "free"}') == "open"
    assert ask(replay, "POST /o", body=b"") == "none"
    assert ask(replay, "POST /o", body=b'{"unheard": "of"}') == "first"


def test_path_weighs_more_than_query_and_query_more_than_body(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("POST /o/:id?a=1", {"body": "query", "asked": raw("{}")}),
        ("POST /o/7", {"body": "path", "asked": raw("[]")}),
        ("POST /p?a=1", {"body": "query", "asked": raw("[]")}),
        ("POST /p", {"body": "body", "asked": raw("{}")}),
    )

    assert ask(replay, "POST /o/7?a=1", body=b"{}") == "path"
    assert ask(replay, "POST /p?a=1", body=b"{}") == "query"


def test_of_those_that_share_a_request_the_first_2xx_answers_else_the_first(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET /a", {"body": "error", "code": 500}),
        ("GET /a", {"body": "ok", "code": 201}),
        ("GET /a", {"body": "later", "code": 200}),
        ("GET /b", {"body": "moved", "code": 301}),
        ("GET /b", {"body": "gone", "code": 410}),
    )

    assert ask(replay, "GET /a") == "ok"
    assert ask(replay, "GET /b") == "moved"


@pytest.mark.parametrize(
    ("headers", "answered"),
    [
        ({"x-mock-response-code": "404"}, "missing"),
        ({"x-mock-response-name": "Out of Stock"}, "stock"),
        ({"x-mock-response-name": "Out of Stock", "x-mock-response-code": "404"}, "missing"),
        ({"x-mock-response-id": "7-a"}, "stock"),
        ({"x-mock-response-id": "a"}, "stock"),
        ({"x-mock-response-name": "Ã©tÃ©"}, "utf-8"),
        ({"x-mock-response-name": "été"}, "utf-8"),
        ({"x-mock-response-code": "999"}, "odd"),
        ({"x-mock-response-code": " "}, "ok"),
        ({"x-mock-response-code": "503"}, "miss"),
        ({"x-mock-response-name": "out of stock"}, "miss"),
        ({"x-mock-response-id": "b"}, "miss"),
    ],
)
def test_selectors_choose_by_code_name_and_id(replay_of: ReplayOf, headers: dict[str, str], answered: str) -> None:
    replay = replay_of(
        ("GET /a", {"body": "ok", "code": 200, "name": "OK"}),
        ("GET /a", {"body": "stock", "code": 409, "name": "Out of Stock", "id": "a", "uid": "7-a"}),
        ("GET /a", {"body": "missing", "code": 404, "name": "Out of Stock"}),
        ("GET /a", {"body": "utf-8", "code": 200, "name": "été"}),
        ("GET /a", {"body": "odd", "code": 999}),
        ("GET /elsewhere", {"body": "x", "code": 503, "id": "b"}),
    )

    assert ask(replay, "GET /a", headers) == answered


def test_a_selector_reaches_an_example_behind_a_more_literal_path(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /u/me", {"body": "me"}), ("GET /u/:id", {"body": "gone", "code": 410}))

    assert ask(replay, "GET /u/me", {"x-mock-response-code": "410"}) == "gone"
