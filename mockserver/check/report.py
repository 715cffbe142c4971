"""All that there is to say of the files of a replay, as one value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mockserver.check.against import Against, against
from mockserver.check.asked import label
from mockserver.check.left_open import LeftOpen, left_open
from mockserver.check.overview import Overview
from mockserver.check.reach import Reach, reaches
from mockserver.postman.example import Example, Fault, Ignored, Unanswered
from mockserver.replay import Replay


@dataclass(frozen=True, slots=True)
class Report:
    """What is served and how it comes back, what was wrong with it, and how it keeps the contract where that was asked.

    Values of headers, authorization, bodies and variables are nowhere in it.
    """

    overviews: tuple[Overview, ...]
    reaches: tuple[Reach, ...]
    faults: tuple[Fault, ...]
    left_open: tuple[LeftOpen, ...]
    ignored: tuple[Ignored, ...]
    unanswered: tuple[Unanswered, ...] = ()
    against: Against | None = None

    @property
    def ambiguous(self) -> dict[int, list[Reach]]:
        """By the position of the example that comes without a selector: those that need one in its place."""
        positions = {id(each.example): position for position, each in enumerate(self.reaches)}
        found: dict[int, list[Reach]] = {}
        for each in self.reaches:
            if each.way == "selector" and each.answered_by is not None:
                found.setdefault(positions[id(each.answered_by)], []).append(each)
        return dict(sorted(found.items()))

    @property
    def unreachable(self) -> list[Reach]:
        """Those that never come back."""
        return [each for each in self.reaches if each.way == "none"]

    @property
    def is_clean(self) -> bool:
        """Whether all comes back, nothing was wrong, and nothing differs from the contract."""
        differs = self.against is not None and self.against.differences
        return not (self.faults or self.unreachable or differs)

    def told(self, *, everything: bool = False) -> dict[str, Any]:
        """As JSON has it; with `everything` a list of all examples, too."""
        found: dict[str, Any] = {
            "clean": self.is_clean,
            "collections": [overview.told() for overview in self.overviews],
            "ambiguous": [self._told(position, others) for position, others in self.ambiguous.items()],
            "unreachable": [
                {
                    **_place(each.example),
                    "answered_by": None if each.answered_by is None else _place(each.answered_by),
                    "problem": each.obstacle,
                }
                for each in self.unreachable
            ],
            "unanswered": [
                {"file": str(each.file), "place": each.place, "request": label(each)} for each in self.unanswered
            ],
            "faults": [
                {"file": str(each.file), "place": each.place, "field": each.field, "problem": each.problem}
                for each in self.faults
            ],
            "left_open": [each.told() for each in self.left_open],
            "ignored": [
                {"file": str(each.file), "place": each.place, "kind": each.kind, "lines": each.lines}
                for each in self.ignored
            ],
        }
        if self.against is not None:
            found["contract"] = self.against.told()
        if everything:
            found["examples"] = [
                {**_place(each.example), "way": each.way, "why": each.why, "selectors": dict(each.selectors)}
                for each in self.reaches
            ]
        return found

    def _told(self, position: int, others: list[Reach]) -> dict[str, Any]:
        return {
            **_place(self.reaches[position].example),
            "others": [{**_place(each.example), "selectors": dict(each.selectors)} for each in others],
        }


def check(replay: Replay, *, with_contract: bool = False) -> Report:
    """Asks a replay for each of its examples; opens nothing, carries nothing out.

    Raises
    ------
    ModuleNotFoundError
        The contract is to be looked at, and jsonschema is not installed.
    """
    return Report(
        overviews=tuple(Overview.of(collection) for collection in replay.collections),
        reaches=tuple(reaches(replay)),
        faults=replay.faults,
        left_open=tuple(left_open(replay.examples)),
        ignored=tuple(ignored for collection in replay.collections for ignored in collection.ignored),
        unanswered=replay.unanswered,
        against=against(replay.examples) if with_contract else None,
    )


def _place(example: Example) -> dict[str, Any]:
    return {
        "file": str(example.file),
        "place": example.place,
        "request": label(example),
        "status": example.status,
    }
