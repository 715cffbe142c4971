"""Bytes that no client of good will sends, and answers that no server could have sent as they were recorded."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h11
import httpx
import pytest

from mockserver import Replay, serve
from mockserver.sandbox import Options, Sandbox

Exchange = Callable[[int, bytes], bytes]
CLOSE = b"Connection: close\r\n"

ODD_ANSWERS: dict[str, dict[str, Any]] = {
    "line breaks": {"header": [{"key": "X-A", "value": "a\r\nX-B: b"}, {"key": "X\r\nY", "value": "c"}]},
    "control characters": {"header": [{"key": "X-A", "value": "a\x00b"}, {"key": "X-A", "value": "\x7f"}]},
    "surrogates": {"header": [{"key": "X-A", "value": "\ud800"}], "body": "\udfff", "name": "\ud800"},
    "wide": {"header": [{"key": "X-A", "value": "漢"}, {"key": "漢", "value": "a"}], "body": "漢"},
    "framing": {"header": [{"key": "Content-Length", "value": "7"}, {"key": "Transfer-Encoding", "value": "chunked"}]},
    "upgrade": {"header": [{"key": "Connection", "value": "upgrade"}, {"key": "Upgrade", "value": "h2c"}], "code": 101},
    "below": {"code": 99, "body": "x"},
    "above": {"code": 600, "body": "x"},
    "far above": {"code": 10**30, "body": "x"},
    "negative": {"code": -1, "body": "x"},
    "no number": {"code": {"a": 1}, "body": "x"},
    "204": {"code": 204, "body": "x"},
    "304": {"code": 304, "body": "x"},
    "205": {"code": 205, "body": "x"},
    "types": {"code": [], "header": 7, "body": {"a": [None]}, "name": {"b": 1}, "id": ["c"]},
    "headers of types": {"header": [None, 7, {"key": 7, "value": {"a": 1}}, {"key": None}, {"value": "x"}, []]},
    "names": {"name": "a\r\nSet-Cookie: b=c\x00", "body": "x"},
}  # fmt: skip


def parsed(sent: bytes, received: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """What another implementation of HTTP makes of an answer: status, headers, body. It must be the only one."""
    client = h11.Connection(h11.CLIENT)
    method, target, _ = sent.split(b"\r\n")[0].split(b" ")
    client.send(h11.Request(method=method, target=target, headers=[("Host", "a"), ("Connection", "close")]))
    client.send(h11.EndOfMessage())
    client.receive_data(received)
    client.receive_data(b"")
    head = client.next_event()
    assert isinstance(head, h11.Response), head
    body = b""
    while isinstance(event := client.next_event(), h11.Data):
        body += event.data
    assert isinstance(event, h11.EndOfMessage), event
    assert client.trailing_data == (b"", True)
    return head.status_code, list(head.headers), body


@pytest.mark.parametrize("method", ["GET", "ODD"], ids=["httptools", "h11"])
def test_whatever_was_recorded_each_answer_is_whole_and_is_the_only_one(
    write_collection: Callable[..., Path], exchange: Exchange, method: str
) -> None:
    items = [
        {"name": name, "request": {"method": method, "url": f"/{number}"}, "response": [answer]}
        for number, (name, answer) in enumerate(ODD_ANSWERS.items())
    ]
    replay = Replay.read([write_collection(*items)])
    told = {fault.place for fault in replay.faults}
    came = {}
    with serve(replay) as mock:
        for number, name in enumerate(ODD_ANSWERS):
            asked = f"{method} /{number} HTTP/1.1\r\nHost: 127.0.0.1:{mock.port}\r\n".encode() + CLOSE + b"\r\n"
            status, headers, body = parsed(asked, exchange(mock.port, asked))
            came[name] = (status, body)
            assert {name for name, _ in headers} <= {
                b"x-a", b"x-mock-matched", b"date", b"content-length", b"connection", b"7", b"content-type"
            }, name  # fmt: skip
    assert told == {*ODD_ANSWERS} - {"framing", "205", "names"}
    assert came == {
        "line breaks": (200, b""), "control characters": (200, b""), "surrogates": (200, "\ufffd".encode()),
        "wide": (200, "漢".encode()), "framing": (200, b""), "upgrade": (200, b""), "below": (200, b"x"),
        "above": (500, b"x"), "far above": (200, b"x"), "negative": (200, b"x"), "no number": (200, b"x"),
        "204": (204, b""), "304": (304, b""), "205": (205, b"x"), "types": (200, b'{"a": [null]}'),
        "headers of types": (200, b""), "names": (200, b"x"),
    }  # fmt: skip


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, int]]:
    """Where a replay on either parser, and a sandbox, listen."""
    folder = tmp_path_factory.mktemp("recorded")
    origin = {"header": [{"key": "Access-Control-Allow-Origin", "value": "*"}], "body": "recorded"}
    files = []
    for method in ("POST", "TRACE"):  # TRACE needs the other parser
        items = [{"request": {"method": each, "url": "/x"}, "response": [origin]} for each in ("GET", method)]
        files.append(folder / f"{method}.json")
        files[-1].write_text(json.dumps({"item": items}), encoding="utf-8")
    sandbox = Sandbox(Options(companies=50))
    with serve(files[0]) as one, serve(files[1]) as two, serve(sandbox) as three:
        yield {"httptools": one.port, "h11": two.port, "sandbox": three.port}
    sandbox.close()


SERVERS = ["httptools", "h11", "sandbox"]


def status(received: bytes) -> str:
    assert received.startswith(b"HTTP/1.1 ") or not received, received[:100]
    return received[9:12].decode()


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (b"Host: %h\r\n", "200 401 404"),
        (b"", "400 403"),
        (b"Host: %h\r\nHost: %h\r\n", "400 403"),
        (b"Host: %h\r\nHost: evil.example\r\n", "400 403"),
        (b"Host: evil.example\r\nHost: %h\r\n", "400 403"),
        (b"Host: 127.0.0.1:1\r\n", "403"),
        (b"Host: [::1]:%p\r\n", "403"),
        (b"Host: evil.example\r\n", "403"),
        (b"Host: %h, evil.example\r\n", "400 403"),
        (b"Host: %h\r\nOrigin: null\r\n", "403"),
        (b"Host: %h\r\nOrigin: http://localhost:3000\r\n", "403"),
        (b"Host: %h\r\nOrigin: http://%h\r\nOrigin: https://evil.example\r\n", "403"),
        (b"Host: %h\r\nSec-Fetch-Site: cross-site\r\n", "403"),
        (b"Host: %h\r\nSec-Fetch-Site: same-origin\r\nOrigin: http://%h\r\n", "200 401 404"),
    ],
)
@pytest.mark.parametrize("target", [b"/x", b"/__mock__/ledger", b"http://evil.example/x"])
def test_who_may_ask_is_decided_by_host_and_origin_for_replay_and_sandbox_alike(
    ports: dict[str, int], exchange: Exchange, server: str, lines: bytes, expected: str, target: bytes
) -> None:
    port = ports[server]
    asked = b"GET " + target + b" HTTP/1.1\r\n" + lines + CLOSE + b"\r\n"
    received = exchange(port, asked.replace(b"%h", b"127.0.0.1:%d" % port).replace(b"%p", b"%d" % port))
    assert status(received) in expected
    if b" 403 " in received[:15] or b" 400 " in received[:15]:
        assert b"access-control" not in received.lower()
        assert b"recorded" not in received


@pytest.mark.parametrize("server", ["httptools", "h11"])
def test_a_recorded_header_for_other_origins_is_served_to_who_may_ask_and_to_nobody_else(
    ports: dict[str, int], server: str
) -> None:
    url = f"http://127.0.0.1:{ports[server]}/x"
    assert httpx.get(url).headers["access-control-allow-origin"] == "*"
    foreign = httpx.get(url, headers={"Origin": "https://evil.example"})
    assert (foreign.status_code, "access-control-allow-origin" in foreign.headers) == (403, False)
    preflight = httpx.options(url, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "GET"})
    assert (preflight.status_code, "access-control-allow-origin" in preflight.headers) == (403, False)


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b"TRACE /x HTTP/1.1\r\nHost: %h\r\nX-Secret: s\r\n\r\n", "200 400 401 404 405"),
        (b"CONNECT evil.example:80 HTTP/1.1\r\nHost: %h\r\n\r\n", "400 403 404 405 401"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: %h\r\n\r\n", "400 404 431"),
        (b"GET /x HTTP/1.1\r\nHost: %h\r\nX: " + b"a" * 400_000, "400 431"),
        (b"GET /x HTTP/1.1\r\nHost: %h\r\n" + b"A: b\r\n" * 60_000 + b"\r\n", "400 431"),
        (b"POST /x HTTP/1.1\r\nHost: %h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * 60_000, "400 431"),
        (b"POST /x HTTP/1.1\r\nHost: %h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"),
        (b"POST /x HTTP/1.1\r\nHost: %h\r\nTransfer-Encoding: chunked\r\n\r\n1;" + b"e" * 400_000, "400 431"),
        (b"POST /x HTTP/1.1\r\nHost: %h\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", "400"),
        (b"POST /x HTTP/1.1\r\nHost: %h\r\nContent-Length: -1\r\n\r\n", "400"),
        (b"POST /x HTTP/1.1\r\nHost: %h\r\nContent-Length: 1" + b"0" * 40 + b"\r\n\r\n", "400 413"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400 403 505"),
        (b"GET /x\r\n\r\n", "400 403"),
        (b"\x00" * 1_000 + b"\r\n\r\n", "400"),
    ],
    ids=[
        "trace", "connect", "long target", "endless header", "many headers", "many trailers", "bad chunk",
        "long chunk line", "two lengths", "negative length", "huge length", "tls", "http2", "http0.9", "zeros",
    ],
)  # fmt: skip
def test_what_is_no_request_is_refused_and_the_server_goes_on(
    ports: dict[str, int], server: str, sent: bytes, expected: str
) -> None:
    port = ports[server]
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        try:
            line.sendall(sent.replace(b"%h", b"127.0.0.1:%d" % port))
            received = line.recv(65536)
        except ConnectionError:  # closed before all was read: the refusal may be lost with it
            received = b""
    assert status(received) in expected
    assert b"X-Secret: s" not in received
    assert httpx.get(f"http://127.0.0.1:{port}/x").status_code in (200, 401, 404)


@pytest.mark.parametrize("server", SERVERS)
def test_requests_in_pieces_in_a_row_and_cut_short_leave_the_server_well(ports: dict[str, int], server: str) -> None:
    port = ports[server]
    good = b"GET /x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port
    waiting = [socket.create_connection(("127.0.0.1", port), timeout=10) for _ in range(50)]
    for number, line in enumerate(waiting):
        line.sendall(good[: number % len(good)])  # and never the rest
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        for byte in good:
            line.sendall(bytes([byte]))
        assert line.recv(9) == b"HTTP/1.1 "
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(good * 49 + good.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        received = b""
        while chunk := line.recv(65536):
            received += chunk
    assert received.count(b"HTTP/1.1 ") == 50
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"POST /x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 100\r\n\r\nabc" % port)
    for line in waiting:
        line.close()
    assert httpx.get(f"http://127.0.0.1:{port}/x").status_code in (200, 401, 404)
