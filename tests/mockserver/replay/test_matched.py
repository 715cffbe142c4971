"""`X-Mock-Matched` in every answer, and the page of the last requests."""

from __future__ import annotations

import json
from collections.abc import Callable

import httpx
import pytest

from mockserver import Replay, Request, serve
from mockserver.replay.matched import matched

ReplayOf = Callable[..., Replay]


def raw(text: str) -> dict[str, str]:
    return {"mode": "raw", "raw": text}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("Orders / Get one / OK", "Orders / Get one / OK (same path)"),
        ("50 % é\n\x00\ud800", "50 %25 %C3%A9%0A%00%ED%A0%80 (same path)"),
        ("a" * 301, "a" * 300 + "... (same path)"),
        ("é" * 51, "%C3%A9" * 50 + "... (same path)"),
        ("aa" + "é" * 60, "aa" + "%C3%A9" * 49 + "%C3... (same path)"),
        ("a" + "é" * 60, "a" + "%C3%A9" * 49 + "%C3... (same path)"),
    ],
    ids=["plain", "odd", "long", "long when encoded", "cut behind an escape", "cut in an escape"],
)
def test_the_header_is_ascii_and_bounded(place: str, told: str) -> None:
    assert matched(place, "same path") == ("X-Mock-Matched", told)


@pytest.mark.parametrize(
    ("line", "headers", "body", "why"),
    [
        ("GET /alone", {}, b"", "same path"),
        ("GET /alone?a=1", {}, b"any", "same path"),
        ("GET /Alone", {}, b"", "path in other case"),
        ("GET /u/7", {}, b"", "open path"),
        ("HEAD /alone", {}, b"", "HEAD of a GET, same path"),
        ("HEAD /u/7", {}, b"", "HEAD of a GET, open path"),
        ("GET /q?page=1", {}, b"", "equal query"),
        ("GET /q?page=1&more=x", {}, b"", "closest query"),
        ("POST /b", {}, b'{"a":1}', "equal body"),
        ("POST /b", {}, b'{"a":"free"}', "open body"),
        ("POST /b", {}, b"other", "first 2xx of 3"),
        ("GET /many", {}, b"", "first 2xx of 4"),
        ("GET /many", {"accept": "text/xml"}, b"", "equal headers"),
        ("GET /bad", {}, b"", "first of 2"),
        ("GET /many", {"x-mock-response-code": "404"}, b"", "selected by code"),
        ("GET /many", {"x-mock-response-code": "200"}, b"", "selected by code, first 2xx of 3"),
        ("GET /many", {"x-mock-response-name": "C", "x-mock-response-code": "200"}, b"",
         "selected by code, selected by name"),
        ("GET /many", {"x-mock-response-id": "i"}, b"", "selected by id"),
        ("POST /b", {"x-mock-match-request-body": "true"}, b'{"a":1}', "selected by body, equal body"),
        ("GET /many", {"x-mock-match-request-headers": "Accept", "accept": "text/xml"}, b"", "selected by headers"),
        ("OPTIONS /many", {}, b"", "methods of this path"),
        ("GET /nowhere", {}, b"", "no match"),
    ],
)  # fmt: skip
def test_every_answer_says_why(replay_of: ReplayOf, line: str, headers: dict[str, str], body: bytes, why: str) -> None:
    xml = {"originalRequest": {"url": "/many", "header": [{"key": "Accept", "value": "text/xml"}]}}
    replay = replay_of(
        ("GET /alone", {}),
        ("GET /u/:id", {}),
        ("GET /q", {}),
        ("GET /q?page=1", {}),
        ("POST /b", {"asked": raw('{"a": 1}')}),
        ("POST /b", {"asked": raw('{"a": "{{x}}"}')}),
        ("POST /b", {}),
        ("GET /many", {"name": "A", "code": 404, "id": "i"}),
        ("GET /many", {"name": "B"}),
        ("GET /many", {"name": "C", **xml}),
        ("GET /many", {"name": "D"}),
        ("GET /bad", {"code": 400}),
        ("GET /bad", {"code": 500}),
    )
    method, url = line.split(" ")
    path, _, query = url.partition("?")
    pairs = tuple((name, value) for name, _, value in (pair.partition("=") for pair in query.split("&")) if name)

    response = replay.answer(Request(method, path, pairs, headers, body))

    assert dict(response.headers)["X-Mock-Matched"].rpartition(" (")[2] == f"{why})"
    assert replay.requests()[-1]["why"] == why


def test_a_recorded_header_of_the_same_name_gives_way(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /a", {"name": "x", "header": [{"key": "x-mock-matched", "value": "liar"}]}))

    assert replay.answer(Request("GET", "/a")).headers == (("X-Mock-Matched", "GET /a / x (same path)"),)


def test_the_last_hundred_requests_are_listed_without_headers_and_bodies(replay_of: ReplayOf) -> None:
    replay = replay_of(("POST /a?q=1", {"name": "x", "asked": raw('{"password": "recorded"}')}), ("GET /b", {}))
    secret = {"authorization": "Bearer s3cr3t", "x-mock-match-request-headers": "authorization"}

    for number in range(150):
        replay.answer(Request("GET", "/b", (("n", str(number)),)))
    replay.answer(
        Request("POST", "/a", (("q", "2"),), {"x-mock-match-request-body": "true"}, b'{"password": "s3cr3t"}')
    )
    replay.answer(Request("GET", "/b", (), secret))

    listed = replay.requests()
    assert len(listed) == 100
    assert listed[0]["query"] == "n=52"
    assert listed[-2] == {
        "method": "POST",
        "path": "/a",
        "query": "q=2",
        "matched": None,
        "why": "no match",
        "nearest": [{"example": "POST /a?q=1 / x", "differs": ["query q", "body $.password"]}],
    }
    assert listed[-1]["nearest"][0]["differs"] == ["header authorization"]
    assert "s3cr3t" not in json.dumps(listed)
    assert "recorded" not in json.dumps(listed)


def test_an_answer_of_the_server_itself_says_so_as_well(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /a", {"name": "x"}))
    told = []
    with serve(replay) as mock, httpx.Client(base_url=mock.base_url) as client:
        for method, path, headers, content in [
            ("GET", "/a", {"Origin": "https://evil.example"}, b""),
            ("GET", "/a", {"Host": "evil.example"}, b""),
            ("POST", "/__mock__/requests", {"Content-Type": "text/plain"}, b""),
            ("POST", "/__mock__/requests", {"Content-Type": "application/json"}, b"{}"),
            ("GET", "/__mock__/other", {}, b""),
            ("POST", "/a", {}, bytes(16 * 1024 * 1024 + 1)),
        ]:
            answer = client.request(method, path, headers=headers, content=content)
            told.append((answer.status_code, answer.headers["x-mock-matched"]))
    assert told == [
        (403, "none (refused)"),
        (403, "none (refused)"),
        (415, "none (refused)"),
        (405, "none (page of the server)"),
        (404, "none (page of the server)"),
        (413, "none (refused)"),
    ]


def test_the_page_is_served_beside_the_recordings_and_cannot_be_shadowed(replay_of: ReplayOf) -> None:
    replay = replay_of(("GET /a", {"name": "x"}), ("GET /{{any}}/requests", {"body": "mine"}))
    with serve(replay) as mock, httpx.Client(base_url=mock.base_url) as client:
        client.get("/a?x=1")
        page = client.get("/__mock__/requests")
        assert page.headers["content-type"] == "application/json"
        assert page.headers["x-mock-matched"] == "none (page of the server)"
        assert page.json() == [
            {"method": "GET", "path": "/a", "query": "x=1", "matched": "GET /a / x", "why": "same path", "nearest": []}
        ]
        assert client.get("/__mock__/other").status_code == 404
        assert "GET /__mock__/requests" in client.get("/__mock__/other").json()["error"]
        changing = {"Content-Type": "application/json"}
        assert client.post("/__mock__/requests", headers=changing, content=b"{}").status_code == 405
        assert client.get("/__mock__/requests", headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.get("/other/requests").text == "mine"
