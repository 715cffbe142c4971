"""The address of the service, and whether a secret may be sent there."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

LIVE = "https://api.zoominfo.com"
LOOPBACK = "loopback"
"""How the name of an account's folder begins whose service is on this machine."""
# docs/assumptions.md, "the user of a sandbox"
_OF_A_SANDBOX = re.compile(r"sandbox-[0-9a-f]{8}@example\.com", re.ASCII | re.IGNORECASE)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_of_a_sandbox(username: str) -> bool:
    """Whether a sandbox has made this user up: the live service knows nobody of this name."""
    return _OF_A_SANDBOX.fullmatch(username.strip()) is not None


def checked_base_url(url: str) -> str:
    """The base URL without its last slash, when a secret may be sent there."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        parts = urlsplit("")  # its own message may quote the address
    if parts.username is not None or parts.query or parts.fragment or not parts.hostname:
        raise ValueError("must be an address such as https://api.zoominfo.com, without user, query or fragment")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname)):
        raise ValueError("must begin with https://; plain http is accepted on this machine alone")
    try:
        _ = parts.port
    except ValueError:
        raise ValueError("must have a number for its port") from None
    return parts._replace(netloc=parts.netloc.lower()).geturl().rstrip("/")
