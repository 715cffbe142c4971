"""What searches have found, so that the next page of one need not look through the whole world again."""

from __future__ import annotations

import json
import threading
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

SEARCHES = 128
ALWAYS = datetime.max.replace(tzinfo=UTC)
_PAGE = frozenset({"page", "rpp"})


@dataclass(frozen=True, slots=True)
class Finding:
    """Ids in the order that was asked for, and the moment at which the same search may find something else."""

    ids: Iterable[int]
    until: datetime = ALWAYS


@dataclass(frozen=True, slots=True)
class _Kept:
    ids: Sequence[int]
    since: datetime
    until: datetime


class Remembered:
    """The latest searches of one world; safe to use from threads, since sandboxes share a world."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], _Kept] = {}
        self._lock = threading.Lock()

    def ids(self, kind: str, body: Mapping[str, Any], now: datetime, find: Callable[[], Finding]) -> Sequence[int]:
        """Ids of what meets the criteria of a search at `now`, of all its pages.

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
        key = kind, json.dumps({name: value for name, value in body.items() if name not in _PAGE})
        with self._lock:
            kept = self._kept.pop(key, None)
            if kept is not None and kept.since <= now < kept.until:
                self._kept[key] = kept  # the latest again
                return kept.ids
        found = find()
        kept = _Kept(array("q", found.ids), now, found.until)
        with self._lock:
            self._kept[key] = kept
            while len(self._kept) > SEARCHES:
                del self._kept[next(iter(self._kept))]
        return kept.ids
