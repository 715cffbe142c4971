"""A connection on which the parts of an answer leave together.

uvicorn writes head and body one after the other, and a loop sends each at once: two system calls and two packets, which
are a fifth of what a request costs.
"""

from __future__ import annotations

import asyncio
from typing import Any, cast


class Line(asyncio.Transport):
    """A transport in front of another one, which sends what was written in one turn of the event loop."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._call_soon = loop.call_soon
        self._waiting: list[bytes | bytearray | memoryview] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send it, with what else is written before the loop comes round."""
        if not self._waiting:
            self._call_soon(self.send)
        self._waiting.append(data)

    def send(self) -> None:
        """Send what waits."""
        waiting, self._waiting = self._waiting, []
        if waiting and not self._transport.is_closing():
            self._transport.writelines(waiting)

    def close(self) -> None:
        """End, when what was written has left."""
        self.send()
        self._transport.close()

    def abort(self) -> None:
        """End at once."""
        self._waiting = []
        self._transport.abort()

    def is_closing(self) -> bool:
        """Whether it ends or has ended."""
        return self._transport.is_closing()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """What is known of the connection."""
        return self._transport.get_extra_info(name, default)

    def pause_reading(self) -> None:
        """Take in no more for the time being."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Go on taking in."""
        self._transport.resume_reading()


class _OnLine(asyncio.Protocol):
    """Gives the protocol that comes next a line in the place of its transport."""

    loop: asyncio.AbstractEventLoop
    transport: Line

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client is there."""
        super().connection_made(Line(cast("asyncio.Transport", transport), self.loop))

    def eof_received(self) -> None:
        """The client has said all; what it is about to be told leaves before the loop closes the connection."""
        self.transport.send()


def on_line(protocol: type[asyncio.Protocol]) -> type[asyncio.Protocol]:
    """A protocol of uvicorn whose answers leave whole."""
    return type(protocol.__name__, (_OnLine, protocol), {})
