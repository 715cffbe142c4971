"""uvicorn, set up for a server on this machine."""

from __future__ import annotations

import socket
from typing import Literal

import uvicorn

from mockserver.replay import Replay
from mockserver.shell.app import App
from mockserver.shell.asgi import ASGIApp
from mockserver.shell.courier import delivering
from mockserver.shell.served import Answering, Sandboxed

# What httptools reads for certain; uvicorn's other parser, h11, is slower and takes any method.
_USUAL_METHODS = frozenset(
    {"COPY", "DELETE", "GET", "HEAD", "LOCK", "MKCOL", "MOVE", "OPTIONS"}
    | {"PATCH", "POST", "PROPFIND", "PROPPATCH", "PURGE", "PUT", "SEARCH", "UNLOCK"}
)


class Server(uvicorn.Server):
    """A server on an open socket; ends at once even while an answer is held back."""

    def __init__(self, served: Answering, listening: socket.socket) -> None:
        self._served = served
        self._app = App(served, port=listening.getsockname()[1], admin=_admin(served))
        super().__init__(
            uvicorn.Config(
                self._app,
                interface="asgi3",
                lifespan="off",
                ws="none",
                http=_parser(served),
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
                timeout_graceful_shutdown=2,
            )
        )
        self._app.wire.connections = self.server_state.connections

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve until told to end, and carry to webhooks what there is to deliver."""
        with delivering(self._served):
            super().run(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Ends; clients that were kept waiting on purpose are let go first."""
        self._app.wire.release()
        await super().shutdown(sockets)


def _admin(served: Answering) -> ASGIApp | None:
    if not isinstance(served, Sandboxed):
        return None
    from mockserver.shell.admin import admin_pages  # starlette, which a replay starts faster without

    return admin_pages(served)


def _parser(served: Answering) -> Literal["httptools", "h11"]:
    methods = {example.method for example in served.examples} if isinstance(served, Replay) else set[str]()
    return "httptools" if methods <= _USUAL_METHODS else "h11"
