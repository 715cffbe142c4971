from __future__ import annotations

import json
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
    replay = replay_of(*saved("GET /a", "GET /a/", "GET /w/:id/", "GET /w/:id"))

    assert line_of(replay, "GET /w/7") == "GET /w/:id"
    assert line_of(replay, "GET /w/7/") == "GET /w/:id/"
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
    ("asked", "answered"),
    [
        ("GET /a/b/c", "GET /{{x}}/b/c"),
        ("GET /a/m/n", "GET /{{p}}/{{q}}/n"),
        ("GET /a/9/9", "GET /a/{{x}}/{{y}}"),
        ("GET /9/9/9", "GET /{{x}}/{{y}}/{{z}}"),
        ("GET /z/7.json/c", "GET /{{x}}/{{y}}.json/{{z}}"),
    ],
)
def test_the_fewest_variables_win_wherever_they_stand(replay_of: ReplayOf, asked: str, answered: str) -> None:
    lines = saved(
        "GET /{{x}}/{{y}}/{{z}}", "GET /a/{{x}}/{{y}}", "GET /{{x}}/b/c", "GET /{{x}}/{{y}}.json/{{z}}",
        "GET /other/one/x", "GET /other/two/x", "GET /other/{{x}}/y", "GET /a/{{x}}/n", "GET /{{x}}/d/e",
        "GET /{{p}}/{{q}}/n",
    )  # fmt: skip
    replay = replay_of(*lines, variable=[{"key": "p", "value": "a"}, {"key": "q", "value": "m"}])

    assert line_of(replay, asked) == answered


def test_of_as_many_recorded_values_the_earlier_one_is_closer(replay_of: ReplayOf) -> None:
    def item(number: int, x: str, y: str) -> tuple[str, dict[str, Any]]:
        url = {"raw": "/:x/:y", "path": [":x", ":y"], "variable": [{"key": "x", "value": x}, {"key": "y", "value": y}]}
        return "GET /", {"body": str(number), "originalRequest": {"method": "GET", "url": url}}

    replay = replay_of(item(0, "7", "2"), item(1, "1", "5"), item(2, "8", "9"))

    assert ask(replay, "GET /1/2") == "1"
    assert ask(replay, "GET /7/2") == "0"
    assert ask(replay, "GET /4/9") == "2"
    assert ask(replay, "GET /4/4") == "0"


def test_paths_that_fit_alike_are_told_apart_by_query_body_and_order(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET /{{a}}.json?v=1", {"body": "differs"}),
        ("GET /x{{b}}?v={{any}}", {"body": "open"}),
        ("POST /{{a}}.json", {"body": "first", "asked": raw("[]"), "code": 400}),
        ("POST /x{{b}}", {"body": "second", "asked": raw("[]")}),
        ("POST /x{{b}}", {"body": "third", "asked": raw("[]")}),
    )

    assert ask(replay, "GET /x1.json?v=2") == "open"
    assert ask(replay, "GET /x1.json?v=1") == "differs"
    assert ask(replay, "POST /x1.json", body=b"[]") == "second"


def test_of_several_2xx_the_one_recorded_with_more_of_the_headers_answers(replay_of: ReplayOf) -> None:
    def item(name: str, code: int, accept: str) -> tuple[str, dict[str, Any]]:
        header = [{"key": "Accept", "value": accept}, {"key": "User-Agent", "value": "me"}]
        return "GET /a", {"body": name, "code": code, "originalRequest": {"url": "/a", "header": header}}

    replay = replay_of(item("bad", 400, "b"), item("json", 200, "j"), item("xml", 200, "x"))

    assert ask(replay, "GET /a", {"accept": "x"}) == "xml"
    assert ask(replay, "GET /a", {"accept": "b"}) == "json"
    assert ask(replay, "GET /a", {"user-agent": "me"}) == "json"


def test_a_head_that_was_not_recorded_is_that_of_the_get_and_options_tell_the_methods(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET /a/:id", {"body": "got"}),
        ("DELETE /a/7", {"body": "gone"}),
        ("HEAD /b", {"code": 204}),
        ("GET /b", {}),
        ("OPTIONS /c", {"body": "recorded"}),
        ("POST /c", {}),
    )

    assert replay.answer(Request("HEAD", "/a/7")).body == b"got"
    assert replay.answer(Request("HEAD", "/b")).status == 204
    assert replay.answer(Request("HEAD", "/c")).status == 404
    told = replay.answer(Request("OPTIONS", "/a/7"))
    assert (told.status, dict(told.headers)["Allow"], told.body) == (204, "GET, DELETE, HEAD, OPTIONS", b"")
    assert dict(replay.answer(Request("OPTIONS", "/a/8")).headers)["Allow"] == "GET, HEAD, OPTIONS"
    assert replay.answer(Request("OPTIONS", "/c")).body == b"recorded"
    assert replay.answer(Request("OPTIONS", "/d")).status == 404


@pytest.mark.parametrize("number", [0, 41, 99])
def test_many_examples_of_one_path_are_told_apart_by_query_and_by_body(replay_of: ReplayOf, number: int) -> None:
    bodies = [raw(json.dumps({"id": n, "token": "{{token}}"})) for n in range(100)]
    replay = replay_of(
        *((f"GET /a?page={n}&size={{{{size}}}}", {"body": f"page {n}"}) for n in range(100)),
        *(("POST /a", {"body": f"body {n}", "asked": body}) for n, body in enumerate(bodies)),
        *(("POST /t", {"body": f"text {n}", "asked": raw(f"<id>{n}</id><t>{{{{t}}}}</t>")}) for n in range(100)),
    )

    assert ask(replay, f"GET /a?size=5&page={number}&more=1") == f"page {number}"
    assert ask(replay, "POST /a", body=json.dumps({"token": "t", "id": number}).encode()) == f"body {number}"
    assert ask(replay, "POST /t", body=f"<id>{number}</id><t>7</t>".encode()) == f"text {number}"


def test_a_pattern_of_many_variables_is_tried_in_linear_time(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET /" + "{{x}}a" * 200 + "b", {"body": "hit"}), ("POST /", {"asked": raw("{{x}}a" * 5_000 + "b")})
    )

    assert ask(replay, "GET /" + "a" * 50_000) == "miss"
    assert ask(replay, "GET /" + "a" * 50_000 + "b") == "hit"
    assert ask(replay, "POST /", body=b"a" * 1_000_000) == ""
