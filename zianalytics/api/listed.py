"""Which list a value belongs to, and what stands for it there: the account's look-ups, and the lists that we ship.

A list is a mapping from a plain word to the values that it stands for: a value stands for itself, its name for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

import polars as pl

Words = Mapping[str, tuple[str, ...]]

_SHIPPED = ("countries", "states", "continents", "management_levels")
_SHOWN = 3


@dataclass(frozen=True)
class Listed:
    """What a criterion takes: the values of a look-up. Metadata of its annotation.

    Attributes
    ----------
    lookup
        The method of `zi.lookup` that lists them.
    divided
        A text is cut at its commas by the service, so that it may hold several values.
    tags
        Values are technology tags, of which a request may have the first parts alone, and * for any part.
    is_free
        The service takes any text; the list has those that it knows for certain.
    """

    lookup: str
    divided: bool = True
    tags: bool = False
    is_free: bool = False


def plain(text: str) -> str:
    """A text without case, accents and spare blanks, for comparing."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    apart = unicodedata.normalize("NFKD", folded.casefold())  # what was taken apart may have capitals: "㎒" is "MHz"
    return " ".join("".join(one for one in apart if not unicodedata.combining(one)).split())


@cache
def shipped(lookup: str) -> Words | None:
    """The list that is shipped for a look-up; None where there is none.

    It has what is published and lasts: docs/assumptions.md, "lists that are shipped".
    """
    if lookup not in _SHIPPED:
        return None
    text = files("zianalytics.api").joinpath("lists", f"{lookup}.txt").read_text(encoding="utf-8")
    rows = [line.split(" | ") for line in text.splitlines() if not line.startswith("#")]
    return _words((row[0], word) for row in rows for word in row)


# docs/assumptions.md, "names for codes"
def words_of(frame: pl.DataFrame) -> Words:
    """The list that a look-up answered: each row by its value and by its name."""
    value = frame.columns[0]
    named = [(one, one) for one in frame[value].drop_nulls()]
    if "name" in frame.columns and value != "name":
        named += list(frame.select(value, "name").drop_nulls().rows())
    return _words(named)


def _words(pairs: Iterable[tuple[str, str]]) -> Words:
    """A word that is a value stands for that value alone, whatever has it for a name."""
    values: dict[str, tuple[str, ...]] = {}
    names: dict[str, dict[str, None]] = {}
    for value, word in pairs:
        if value == word:
            values[plain(word)] = (value,)
        else:
            names.setdefault(plain(word), {})[value] = None
    return {word: tuple(found) for word, found in names.items()} | values


def found_in(words: Words, text: str, listed: Listed) -> tuple[str, ...]:
    """The values that a text stands for: none, one, or several of the same name."""
    if listed.tags and re.fullmatch(r"[0-9.*\\]+", text):
        return (text,) if _is_tag(words, text) else ()
    return words.get(plain(text), ())


def near(words: Words, text: str) -> list[str]:
    """The values that look most like a text, each with a name of its own where it has one."""
    asked = plain(text)
    close = get_close_matches(asked, list(words), n=_SHOWN, cutoff=0.6)
    close += [word for word in words if min(len(asked), len(word)) > 3 and (asked in word or word in asked)]
    values = list(dict.fromkeys(value for word in close for value in words[word]))
    return values[:_SHOWN]


# docs/assumptions.md, "free text that no list has"
def is_misspelt(words: Words, text: str) -> bool:
    """Whether a text is nearly a word of the list, or a part of one, so that it is taken for that."""
    asked = plain(text)
    return bool(get_close_matches(asked, list(words), n=1, cutoff=0.8)) or (
        len(asked) > 3 and any(asked in word for word in words)
    )


# docs/assumptions.md, "`techAttributeTagList`"
def _is_tag(words: Words, text: str) -> bool:
    pattern = text.replace("\\", "").split(".")
    tags = {value for values in words.values() for value in values}
    return any(_fits(pattern, tag.split(".")) for tag in tags)


def _fits(pattern: Sequence[str], tag: Sequence[str]) -> bool:
    return len(pattern) <= len(tag) and all(mine in ("*", its) for mine, its in zip(pattern, tag, strict=False))
