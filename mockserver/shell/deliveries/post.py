"""Posts a body to an address on this machine, and to no other.

The name in the address is resolved once, what it stands for is checked, and the connection goes to that very address:
a name cannot stand for one thing when it is checked and for another when it is used. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from ipaddress import ip_address
from urllib.parse import urlsplit

from mockserver.message import Outgoing, Posted

PATIENCE_S = 5.0
_SHOWN = 200


# docs/assumptions.md, "where the sandbox delivers"
def post(outgoing: Outgoing) -> Posted:
    """What the target answers, or why it was not reached."""
    try:
        parts = urlsplit(outgoing.url)
        host = parts.hostname or ""
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError) as exc:
        return Posted(None, f"The address cannot be resolved: {exc}")
    address = found[0][4][0]
    if not ip_address(str(address).partition("%")[0]).is_loopback:
        return Posted(None, "The sandbox delivers to this machine alone, and the target is on another one")
    try:
        with socket.create_connection((str(address), port), timeout=PATIENCE_S) as plain:
            return _asked(_secured(plain, host) if parts.scheme == "https" else plain, outgoing, host, port)
    except (OSError, ValueError, http.client.HTTPException) as exc:
        return Posted(None, f"The target does not answer: {str(exc) or type(exc).__name__}")


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def _asked(connected: socket.socket, outgoing: Outgoing, host: str, port: int) -> Posted:
    parts = urlsplit(outgoing.url)
    connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)
    connection.sock = connected
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    connection.request("POST", path, outgoing.body, dict(outgoing.headers))
    response = connection.getresponse()
    said = response.read(_SHOWN).decode("utf-8", "replace")
    connection.close()
    return Posted(response.status, said or response.reason)
