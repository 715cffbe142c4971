"""What to say when no example fits: the nearest ones, and what differs."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from mockserver.message import Request, Response
from mockserver.postman.example import Example
from mockserver.replay.incoming import Incoming
from mockserver.replay.matched import NOTHING, matched
from mockserver.replay.matching.index import Index
from mockserver.replay.matching.marks import first
from mockserver.replay.matching.route import Route
from mockserver.replay.matching.selection import Selection
from mockserver.replay.misses.differences import Difference, differences, told_query
from mockserver.replay.misses.near import Near, by_likeness
from mockserver.replay.misses.silent import Silent

NEAREST = 3
NO_MATCH = "no match"
# A path may have that many routes and examples that counting them would take longer than anybody waits.
_COUNTED = 1000
_TOLD = 500
_LOGGED = 120


@dataclass(frozen=True, slots=True)
class Miss:
    """What was asked for, why nothing fits, and the nearest examples with what differs."""

    problem: str
    nearest: tuple[tuple[Example, tuple[Difference, ...]], ...]

    @property
    def words(self) -> str:
        """The nearest examples on one line, each with the places that differ, in ASCII."""
        each = (
            f"{example.place[:_LOGGED]} ({', '.join(difference.words[:_LOGGED] for difference in found)})"
            for example, found in self.nearest
        )
        return "; ".join(each).encode("unicode_escape").decode() or NOTHING

    def response(self) -> Response:
        """A 404 as JSON."""
        body = {
            "error": self.problem,
            "nearest": [
                {
                    "example": example.place[:_TOLD],
                    "name": example.name[:_TOLD],
                    "code": example.status,
                    "ids": sorted(example.ids),
                    "request": _asked(example),
                    "differs": [difference.told() for difference in found],
                }
                for example, found in self.nearest
            ],
        }
        headers = (("Content-Type", "application/json"), matched(NOTHING, NO_MATCH))
        return Response(404, headers, json.dumps(body, indent=2).encode())


def _asked(example: Example) -> str:
    query = told_query(example.query)[:_TOLD]
    path = "/".join(segment.text for segment in example.path)[:_TOLD]
    return f"{example.method} /{path}{'?' if query else ''}{query}"


def missed(
    index: Index, near: Near, silent: Silent, request: Request, incoming: Incoming, selected: Selection | None
) -> Miss:
    """Why no example answers; `near` knows the routes of `index`, `silent` the requests without an example."""
    routes = list(islice(index.fitting(request.method, request.path), _COUNTED))
    asked = f"{request.method} {request.path[:_TOLD]}"
    if routes and selected is not None:
        count = sum(len(route.examples) for route in routes)
        wanted = ", ".join(f"{name}: {value}" for name, value in selected.wanted.items())
        problem = f"{asked}: {count} saved example(s) of this method and path, none with {wanted}"
        nearest = list(islice(_examples(routes, request, incoming), NEAREST))
    else:
        recorded = silent.of(request.method, request.path)
        problem = (
            f"{asked}: no saved example of this method and path"
            if recorded is None
            else f"{asked}: recorded without a saved example: {recorded.place[:_TOLD]}"
        )
        likely = _examples(near.nearest(request.method, request.path), request, incoming)
        nearest = [_told_by(index, request, *each) for each in islice(likely, NEAREST)]
    return Miss(
        problem,
        tuple(
            (route.examples[number], tuple(differences(route, number, request, incoming, selected)))
            for route, number in nearest
        ),
    )


def _told_by(index: Index, request: Request, route: Route, number: int) -> tuple[Route, int]:
    """The same example in the nearest of the routes that hold it."""
    nearest, *_ = by_likeness(index.holding(route.examples[number]), request.method, request.path)
    return nearest, bisect_left(nearest.positions, route.positions[number])


def _examples(routes: Sequence[Route], request: Request, incoming: Incoming) -> Iterator[tuple[Route, int]]:
    """The closest example of each route, by its number, then others of the first ones; none in two routes."""

    def of(route: Route, nearer: Iterable[Route]) -> Iterator[tuple[Route, int]]:
        left = route.everything
        for other in nearer:
            left &= ~route.shared_with(other)
        if left:
            _, among = route.queries.closest(left, request.query)
            _, among = route.bodies.closest(among, incoming)
            yield route, first(among)
            left ^= 1 << first(among)
        while left:
            yield route, first(left)
            left &= left - 1

    each = [of(route, islice(routes, count)) for count, route in enumerate(routes)]
    return chain((found for one in each for found in islice(one, 1)), *each)
