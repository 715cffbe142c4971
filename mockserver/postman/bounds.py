"""How large a collection may be: generous for what people export, small enough that no file can stop the server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

# What opens or divides in JSON, and so the most values that a text can hold.
_MARKS = "[{,"
_TEXT_OR_MARK = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|([\[{,])', re.DOTALL)
# Comments are looked for as well where JSON is read loosely, each at the cost of a value.
_LOOSE_MARKS = "[{,/"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is read of one file; a larger file is refused, what is beyond the other bounds is left out and told.

    `text_bytes` is what the text of the file takes in memory, four bytes a character where there is an emoji in it;
    `values` are those of its JSON. `filled_text` and `filled_file` bound what variables may add to one text and to all
    texts together, in characters; writing one out counts for 32 of them, however short it is. `url_text`, `segments`
    and `pairs` are those of one request; `parts` are the segments, pairs and JSON values of all requests together.
    `headers` and `header_text` are those of one answer: more of them, or longer ones, many clients do not take.
    """

    file_bytes: int = 64 * 1024 * 1024
    text_bytes: int = 128 * 1024 * 1024
    values: int = 2_000_000
    folder_depth: int = 50
    examples: int = 20_000
    faults: int = 1_000
    filled_text: int = 1_000_000
    filled_file: int = 32_000_000
    url_text: int = 100_000
    segments: int = 100
    pairs: int = 1_000
    parts: int = 1_000_000
    headers: int = 90
    header_text: int = 60_000


GENEROUS = Bounds()
# Of a request that comes in, where a body that holds more is compared as text.
BODY_VALUES = 1_000_000
BODY_PAIRS = 10_000


def values_at_most(text: str) -> int:
    """No fewer than the values, comments and open variables of a text, were it JSON."""
    return sum(map(text.count, _LOOSE_MARKS))


def holds_more(content: bytes, values: int) -> bool:
    """Whether a JSON text has more values than that; whoever writes none of them would take most memory for them."""
    if sum(content.count(mark.encode()) for mark in _MARKS) <= values:
        return False
    if b"\0" in content:  # UTF-16 or UTF-32, where texts cannot be told from the rest so simply
        return True
    found = (hit.lastindex for hit in _TEXT_OR_MARK.finditer(content))
    at_most = islice(found, 4 * values)  # as many texts as there may be between so many marks
    return sum(map(bool, at_most)) > values or next(found, False) is not False


def memory_of(content: bytes) -> int:
    """What the text of these bytes takes in memory: Python holds all its characters as wide as the widest."""
    if content.isascii():
        return len(content)
    characters = len(content.translate(None, delete=bytes(range(0x80, 0xC0))))
    widest = 4 if re.search(rb"[\xf0-\xff]", content) else 2 if re.search(rb"[\xc4-\xef]", content) else 1
    return characters * widest
