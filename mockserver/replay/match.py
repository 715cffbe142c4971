"""Which of the saved examples answers a request; docs/replay.md tells the rules and where they come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from mockserver.message import Request
from mockserver.postman.example import Example
from mockserver.replay.bodies import Incoming, body_fit
from mockserver.replay.index import Candidate
from mockserver.replay.template import Fit, fit

Pairs = Sequence[tuple[str, str]]

SELECTORS = ("x-mock-response-code", "x-mock-response-id", "x-mock-response-name")


def best(candidates: Iterable[Candidate], request: Request) -> Example | None:
    """The example that fits best, or None when a selector leaves none.

    Selectors first; then the most literal path, the query, the body; of those that are still equal the first 2xx,
    else the first of the file.
    """
    wanted = selectors(request.headers)
    left = [candidate for candidate in candidates if is_selected(candidate.example, wanted)]
    if not left:
        return None
    incoming = Incoming(request.body, request.headers.get("content-type", ""))

    def closeness(candidate: Candidate) -> tuple[object, ...]:
        example = candidate.example
        return (
            candidate.path,
            candidate.with_base,
            query_fit(example.query, request.query),
            body_fit(example.body, incoming),
            200 <= example.status <= 299,
            -candidate.position,
        )

    return max(left, key=closeness).example


def selectors(headers: Mapping[str, str]) -> dict[str, str]:
    """The `x-mock-response-*` headers that were sent, blank ones aside."""
    return {name: value for name in SELECTORS if (value := headers.get(name, "").strip())}


def is_selected(example: Example, wanted: Mapping[str, str]) -> bool:
    """Whether the example has the code, id and name that were asked for."""
    code, identity, name = (wanted.get(selector) for selector in SELECTORS)
    return (
        (code is None or code == str(example.status))
        and (identity is None or identity in example.ids)
        and (name is None or example.name.strip() in (name, _as_utf8(name)))
    )


def _as_utf8(value: str) -> str:
    """A header value that was sent as UTF-8, though headers are read as Latin-1."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value


def query_fit(recorded: Pairs, asked: Pairs) -> tuple[int, int, int, int]:
    """How well queries agree: equal pairs, open ones, fewest that differ, fewest that are missing.

    What the request has beyond the recorded pairs does not count: it must not spoil the best match.
    """
    left = Counter(_spaced(pair) for pair in asked)
    unequal: list[tuple[str, str]] = []
    equal = 0
    for pair in map(_spaced, recorded):
        if left[pair] > 0:
            left[pair] -= 1
            equal += 1
        else:
            unequal.append(pair)
    rest = list(left.elements())
    open_, differing = 0, 0
    for name, value in unequal:
        partner = next((pair for pair in rest if pair[0] == name and fit(value, pair[1]) is Fit.OPEN), None)
        if partner is not None:
            rest.remove(partner)
            open_ += 1
        elif any(pair[0] == name for pair in rest):
            differing += 1
    return equal, open_, -differing, -(len(unequal) - open_ - differing)


def _spaced(pair: tuple[str, str]) -> tuple[str, str]:
    """A plus sign is a space to some encoders and itself to others, and no recording says which."""
    return pair[0].replace("+", " "), pair[1].replace("+", " ")
