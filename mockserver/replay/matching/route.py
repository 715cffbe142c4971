"""The examples of one method and one path: what a request may ask of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from mockserver.postman.example import Example, Segment
from mockserver.replay.matching.bodies import Bodies
from mockserver.replay.matching.marks import K, Mark, bits, most, packed_all
from mockserver.replay.matching.paths import PathFit, Pattern, Step, pattern_of, steps_of
from mockserver.replay.matching.queries import Queries
from mockserver.replay.matching.template import Patterns, is_open, pieces_of

# They tell the client, the connection or Postman itself, and no example from another.
_EVERYBODYS = frozenset(
    {"host", "user-agent", "accept-encoding", "connection", "content-length", "cache-control", "postman-token"}
)
# Examples of one path that are laid out before anybody asks for them.
_MANY = 64


class Route:
    """Examples whose paths differ in the values of their variables alone, in their order.

    `positions` are those of the examples among all. What is looked up in them is laid out when it is first asked for.
    """

    def __init__(self, method: str, pattern: Pattern, *, ends_in_slash: bool, with_base: bool) -> None:
        self.method = method
        self.pattern = pattern
        self.ends_in_slash = ends_in_slash
        self.with_base = with_base
        self.examples: list[Example] = []
        self.positions: list[int] = []
        self._values: dict[tuple[int, str], list[int]] = defaultdict(list)

    def add(self, example: Example, position: int) -> None:
        """Takes in one more example, which comes after those that are there."""
        for place, segment in enumerate(self.path_of(example)):
            if segment.is_open:
                self._values[place, segment.text].append(len(self.examples))
        self.examples.append(example)
        self.positions.append(position)

    def path_of(self, example: Example) -> tuple[Segment, ...]:
        """The path of one of its examples, as it is asked for here."""
        return example.path if self.with_base else example.path[example.base_length :]

    def lay_out(self) -> None:
        """Lay out what most requests ask for, where it takes longer than one of them should wait."""
        if len(self.examples) > _MANY:
            _ = self.queries, self.bodies, self.good, self.headers

    @property
    def is_literal(self) -> bool:
        """Whether the path holds no variable."""
        return all(part is not None and not is_open(part) for part in self.pattern)

    @cached_property
    def everything(self) -> int:
        """All its examples."""
        return (1 << len(self.examples)) - 1

    def values_at(self, place: int) -> set[str]:
        """What was recorded for the open segment in this place."""
        return {text for where, text in self._values if where == place}

    def shared_with(self, other: Route) -> int:
        """Which of its examples are those of another route, too: one has the path of their host, one has not."""
        whole, bare = (self, other) if self.with_base else (other, self)
        base = whole.pattern[: len(whole.pattern) - len(bare.pattern)]
        same = (
            self.with_base != other.with_base
            and self.method == other.method
            and self.ends_in_slash == other.ends_in_slash
            and whole.pattern == base + bare.pattern
        )
        return bits(self.bases.get(base, ())) if same and base else 0

    def fit(self, among: int, asked: Sequence[str], *, ends_in_slash: bool) -> tuple[PathFit, int] | None:
        """How literally the best of `among` stand for the path, and which ones; None when the path does not fit."""
        steps = steps_of(self.pattern, asked)
        if steps is None:
            return None
        recorded = {
            place: bits(self._marks[place, text]) for place, text in enumerate(asked) if (place, text) in self._marks
        }
        if recorded:
            _, among = most(among, recorded.values())
            for place, mark in recorded.items():
                if among & mark:
                    among &= mark
                    steps[place] = Step.RECORDED_VALUE
        wild, partly, other_case = (-steps.count(step) for step in (Step.WILD, Step.PARTLY_WILD, Step.OTHER_CASE))
        same_ending = self.ends_in_slash == ends_in_slash
        return (wild, partly, other_case, tuple(steps), same_ending, self.with_base), among

    @cached_property
    def queries(self) -> Queries:
        """Their queries."""
        return Queries([example.query for example in self.examples])

    @cached_property
    def bodies(self) -> Bodies:
        """The bodies of their requests."""
        return Bodies([example.body for example in self.examples])

    @cached_property
    def good(self) -> int:
        """Those with a status of 2xx."""
        return bits([n for n, example in enumerate(self.examples) if 200 <= example.status <= 299])

    @cached_property
    def codes(self) -> dict[str, Mark]:
        """By their recorded status."""
        return self._by(lambda example: (str(example.status),))

    @cached_property
    def names(self) -> dict[str, Mark]:
        """By their name, without outer white space."""
        return self._by(lambda example: (example.name.strip(),))

    @cached_property
    def ids(self) -> dict[str, Mark]:
        """By any of their ids."""
        return self._by(lambda example: example.ids)

    @cached_property
    def bases(self) -> dict[Pattern, Mark]:
        """By the path that came with their host."""
        return self._by(lambda example: (pattern_of(example.path[: example.base_length]),))

    @cached_property
    def headers(self) -> dict[tuple[str, str], Mark]:
        """By names and values of the headers of their requests."""
        return self._by(
            lambda example: {
                (name.lower(), value) for name, value in example.headers if name.lower() not in _EVERYBODYS
            }
        )

    @cached_property
    def headed(self) -> dict[str, tuple[int, dict[str, Mark], Patterns[Mark]]]:
        """By the name of a header: who has it, who with which value, and who with an open one."""
        found: dict[str, tuple[int, dict[str, Mark], Patterns[Mark]]] = {}
        by_name: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        for number, example in enumerate(self.examples):
            joined: dict[str, list[str]] = defaultdict(list)
            for name, value in example.sent_headers:
                joined[name.lower()].append(value)
            for name, values in joined.items():
                by_name[name][", ".join(values)].append(number)
        for name, recorded in by_name.items():
            patterns: Patterns[Mark] = Patterns()
            opens: dict[tuple[str, ...], list[int]] = defaultdict(list)
            for value, numbers in recorded.items():
                if is_open(value):
                    opens[pieces_of(value)] += numbers
            for pieces, mark in packed_all(opens, len(self.examples)).items():
                patterns.add(pieces, mark)
            everyone = bits([number for numbers in recorded.values() for number in numbers])
            found[name] = everyone, packed_all(recorded, len(self.examples)), patterns
        return found

    @cached_property
    def _marks(self) -> dict[tuple[int, str], Mark]:
        return packed_all(self._values, len(self.examples))

    def _by(self, labels: Callable[[Example], Iterable[K]]) -> dict[K, Mark]:
        positions: dict[K, list[int]] = defaultdict(list)
        for number, example in enumerate(self.examples):
            for label in labels(example):
                positions[label].append(number)
        return packed_all(positions, len(self.examples))
