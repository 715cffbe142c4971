"""What was decoded for a frame, until the warehouse takes it in, so that a reply is made into values once.

It is memory and nothing else: what is not here is decoded from the journal, and gives the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.frames.decode import Decoded

AT_MOST = 64 << 20
"""Bytes of all frames that are remembered."""


@dataclass(frozen=True)
class _Kept:
    """Replies that were decoded together: the digest of each body, by its number, and what they say."""

    operation: str
    digests: dict[int, bytes]
    decoded: Decoded
    size: int


class Remembered:
    """The replies that were decoded last; threads may share it."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most, self._lock = at_most, Lock()
        self._kept: list[_Kept] = []

    def keep(self, operation: Operation[...], bodies: Mapping[int, bytes], decoded: Decoded) -> None:
        """Remember what these replies say, where there is room for it; what is oldest gives way.

        Parameters
        ----------
        bodies
            Each as it was received, by the number that it has in `reply` of the frame.
        """
        size = int(decoded.frame.estimated_size())
        if not bodies or size > self._at_most:
            return
        kept = _Kept(operation.name, {number: sha256(one).digest() for number, one in bodies.items()}, decoded, size)
        with self._lock:
            self._kept.append(kept)
            while sum(one.size for one in self._kept) > self._at_most:
                del self._kept[0]

    def taken(self) -> Remembered:
        """All that is remembered, which is forgotten with that."""
        taken = Remembered(self._at_most)
        with self._lock:
            taken._kept, self._kept = self._kept, taken._kept
        return taken

    def digests(self) -> dict[int, bytes]:
        """The SHA-256 of the body of each reply that is remembered, by its number."""
        with self._lock:
            return {number: digest for kept in self._kept for number, digest in kept.digests.items()}

    def take(self, operation: Operation[...], digests: Mapping[int, bytes]) -> tuple[list[Decoded], set[int]]:
        """What is known of these replies, and which they are; it is forgotten with that.

        One whose body is another by now, as somebody was erased from it, is not known.

        Parameters
        ----------
        digests
            The SHA-256 of the body of each, by its number.
        """
        found: list[Decoded] = []
        known: set[int] = set()
        with self._lock:
            for at, kept in enumerate(self._kept):
                some = {one for one, digest in kept.digests.items() if digests.get(one) == digest} - known
                if kept.operation == operation.name and some:
                    found.append(_of(kept, some))
                    known |= some
                    left = {one: digest for one, digest in kept.digests.items() if one not in some}
                    self._kept[at] = _Kept(kept.operation, left, kept.decoded, kept.size)
            self._kept = [one for one in self._kept if one.digests]
        return found, known


def _of(kept: _Kept, some: set[int]) -> Decoded:
    among = pl.col("reply").is_in(list(some))
    return Decoded(kept.decoded.frame.filter(among), kept.decoded.lost.filter(among))
