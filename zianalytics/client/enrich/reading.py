"""The replies to one call, made into values while further ones come, so that few bodies are in memory at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence

import polars as pl

from zianalytics.client.metered.exchange import Kept
from zianalytics.frames.decode import AT_A_TIME, Decoded


class Reading:
    """What the replies to one call say; any thread may note one, and the thread of the call reads them.

    Parameters
    ----------
    read
        Makes replies, given by their journal numbers, into values.
    """

    def __init__(self, read: Callable[[Mapping[int, Kept]], Decoded]) -> None:
        self._made_of = read
        self._waiting: deque[Kept] = deque()
        self._read: list[Decoded] = []
        self.numbers: set[int] = set()
        """The journal numbers of all that came."""

    def note(self, kept: Kept) -> None:
        """Take in a reply that is durable."""
        self.numbers.add(kept.number)
        self._waiting.append(kept)

    def go_on(self) -> None:
        """Read some of what came, where there is enough to be read together."""
        if len(self._waiting) >= AT_A_TIME:
            self._read_some()

    def beside(self, held: Sequence[Decoded]) -> Decoded:
        """All that came, and what was held before, one below the other; named in `reply` by their journal numbers."""
        while self._waiting:
            self._read_some()
        parts = [*self._read, *held] or [self._made_of({})]
        return Decoded(pl.concat([one.frame for one in parts]), pl.concat([one.lost for one in parts]))

    def _read_some(self) -> None:
        some = [self._waiting.popleft() for _ in range(min(AT_A_TIME, len(self._waiting)))]
        self._read.append(self._made_of({one.number: one for one in some}))
