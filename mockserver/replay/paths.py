"""How literally a recorded path stands for the one that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from mockserver.postman.example import Segment
from mockserver.replay.template import Fit, fit, is_open


class Step(IntEnum):
    """How one segment agrees, from the loosest to the most literal way."""

    WILD = 0  # the whole segment is a variable
    PARTLY_WILD = 1  # a variable inside it, as in `{{id}}.json`
    OTHER_CASE = 2
    RECORDED_VALUE = 3  # a variable, and the very value that was recorded for it
    LITERAL = 4


# The greater, the more literal: fewest variables first, then fewest other differences, then the earlier literal
# segment, then the same ending (with or without a slash).
PathFit = tuple[int, int, int, tuple[Step, ...], bool]


def split(path: str) -> tuple[str, ...]:
    """The segments of a decoded path; empty ones do not count."""
    return tuple(segment for segment in path.split("/") if segment)


def is_wild(segment: Segment) -> bool:
    """Whether the segment may stand for others than its own text."""
    return segment.is_open or is_open(segment.text)


def path_fit(recorded: Sequence[Segment], asked: Sequence[str], *, same_ending: bool) -> PathFit | None:
    """The agreement of two paths of equal length, or None when some segment does not fit."""
    steps: list[Step] = []
    for segment, text in zip(recorded, asked, strict=True):
        step = _step(segment, text)
        if step is None:
            return None
        steps.append(step)
    wild, partly_wild, other_case = (-steps.count(step) for step in (Step.WILD, Step.PARTLY_WILD, Step.OTHER_CASE))
    return wild, partly_wild, other_case, tuple(steps), same_ending


def _step(segment: Segment, text: str) -> Step | None:
    if segment.text == text:
        return Step.RECORDED_VALUE if segment.is_open else Step.LITERAL
    if segment.is_open:
        return Step.WILD
    if fit(segment.text, text) is Fit.OPEN:
        return Step.PARTLY_WILD
    return Step.OTHER_CASE if segment.text.lower() == text.lower() else None
