"""Variables that stand open in what was recorded: by their names, never with a value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from mockserver.postman.example import Body, Example
from mockserver.replay.filling.dynamic import is_made, path_names
from mockserver.replay.matching.template import names_in

Part = Literal["path", "query", "header", "body", "answer"]


@dataclass(frozen=True, slots=True)
class LeftOpen:
    """A variable that nobody defines, or whose value is secret: in which parts of how many examples it stands.

    In the parts of a request it stands for any text; in an answer it is sent as it stands.
    """

    name: str
    parts: tuple[Part, ...]
    examples: int

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"name": self.name, "parts": list(self.parts), "examples": self.examples}


def left_open(examples: Iterable[Example]) -> list[LeftOpen]:
    """Each variable, in the order in which they come up; what an answer draws or echoes is none of them."""
    parts: dict[str, dict[Part, None]] = defaultdict(dict)
    counts: dict[str, int] = defaultdict(int)
    for example in examples:
        found = set(_found(example))
        for part, name in sorted(found, key=lambda pair: pair[1]):
            parts[name][part] = None
        for name in {name for _, name in found}:
            counts[name] += 1
    return [LeftOpen(name, tuple(sorted(held)), counts[name]) for name, held in parts.items()]


def _found(example: Example) -> Iterator[tuple[Part, str]]:
    for segment in example.path:
        yield from (("path", name) for name in names_in(segment.text))
    for pair in example.query:
        yield from (("query", name) for text in pair for name in names_in(text))
    for _, value in example.headers:
        yield from (("header", name) for name in names_in(value))
    yield from (("body", name) for text in _texts(example.body) for name in names_in(text))
    if example.is_dynamic:
        echoed = path_names(example)
        answer = example.response.body.decode("utf-8", "replace")
        for text in (answer, *(value for _, value in example.response.headers)):
            yield from (("answer", name) for name in names_in(text) if name not in echoed and not is_made(name))


def _texts(body: Body) -> Iterator[str]:
    """The texts of a recorded body in which a variable may stand."""
    waiting: list[Any] = [body.value]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list | tuple):
            waiting += value
