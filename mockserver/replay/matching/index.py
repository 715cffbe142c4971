"""Finds quickly the examples whose method and path could fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from mockserver.postman.example import Example
from mockserver.replay.matching.paths import PathFit, Pattern, pattern_of, split
from mockserver.replay.matching.route import Route
from mockserver.replay.matching.template import Patterns, is_open, pieces_of

# Routes that a node holds before it divides them by their next segment, and how many segments are so divided: a path
# may have sixty thousand.
_FEW = 4
_DEEPEST = 64
Allowed = Callable[[Route], int]
# A route, and which of its examples are meant.
Part = tuple[Route, int]
# What tells a route from others: method, path, whether it ends in a slash, and whether the path of the host is in it.
_Key = tuple[str, Pattern, bool, bool]


class _Node:
    """The routes that begin alike."""

    __slots__ = ("literal", "open", "partly", "partly_by", "routes", "values")

    def __init__(self) -> None:
        self.routes: list[Route] | None = []
        self.literal: dict[str, _Node] = {}
        self.partly: Patterns[_Node] = Patterns()
        self.partly_by: dict[tuple[str, ...], _Node] = {}
        self.open: _Node | None = None
        self.values: set[str] = set()

    def add(self, route: Route, depth: int) -> None:
        """Takes in a route; `depth` segments are behind."""
        node = self
        while node.routes is None:
            node = node._next(route, depth)
            depth += 1
        node.routes.append(route)
        if len(node.routes) > _FEW and depth < min(len(route.pattern), _DEEPEST):
            held, node.routes = node.routes, None
            for each in held:
                node._next(each, depth).add(each, depth + 1)

    def _next(self, route: Route, depth: int) -> _Node:
        part = route.pattern[depth]
        if part is None:
            self.values |= route.values_at(depth)
            self.open = self.open or _Node()
            return self.open
        if not is_open(part):
            return self.literal.setdefault(part.lower(), _Node())
        pieces = pieces_of(part)
        if pieces not in self.partly_by:
            self.partly_by[pieces] = _Node()
            self.partly.add(pieces, self.partly_by[pieces])
        return self.partly_by[pieces]


class Index:
    """All examples by method and path.

    An example whose host variable holds a path (`https://api.example.com/v1`) can be asked for with that path or
    without it: people put the server's address in place of the whole variable.
    """

    def __init__(self, examples: Iterable[Example]) -> None:
        self._routes: dict[_Key, Route] = {}
        self._roots: dict[tuple[str, int], _Node] = defaultdict(_Node)
        self._spelt: dict[tuple[str, str], Route] = {}
        for position, example in enumerate(examples):
            self._add(example, position, with_base=True)
            if example.base_length:
                self._add(example, position, with_base=False)
        for route in self._routes.values():
            route.lay_out()
            self._roots[route.method, len(route.pattern)].add(route, 0)
            if route.is_literal:
                self._spell(route)

    def _add(self, example: Example, position: int, *, with_base: bool) -> None:
        key = _key(example, with_base=with_base)
        route = self._routes.get(key)
        if route is None:
            route = self._routes[key] = Route(
                example.method, key[1], ends_in_slash=example.ends_in_slash, with_base=with_base
            )
        route.add(example, position)

    def _spell(self, route: Route) -> None:
        """Notes the paths that nothing fits more literally than this route: almost all that are asked for."""
        path = "/" + "/".join(part or "" for part in route.pattern)
        for spelling in {path, path if path == "/" else f"{path}/"}:
            ends_in_slash = spelling.endswith("/")
            held = self._spelt.get((route.method, spelling))
            if held is None or _rank(route, ends_in_slash) > _rank(held, ends_in_slash):
                self._spelt[route.method, spelling] = route

    @property
    def routes(self) -> Iterable[Route]:
        """All there are, in the order of their first example."""
        return self._routes.values()

    @property
    def methods(self) -> list[str]:
        """Those that were recorded, in the order in which they come up."""
        return list(dict.fromkeys(route.method for route in self._routes.values()))

    def holding(self, example: Example) -> list[Route]:
        """The routes by which an example is asked for: with the path of its host, and without."""
        each = (True, False) if example.base_length else (True,)
        return [self._routes[_key(example, with_base=with_base)] for with_base in each]

    def spelt(self, method: str, path: str) -> Route | None:
        """The route with exactly this path, when it is one without variables: none fits more literally."""
        return self._spelt.get((method, path))

    def most_literal(self, method: str, path: str, allowed: Allowed | None = None) -> tuple[PathFit | None, list[Part]]:
        """How the most literal of the examples that are allowed fit, and which ones do."""
        reached: list[PathFit] = []
        parts: list[Part] = []
        for route, fit, among in self._search(method, path, allowed, reached):
            if not reached or fit > reached[-1]:
                reached.append(fit)
                parts = [(route, among)]
            elif fit == reached[-1]:
                parts.append((route, among))
        return (reached[-1] if reached else None), parts

    def fitting(self, method: str, path: str) -> Iterator[Route]:
        """Every route whose path can stand for this one."""
        return (route for route, _, _ in self._search(method, path, None, []))

    def _search(
        self, method: str, path: str, allowed: Allowed | None, reached: list[PathFit]
    ) -> Iterator[tuple[Route, PathFit, int]]:
        """The routes that fit, the most literal segments first; no longer those with more variables than the best."""
        asked = split(path)
        root = self._roots.get((method, len(asked)))
        ends_in_slash = path.endswith("/")
        # Node, segments behind, and how many of them are variables, wholly and partly, at the least.
        waiting: list[tuple[_Node, int, int, int]] = [] if root is None else [(root, 0, 0, 0)]
        while waiting:
            node, depth, wild, partly = waiting.pop()
            if reached and (-wild, -partly) < reached[-1][:2]:
                continue
            if node.routes is None:
                waiting += _below(node, asked[depth], depth + 1, wild, partly)
                continue
            for route in node.routes:
                among = route.everything if allowed is None else allowed(route)
                found = route.fit(among, asked, ends_in_slash=ends_in_slash) if among else None
                if found is not None:
                    yield route, *found


def _below(node: _Node, text: str, depth: int, wild: int, partly: int) -> Iterator[tuple[_Node, int, int, int]]:
    """Where to go on from a node; what is to be looked at first comes last."""
    if node.open is not None:
        yield node.open, depth, wild + (text not in node.values), partly
    for below in node.partly.fitting(text):
        yield below, depth, wild, partly + 1
    literal = node.literal.get(text.lower())
    if literal is not None:
        yield literal, depth, wild, partly


def _key(example: Example, *, with_base: bool) -> _Key:
    path = example.path if with_base else example.path[example.base_length :]
    return example.method, pattern_of(path), example.ends_in_slash, with_base


def _rank(route: Route, ends_in_slash: bool) -> tuple[bool, bool]:
    return route.ends_in_slash == ends_in_slash, route.with_base
