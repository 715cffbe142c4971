"""What is reserved at once for several calls of one thread: each draws its share of it as it begins."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import apsw

from zianalytics.schema.meters import Meters


class Holds:
    """The reservation that the calls of a thread draw on first."""

    def __init__(self) -> None:
        self._local = threading.local()

    @property
    def current(self) -> str:
        """The call that made it; "" where there is none."""
        return getattr(self._local, "call", "")

    @contextmanager
    def drawing_on(self, call: str) -> Iterator[None]:
        """A block in which calls of this thread draw on what `call` has reserved."""
        before, self._local.call = self.current, call
        try:
            yield
        finally:
            self._local.call = before


def hand_over(db: apsw.Connection, hold: str, worst: Meters) -> None:
    """Lower what a reservation draws by what a call of it is about to draw, inside a transaction that is open."""
    db.execute(
        "update draws set credits = max(0, credits - ?), records = max(0, records - ?), "
        "requests = max(0, requests - ?) where call = ?",
        [*asdict(worst).values(), hold],
    )
