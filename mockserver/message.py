"""What goes in and what comes out: requests and responses as plain values, no socket in sight."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Delivery = Literal["whole", "cut", "truncate", "stall"]


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; header names are lower-case, `path` is decoded and without its query."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
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
