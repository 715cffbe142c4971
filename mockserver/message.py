"""What goes in and what comes out: requests and responses as plain values, no socket in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, NamedTuple

Delivery = Literal["whole", "cut", "truncate", "stall"]
# Answers that end with their head.
BODILESS = frozenset({204, 304})


class Request(NamedTuple):
    """One HTTP request; header names are lower-case, `path` is decoded and without its query."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP answer, and how it is to be put on the wire.

    `delivery` is "whole", or one of the ways a network fails: "cut" closes the connection without a byte,
    "truncate" sends half of the promised body, "stall" keeps the caller waiting.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delivery: Delivery = "whole"
    _lines: list[tuple[bytes, bytes]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def lines(self) -> Sequence[tuple[bytes, bytes]]:
        """The header lines as they leave, a date first and the length of the body last; encoded once."""
        if not self._lines:
            encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self.headers]
            encoded.sort(key=lambda line: line[0] != b"date")
            if self.status not in BODILESS:
                encoded.append((b"content-length", b"%d" % len(self.body)))
            self._lines[:] = encoded  # at once: threads may share an answer
        return self._lines


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A body that is to be posted to somebody else's address. Its repr shows neither headers nor body."""

    url: str
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of posting: the status, or None when nobody was reached; and what was said, or why."""

    status: int | None
    said: str

    @property
    def is_taken(self) -> bool:
        """Whether the other side has taken it."""
        return self.status is not None and 200 <= self.status < 300


Post = Callable[[Outgoing], Posted]
