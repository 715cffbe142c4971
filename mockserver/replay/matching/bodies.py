"""Which examples of one path were recorded with the body that has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from mockserver.postman.example import Body
from mockserver.replay.incoming import Incoming, written
from mockserver.replay.matching.agreement import body_fit
from mockserver.replay.matching.marks import Mark, bits, packed, packed_all
from mockserver.replay.matching.template import EACH, Fit, Patterns, Pieces, is_open, pieces_of

# Where the open variables of a JSON value are: True for "here", or pairs of key and holes. Empty: nowhere.
Holes = bool | tuple[tuple[str | int, Any], ...]
# How much is read for one body that came, in characters, where values of JSON are compared one by one.
MOST_READ = 20_000_000
_Outlines = dict[str | None, list[tuple[Body, Mark]]]


class Bodies:
    """The recorded bodies of some examples: equal ones are looked up, open ones tried where all else is equal."""

    def __init__(self, recorded: Sequence[Body]) -> None:
        size = len(recorded)
        alike: dict[Hashable, list[int]] = defaultdict(list)
        bodies: dict[Hashable, Body] = {}
        keys: dict[int, Hashable] = {}  # a body that many answers share is looked at once
        for position, body in enumerate(recorded):
            if id(body) not in keys:
                keys[id(body)] = (body.kind, _key(body))
                bodies.setdefault(keys[id(body)], body)
            alike[keys[id(body)]].append(position)
        self._alike = packed_all(alike, size)
        self._kinds = dict.fromkeys(body.kind for body in bodies.values())
        self._texts: Patterns[Mark] = Patterns()
        self._shapes: dict[Hashable, list[tuple[Holes, _Outlines]]] = defaultdict(list)
        self._others: dict[Hashable, list[tuple[Body, Mark]]] = defaultdict(list)
        texts: dict[Pieces, list[int]] = defaultdict(list)
        holes_of: dict[Hashable, _Outlines] = {}
        for key, body in bodies.items():
            mark = packed(alike[key], size)
            if body.kind == "text":
                if is_open(body.value):
                    texts[pieces_of(body.value)] += alike[key]
            elif body.kind == "json":
                holes = _holes(body.value)
                if holes:
                    place = (_shape(body.value), holes)
                    if place not in holes_of:
                        holes_of[place] = defaultdict(list)
                        self._shapes[place[0]].append((holes, holes_of[place]))
                    holes_of[place][written(_outline(holes, body.value))].append((body, mark))
            elif body.kind == "any" or (body.kind != "none" and _holes_in(body)):
                self._others[_names(body.kind, body.value)].append((body, mark))
        for pieces, positions in texts.items():
            self._texts.add(pieces, packed(positions, size))

    def closest(self, among: int, incoming: Incoming) -> tuple[Fit, int]:
        """How well the best of `among` agree, and which ones."""
        equal = self.equal(incoming) & among
        if equal:
            return Fit.EQUAL, equal
        open_ = self.open(incoming) & among
        return (Fit.OPEN, open_) if open_ else (Fit.NOT, among)

    def equal(self, incoming: Incoming) -> int:
        """Who was recorded with an equal body."""
        found = 0
        for kind in self._kinds:
            key = _asked_key(kind, incoming)
            if key is not None:
                found |= bits(self._alike.get((kind, key), ()))
        return found

    def open(self, incoming: Incoming) -> int:
        """Who was recorded with a body that differs only where it holds an open variable."""
        found = 0
        for mark in self._texts.fitting(incoming.text):
            found |= bits(mark)
        for body, mark in islice(self._tried(incoming), _tries(incoming)):
            if body_fit(body, incoming) is Fit.OPEN:
                found |= bits(mark)
        return found

    def _tried(self, incoming: Incoming) -> Iterator[tuple[Body, Mark]]:
        """The open bodies other than texts that are worth a closer look."""
        if self._shapes and incoming.json is not None:
            sent = incoming.json[0]
            for holes, outlines in self._shapes.get(_shape(sent), ())[: _tries(incoming)]:
                yield from outlines.get(written(_outline(holes, sent)), ())
        if not self._others:
            return
        yield from self._others.get("any", ())
        yield from self._others.get("graphql", ())
        for kind, pairs in (("form", incoming.form), ("parts", incoming.parts)):
            yield from self._others.get(_names(kind, pairs), ())


def _tries(incoming: Incoming) -> int:
    """How many open bodies are held against this one: the larger it is, the fewer."""
    return 1 + MOST_READ // (len(incoming.text) + EACH)


def _key(body: Body) -> Hashable:
    """Equal for bodies of one kind that mean the same."""
    if body.kind == "json":
        return written(body.value)
    if body.kind == "graphql":
        return body.value[0], written(body.value[1])
    if body.kind in ("form", "parts"):
        return _sorted(body.value)
    return body.value or ""


def _asked_key(kind: str, incoming: Incoming) -> Hashable:
    """`_key` of what has come, read as this kind; None when it is none such."""
    if kind == "none":
        return None if incoming.text else ""
    if kind == "text":
        return incoming.text
    if kind == "json":
        return incoming.written
    if kind == "graphql":
        return incoming.graphql and (incoming.graphql[0], written(incoming.graphql[1]))
    if kind == "form":
        return _sorted(incoming.form)
    if kind == "parts":
        return _sorted(incoming.parts)
    return None


def _sorted(pairs: Sequence[tuple[str, str | None]]) -> tuple[tuple[str, str | None], ...]:
    return tuple(sorted(pairs, key=lambda pair: (pair[0], pair[1] is not None, pair[1] or "")))


def _names(kind: str, value: Any) -> Hashable:
    """What bodies that are no JSON and no text must have in common to be open for each other."""
    return (kind, tuple(sorted(name for name, _ in value))) if kind in ("form", "parts") else kind


def _holes_in(body: Body) -> bool:
    if body.kind == "graphql":
        return is_open(body.value[0]) or bool(_holes(body.value[1]))
    return any(value is not None and is_open(value) for _, value in body.value)


def _holes(value: Any) -> Holes:
    try:
        return _places(value)
    except RecursionError:  # too deep to be compared at all
        return False


def _places(value: Any) -> Holes:
    if isinstance(value, str):
        return is_open(value)
    inside: Iterable[tuple[str | int, Any]] = ()
    if isinstance(value, dict):
        inside = sorted(value.items())
    elif isinstance(value, list):
        inside = enumerate(value)
    return tuple((key, places) for key, held in inside if (places := _places(held)))


def _outline(holes: Holes, value: Any) -> Any:
    """The value without what is in the holes; of another shape, it stays as it is."""
    if holes is True:
        return None
    if isinstance(holes, tuple) and isinstance(value, dict):
        inside = dict(holes)
        return {key: _outline(inside[key], held) if key in inside else held for key, held in value.items()}
    if isinstance(holes, tuple) and isinstance(value, list):
        inside = dict(holes)
        return [_outline(inside[key], held) if key in inside else held for key, held in enumerate(value)]
    return value


def _shape(value: Any) -> Hashable:
    """What is the same for all values that a JSON value with open variables allows."""
    if isinstance(value, dict):
        return tuple(sorted(value))
    return len(value) if isinstance(value, list) else ""
