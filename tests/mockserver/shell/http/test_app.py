from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx
import pytest

from mockserver import Replay, Request, Response, serve

Exchange = Callable[[int, bytes], bytes]


def test_a_request_arrives_whole_and_its_answer_leaves_as_given(echo: Any) -> None:
    with serve(echo) as mock:
        answer = httpx.post(
            f"{mock.base_url}/caf%C3%A9/a%20b?x=1&x=&y=two%20words&z=a+b",
            content=b"\x00\xff",
            headers=[("X-Twice", "a"), ("x-twice", "b"), ("Authorization", "Bearer t")],
        )
    told = answer.json()
    assert (told["method"], told["path"], told["body"]) == ("POST", "/café/a b", "\x00\xff")
    assert told["query"] == [["x", "1"], ["x", ""], ["y", "two words"], ["z", "a b"]]
    assert told["headers"]["x-twice"] == "a, b"
    assert told["headers"]["authorization"] == "Bearer t"
    assert answer.headers["date"] == "Thu, 01 Oct 2026 09:00:00 GMT"
    assert (b"x-wide", b"\xe9") in [(name.lower(), value) for name, value in answer.headers.raw]


def test_a_chunked_body_arrives_whole(echo: Any) -> None:
    with serve(echo) as mock:
        assert httpx.post(f"{mock.base_url}/", content=iter([b"abc", b"def"])).json()["body"] == "abcdef"


def test_a_body_beyond_the_bound_is_refused(echo: Any) -> None:
    with serve(echo) as mock, httpx.Client(base_url=mock.base_url) as client:
        assert client.post("/", content=bytes(16 * 1024 * 1024)).status_code == 200
        assert client.post("/", content=bytes(16 * 1024 * 1024 + 1)).status_code == 413


def test_the_guard_stands_before_everything(echo: Any, exchange: Exchange) -> None:
    with serve(echo) as mock:
        for path in (b"/orders", b"/__mock__/ledger", b"/__mock__"):
            foreign = exchange(
                mock.port, b"GET " + path + b" HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n"
            )
            assert foreign.startswith(b"HTTP/1.1 403 ")
        host = f"127.0.0.1:{mock.port}".encode()
        twice = b"GET / HTTP/1.1\r\nHost: " + host + b"\r\nHost: evil.example.com\r\nConnection: close\r\n\r\n"
        assert b" 403 " in exchange(mock.port, twice) or b" 400 " in exchange(mock.port, twice)
        absolute = (
            b"GET http://evil.example.com/__mock__/ledger HTTP/1.1\r\nHost: " + host + b"\r\nConnection: close\r\n\r\n"
        )
        assert b"/enrich/company" in exchange(mock.port, absolute)
        reset = {"Content-Type": "application/json", "Origin": "https://evil.example.com"}
        assert httpx.post(f"{mock.base_url}/__mock__/reset", headers=reset).status_code == 403
    assert echo.resets == 0


def test_the_server_sends_no_header_that_opens_it_to_other_origins(echo: Any) -> None:
    with serve(echo) as mock:
        for path in ("/", "/__mock__/ledger"):
            answer = httpx.get(f"{mock.base_url}{path}", headers={"Origin": mock.base_url})
            assert answer.status_code == 200
            assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("url", ["/:any/ledger", "{{a}}/ledger", "/{{a}}/{{b}}", "/__MOCK__/ledger", "{{a}}__/ledger"])
def test_a_collection_cannot_stand_in_for_the_admin_path(replay_like: Callable[[str], Replay], url: str) -> None:
    with serve(replay_like(url)) as mock:
        if url in ("/:any/ledger", "/{{a}}/{{b}}"):
            assert httpx.get(f"{mock.base_url}/else/ledger").text == "recorded"
        for path in ("/__mock__/ledger", "//__mock__/ledger", "/%5f_mock__/ledger", "/__Mock__/ledger", "/__mock__"):
            with closing(HTTPConnection("127.0.0.1", mock.port)) as connection:  # httpx would tidy the path
                connection.request("GET", path)
                assert (path, connection.getresponse().status) == (path, 404)


@pytest.fixture
def replay_like(write_collection: Callable[..., Any]) -> Callable[[str], Replay]:
    def replay_like(url: str) -> Replay:
        return Replay.read([write_collection({"request": url, "response": [{"body": "recorded"}]})])

    return replay_like


def test_a_mistake_in_what_is_served_is_a_500_and_the_server_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    class Mistaken:
        def answer(self, request: Request) -> Response:
            if request.path == "/bad":
                raise RuntimeError("a mistake")
            return Response(200)

    with serve(Mistaken()) as mock:
        assert httpx.get(f"{mock.base_url}/bad").status_code == 500
        assert httpx.get(f"{mock.base_url}/good").status_code == 200
    assert "a mistake" in caplog.text


def test_what_is_neither_replay_nor_sandbox_has_no_pages_of_the_server_and_cannot_answer_for_them() -> None:
    class Plain:
        def answer(self, request: Request) -> Response:
            return Response(200)

    with serve(Plain()) as mock:
        assert httpx.get(mock.url("/orders")).status_code == 200
        refused = httpx.get(mock.url("/__mock__/ledger"))
    assert refused.status_code == 404
    assert refused.json() == {"error": "The server has no pages of its own for what is served here."}
    assert "x-mock-matched" not in refused.headers
