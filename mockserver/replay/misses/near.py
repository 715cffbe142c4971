"""Which of the saved requests are nearest to one that none of them fits; in bounded time, however many there are."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice

from mockserver.replay.matching.paths import split
from mockserver.replay.matching.route import Route
from mockserver.replay.matching.template import fit

# How many routes are looked at: of those that share a segment, of those beside it in the alphabet, and more closely.
_SHARING, _BESIDE, _CLOSELY = 100, 40, 30
# Likeness takes time with the square of the length.
_COMPARED_CHARACTERS, _COMPARED_SEGMENTS = 60, 16


class Near:
    """The routes by what a mistyped path still has of theirs."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self._by_segment: dict[str, list[Route]] = defaultdict(list)
        self._by_length: dict[int, list[tuple[str, int, Route]]] = defaultdict(list)
        self._first = list(islice(routes, _BESIDE))
        for number, route in enumerate(routes):
            texts = [part.lower() for part in route.pattern if part is not None]
            for text in dict.fromkeys(texts):
                self._by_segment[text].append(route)
            self._by_length[len(route.pattern)].append(("/".join(texts), number, route))
        for listed in self._by_length.values():
            listed.sort(key=lambda entry: entry[:2])

    def nearest(self, method: str, path: str) -> list[Route]:
        """Those that were looked at closely, the nearest first."""
        asked = split(path)
        looked_at = {id(route): route for route in self._candidates([text.lower() for text in asked])}

        def shared(route: Route) -> float:
            return sum(map(_same, route.pattern, asked)) / max(len(route.pattern), len(asked), 1)

        closely = sorted(looked_at.values(), key=lambda route: (shared(route), route.method == method), reverse=True)
        return by_likeness(closely[:_CLOSELY], method, path)

    def _candidates(self, asked: Sequence[str]) -> Iterator[Route]:
        for text in asked[:_COMPARED_SEGMENTS]:
            yield from islice(self._by_segment.get(text, ()), _SHARING)
        for length in (len(asked), len(asked) - 1, len(asked) + 1):
            listed = self._by_length.get(length, [])
            here = bisect(listed, "/".join(asked), key=lambda entry: entry[0])
            yield from (route for _, _, route in listed[max(0, here - _BESIDE) : here + _BESIDE])
        yield from self._first


def by_likeness(routes: Iterable[Route], method: str, path: str) -> list[Route]:
    """The nearest of some routes first; of equally near ones the shortest, in which the least differs."""
    asked = split(path)

    def likeness(route: Route) -> tuple[float, int, int]:
        each = map(_like, route.pattern[:_COMPARED_SEGMENTS], asked)
        longest = min(max(len(route.pattern), len(asked), 1), _COMPARED_SEGMENTS)
        return (
            sum(each) / longest + (0.25 if route.method == method else 0.0),
            -len(route.pattern),
            -route.positions[0],
        )

    return sorted(routes, key=likeness, reverse=True)


def _same(recorded: str | None, asked: str) -> float:
    return 0.5 if recorded is None else float(bool(fit(recorded, asked)))


def _like(recorded: str | None, asked: str) -> float:
    if recorded is None or fit(recorded, asked):
        return _same(recorded, asked)
    one, other = recorded[:_COMPARED_CHARACTERS].lower(), asked[:_COMPARED_CHARACTERS].lower()
    return 0.9 * SequenceMatcher(None, one, other).ratio()
