"""The one ASGI callable: guard, then the admin pages or whatever answers."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl

from mockserver import guard
from mockserver.message import Headers, Request
from mockserver.shell.answering import Answering
from mockserver.shell.http.asgi import Message, Receive, Scope, Send
from mockserver.shell.http.delivery import Wire
from mockserver.shell.http.served import admin_of, told_by_refusals

MAX_BODY_BYTES = 16 * 1024 * 1024


class App:
    """HTTP in front of `served`.

    Parameters
    ----------
    served
        Answers everything outside `/__mock__/`, one request at a time.
    port
        Where the server listens; part of the Host that it answers to.
    wire
        Takes the answers.
    """

    def __init__(self, served: Answering, *, port: int, wire: Wire) -> None:
        self._served = served
        self._port = port
        self._wire = wire
        self._admin = admin_of(served)  # without it nothing lies under `/__mock__/`, and no recording can
        self._told = told_by_refusals(served)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        method, path, lines = scope["method"], scope["path"], scope["headers"]
        is_own = guard.is_own(path)
        response = guard.refusal(method, path, lines, port=self._port)
        if response is None and is_own and self._admin is None:
            response = guard.refused(404, "The server has no pages of its own for what is served here.")
        if response is None:
            body = await _body(receive)
            if body is None:
                response = guard.refused(413, f"A request body may have {MAX_BODY_BYTES:,} bytes at most.")
            elif is_own and self._admin is not None:
                await self._admin(scope, _already_read(body, receive), send)
                return
            else:
                asked = scope["query_string"]
                query = tuple(parse_qsl(asked.decode("latin-1"), keep_blank_values=True)) if asked else ()
                response = self._served.answer(Request(method, path, query, Headers(lines), body))
                await self._wire.deliver(response, scope, receive, send)
                return
        refusal = replace(response, headers=(*response.headers, *self._told))
        await self._wire.deliver(refusal, scope, receive, send)


def _already_read(body: bytes, receive: Receive) -> Receive:
    """A `receive` that hands out this body first."""
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def first_the_body() -> Message:
        return waiting.pop() if waiting else await receive()

    return first_the_body


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is too large to be held."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body if len(body) <= MAX_BODY_BYTES else None
    chunks, size = [body], len(body)
    while message.get("more_body", False):
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if size > MAX_BODY_BYTES:
            return None
    return b"".join(chunks)
