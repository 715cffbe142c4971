"""A server in a thread of this process, for tests and notebooks that need one for a while."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mockserver.shell.served import Answering


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens."""

    base_url: str
    port: int


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 that takes connections from now on; port 0 is any free one."""
    return socket.create_server(("127.0.0.1", port), backlog=512)


def address(listening: socket.socket) -> Listening:
    """Where a socket listens."""
    port = listening.getsockname()[1]
    return Listening(f"http://127.0.0.1:{port}", port)


@contextmanager
def serve(served: Answering, *, port: int = 0) -> Iterator[Listening]:
    """A server for `served` as long as the block lasts.

    Parameters
    ----------
    served
        A `Replay` or a `Sandbox`; it stays yours to read and to close.
    port
        Where to listen; 0 is any free port.

    Examples
    --------
    >>> with serve(Replay.read([file])) as mock:  # doctest: +SKIP
    ...     httpx.get(f"{mock.base_url}/orders")
    """
    from mockserver.shell.server import Server  # uvicorn, which belongs to the extra `mock`

    listening = listen(port)
    server = Server(served, listening)
    thread = threading.Thread(target=server.run, args=([listening],), name="mockserver", daemon=True)
    where = address(listening)
    thread.start()
    try:
        yield where
    finally:
        server.should_exit = True
        thread.join()
