"""How each example comes back: found out by asking the replay for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from mockserver.check.asked import Asked
from mockserver.message import Request
from mockserver.postman.example import Example
from mockserver.replay import Replay
from mockserver.replay.matching.selection import BODY, HEADERS, SELECTORS

# Rounds in which one more header is named that somebody else has.
_ROUNDS = 16


@dataclass(frozen=True, slots=True)
class Reach:
    """How an example comes back.

    `way` is "request" when its recorded request gets it, "path" when the same on another path does (without the base
    path, or with another value for a variable), "selector" when it takes the headers `selectors` beside the request,
    and "none" when nothing does. `answered_by` is what its request gets without selectors, with `why` in the words of
    `X-Mock-Matched`; None when nothing fits.
    """

    example: Example
    way: Literal["request", "path", "selector", "none"]
    answered_by: Example | None
    why: str = ""
    selectors: Mapping[str, str] = field(default_factory=dict)

    @property
    def obstacle(self) -> str:
        """Of one that never comes back: what keeps it."""
        other = self.answered_by
        if other is None:
            return "no request that a client can send is read as the recorded one"
        same = [
            word
            for word, is_same in (("name", self.example.name.strip() == other.name.strip()),
                                  ("status", self.example.status == other.status))
            if is_same
        ]  # fmt: skip
        file = "" if self.example.file == other.file else f"{other.file.name}: "
        told = f"its request is answered by {file}{other.place}"
        if same:
            told += f", which has the same {' and '.join(same)}"
        return f"{told}; no selector tells it apart{'' if self.example.ids else ', and it has no id'}"


def reaches(replay: Replay) -> Iterator[Reach]:
    """Each example of a replay, in its order."""
    asked: Asked | None = None
    for position, example in enumerate(replay.examples):
        asked = Asked(example, asked)
        yield _reach(replay, asked, position)


def _reach(replay: Replay, asked: Asked, position: int) -> Reach:
    request = asked.request
    match = replay.find(request, asked.incoming)
    other, why = (None, "") if match is None else (replay.examples[match.position], match.why)
    if match is not None and match.position == position:
        return Reach(asked.example, "request", other, why)
    for elsewhere in asked.others():
        match = replay.find(elsewhere, asked.incoming)
        if match is not None and match.position == position:
            return Reach(asked.example, "path", other, match.why)
    if other is not None:
        for selectors in asked.selectors():
            chosen = _chosen(replay, asked, request, selectors, position)
            if chosen is not None:
                return Reach(asked.example, "selector", other, why, chosen)
    return Reach(asked.example, "none", other, why)


def _chosen(
    replay: Replay, asked: Asked, request: Request, selectors: dict[str, str], position: int
) -> dict[str, str] | None:
    """The selectors, if they give the example.

    Where all of them together do not, headers are named that others have: without them in the request, these are out.
    """
    names = list(asked.headers)
    for _ in range(_ROUNDS):
        sent = {name: value for name, value in selectors.items() if value}
        headers = {**request.headers, **sent}
        match = replay.find(replace(request, headers=headers), asked.incoming)
        if match is not None and match.position == position:
            return sent
        if match is None or not (BODY in selectors and HEADERS in selectors):
            return None
        held = (name.lower() for name, _ in replay.examples[match.position].sent_headers)
        more = [name for name in dict.fromkeys(held) if name not in names and name not in SELECTORS]
        if not more:
            return None
        names += more
        selectors = {**selectors, HEADERS: ", ".join(names)}
    return None
