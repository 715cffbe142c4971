"""uvicorn, set up for a server on this machine."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress

import uvicorn
from uvicorn.config import HTTP_PROTOCOLS
from uvicorn.importer import import_from_string

from mockserver.replay import Replay
from mockserver.shell.answering import Answering
from mockserver.shell.deliveries.courier import delivering
from mockserver.shell.http.app import App
from mockserver.shell.http.delivery import Wire
from mockserver.shell.listening.head import BoundedHead
from mockserver.shell.listening.line import on_line

_TICK_S = 0.1  # how often it looks whether a signal has come
_GRACE_S = 2.0  # for answers that are on their way when it ends

# What httptools reads for certain; uvicorn's other parser, h11, is slower and takes any method.
_USUAL_METHODS = frozenset(
    {"COPY", "DELETE", "GET", "HEAD", "LOCK", "MKCOL", "MOVE", "OPTIONS"}
    | {"PATCH", "POST", "PROPFIND", "PROPPATCH", "PURGE", "PUT", "SEARCH", "UNLOCK"}
)


class Server(uvicorn.Server):
    """A server on an open socket; ends at once even while an answer is held back."""

    def __init__(self, served: Answering, listening: socket.socket) -> None:
        self._served = served
        self._wire = Wire()
        super().__init__(
            uvicorn.Config(
                App(served, port=listening.getsockname()[1], wire=self._wire),
                interface="asgi3",
                lifespan="off",
                ws="none",
                http=_protocol(served),
                # The answers bring these headers themselves; with uvicorn's they would come twice.
                date_header=False,
                server_header=False,
                # Nothing stands between: a client is who it is, whatever X-Forwarded-For says.
                proxy_headers=False,
                access_log=False,
                log_config=None,
                log_level="warning",
                # Longer than any client's pool keeps an idle connection, so that it is never closed under a request.
                timeout_keep_alive=120,
            )
        )
        self._wire.connections = self.server_state.connections
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stirred = asyncio.Event()

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end, and carry to webhooks what there is to deliver."""
        with delivering(self._served):
            super().run(sockets)

    def end(self) -> None:
        """Tell it to end, from any thread; `run` returns soon after."""
        self.should_exit = True  # before looking for the loop, which looks for this when it begins
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._stirred.set)

    async def main_loop(self) -> None:
        """Serve until told to end; of a signal it hears at the next tick."""
        self._loop = asyncio.get_running_loop()
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stirred.wait(), _TICK_S)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends as soon as what is being answered has left; clients that were kept waiting on purpose are let go."""
        self._wire.release()
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        connections, tasks = self.server_state.connections, self.server_state.tasks
        for connection in list(connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(_GRACE_S):
                while connections or tasks:
                    await asyncio.sleep(0.001)
        except TimeoutError:
            for connection in list(connections):
                connection.transport.abort()


def _protocol(served: Answering) -> type[asyncio.Protocol]:
    methods = {example.method for example in served.examples} if isinstance(served, Replay) else set[str]()
    return on_line(BoundedHead if methods <= _USUAL_METHODS else import_from_string(HTTP_PROTOCOLS["h11"]))
