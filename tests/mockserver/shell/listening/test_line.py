from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest

from mockserver import Replay, Request, Response, serve
from mockserver.shell.listening.line import Line


class Constant:
    """Answers a thousand bytes."""

    def answer(self, request: Request) -> Response:
        return Response(200, (), b"x" * 1_000)


class Twisted(Replay):
    """The same, where a method was recorded that only uvicorn's other parser reads."""

    def __init__(self) -> None:
        super().__init__([])
        self.examples = (_Odd(),)  # type: ignore[assignment]

    def answer(self, request: Request) -> Response:
        return Response(200, (), b"x" * 1_000)


class _Odd:
    method = "ODD"


@pytest.fixture(params=[Constant, Twisted], ids=["httptools", "h11"])
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with serve(request.param()) as mock:
        yield mock.port


def asked(port: int, method: str = "GET") -> bytes:
    return f"{method} /orders HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()


def read_all(line: socket.socket) -> bytes:
    came = b""
    while more := line.recv(65_536):
        came += more
    return came


def test_head_and_body_of_an_answer_arrive_together(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        for _ in range(20):
            line.sendall(asked(port))
            assert line.recv(65_536).endswith(b"\r\n\r\n" + b"x" * 1_000)


def test_a_client_that_has_said_all_is_answered(port: int) -> None:
    for _ in range(20):
        with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
            line.sendall(asked(port))
            line.shutdown(socket.SHUT_WR)
            assert read_all(line).endswith(b"x" * 1_000)


def test_requests_that_come_at_once_are_answered_in_their_order(echo: Any) -> None:
    with serve(echo) as mock, closing(socket.create_connection(("127.0.0.1", mock.port), timeout=10)) as line:
        host = f"Host: 127.0.0.1:{mock.port}\r\n"
        line.sendall("".join(f"GET /{n} HTTP/1.1\r\n{host}\r\n" for n in range(9)).encode())
        line.sendall(f"GET /9 HTTP/1.1\r\n{host}Connection: close\r\n\r\n".encode())
        came = read_all(line)
    places = [came.find(f'"path": "/{n}"'.encode()) for n in range(10)]
    assert places == sorted(places)
    assert -1 not in places


def test_a_head_without_a_body_leaves(port: int) -> None:
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as line:
        line.sendall(asked(port, "HEAD"))
        came = line.recv(65_536)
    assert came.startswith(b"HTTP/1.1 200")
    assert came.endswith(b"\r\n\r\n")


class Recorded:
    """A transport that writes down what happens to it."""

    def __init__(self) -> None:
        self.happened: list[object] = []
        self.closing = False

    def writelines(self, parts: list[bytes]) -> None:
        self.happened.append(parts)

    def close(self) -> None:
        self.happened.append("closed")

    def abort(self) -> None:
        self.happened.append("aborted")

    def is_closing(self) -> bool:
        return self.closing


class Loop:
    """Calls what it is given when it comes round."""

    def __init__(self) -> None:
        self.soon: list[Callable[[], None]] = []

    def call_soon(self, callback: Callable[[], None]) -> None:
        self.soon.append(callback)

    def come_round(self) -> None:
        due, self.soon = self.soon, []
        for each in due:
            each()


def line_of(transport: Recorded, loop: Loop) -> Line:
    return Line(transport, loop)  # type: ignore[arg-type]


def test_what_is_written_in_one_turn_is_sent_once_and_what_comes_later_again() -> None:
    transport, loop = Recorded(), Loop()
    line = line_of(transport, loop)
    line.write(b"head")
    line.write(b"body")
    assert transport.happened == []
    loop.come_round()
    line.write(b"next")
    loop.come_round()
    loop.come_round()
    assert transport.happened == [[b"head", b"body"], [b"next"]]


def test_what_waits_leaves_before_the_end_unless_it_is_sudden() -> None:
    for end, happened in (("close", [[b"last"], "closed"]), ("abort", ["aborted"])):
        transport, loop = Recorded(), Loop()
        line = line_of(transport, loop)
        line.write(b"last")
        getattr(line, end)()
        loop.come_round()
        assert transport.happened == happened


def test_nothing_is_sent_to_a_client_that_has_gone() -> None:
    transport, loop = Recorded(), Loop()
    line = line_of(transport, loop)
    line.write(b"late")
    transport.closing = True
    loop.come_round()
    assert transport.happened == []
