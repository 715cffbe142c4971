"""Finds quickly the examples whose method and path could fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mockserver.postman.example import Example, Segment
from mockserver.replay.paths import PathFit, is_wild, path_fit, split


@dataclass(frozen=True, slots=True)
class Candidate:
    """An example whose method and path fit, and how."""

    example: Example
    position: int
    path: PathFit
    with_base: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    example: Example
    position: int
    path: Sequence[Segment]
    with_base: bool


class Index:
    """All examples by method and path.

    An example whose host variable holds a path (`https://api.example.com/v1`) can be asked for with that path or
    without it: people put the server's address in place of the whole variable.
    """

    def __init__(self, examples: Iterable[Example]) -> None:
        self._literal: dict[tuple[str, tuple[str, ...]], list[_Entry]] = defaultdict(list)
        self._wild: dict[tuple[str, int], list[_Entry]] = defaultdict(list)
        for position, example in enumerate(examples):
            self._add(_Entry(example, position, example.path, with_base=True))
            if example.base_length:
                self._add(_Entry(example, position, example.path[example.base_length :], with_base=False))

    def _add(self, entry: _Entry) -> None:
        method = entry.example.method
        if any(is_wild(segment) for segment in entry.path):
            self._wild[method, len(entry.path)].append(entry)
        else:
            self._literal[method, tuple(segment.text.lower() for segment in entry.path)].append(entry)

    def candidates(self, method: str, path: str) -> Iterator[Candidate]:
        """Every example whose method is this one and whose path can stand for this one."""
        asked = split(path)
        ends_in_slash = path.endswith("/")
        literal = self._literal.get((method, tuple(segment.lower() for segment in asked)), ())
        for entry in (*literal, *self._wild.get((method, len(asked)), ())):
            fit = path_fit(entry.path, asked, same_ending=entry.example.ends_in_slash == ends_in_slash)
            if fit is not None:
                yield Candidate(entry.example, entry.position, fit, entry.with_base)
