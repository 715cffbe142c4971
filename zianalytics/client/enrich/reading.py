"""The replies to one call, made into values while further ones come, so that few bodies are in memory at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import TIMEOUT_MAX, Lock

import polars as pl

from zianalytics.client.metered.exchange import Kept
from zianalytics.frames.decode import AT_A_TIME, Decoded


class Reading:
    """What the replies to one call say; threads may share it.

    One thread reads all heaps of them, so that those of the requests and of the call go on meanwhile, and the memory
    that reading takes is taken once.

    Parameters
    ----------
    read
        Makes replies, given by their journal numbers, into values.
    """

    def __init__(self, read: Callable[[Mapping[int, Kept]], Decoded]) -> None:
        self._made_of, self._lock = read, Lock()
        self._waiting: dict[int, Kept] = {}
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="zianalytics")
        self._read: list[Future[Decoded]] = []
        self.numbers: set[int] = set()
        """The journal numbers of all that came."""

    def note(self, kept: Kept) -> None:
        """Take in a reply that is durable; where that makes enough to be read together, they are read."""
        with self._lock:
            self.numbers.add(kept.number)
            self._waiting[kept.number] = kept
            if len(self._waiting) >= AT_A_TIME:
                self._read.append(self._reader.submit(self._made_of, self._waiting))
                self._waiting = {}

    def beside(self, held: Sequence[Decoded]) -> Decoded:
        """All that came, and what was held before, one below the other; named in `reply` by their journal numbers."""
        came = [one.result(TIMEOUT_MAX) for one in self._read]
        if self._waiting or not (came or held):
            came.append(self._made_of(self._waiting))
        parts = [*came, *held]
        return Decoded(pl.concat([one.frame for one in parts]), pl.concat([one.lost for one in parts]))
