"""Which of the saved examples answers a request, and why; docs/replay.md tells the rules and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from mockserver.message import Request
from mockserver.replay.incoming import Incoming
from mockserver.replay.matching.index import Index, Part
from mockserver.replay.matching.marks import bits, first, most
from mockserver.replay.matching.paths import PathFit
from mockserver.replay.matching.route import Route
from mockserver.replay.matching.selection import Selection
from mockserver.replay.matching.template import Fit

HEAD_OF_GET = "HEAD of a GET"


@dataclass(frozen=True, slots=True)
class Match:
    """The example that answers, by its place in its route, and the words that say why it is this one."""

    route: Route
    number: int
    why: str

    @property
    def position(self) -> int:
        """That of the example among all."""
        return self.route.positions[self.number]


def best(index: Index, request: Request, incoming: Incoming, selected: Selection | None) -> Match | None:
    """The example that fits best, or None when no path fits or the selectors leave none.

    A HEAD that was not recorded is answered as the GET of the same path: docs/assumptions.md, "HEAD and OPTIONS that
    were not recorded".
    """
    found = _best(index, request.method, request, incoming, selected)
    if found is None and request.method == "HEAD":
        found = _best(index, "GET", request, incoming, selected)
        return found and Match(found.route, found.number, f"{HEAD_OF_GET}, {found.why}")
    return found


def _best(index: Index, method: str, request: Request, incoming: Incoming, selected: Selection | None) -> Match | None:
    spelt = index.spelt(method, request.path) if selected is None else None
    if spelt is not None:
        return _closest([(spelt, spelt.everything)], [], request, incoming)
    fit, parts = index.most_literal(method, request.path, selected)
    if fit is None:
        return None
    words = [*_of_the_path(fit), *(selected.words if selected is not None else ())]
    return _closest(parts, words, request, incoming)


def _of_the_path(fit: PathFit) -> list[str]:
    wild, partly_wild, other_case, *_ = fit
    return ["open path"] if wild or partly_wild else ["path in other case"] if other_case else []


def _closest(parts: list[Part], words: list[str], request: Request, incoming: Incoming) -> Match:
    """Query, then body, then the first 2xx, of them the one with most equal headers, then the order of the files.

    docs/assumptions.md, "body without a selector" and "recorded headers without a selector".
    """
    count = _count(parts)
    if count > 1:
        fit, parts = _closest_of(parts, lambda route, among: route.queries.closest(among, request.query))
        count = _told(words, "equal query" if fit[0] else "closest query", count, parts)
    if count > 1:
        fit, parts = _closest_of(parts, lambda route, among: route.bodies.closest(among, incoming))
        count = _told(words, "equal body" if fit is Fit.EQUAL else "open body", count, parts)
    if count > 1:
        good, parts = _closest_of(parts, _good)
        left = _count(parts)
        if left > 1:
            _, parts = _closest_of(parts, lambda route, among: _equal_headers(route, among, request))
            left = _told(words, "equal headers", left, parts)
        if left > 1 or words[-1:] != ["equal headers"]:
            words.append(f"first 2xx of {count}" if good else f"first of {count}")
    route, among = min(parts, key=lambda part: part[0].positions[first(part[1])]) if len(parts) > 1 else parts[0]
    return Match(route, first(among), ", ".join(words) or "same path")


def _closest_of(parts: list[Part], fit: Callable[[Route, int], tuple[Any, int]]) -> tuple[Any, list[Part]]:
    """How well the best of several routes agree in one respect, and which they are."""
    fits = [(route, *fit(route, among)) for route, among in parts]
    highest = max(each for _, each, _ in fits)
    return highest, [(route, among) for route, each, among in fits if each == highest]


def _count(parts: Sequence[Part]) -> int:
    return sum(among.bit_count() for _, among in parts)


def _told(words: list[str], word: str, before: int, parts: Sequence[Part]) -> int:
    """How many are left; a step that has left fewer is told."""
    left = _count(parts)
    if left < before:
        words.append(word)
    return left


def _good(route: Route, among: int) -> tuple[bool, int]:
    good = route.good & among
    return (True, good) if good else (False, among)


def _equal_headers(route: Route, among: int, request: Request) -> tuple[int, int]:
    if not route.headers:
        return 0, among
    sent = ((name, value.strip()) for name, value in request.headers.items())
    return most(among, (bits(route.headers[header]) for header in sent if header in route.headers))
