"""What a client of httpx is answered without a socket is what it is answered through one."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import pytest

import mockserver
from mockserver import Replay, Sandbox, serve
from mockserver.postman import Example
from mockserver.sandbox import Options
from mockserver.sandbox.record import COLLECTION

WriteCollection = Callable[..., Path]


def item(line: str, *saved: dict[str, Any], body: Any = None) -> dict[str, Any]:
    method, url = line.split(" ", 1)
    return {"name": line, "request": {"method": method, "url": url, "body": body}, "response": list(saved)}


def header(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    return [{"key": key, "value": value} for key, value in pairs]


@pytest.fixture
def odd(write_collection: WriteCollection) -> Path:
    """A collection of what is easily lost on the way."""
    cookies = header(("Set-Cookie", "a=1; Path=/"), ("Set-Cookie", "b=2"), ("X-Blank", ""), ("x-wide", "né"))
    return write_collection(
        item("GET {{host}}/cookies", {"name": "two", "code": 200, "header": cookies, "body": "[]"}),
        item("DELETE {{host}}/orders/7", {"name": "gone", "code": 204, "header": header(("X-Left", "0"))}),
        item("GET {{host}}/orders/7", {"name": "same", "code": 304, "header": header(("ETag", '"7"'))}),
        item("HEAD {{host}}/orders/7", {"name": "head", "code": 200, "body": "nine bytes", "header": []}),
        item("GET {{host}}/a%20b/%C3%A9%2Fc?q=x%26y&q=&empty", {"name": "spelt", "code": 200, "body": "spelt"}),
        item("GET {{host}}/list?page=2", {"name": "two", "code": 200, "body": '{"page": 2}'}),
        item("GET {{host}}/list?page=3", {"name": "three", "code": 299, "body": '{"page": 3}'}),
        item("GET {{host}}/broken", {"name": "broken", "code": 418, "body": "<h1>é</h1>"}),
        item("PURGE {{host}}/cache", {"name": "purged", "code": 200, "body": ""}),
        item("GET {{host}}/large", {"name": "large", "code": 200, "body": "0123456789" * 100_000}),
        item(
            "POST {{host}}/forms",
            {"name": "form", "code": 201, "body": "made"},
            body={"mode": "urlencoded", "urlencoded": header(("name", "a b"), ("name", "c"))},
        ),
        name="odd",
    )


def asked_for(example: Example) -> httpx.Request:
    """A request that says all that the example's own request does."""
    path = "/".join(quote(segment.text, safe="") for segment in example.path)
    query = f"?{urlencode(example.query)}" if example.query else ""
    headers = {"x-mock-response-id": next(iter(example.ids))} if example.ids else {}
    if example.body.kind == "json":
        return httpx.Request(
            example.method,
            f"http://any.example/{path}{query}",
            headers={**headers, "Content-Type": "application/json"},
            content=json.dumps(example.body.value),
        )
    if example.body.kind == "form":
        form = urlencode(example.body.value)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        return httpx.Request(example.method, f"http://any.example/{path}{query}", headers=headers, content=form)
    return httpx.Request(example.method, f"http://any.example/{path}{query}", headers=headers)


def said(response: httpx.Response) -> tuple[object, ...]:
    """All that came back, but the time of day."""
    headers = [(name, b"" if name.lower() == b"date" else value) for name, value in response.headers.raw]
    return response.status_code, response.reason_phrase, response.http_version, headers, response.read()


def through(base_url: str, request: httpx.Request) -> httpx.Request:
    """The same request to another host."""
    headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"host"]
    url = httpx.URL(base_url).copy_with(raw_path=request.url.raw_path)
    return httpx.Request(request.method, url, headers=headers, content=request.read())


def assert_alike(source: Replay | Sandbox, requests: list[httpx.Request]) -> list[tuple[object, ...]]:
    """Each request is answered alike by socket, sync and async transport; the answers."""
    answers = mockserver.transport(source)

    async def asynchronously() -> list[tuple[object, ...]]:
        async with httpx.AsyncClient(transport=answers) as client:
            told = []
            for request in requests:
                response = await client.send(through("https://else.example:8443", request))
                await response.aread()
                told.append(said(response))
            return told

    with serve(source) as server, httpx.Client() as socketed, httpx.Client(transport=answers) as direct:
        expected = [said(socketed.send(through(server.base_url, request))) for request in requests]
        assert [said(direct.send(request)) for request in requests] == expected
    assert asyncio.run(asynchronously()) == expected
    return expected


def test_each_of_our_recordings_is_answered_alike() -> None:
    replay = Replay.read([COLLECTION])
    told = assert_alike(replay, [asked_for(example) for example in replay.examples])
    assert len(told) > 100
    assert {status for status, *_ in told} >= {200, 400, 401}


def test_what_is_odd_is_answered_alike(odd: Path) -> None:
    replay = Replay.read([odd])
    told = assert_alike(replay, [asked_for(example) for example in replay.examples])
    cookies = [value for name, value in told[0][3] if name.lower() == b"set-cookie"]  # type: ignore[attr-defined]
    assert cookies == [b"a=1; Path=/", b"b=2"]
    assert [(status, body) for status, _, _, _, body in told] == [
        (200, b"[]"),
        (204, b""),
        (304, b""),
        (200, b""),
        (200, b"spelt"),
        (200, b'{"page": 2}'),
        (299, b'{"page": 3}'),
        (418, "<h1>é</h1>".encode()),
        (200, b""),
        (200, b"0123456789" * 100_000),
        (201, b"made"),
    ]


def test_misses_and_refusals_are_answered_alike(odd: Path) -> None:
    base = "http://any.example"
    asked = [
        httpx.Request("GET", f"{base}/nowhere?a=1"),
        httpx.Request("POST", f"{base}/__mock__/clock", content=b"{}"),
        httpx.Request("GET", f"{base}/list", headers={"Sec-Fetch-Site": "cross-site"}),
        httpx.Request("GET", f"{base}/list", headers={"Origin": "https://any.example"}),
        httpx.Request("POST", f"{base}/forms", content=b"x" * (16 * 1024 * 1024 + 1)),
    ]
    told = assert_alike(Replay.read([odd]), asked)
    assert [status for status, *_ in told] == [404, 415, 403, 403, 413]


def test_a_sandbox_answers_and_has_its_admin_pages() -> None:
    sandbox = Sandbox(Options(companies=20))
    said = sandbox.credentials()
    login = {"username": said["username"], "password": said["password"]}
    with httpx.Client(transport=mockserver.transport(sandbox), base_url="https://api.zoominfo.example") as client:
        token = client.post("/authenticate", json=login).json()["jwt"]
        allowed = {"Authorization": f"Bearer {token}"}
        found = client.post("/search/company", json={"country": "United States", "rpp": 2}, headers=allowed).json()
        assert len(found["data"]) == 2
        asked = {"matchCompanyInput": [{"companyId": found["data"][0]["id"]}], "outputFields": ["id", "name"]}
        assert client.post("/enrich/company", json=asked, headers=allowed).status_code == 200
        assert [entry["credits"] for entry in client.get("/__mock__/ledger").json()] == [1]
        assert client.post("/__mock__/reset", json={}).json() == {"reset": True}
        assert client.get("/__mock__/ledger").json() == []
    sandbox.close()


@pytest.mark.parametrize(
    ("path", "error", "message"),
    [
        ("/cut", httpx.RemoteProtocolError, "disconnected without sending a response"),
        ("/truncate", httpx.RemoteProtocolError, "received 5 bytes, expected 10"),
        ("/stall", httpx.ReadTimeout, "timed out"),
    ],
)
def test_a_broken_answer_is_the_error_that_a_socket_gives(
    echo: Any, path: str, error: type[Exception], message: str
) -> None:
    async def asynchronously() -> None:
        async with httpx.AsyncClient(transport=mockserver.transport(echo)) as client:
            await client.get(f"http://any.example{path}")

    with serve(echo) as server, pytest.raises(error, match=message):
        httpx.get(server.url(path), timeout=0.2)
    with httpx.Client(transport=mockserver.transport(echo)) as client:
        with pytest.raises(error, match=message):
            client.get(f"http://any.example{path}")
        assert client.get("http://any.example/fine").status_code == 200
    with pytest.raises(error, match=message):
        asyncio.run(asynchronously())


def test_requests_and_answers_may_be_streamed(echo: Any, odd: Path) -> None:
    def parts() -> Iterator[bytes]:
        yield b"first "
        yield b"second"

    async def later() -> AsyncIterator[bytes]:
        yield b"first "
        yield b"second"

    async def asynchronously() -> Any:
        async with httpx.AsyncClient(transport=mockserver.transport(echo)) as client:
            return (await client.post("http://any.example/", content=later())).json()["body"]

    with httpx.Client(transport=mockserver.transport(echo)) as client:
        assert client.post("http://any.example/", content=parts()).json()["body"] == "first second"
    assert asyncio.run(asynchronously()) == "first second"
    with (
        httpx.Client(transport=mockserver.transport(odd), base_url="https://any.example") as client,
        client.stream("GET", "/large") as response,
    ):
        assert sum(map(len, response.iter_bytes(1000))) == 1_000_000


def test_a_transport_is_shared_by_threads(odd: Path) -> None:
    told: list[Any] = []
    with httpx.Client(transport=mockserver.transport(odd), base_url="https://any.example") as client:
        threads = [
            threading.Thread(target=lambda n=n: told.append((n, client.get(f"/list?page={n}").json()["page"])))
            for n in [2, 3] * 8
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(told) == [(2, 2)] * 8 + [(3, 3)] * 8


def test_a_transport_needs_no_event_loop_and_disturbs_none(odd: Path) -> None:
    async def within() -> int:
        with httpx.Client(transport=mockserver.transport(odd)) as client:
            return client.get("https://any.example/cookies").status_code

    assert asyncio.run(within()) == 200


def test_its_repr_says_what_it_is(odd: Path) -> None:
    assert repr(mockserver.transport(odd)) == "<transport of a Replay, without a socket>"
