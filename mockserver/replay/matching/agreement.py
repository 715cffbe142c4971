"""Whether the body of a request is the one that was recorded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from mockserver.postman.example import Body
from mockserver.replay.incoming import Incoming, written
from mockserver.replay.matching.template import Fit, fit, is_open


def body_fit(recorded: Body, incoming: Incoming) -> Fit:
    """How well the incoming body agrees with the recorded one."""
    try:
        return _JUDGES[recorded.kind](recorded.value, incoming)
    except RecursionError:  # a JSON parser may go deeper than what walks its values here
        return Fit.NOT


def _none(_: Any, incoming: Incoming) -> Fit:
    return Fit.NOT if incoming.text else Fit.EQUAL


def _any(_: Any, incoming: Incoming) -> Fit:
    return Fit.OPEN if incoming.text else Fit.NOT


def _text(recorded: str, incoming: Incoming) -> Fit:
    return fit(recorded, incoming.text)


def _json(recorded: Any, incoming: Incoming) -> Fit:
    return Fit.NOT if incoming.json is None else values_fit(recorded, incoming.json[0])


def _graphql(recorded: tuple[str, Any], incoming: Incoming) -> Fit:
    if incoming.graphql is None:
        return Fit.NOT
    query, variables = incoming.graphql
    return min(fit(recorded[0], query), values_fit(recorded[1], variables))


def _form(recorded: Sequence[tuple[str, str | None]], incoming: Incoming) -> Fit:
    return pairs_fit(recorded, incoming.form)


def _parts(recorded: Sequence[tuple[str, str | None]], incoming: Incoming) -> Fit:
    return pairs_fit(recorded, incoming.parts)


def pairs_fit(recorded: Sequence[tuple[str, str | None]], sent: Sequence[tuple[str, str | None]]) -> Fit:
    """Pairs in any order; each recorded one needs a partner of its own."""
    if Counter(recorded) == Counter(sent):
        return Fit.EQUAL
    if len(recorded) != len(sent):
        return Fit.NOT
    left = list(sent)
    # Closed values choose their partners first, so that an open one does not take what only they can use.
    for name, value in sorted(recorded, key=lambda pair: pair[1] is None or is_open(pair[1])):
        partner = next((pair for pair in left if pair[0] == name and _value(value, pair[1])), None)
        if partner is None:
            return Fit.NOT
        left.remove(partner)
    return Fit.OPEN


def _value(recorded: str | None, sent: str | None) -> Fit:
    if recorded is None or sent is None:
        return Fit.EQUAL if recorded is sent else Fit.NOT
    return fit(recorded, sent)


def values_fit(recorded: Any, sent: Any) -> Fit:
    """EQUAL for the same JSON value, OPEN when it differs only where the recorded one holds an open variable."""
    if isinstance(recorded, dict):
        agree = isinstance(sent, dict) and recorded.keys() == sent.keys()
        pairs = [(value, sent[key]) for key, value in recorded.items()] if agree else []
    elif isinstance(recorded, list):
        agree = isinstance(sent, list) and len(recorded) == len(sent)
        pairs = list(zip(recorded, sent, strict=True)) if agree else []
    elif isinstance(recorded, str) and is_open(recorded):
        if sent is None or isinstance(sent, dict | list):
            return Fit.NOT
        return fit(recorded, sent if isinstance(sent, str) else json.dumps(sent))
    else:
        return Fit.EQUAL if written(recorded) == written(sent) else Fit.NOT
    if not agree:
        return Fit.NOT
    return min((values_fit(value, other) for value, other in pairs), default=Fit.EQUAL)


_JUDGES: Mapping[str, Callable[[Any, Incoming], Fit]] = {
    "none": _none,
    "any": _any,
    "text": _text,
    "json": _json,
    "graphql": _graphql,
    "form": _form,
    "parts": _parts,
}
