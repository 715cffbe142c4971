"""A server in a thread of this process, for tests and notebooks that need one for a while."""

from __future__ import annotations

import os
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
    # asyncio switches Nagle's algorithm off only where the protocol is named: 44 ms an answer become 0.5 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(512)
    except OSError:
        listening.close()
        raise
    return listening


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
