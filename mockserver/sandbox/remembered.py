"""What searches have found, so that the next page of one need not look through the whole world again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SEARCHES = 128
ALWAYS = datetime.max.replace(tzinfo=UTC)
_PAGE = frozenset({"page", "rpp"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, by number, in the order that was asked for; and when the same search may find something else."""

    rows: Sequence[int]
    until: datetime = ALWAYS


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Sequence[int]
    since: datetime
    until: datetime


class Remembered:
    """The latest searches of one world; safe to use from threads, since sandboxes share a world."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._lock = threading.Lock()

    def rows(self, kind: str, body: Mapping[str, Any], now: datetime, find: Callable[[], Finding]) -> Sequence[int]:
        """What meets the criteria of a search at `now`, by number, of all its pages.

        Parameters
        ----------
        kind
            What is searched for.
        body
            The search; which page it wants plays no part.
        now
            The present instant.
        find
            Finds them, where they are not known.
        """
        key = kind, repr({name: value for name, value in body.items() if name not in _PAGE})
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is not None and kept.since <= now < kept.until:
                self._kept[key] = kept  # the latest again
                return kept.rows
        found = find()
        kept = _Kept(found.rows, now, found.until)
        with self._lock:
            self._kept[key] = kept
            while len(self._kept) > SEARCHES:
                del self._kept[next(iter(self._kept))]
        return kept.rows
