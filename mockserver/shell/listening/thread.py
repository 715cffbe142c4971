"""A server in a thread of this process, for tests and notebooks that need one for a while."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from mockserver.replay import Replay
from mockserver.shell.answering import Answering
from mockserver.shell.extra import needed_for
from mockserver.shell.source import Source, answering


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a server listens."""

    base_url: str
    port: int
    _served: Answering | None = field(default=None, repr=False, compare=False)

    def url(self, path: str) -> str:
        """The address of a path: `url("/orders/7")`."""
        return f"{self.base_url}/{path.removeprefix('/')}"

    def requests(self) -> list[dict[str, Any]]:
        """What a replay was asked, the latest last: `method, path, query`, what was `matched` and `why`, or the
        `nearest`; the same as `GET /__mock__/requests`.

        Raises
        ------
        TypeError
            What is served is no replay.
        """
        if not isinstance(self._served, Replay):
            raise TypeError("Only a replay lists what it was asked. A sandbox has a ledger: Sandbox.ledger().")
        return self._served.requests()


def listen(port: int) -> socket.socket:
    """A socket on 127.0.0.1 that takes connections from now on; port 0 is any free one."""
    # asyncio switches Nagle's algorithm off only where the protocol is named: 44 ms an answer become 0.5 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere the option would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(512)
    except OSError as exc:
        listening.close()
        exc.filename = f"127.0.0.1:{port}"  # which one, in its message
        raise
    return listening


def address(listening: socket.socket, served: Answering | None = None) -> Listening:
    """Where a socket listens."""
    port = listening.getsockname()[1]
    return Listening(f"http://127.0.0.1:{port}", port, served)


@contextmanager
def serve(source: Source, *, port: int = 0, seed: int | None = None) -> Iterator[Listening]:
    """A server as long as the block lasts; it runs in a thread, so that a notebook's event loop is not in its way.

    Parameters
    ----------
    source
        A collection file, or several in a list; or a `Replay` or `Sandbox`, which stays yours to read and to close.
    port
        Where to listen; 0 is any free port.
    seed
        Of the values that `{{$guid}}` and its like stand for in files; 7 when left out.

    Raises
    ------
    CollectionUnusable
        A file is not there, or is no collection.
    ModuleNotFoundError
        The optional part `mock` is not installed.
    OSError
        The port is taken.

    Examples
    --------
    >>> import urllib.request
    >>> from mockserver import serve
    >>> with serve("orders.postman_collection.json") as server:
    ...     urllib.request.urlopen(server.url("/orders/7")).status
    200
    """
    served = answering(source, seed)
    try:
        listening = listen(port)
    except OSError as exc:
        raise OSError(
            exc.errno,
            f"Port {port} cannot be listened on ({exc.strerror}). Nothing is served. "
            "Choose another one, or leave it out for any that is free.",
        ) from exc
    try:
        with needed_for("A server"):
            from mockserver.shell.listening.server import Server  # uvicorn

            server = Server(served, listening)
    except BaseException:
        listening.close()
        raise
    thread = threading.Thread(target=server.run, args=([listening],), name="mockserver", daemon=True)
    where = address(listening, served)
    thread.start()
    try:
        yield where
    finally:
        server.end()
        thread.join()
