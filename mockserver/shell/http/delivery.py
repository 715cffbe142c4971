"""Puts an answer on the wire: whole, or in one of the ways a network fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from email.utils import formatdate
from typing import Any

from mockserver.message import Response
from mockserver.shell.http.asgi import Receive, Scope, Send

STALL_S = 120.0


class Wire:
    """The open connections of a server, so that an answer can break one.

    `connections` is the server's own set of protocols; each knows its `client` and its `transport`.
    """

    def __init__(self) -> None:
        self.connections: set[Any] = set()
        self._stalled: set[asyncio.Transport] = set()
        self._second = 0
        self._date = (b"date", b"")

    async def deliver(self, response: Response, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the response the way its `delivery` says."""
        if response.delivery == "cut":
            self._transport(scope).close()
            await _client_gone(receive)
        elif response.delivery == "stall":
            await self._stall(self._transport(scope), receive)
        elif response.delivery == "truncate":
            half = response.body[: len(response.body) // 2]
            await send(self._start(response))
            await send({"type": "http.response.body", "body": half, "more_body": True})
            self._transport(scope).close()
            await _client_gone(receive)
        else:
            await send(self._start(response))
            await send({"type": "http.response.body", "body": response.body})

    def release(self) -> None:
        """Lets go of stalled clients, so that the server can end."""
        for transport in self._stalled:
            transport.close()

    async def _stall(self, transport: asyncio.Transport, receive: Receive) -> None:
        self._stalled.add(transport)
        try:
            await asyncio.wait_for(_client_gone(receive), STALL_S)
        except TimeoutError:
            transport.close()
            await _client_gone(receive)
        finally:
            self._stalled.discard(transport)

    def _start(self, response: Response) -> dict[str, Any]:
        """The head of an answer; one that brings no date gets the present one."""
        lines = response.lines
        if not lines or lines[0][0] != b"date":
            lines = [self._dated(), *lines]
        return {"type": "http.response.start", "status": response.status, "headers": lines}

    def _dated(self) -> tuple[bytes, bytes]:
        """The date of this second, written out once."""
        second = int(time.time())
        if second != self._second:
            self._date = (b"date", formatdate(second, usegmt=True).encode())
            self._second = second  # the last: threads may share a wire
        return self._date

    def _transport(self, scope: Scope) -> asyncio.Transport:
        transports: Iterable[asyncio.Transport] = (
            connection.transport for connection in self.connections if connection.client == scope["client"]
        )
        return next(iter(transports))


async def _client_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
