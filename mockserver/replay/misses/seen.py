"""The last requests of a replay and which example answered them, in the words of the answers."""

from __future__ import annotations

from collections import deque
from typing import Any

from mockserver.message import Request
from mockserver.postman.example import Example
from mockserver.replay.misses.differences import told_query
from mockserver.replay.misses.miss import NO_MATCH, Miss

KEPT = 100
_LONGEST = 500


class Seen:
    """The last requests, the latest one last; neither headers nor bodies are kept, since they may hold secrets."""

    def __init__(self) -> None:
        self._last: deque[tuple[str, str, tuple[tuple[str, str], ...], Example | Miss | None, str]] = deque(maxlen=KEPT)

    def hit(self, request: Request, example: Example | None, why: str) -> None:
        """A request was answered: by an example, or by what is known of all of them."""
        self._last.append((request.method, request.path, request.query, example, why))

    def miss(self, request: Request, miss: Miss) -> None:
        """A request was not answered."""
        self._last.append((request.method, request.path, request.query, miss, NO_MATCH))

    def listed(self) -> list[dict[str, Any]]:
        """As JSON has them."""
        return [
            {
                "method": method,
                "path": path[:_LONGEST],
                "query": told_query(query)[:_LONGEST],
                "matched": found.place[:_LONGEST] if isinstance(found, Example) else None,
                "why": why,
                "nearest": [
                    {"example": example.place[:_LONGEST], "differs": [difference.words for difference in differs]}
                    for example, differs in (found.nearest if isinstance(found, Miss) else ())
                ],
            }
            for method, path, query, found, why in list(self._last)
        ]
