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
    telling = [(name, value.lower()) for name, value in lines if name in _TELLING]
    ours, origins = _names(port)
    hosts = [value for name, value in telling if name == b"host"]
    if len(hosts) != 1 or hosts[0] not in ours:
        return refused(403, f"This server answers to the host 127.0.0.1:{port} or localhost:{port} alone, given once.")
    if len(telling) > 1:
        if any(value not in origins for name, value in telling if name == b"origin"):
            return refused(403, "A page of another origin may not ask this server.")
        sites = {site.strip() for name, value in telling if name == b"sec-fetch-site" for site in value.split(b",")}
        if b"cross-site" in sites:
            return refused(403, "A page of another site may not ask this server.")
    if method not in _SAFE and is_own(path) and not _is_json(lines):
        return refused(415, "What changes this server is sent as JSON: add the header Content-Type: application/json.")
    return None


def is_own(path: str) -> bool:
    """Whether a path is the server's own, `/__mock__` or under it in any spelling: no recording may answer for it."""
    return _OWN.match(path) is not None


@lru_cache
def _names(port: int) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The hosts that this server answers to, and the origins that these make."""
    hosts = frozenset({b"127.0.0.1:%d" % port, b"localhost:%d" % port})
    return hosts, frozenset(b"http://" + host for host in hosts)


def _is_json(lines: Lines) -> bool:
    kinds = [value.partition(b";")[0].strip().lower() for name, value in lines if name == b"content-type"]
    return kinds == [b"application/json"]


def refused(status: int, message: str) -> Response:
    """An answer of the server itself, not of what it serves."""
    return Response(status, (("Content-Type", "application/json"),), json.dumps({"error": message}).encode())
