"""Recorded texts with `{{variables}}` left open in them, held against what really came."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")


class Fit(IntEnum):
    """How well something that came agrees with what was recorded."""

    NOT = 0
    OPEN = 1
    EQUAL = 2


@lru_cache(maxsize=65536)
def _pattern(recorded: str) -> re.Pattern[str] | None:
    pieces = [re.escape(piece) for piece in PLACEHOLDER.split(recorded)]
    return re.compile("(?s:.+)".join(pieces)) if len(pieces) > 1 else None


def is_open(recorded: str) -> bool:
    """Whether a variable is left open in the text."""
    return _pattern(recorded) is not None


def fit(recorded: str, came: str) -> Fit:
    """EQUAL for the same text, OPEN when it is one that the open variables of the recorded one allow."""
    if recorded == came:
        return Fit.EQUAL
    pattern = _pattern(recorded)
    return Fit.OPEN if pattern is not None and pattern.fullmatch(came) else Fit.NOT
