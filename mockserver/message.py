"""What goes in and what comes out: requests and responses as plain values, no socket in sight."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

Delivery = Literal["whole", "cut", "truncate", "stall"]
# Answers that end with their head.
BODILESS = frozenset({204, 304})


class Headers(Mapping[str, str]):
    """Header lines as a mapping by lower-case name; a name that comes twice has its values joined, as HTTP allows.

    Parameters
    ----------
    lines
        As they came, names in lower case. Decoded when the first value is asked for: many answers need none.
    """

    __slots__ = ("_hash", "_joined", "_lines")

    def __init__(self, lines: Sequence[tuple[bytes, bytes]]) -> None:
        self._lines = lines
        self._joined: dict[str, str] | None = None
        self._hash: int | None = None

    def __getitem__(self, name: str) -> str:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    def __eq__(self, other: object) -> bool:
        return self._lines == other._lines if isinstance(other, Headers) else super().__eq__(other)

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(tuple(self._lines))
        return self._hash

    def __repr__(self) -> str:
        # Values may be secrets.
        return f"Headers({', '.join(self)})"

    def get(self, name: str, default: Any = None) -> Any:
        """The value of a header, or the default."""
        return self._read().get(name, default)

    @property
    def size(self) -> int:
        """How many bytes its lines have."""
        return sum(len(name) + len(value) for name, value in self._lines)

    def _read(self) -> dict[str, str]:
        if self._joined is None:
            self._joined = {}
            for line in self._lines:
                name, value = line[0].decode("latin-1"), line[1].decode("latin-1")
                self._joined[name] = f"{self._joined[name]}, {value}" if name in self._joined else value
        return self._joined


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
    _lines: list[tuple[bytes, bytes]] = field(default_factory=list, init=False, repr=False, compare=False)

    @property
    def lines(self) -> Sequence[tuple[bytes, bytes]]:
        """The header lines as they leave, a date first and the length of the body last; encoded once."""
        if not self._lines:
            encoded = [(_name(name), value.encode("latin-1")) for name, value in self.headers]
            if encoded and encoded[0][0] != b"date":
                encoded.sort(key=lambda line: line[0] != b"date")
            if self.status not in BODILESS:
                encoded.append((b"content-length", b"%d" % len(self.body)))
            self._lines[:] = encoded  # at once: threads may share an answer
        return self._lines


@lru_cache(1024)
def _name(name: str) -> bytes:
    """The name of a header as it leaves; the same few come in all answers."""
    return name.lower().encode("latin-1")


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
