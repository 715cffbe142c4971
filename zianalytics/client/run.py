"""One enrichment under way: where its inputs are answered, and what may still come."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from zianalytics.api.spec import Operation
from zianalytics.client.exchange import Kept, answered
from zianalytics.client.inputs import Inputs
from zianalytics.client.pricing import Place
from zianalytics.errors import BudgetExceeded
from zianalytics.journal import Intent


@dataclass
class Run:
    """One call under way.

    Attributes
    ----------
    places
        Where each input is answered, as far as it is.
    read
        The replies to this call, by their numbers.
    refusal
        Why the rest was not answered, when a limit of the account, or of the call, was reached.
    left
        Records that may still come, where their number is not known before a request; else None.
    over
        By how many the last answer went beyond them.
    mixed_up
        Inputs without an answer, or with one about something else.
    """

    operation: Operation[...]
    request: Any
    inputs: Inputs
    fields: tuple[str, ...]
    places: dict[int, Place]
    read: dict[int, Kept] = field(default_factory=dict)
    refusal: BaseException | None = None
    left: int | None = None
    over: int = 0
    mixed_up: set[int] = field(default_factory=set)

    def used_up(self) -> BudgetExceeded:
        """Why inputs were not asked any more."""
        return BudgetExceeded(
            f"The {self.request.max_records:,} records of this call are used up. Pass a higher max_records= and run it "
            "again: what is here is held and costs nothing."
        )

    def went_over(self) -> str:
        """What to say when the last answer brought more than was left."""
        return (
            f"{self.operation.name}: the last answer brought {self.over:,} records more than the "
            f"{self.request.max_records:,} that max_records= allowed, and they were charged. An answer has all rows of "
            "its input, and how many is not known before. Pass fewer inputs to come closer to the limit."
        )

    def spend(self, records: int) -> None:
        """Count records that have come, where their number was not known before."""
        if self.left is not None:
            self.left, self.over = max(0, self.left - records), max(0, records - self.left)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {one.key: one.row for one in reversed(self.inputs.questions)}

    def note(self, intent: Intent, kept: Kept) -> None:
        """Remember where a reply answers inputs of this call."""
        self.read[kept.number] = kept
        for at, answer in answered(self.operation, intent, kept.rows).items():
            row = self._rows.get(intent.asked[at])
            if row is not None and answer:
                self.places[row] = Place(kept.number, at)
            elif row is not None:
                self.mixed_up.add(row)
