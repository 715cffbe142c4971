"""Who may ask: this machine's own programs, by the server's own name, and no page of another origin.

A web page can make the reader's browser send requests to 127.0.0.1. What gives it away is the Host it believes in
(a name that resolves to this machine), its Origin, and the browser's own `Sec-Fetch-Site`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache

from mockserver.message import Response

_OWN = re.compile(r"/*__mock__(?:/|\Z)", re.IGNORECASE | re.ASCII)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_TELLING = frozenset({b"host", b"origin", b"sec-fetch-site"})

Lines = Sequence[tuple[bytes, bytes]]


def refusal(method: str, path: str, lines: Lines, *, port: int) -> Response | None:
    """A refusal as JSON, or None when the request may be answered.

    Parameters
    ----------
    method, path
        As parsed by the server, never as the client spelt them.
    lines
        The header lines as they came, one entry each, names in lower case: a second Host must be seen.
    port
        Where this server listens.
    """
    telling = [line for line in lines if line[0] in _TELLING]
    # A client that is no browser says its host and nothing else that tells: nearly all that ask.
    if (len(telling) != 1 or telling[0] not in _hosts(port)) and (problem := _foreign(telling, port)):
        return refused(403, problem)
    if method not in _SAFE and is_own(path) and not _is_json(lines):
        return refused(415, "What changes this server is sent as JSON: add the header Content-Type: application/json.")
    return None


def is_own(path: str) -> bool:
    """Whether a path is the server's own, `/__mock__` or under it in any spelling: no recording may answer for it."""
    return _OWN.match(path) is not None


@lru_cache
def _hosts(port: int) -> frozenset[tuple[bytes, bytes]]:
    """The lines that name this server."""
    return frozenset({(b"host", b"127.0.0.1:%d" % port), (b"host", b"localhost:%d" % port)})


def _foreign(telling: Lines, port: int) -> str | None:
    """What is wrong with who asks."""
    ours = {host for _, host in _hosts(port)}
    origins = {b"http://" + host for host in ours}
    hosts = [value.lower() for name, value in telling if name == b"host"]
    if len(hosts) != 1 or hosts[0] not in ours:
        return f"This server answers to the host 127.0.0.1:{port} or localhost:{port} alone, given once."
    if any(value.lower() not in origins for name, value in telling if name == b"origin"):
        return "A page of another origin may not ask this server."
    sites = [value.lower().split(b",") for name, value in telling if name == b"sec-fetch-site"]
    if any(site.strip() == b"cross-site" for listed in sites for site in listed):
        return "A page of another site may not ask this server."
    return None


def _is_json(lines: Lines) -> bool:
    kinds = [value.partition(b";")[0].strip().lower() for name, value in lines if name == b"content-type"]
    return kinds == [b"application/json"]


def refused(status: int, message: str) -> Response:
    """An answer of the server itself, not of what it serves."""
    return Response(status, (("Content-Type", "application/json"),), json.dumps({"error": message}).encode())
