"""What searches have found, so that the next page of one need not look through the whole world again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from sys import getsizeof
from typing import Any

SEARCHES, MOST = 128, 64 * 2**20  # that are kept, and bytes that they may take
ALWAYS = datetime.max.replace(tzinfo=UTC)
_PAGE = frozenset({"page", "rpp"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found, in the order that was asked for; and when the same search may find something else."""

    rows: Sequence[Any]
    until: datetime = ALWAYS


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Sequence[Any]
    since: datetime
    until: datetime
    size: int


class Remembered:
    """The latest searches of one world; safe to use from threads, since sandboxes share a world."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._size = 0
        self._lock = threading.Lock()

    def rows(self, kind: str, body: Mapping[str, Any], now: datetime, find: Callable[[], Finding]) -> Sequence[Any]:
        """What meets the criteria of a search at `now`, of all its pages.

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
            kept = self._forget(key)
            if kept is not None and kept.since <= now < kept.until:
                self._keep(key, kept)  # the latest again
                return kept.rows
        found = find()
        with self._lock:
            self._forget(key)
            self._keep(key, _Kept(found.rows, now, found.until, getsizeof(found.rows) + getsizeof(key[1])))
            while len(self._kept) > SEARCHES or (self._size > MOST and len(self._kept) > 1):
                self._forget(next(iter(self._kept)))
        return found.rows

    def _keep(self, key: tuple[str, str], kept: _Kept) -> None:
        self._kept[key] = kept
        self._size += kept.size

    def _forget(self, key: tuple[str, str]) -> _Kept | None:
        kept = self._kept.pop(key, None)
        self._size -= kept.size if kept else 0
        return kept
