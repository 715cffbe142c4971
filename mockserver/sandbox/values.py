"""The value of a criterion as it is read: ids, numbers, days, words and values of look-ups."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, Protocol

from mockserver.sandbox.refusals import INVALID_FIELDS, Refused
from mockserver.sandbox.words import listed


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...


# docs/assumptions.md, "a day with a time behind it"
def day_of(name: str, value: str) -> date:
    """A criterion that is a day: `YYYY-MM-DD`, or with a time behind it, which plays no part."""
    try:
        return datetime.strptime(re.sub(r"T[0-9:.]+Z$", "", value), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise Refused(INVALID_FIELDS, [name]) from None


def days_of(body: Mapping[str, Any], first: str, last: str) -> tuple[date, date]:
    """Two criteria that are the ends of a range of days, in order; an end that is left out is open."""
    start = day_of(first, body[first]) if first in body else date.min
    end = day_of(last, body[last]) if last in body else date.max
    if start > end:
        raise Refused(INVALID_FIELDS, [first, last])
    return start, end


def ids_of(name: str, value: Any) -> set[int]:
    """A criterion that is one id or several."""
    parts = listed(value)
    if not parts or not all(re.fullmatch(r"[0-9]{1,18}", part) for part in parts):
        raise Refused(INVALID_FIELDS, [name])
    return {int(part) for part in parts}


# docs/assumptions.md, "numbers as text"
def number_of(value: float | str) -> float:
    """A number that may come as its digits, however many."""
    return float(value) if isinstance(value, str) else value


# docs/assumptions.md, "a code that is not in its look-up" and "lists in criteria"
def known_ids(name: str, value: Any, values: Collection[_Named]) -> set[str]:
    """Ids of the look-up values that a criterion gives by id or by name.

    Raises
    ------
    Refused
        There is none, or one that the look-up does not have.
    """
    by_word = {word.casefold(): v.id for v in values for word in (v.name, v.id)}
    return _each(name, value, by_word)


def known_names(name: str, value: Any, values: Collection[_Named]) -> set[str]:
    """Names of the look-up values that a criterion gives by id or by name."""
    by_word = {word.casefold(): v.name for v in values for word in (v.name, v.id)}
    return _each(name, value, by_word)


def one_of(name: str, value: Any, words: Sequence[str]) -> set[str]:
    """Words of a documented list, whatever their case."""
    return _each(name, value, {word.casefold(): word for word in words})


def _each(name: str, value: Any, by_word: Mapping[str, str]) -> set[str]:
    words = [part.casefold() for part in listed(value)]
    if not words or any(word not in by_word for word in words):
        raise Refused(INVALID_FIELDS, [name])
    return {by_word[word] for word in words}


def plain(text: str) -> str:
    """Words for comparing: lower case, one space between them and around, without punctuation."""
    words = " ".join(re.findall(r"[^\W_]+", text.casefold()))
    return f" {words} "


def stands_in(words: str, text: str) -> bool:
    """Whether the words stand together in the text; both as `plain` writes them, and no word stands nowhere."""
    return words != "  " and words in text
