"""How literally a recorded path stands for the one that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from mockserver.postman.example import Segment
from mockserver.replay.matching.template import is_open, pieces_of, values_in


class Step(IntEnum):
    """How one segment agrees, from the loosest to the most literal way."""

    WILD = 0  # the whole segment is a variable
    PARTLY_WILD = 1  # a variable inside it, as in `{{id}}.json`
    OTHER_CASE = 2
    RECORDED_VALUE = 3  # a variable, and the very value that was recorded for it
    LITERAL = 4


# docs/assumptions.md, "order of wildcards". The greater, the more literal: fewest variables first, then fewest other
# differences, then the earlier literal segment, then the same ending (with or without a slash), then with the path of
# the host.
PathFit = tuple[int, int, int, tuple[Step, ...], bool, bool]
# A recorded path without the values of its open segments: these are None.
Pattern = tuple[str | None, ...]


def split(path: str) -> tuple[str, ...]:
    """The segments of a decoded path; empty ones do not count."""
    return tuple(segment for segment in path.split("/") if segment)


def pattern_of(path: Sequence[Segment]) -> Pattern:
    """What a recorded path shares with all that differ in the values of its open segments alone."""
    return tuple(None if segment.is_open else segment.text for segment in path)


def steps_of(pattern: Pattern, asked: Sequence[str]) -> list[Step] | None:
    """How each segment agrees, values of open segments aside, or None when one does not; both are of one length."""
    steps: list[Step] = []
    for recorded, text in zip(pattern, asked, strict=True):
        if recorded is None:
            steps.append(Step.WILD)
        elif recorded == text:
            steps.append(Step.LITERAL)
        elif is_open(recorded):
            if values_in(pieces_of(recorded), text) is None:
                return None
            steps.append(Step.PARTLY_WILD)
        elif recorded.lower() == text.lower():
            steps.append(Step.OTHER_CASE)
        else:
            return None
    return steps
