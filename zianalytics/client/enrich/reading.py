"""The replies to one call, made into values while further ones come, so that few bodies are in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from threading import Lock

import polars as pl

from zianalytics.client.metered.exchange import Kept
from zianalytics.frames.decode import AT_A_TIME, Decoded


class Reading:
    """What the replies to one call say; threads may share it, and whoever notes the last of a heap reads it.

    So the thread of the call is free to begin further requests meanwhile.

    Parameters
    ----------
    read
        Makes replies, given by their journal numbers, into values.
    """

    def __init__(self, read: Callable[[Mapping[int, Kept]], Decoded]) -> None:
        self._made_of, self._lock = read, Lock()
        self._waiting: dict[int, Kept] = {}
        self._read: list[Decoded] = []
        self.numbers: set[int] = set()
        """The journal numbers of all that came."""

    def note(self, kept: Kept) -> None:
        """Take in a reply that is durable; where that makes enough to be read together, they are read."""
        heap: dict[int, Kept] = {}
        with self._lock:
            self.numbers.add(kept.number)
            self._waiting[kept.number] = kept
            if len(self._waiting) >= AT_A_TIME:
                heap, self._waiting = self._waiting, heap
        if heap:
            self._read.append(self._made_of(heap))

    def beside(self, held: Sequence[Decoded]) -> Decoded:
        """All that came, and what was held before, one below the other; named in `reply` by their journal numbers."""
        last = [self._made_of(self._waiting)] if self._waiting else []
        self._read, self._waiting = [*self._read, *last], {}
        parts = [*self._read, *held] or [self._made_of({})]
        return Decoded(pl.concat([one.frame for one in parts]), pl.concat([one.lost for one in parts]))
