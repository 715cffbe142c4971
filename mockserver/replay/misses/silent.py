"""The requests for which no answer was saved: a miss says so of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from mockserver.postman.example import Unanswered
from mockserver.replay.matching.paths import Pattern, pattern_of, split, steps_of

# How many of one method and length are looked at, so that a miss comes as fast as others.
_LOOKED_AT = 1000


class Silent:
    """Such requests by method and number of segments."""

    def __init__(self, requests: Iterable[Unanswered]) -> None:
        self._by_length: dict[tuple[str, int], list[tuple[Pattern, Unanswered]]] = defaultdict(list)
        for one in requests:
            if one.path is None:
                continue
            for path in dict.fromkeys((one.path, one.path[one.base_length :])):
                self._by_length[one.method, len(path)].append((pattern_of(path), one))

    def of(self, method: str, path: str) -> Unanswered | None:
        """The first of them that is asked for by this path."""
        asked = split(path)
        alike = islice(self._by_length.get((method, len(asked)), ()), _LOOKED_AT)
        return next((one for pattern, one in alike if steps_of(pattern, asked) is not None), None)
