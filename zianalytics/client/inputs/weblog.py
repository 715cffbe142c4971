"""IP addresses, and the log of a web server as one row for each address that called."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import polars as pl

from zianalytics.errors import RequestRefused, ValuesLost, warn

Address = IPv4Address | IPv6Address

_INTERNAL = tuple(
    ip_network(one)
    for one in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
        "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10", "ff00::/8",
    )
)  # fmt: skip
_COMBINED = re.compile(r'^(?P<ip>\S+) \S+ .*?\[(?P<time>[^\]]+)\] "')
_IP_KEYS = ("ip_address", "remote_addr", "client_ip", "clientip", "remote_ip", "ip", "host")
_TIME_KEYS = ("time", "timestamp", "@timestamp", "time_iso8601", "time_local", "ts", "msec")
_CLF_TIME = "%d/%b/%Y:%H:%M:%S %z"
_VISITORS = pl.Schema(
    {
        "ip_address": pl.String(),
        "hits": pl.Int64(),
        "first_seen": pl.Datetime("us", "UTC"),
        "last_seen": pl.Datetime("us", "UTC"),
    }
)


def address_of(text: str) -> Address | None:
    """The address that a text is; None when it is none. One of IPv4 inside IPv6 is that of IPv4."""
    try:
        found = ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def is_internal(address: Address) -> bool:
    """Whether an address says nothing outside its own network: private, loopback, link-local, multicast and others."""
    return any(address in network for network in _INTERNAL if network.version == address.version)


@dataclass
class _Visitor:
    hits: int = 0
    first: datetime | None = None
    last: datetime | None = None

    def came(self, at: datetime | None) -> None:
        self.hits += 1
        if at is not None:
            self.first = at if self.first is None else min(self.first, at)
            self.last = at if self.last is None else max(self.last, at)


def visitors(log: Path) -> pl.DataFrame:
    """One row per address in the log of a web server, in the order in which they first came.

    Parameters
    ----------
    log
        A file in the combined (or common) format, or of JSON lines; a name that ends with .gz is unpacked.

    Returns
    -------
    polars.DataFrame
        ip_address, hits, first_seen and last_seen (null where the lines have no time that can be read).

    Raises
    ------
    RequestRefused
        The file cannot be read, or none of its lines holds an address.
    """
    found: dict[str, _Visitor] = {}
    unread: list[int] = []
    for number, line in _lines(log):
        ip, at = _of_json(line) if line.startswith("{") else _of_combined(line)
        address = address_of(ip)
        if address is None:
            unread.append(number)
        else:
            found.setdefault(str(address), _Visitor()).came(at)
    if unread and not found:
        raise RequestRefused(
            f"{log.name}: no line holds an IP address, neither in combined format nor as JSON "
            f"({', '.join(_IP_KEYS)}). Nothing was sent. Pass the addresses themselves, or a frame with ip_address."
        )
    if unread:
        lost = pl.DataFrame({"line": unread}, schema={"line": pl.Int64})
        which = f"line {unread[0]:,} holds no IP address and was"
        if len(unread) > 1:
            which = f"{len(unread):,} lines hold no IP address (the first is line {unread[0]:,}) and were"
        message = (
            f"{log.name}: {which} passed over. Nothing was spent on that. `.lost` of this warning has the numbers of "
            "such lines."
        )
        warn(ValuesLost(message, lost=lost))
    rows = [(ip, one.hits, one.first, one.last) for ip, one in found.items()]
    return pl.DataFrame(rows, schema=_VISITORS, orient="row")


def _lines(log: Path) -> Iterator[tuple[int, str]]:
    try:
        with gzip.open(log, "rb") if log.suffix == ".gz" else log.open("rb") as file:
            for number, line in enumerate(file, start=1):
                if text := line.decode("utf-8", "replace").strip():
                    yield number, text
    except (OSError, EOFError) as wrong:
        why = wrong.strerror if isinstance(wrong, OSError) and wrong.strerror else str(wrong)
        raise RequestRefused(f"{log} cannot be read: {why}. Nothing was sent. Check the path.") from None


def _of_combined(line: str) -> tuple[str, datetime | None]:
    found = _COMBINED.match(line)
    return (found["ip"], _moment(found["time"])) if found else ("", None)


def _of_json(line: str) -> tuple[str, datetime | None]:
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        return "", None
    return str(_first(said, _IP_KEYS)), _moment(_first(said, _TIME_KEYS))


def _first(said: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    known = {str(key).lower(): value for key, value in said.items()}
    return next((known[key] for key in keys if known.get(key) not in (None, "")), "")


def _moment(value: Any) -> datetime | None:
    """A time as logs write it: as in the combined format, ISO 8601, or seconds since 1970; without a zone it is UTC."""
    try:
        if isinstance(value, int | float) or re.fullmatch(r"[0-9]{9,11}(\.[0-9]+)?", str(value)):
            return datetime.fromtimestamp(float(value), UTC)
        text = str(value)
        at = datetime.strptime(text, _CLF_TIME) if "/" in text else datetime.fromisoformat(text)
    except (ValueError, OverflowError, OSError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
