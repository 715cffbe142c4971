"""A transport of httpx: requests go to the ASGI callable and come back, and no socket is in between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Coroutine, Iterator
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

import httpx

from mockserver.message import Response
from mockserver.shell.answering import Answering
from mockserver.shell.http.app import App
from mockserver.shell.http.asgi import Message, Receive, Scope, Send
from mockserver.shell.http.delivery import Wire

_DELIVERY = "mockserver.delivery"  # in the scope of a request: how its answer was to be delivered, where not whole
_PORT = 80
_HOST = b"127.0.0.1:80"


class InProcess(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers a client of httpx in its own thread; `mockserver.transport` makes it.

    The guard of a server looks at the host that it is asked by. Here every base URL is as good as another, so each
    request says the one host that is taken.
    """

    def __init__(self, served: Answering) -> None:
        self._kind = type(served).__name__
        self._app = App(served, port=_PORT, wire=_Whole())

    def __repr__(self) -> str:
        return f"<transport of a {self._kind}, without a socket>"

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answers `httpx.Client`."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answers `httpx.AsyncClient`."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        scope = _scope(request)
        waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Message] = []

        async def receive() -> Message:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def send(message: Message) -> None:
            sent.append(message)

        _run(self._app(scope, receive, send))
        delivery = scope.get(_DELIVERY)
        if delivery == "cut":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        if delivery == "stall":
            raise httpx.ReadTimeout("timed out: this request is kept waiting on purpose", request=request)
        start, whole = sent[0], b"".join(message.get("body", b"") for message in sent[1:])
        if request.method == "HEAD":
            whole = b""
        stream = _Half(whole, request) if delivery == "truncate" else httpx.ByteStream(whole)
        said = {"http_version": b"HTTP/1.1", "reason_phrase": _phrase(start["status"])}
        return httpx.Response(start["status"], headers=start["headers"], stream=stream, extensions=said)


class _Whole(Wire):
    """Lets every answer through whole; how it was to be delivered it leaves in the scope of the request."""

    async def deliver(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        if response.delivery != "whole":
            scope[_DELIVERY] = response.delivery
            response = replace(response, delivery="whole")
        await super().deliver(response, scope, receive, send)


class _Half(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that ends half-way."""

    def __init__(self, whole: bytes, request: httpx.Request) -> None:
        self._half = whole[: len(whole) // 2]
        self._broken = httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(self._half)} bytes, expected {len(whole)})",
            request=request,
        )

    def __iter__(self) -> Iterator[bytes]:
        yield self._half
        raise self._broken

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._half
        raise self._broken


def _scope(request: httpx.Request) -> Scope:
    raw_path, _, query = request.url.raw_path.partition(b"?")
    path = raw_path.decode("ascii")
    lines = [(name.lower(), value) for name, value in request.headers.raw if name.lower() != b"host"]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "scheme": "http",
        "method": request.method,
        "root_path": "",
        "path": unquote(path) if "%" in path else path,
        "raw_path": raw_path,
        "query_string": query,
        "headers": [(b"host", _HOST), *lines],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", _PORT),
    }


def _run(answering: Coroutine[Any, Any, None]) -> None:
    """Run it to its end: what is in memory never waits, so that no event loop is needed, and none is in the way."""
    try:
        answering.send(None)
    except StopIteration:
        return
    answering.close()
    raise RuntimeError("An answer was waited for that is in memory. Nothing was sent. Use mockserver.serve instead.")


def _phrase(status: int) -> bytes:
    try:
        return HTTPStatus(status).phrase.encode()
    except ValueError:
        return b""
