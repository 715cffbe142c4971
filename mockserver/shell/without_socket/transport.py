"""Answers for a client of httpx without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mockserver.shell.extra import needed_for
from mockserver.shell.source import Source, answering

if TYPE_CHECKING:
    from mockserver.shell.without_socket.httpx_transport import InProcess


def transport(source: Source, *, seed: int | None = None) -> InProcess:
    """A transport for `httpx.Client` and `httpx.AsyncClient` that answers as a server of `source` would.

    Status, headers and body are those that come from the socket, whatever base URL the client has. A connection that a
    fault breaks is an error of httpx here, too; a stalled one is a `ReadTimeout` at once. Webhooks get no deliveries.

    Parameters
    ----------
    source
        A collection file, or several in a list; or a `Replay` or `Sandbox`, which stays yours to read and to close.
    seed
        Of the values that `{{$guid}}` and its like stand for in files; 7 when left out.

    Raises
    ------
    CollectionUnusable
        A file is not there, or is no collection.
    ModuleNotFoundError
        httpx is not installed; or starlette, which the admin pages of a sandbox need.

    Examples
    --------
    >>> import httpx
    >>> import mockserver
    >>> answers = mockserver.transport("orders.postman_collection.json")
    >>> with httpx.Client(transport=answers, base_url="https://api.orders.example") as client:
    ...     client.get("/orders/7").json()
    {'id': 7, 'status': 'sent'}
    """
    served = answering(source, seed)
    with needed_for("A transport"):
        from mockserver.shell.without_socket.httpx_transport import InProcess  # httpx, which the server does without

        return InProcess(served)
