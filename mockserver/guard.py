"""Who may ask: this machine's own programs, by the server's own name, and no page of another origin.

A web page can make the reader's browser send requests to 127.0.0.1. What gives it away is the Host it believes in
(a name that resolves to this machine), its Origin, and the browser's own `Sec-Fetch-Site`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from mockserver.message import Response

ADMIN = "/__mock__/"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def refusal(method: str, path: str, headers: Sequence[tuple[str, str]], *, port: int) -> Response | None:
    """A refusal as JSON, or None when the request may be answered.

    Parameters
    ----------
    method, path
        As parsed by the server, never as the client spelt them.
    headers
        Lower-case names, one entry per header line: a second Host must be seen.
    port
        Where this server listens.
    """
    hosts = [value for name, value in headers if name == "host"]
    names = (f"127.0.0.1:{port}", f"localhost:{port}")
    if len(hosts) != 1 or hosts[0].lower() not in names:
        return refused(403, f"This server answers to the host {names[0]} or {names[1]} alone, given once.")
    origins = {f"http://{name}" for name in names}
    if any(value.lower() not in origins for name, value in headers if name == "origin"):
        return refused(403, "A page of another origin may not ask this server.")
    if any(value.lower() == "cross-site" for name, value in headers if name == "sec-fetch-site"):
        return refused(403, "A page of another site may not ask this server.")
    if path.startswith(ADMIN) and method not in _SAFE and not _is_json(headers):
        return refused(415, "What changes this server is sent as JSON: add the header Content-Type: application/json.")
    return None


def _is_json(headers: Sequence[tuple[str, str]]) -> bool:
    kinds = [value.partition(";")[0].strip().lower() for name, value in headers if name == "content-type"]
    return kinds == ["application/json"]


def refused(status: int, message: str) -> Response:
    """An answer of the server itself, not of what it serves."""
    return Response(status, (("Content-Type", "application/json"),), json.dumps({"error": message}).encode())
