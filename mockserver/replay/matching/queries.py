"""Which examples of one path agree best with the query that was asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice

from mockserver.replay.matching.marks import Mark, bits, fewest, most, packed, packed_all
from mockserver.replay.matching.template import Patterns, Pieces, is_open, pieces_of

# So many different pairs of a request are held against open ones.
MOST_PAIRS = 100
Pairs = Sequence[tuple[str, str]]
# The greater, the closer: the same query; most equal pairs, most open ones, fewest that differ, fewest that lack.
QueryFit = tuple[bool, int, int, int, int]
SAME: QueryFit = (True, 0, 0, 0, 0)


class Queries:
    """The recorded queries of some examples, by what a request may have in common with them."""

    def __init__(self, recorded: Sequence[Pairs]) -> None:
        size = len(recorded)
        same: dict[tuple[tuple[str, str], ...], list[int]] = defaultdict(list)
        equal: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        named: dict[tuple[str, int], list[int]] = defaultdict(list)
        lengths: dict[int, list[int]] = defaultdict(list)
        opens: dict[tuple[str, Pieces], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
        for position, pairs in enumerate(recorded):
            spaced = with_spaces(pairs)
            same[tuple(sorted(spaced))].append(position)
            lengths[len(spaced)].append(position)
            seen: Counter[object] = Counter()
            for name, value in spaced:
                equal[name, value, _next(seen, (name, value))].append(position)
                named[name, _next(seen, name)].append(position)
                if is_open(value):
                    pieces = pieces_of(value)
                    opens[name, pieces][_next(seen, (name, pieces))].append(position)
        self._same = packed_all(same, size)
        self._equal = packed_all(equal, size)
        self._named = packed_all(named, size)
        self._lengths = [(length, packed(lengths[length], size)) for length in sorted(lengths)]
        self._opens: dict[str, Patterns[dict[int, Mark]]] = {}
        for (name, pieces), numbered in opens.items():
            self._opens.setdefault(name, Patterns()).add(pieces, packed_all(numbered, size))

    def closest(self, among: int, asked: Pairs) -> tuple[QueryFit, int]:
        """How well the best of `among` agree, and which ones."""
        spaced = with_spaces(asked)
        same = bits(self._same.get(tuple(sorted(spaced)), ())) & among
        if same:
            return SAME, same
        equal, left = most(among, self._present(self._equal, ((*pair, n) for pair, n in _numbered(spaced))))
        open_, left = most(left, self._open(spaced)) if self._opens else (0, left)
        names = dict.fromkeys(name for name, _ in spaced)
        # Of the pairs whose name was asked for, equal and open ones are as many in all that are left.
        asked_for, left = fewest(left, self._asked_for(names))
        length, left = self._shortest(left)
        return (False, equal, open_, -asked_for, -length), left

    def _present(self, marks: dict[tuple[str, str, int], Mark], keys: Iterator[tuple[str, str, int]]) -> Iterator[int]:
        return (bits(marks[key]) for key in keys if key in marks)

    def _open(self, asked: Pairs) -> Iterator[int]:
        """For each open recorded pair that one of the asked ones fits, who has it."""
        fitting = {
            id(held): held
            for name, value in islice((pair for pair in dict.fromkeys(asked) if pair[0] in self._opens), MOST_PAIRS)
            for held in self._opens[name].fitting(value)
        }
        return (bits(mark) for held in fitting.values() for mark in held.values())

    def _asked_for(self, names: dict[str, None]) -> Iterator[int]:
        for name in names:
            number = 0
            while (name, number) in self._named:
                yield bits(self._named[name, number])
                number += 1

    def _shortest(self, among: int) -> tuple[int, int]:
        for length, mark in self._lengths:
            left = bits(mark) & among
            if left:
                return length, left
        return 0, among


def _numbered(pairs: Pairs) -> Iterator[tuple[tuple[str, str], int]]:
    seen: Counter[object] = Counter()
    return ((pair, _next(seen, pair)) for pair in pairs)


def _next(seen: Counter[object], key: object) -> int:
    """How often the key was seen before."""
    seen[key] += 1
    return seen[key] - 1


def with_spaces(pairs: Pairs) -> list[tuple[str, str]]:
    """A plus sign is a space to some encoders and itself to others, and no recording says which."""
    return [(name.replace("+", " "), value.replace("+", " ")) for name, value in pairs]
