"""What is said when no example fits."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from mockserver import Replay, Request

ReplayOf = Callable[..., Replay]


def told(
    replay: Replay,
    line: str,
    *,
    query: tuple[tuple[str, str], ...] = (),
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> dict[str, Any]:
    method, path = line.split(" ", 1)
    response = replay.answer(Request(method, path, query, headers or {}, body))
    assert response.status == 404
    assert response.headers == (("Content-Type", "application/json"), ("X-Mock-Matched", "none (no match)"))
    said: dict[str, Any] = json.loads(response.body)
    return said


def raw(text: str) -> dict[str, str]:
    return {"mode": "raw", "raw": text}


def test_a_miss_names_the_three_nearest_examples_and_what_differs(replay_of: ReplayOf) -> None:
    replay = replay_of(
        ("GET /companies", {"name": "Far", "body": "x"}),
        ("POST /orders/7", {"name": "Near", "code": 201, "id": "n"}),
        ("GET /orders/7/lines", {"name": "Nearer"}),
        ("GET /zzz", {"name": "Farthest"}),
    )

    said = told(replay, "GET /orders/7/line")

    assert said["error"] == "GET /orders/7/line: no saved example of this method and path"
    assert said["nearest"] == [
        {
            "example": "GET /orders/7/lines / Nearer",
            "name": "Nearer",
            "code": 200,
            "ids": [],
            "request": "GET /orders/7/lines",
            "differs": [{"part": "segment", "at": 3, "recorded": "lines", "asked": "line"}],
        },
        {
            "example": "POST /orders/7 / Near",
            "name": "Near",
            "code": 201,
            "ids": ["n"],
            "request": "POST /orders/7",
            "differs": [
                {"part": "method", "recorded": "POST", "asked": "GET"},
                {"part": "segment", "at": 3, "recorded": None, "asked": "line"},
            ],
        },
        {
            "example": "GET /companies / Far",
            "name": "Far",
            "code": 200,
            "ids": [],
            "request": "GET /companies",
            "differs": [
                {"part": "segment", "at": 1, "recorded": "companies", "asked": "orders"},
                {"part": "segment", "at": 2, "recorded": None, "asked": "7"},
                {"part": "segment", "at": 3, "recorded": None, "asked": "line"},
            ],
        },
    ]


def test_examples_that_differ_by_their_query_alone_are_told_apart(replay_of: ReplayOf) -> None:
    urls = ("/orders?late=true&page=1", "/orders?page={{n}}&q=a b", "/orders?page=3&api_key=s3cr3t")
    replay = replay_of(*((f"GET {url}", {"name": url}) for url in urls))

    said = told(replay, "GET /order")

    assert [each["request"] for each in said["nearest"]] == [
        "GET /orders?late=true&page=1",
        "GET /orders?page={{n}}&q=a+b",
        "GET /orders?page=3&api_key=...",
    ]


def test_a_miss_of_a_request_that_was_recorded_without_an_example_says_so(
    write_collection: Callable[..., Path],
) -> None:
    bare = {"method": "DELETE", "url": "{{host}}/v1/orders/:id/{{kind}}.json"}
    based = {"method": "DELETE", "url": "{{base}}/orders"}
    replay = Replay.read(
        [
            write_collection(
                {"name": "Orders", "item": [{"name": "Delete", "request": bare, "response": []}]},
                {"name": "All", "request": based},
                {"name": "Draft", "request": {"method": "DELETE"}},
                {"name": "Get", "request": "/orders/7", "response": [{"name": "x"}]},
                variable=[{"key": "base", "value": "https://x.example.com/v1"}],
            )
        ]
    )

    recorded = "recorded without a saved example"
    nothing = "no saved example of this method and path"
    for line, problem in {
        "DELETE /v1/orders/7/line.json": f"{recorded}: Orders / Delete",
        "DELETE /v1/orders/7/line.xml": nothing,
        "GET /v1/orders/7/line.json": nothing,
        "DELETE /orders/": f"{recorded}: All",
        "DELETE /v1/Orders": f"{recorded}: All",
        "DELETE /": nothing,
    }.items():
        said = told(replay, line)
        assert said["error"] == f"{line}: {problem}"
        assert said["nearest"][0]["example"] == "Get / x"


def test_a_wrong_method_is_all_that_is_told_of_a_path_that_fits(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET {{base}}/a", {}), variable=[{"key": "base", "value": "https://x.example.com/v1"}])

    for path in ("/a", "/v1/a"):
        (nearest, *others) = told(replay, f"PATCH {path}")["nearest"]
        assert nearest["differs"] == [{"part": "method", "recorded": "GET", "asked": "PATCH"}]
        assert others == []


def test_differences_of_the_query_come_with_values_and_those_of_a_body_with_their_places_alone(
    replay_of: ReplayOf,
) -> None:
    asked = raw('{"data": {"attributes": {"companyId": 7, "odd key": [1, 2]}}, "only here": "{{x}}"}')
    replay = replay_of(("POST /search?page=2&size={{n}}&sort=name", {"asked": asked}))

    said = told(
        replay,
        "POST /serach",
        query=(("page", "3"), ("size", "9")),
        body=b'{"data": {"attributes": {"companyId": 8, "odd key": [1]}}, "only here": 5, "secret": "s3cr3t"}',
    )

    assert said["nearest"][0]["differs"] == [
        {"part": "segment", "at": 1, "recorded": "search", "asked": "serach"},
        {"part": "query", "at": "page", "recorded": "2", "asked": "3"},
        {"part": "query", "at": "sort", "recorded": "name", "asked": None},
        {"part": "body", "at": "$.data.attributes.companyId"},
        {"part": "body", "at": '$.data.attributes["odd key"][1]'},
        {"part": "body", "at": "$.secret"},
    ]


@pytest.mark.parametrize(
    ("asked", "body", "places"),
    [
        (raw("plain"), b"other", ["$"]),
        (raw("{}"), b"", ["$"]),
        (None, b"something", ["$"]),
        ({"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "1"}]}, b"a=2&b=3", ["$.a", "$.b"]),
        (
            {"mode": "urlencoded", "urlencoded": [{"key": "a", "value": "{{x}}"}, {"key": "b", "value": "1"}]},
            b"c=&a=5&b=2",
            ["$.b", "$.c"],
        ),
        (raw("[[1], 2]"), b"[[3], 2, 4]", ["$[0][0]", "$[2]"]),
        (raw("{" + '"a":{' * 400 + "}" * 401), b"{" + b'"a":{' * 300 + b"}" * 301, ["$" + ".a" * 301]),
    ],
    ids=["text", "none sent", "none recorded", "form", "open form", "lists", "deep"],
)
def test_where_a_body_differs(replay_of: ReplayOf, asked: Any, body: bytes, places: list[str]) -> None:
    differs = told(replay_of(("POST /a", {"asked": asked})), "POST /b", body=body)["nearest"][0]["differs"]

    assert [each["at"] for each in differs if each["part"] == "body"] == [place[:100] for place in places]


def test_a_miss_by_a_selector_names_the_examples_that_there_are(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /a", {"name": "OK", "code": 200}), ("GET /a", {"name": "No", "code": 404}))

    said = told(replay, "GET /a", headers={"x-mock-response-name": "Yes"})

    assert said["error"] == "GET /a: 2 saved example(s) of this method and path, none with x-mock-response-name: Yes"
    assert [(each["name"], each["code"]) for each in said["nearest"]] == [("OK", 200), ("No", 404)]
    assert said["nearest"][0]["differs"] == [
        {"part": "header", "at": "x-mock-response-name", "recorded": "OK", "asked": "Yes"}
    ]


def test_a_collection_without_examples_misses_as_well(replay_of: ReplayOf) -> None:
    assert told(replay_of(), "GET /a")["nearest"] == []


def test_what_is_told_is_short_however_long_the_request_is(replay_of: ReplayOf) -> None:
    replay = replay_of((f"GET /{'a' * 10_000}?q={'b' * 10_000}", {"name": "n" * 10}))

    response = replay.answer(Request("GET", "/" + "x/" * 30_000 + "y" * 100_000, (("q", "z" * 10_000),)))

    assert response.status == 404
    assert len(response.body) < 15_000


def test_a_miss_is_logged_with_the_nearest_examples_and_what_differs(
    replay_of: ReplayOf, caplog: pytest.LogCaptureFixture
) -> None:
    replay = replay_of(
        ("GET /a", {"name": "A\n\x1b[2J"}), ("POST /a?k%0A=1", {"name": "é", "asked": raw('{"p": "s"}')})
    )
    replay.answer(Request("GET", "/b\n"))
    replay.answer(Request("POST", "/c", body=b'{"p": "s3cr3t"}'))
    replay_of().answer(Request("GET", "/a"))

    assert caplog.messages == [
        r"no example for GET '/b\n'; nearest: GET /a / A\n\x1b[2J (segment 1); "
        r"POST /a?k%0A=1 / \xe9 (method, segment 1, query k\n, body $)",
        r"no example for POST '/c'; nearest: POST /a?k%0A=1 / \xe9 (segment 1, query k\n, body $.p); "
        r"GET /a / A\n\x1b[2J (method, segment 1, body $)",
        "no example for GET '/a'; nearest: none",
    ]


@pytest.mark.parametrize(
    ("name", "is_hidden"),
    [
        ("api_key", True),
        ("apiKey", True),
        ("key", True),
        ("X-Token", True),
        ("client_secret", True),
        ("password", True),
        ("sig", True),
        ("authorization", True),
        ("keyword", False),
        ("author_id", False),
        ("design", False),
    ],
)
def test_a_parameter_that_may_hold_a_secret_is_named_without_its_values(
    replay_of: ReplayOf, name: str, is_hidden: bool
) -> None:
    replay = replay_of((f"GET /a?{name}=recorded1", {"name": "x"}))

    said = told(replay, "GET /b", query=((name, "asked1"),))

    values = {} if is_hidden else {"recorded": "recorded1", "asked": "asked1"}
    assert said["nearest"][0]["differs"][1] == {"part": "query", "at": name, **values}
    assert replay.requests()[-1]["query"] == f"{name}={'...' if is_hidden else 'asked1'}"


def test_of_several_selectors_only_those_are_told_that_rule_an_example_out(replay_of: ReplayOf) -> None:
    header = [{"key": "Accept", "value": "text/csv"}, {"key": "accept", "value": "text/xml"}]
    replay = replay_of(("GET /a", {"name": "été", "originalRequest": {"url": "/a", "header": header}}))
    selectors = {"x-mock-response-name": "Ã©tÃ©", "x-mock-match-request-headers": "accept"}
    headers = {**selectors, "accept": "text/csv, text/xml"}

    assert replay.answer(Request("GET", "/a", (), headers)).status == 200
    said = told(replay, "GET /a", headers={**headers, "x-mock-response-code": "404"})

    assert said["nearest"][0]["differs"] == [
        {"part": "header", "at": "x-mock-response-code", "recorded": "200", "asked": "404"}
    ]


@pytest.mark.parametrize(
    ("recorded", "asked", "differs"),
    [
        ("/b?q=two%20words", (("q", "two+words"),), []),
        ("/b?tag=a&tag=b", (("tag", "a"), ("tag", "c")), [("tag", "b", "c")]),
        ("/b?tag={{x}}&tag={{y}}", (("tag", "a"),), [("tag", "{{y}}", None)]),
    ],
    ids=["a plus sign", "a name that is there twice", "one value for two variables"],
)
def test_a_pair_of_the_query_that_has_met_one_does_not_stand_for_another(
    replay_of: ReplayOf, recorded: str, asked: tuple[tuple[str, str], ...], differs: list[tuple[str, str, str | None]]
) -> None:
    said = told(replay_of((f"GET {recorded}", {})), "GET /c", query=asked)

    pairs = [one for one in said["nearest"][0]["differs"] if one["part"] == "query"]
    assert [(one["at"], one["recorded"], one["asked"]) for one in pairs] == differs
