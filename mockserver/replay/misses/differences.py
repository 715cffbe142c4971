"""What keeps an example from answering a request: in which part, and where in it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from typing import Any
from urllib.parse import urlencode

from mockserver.message import Request
from mockserver.postman.example import Body, Example
from mockserver.replay.incoming import Incoming, written
from mockserver.replay.matching.agreement import body_fit, pairs_fit, values_fit
from mockserver.replay.matching.paths import pattern_of, split, steps_of
from mockserver.replay.matching.queries import with_spaces
from mockserver.replay.matching.route import Route
from mockserver.replay.matching.selection import BODY, CODE, HEADERS, ID, NAME, Selection, named
from mockserver.replay.matching.template import Fit, fit

_MOST = 8  # differences that are told of one example
_LONGEST = 100  # characters of a value that are told
_PRIVATE = re.compile(
    r"(?<![a-z])key(?![a-z])|(?:api|access|private)key|token|secret|passw|pwd|signature|\bsig\b|credential"
    r"|auth(?!ors?(?![a-z]))|session|jwt",
    re.IGNORECASE,
)
_HIDDEN = "..."
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs; of bodies, headers and parameters that may hold secrets only the place is told.

    `part` is "method", "segment", "query", "body" or "header"; `at` the number of the segment, counted from 1, the name
    of the parameter or header, or the path in the body, as in `$.data.attributes.companyId`.
    """

    part: str
    at: str | int | None = None
    recorded: str | None = None
    asked: str | None = None

    @property
    def words(self) -> str:
        """Part and place."""
        return self.part if self.at is None else f"{self.part} {self.at}"

    def told(self) -> dict[str, object]:
        """As JSON has it."""
        told: dict[str, object] = {"part": self.part}
        if self.at is not None:
            told["at"] = self.at if isinstance(self.at, int) else self.at[:_LONGEST]
        if self.recorded is not None or self.asked is not None:
            told |= {"recorded": _short(self.recorded), "asked": _short(self.asked)}
        return told


def differences(
    route: Route, number: int, request: Request, incoming: Incoming, selected: Selection | None
) -> list[Difference]:
    """What differs in an example of a route, the weightiest first, and no more than anybody reads."""
    example = route.examples[number]

    def all_of_them() -> Iterator[Difference]:
        if route.method != request.method:
            yield Difference("method", None, route.method, request.method)
        yield from _of_paths(route, example, split(request.path))
        if selected is not None:
            yield from _of_selectors(route, number, selected)
        yield from _of_queries(example.query, request.query)
        if body_fit(example.body, incoming) is Fit.NOT:
            yield from (Difference("body", at) for at in _of_bodies(example.body, incoming))

    return list(islice(all_of_them(), _MOST))


def is_private(name: str) -> bool:
    """Whether a parameter of this name may hold a secret."""
    return _PRIVATE.search(name) is not None


def told_query(pairs: Sequence[tuple[str, str]]) -> str:
    """A query as one text, its open variables as they stand; of parameters that may hold secrets only the names."""
    shown = [(name, _HIDDEN if is_private(name) else value) for name, value in pairs]
    return urlencode(shown, errors="replace", safe="{}")


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= _LONGEST else f"{value[:_LONGEST]}..."


def _of_paths(route: Route, example: Example, asked: Sequence[str]) -> Iterator[Difference]:
    for number, (segment, text) in enumerate(zip_longest(route.path_of(example), asked), start=1):
        if segment is None or text is None:
            yield Difference("segment", number, None if segment is None else segment.text, text)
        elif steps_of(pattern_of([segment]), [text]) is None:
            yield Difference("segment", number, segment.text, text)


def _of_selectors(route: Route, number: int, selected: Selection) -> Iterator[Difference]:
    """Those that rule the example out; what differs in its body is told of bodies."""
    example = route.examples[number]
    recorded = {CODE: str(example.status), NAME: example.name.strip(), ID: ", ".join(sorted(example.ids))}
    for selector, value in selected.wanted.items():
        if selector == HEADERS:
            for name in named(value):
                if not selected.with_header(name, route) >> number & 1:
                    yield Difference("header", name)
        elif selector != BODY and not selected.left_by(selector, value, route) >> number & 1:
            yield Difference("header", selector, recorded[selector], value)


def _of_queries(recorded: Sequence[tuple[str, str]], asked: Sequence[tuple[str, str]]) -> Iterator[Difference]:
    """Recorded pairs that nothing meets; what has met one of them does not stand for another."""
    left = Counter(with_spaces(asked))
    unmet: list[tuple[str, str]] = []
    for pair in with_spaces(recorded):
        if left[pair] > 0:
            left[pair] -= 1
        else:
            unmet.append(pair)
    rest: dict[str, list[str]] = defaultdict(list)
    for name, value in left.elements():
        rest[name].append(value)
    for name, value in unmet:
        met = next((other for other in rest[name] if fit(value, other)), None)
        if met is not None:
            rest[name].remove(met)
        elif is_private(name):
            yield Difference("query", name)
        else:
            yield Difference("query", name, value, next(iter(rest[name]), None))


def _of_bodies(recorded: Body, incoming: Incoming) -> Iterator[str]:
    """Where they differ, in the manner of JSONPath; `$` is the whole body."""
    if recorded.kind == "json" and incoming.json is not None:
        try:
            yield from _of_values(recorded.value, incoming.json[0], "$")
        except RecursionError:
            yield "$"
    elif recorded.kind in ("form", "parts"):
        held, sent = _by_name(recorded.value), _by_name(incoming.form if recorded.kind == "form" else incoming.parts)
        for name in held | sent:
            if pairs_fit(held.get(name, ()), sent.get(name, ())) is Fit.NOT:
                yield f"$.{name}"
    else:
        yield "$"


def _by_name(pairs: Sequence[tuple[str, str | None]]) -> dict[str, list[tuple[str, str | None]]]:
    found: dict[str, list[tuple[str, str | None]]] = {}
    for pair in pairs:
        found.setdefault(pair[0], []).append(pair)
    return found


def _of_values(recorded: Any, sent: Any, at: str) -> Iterator[str]:
    if isinstance(recorded, dict) and isinstance(sent, dict):
        for key in (*recorded, *(key for key in sent if key not in recorded)):
            below = f"{at}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{at}[{written(key)}]"
            if key in recorded and key in sent:
                yield from _of_values(recorded[key], sent[key], below)
            else:
                yield below
    elif isinstance(recorded, list) and isinstance(sent, list):
        for number, (one, other) in enumerate(zip(recorded, sent, strict=False)):
            yield from _of_values(one, other, f"{at}[{number}]")
        if len(recorded) != len(sent):
            yield f"{at}[{min(len(recorded), len(sent))}]"
    elif values_fit(recorded, sent) is Fit.NOT:
        yield at
