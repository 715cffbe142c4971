"""What goes in and what comes out: a request and a response as plain values, no socket in sight."""

from __future__ import annotations

from collections.abc import Mapping
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
