"""One enrichment under way: where its inputs are answered, and what may still come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, NamedTuple

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.client.enrich.pricing import Batch, Place
from zianalytics.client.enrich.reading import Reading
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import EMPTY, Inputs
from zianalytics.client.metered.exchange import Exchange, Kept
from zianalytics.client.metered.pool import Outcome
from zianalytics.client.metered.settled import answered
from zianalytics.client.metered.shortfall import Shortfall
from zianalytics.errors import BudgetExceeded
from zianalytics.journal import Intent


class _Became(NamedTuple):
    """What became of an input that has no record: in the words of `Shortfall.tell`."""

    match_status: str
    code: str
    message: str
    retryable: bool = False
    credits_spent: int | None = 0
    is_quiet: bool = False


_BECAME = (
    _Became(
        "limit_exceeded",
        "limit_exceeded",
        "The service answered limit_exceeded and charged nothing; zi.usage() shows what is left.",
    ),
    _Became(
        "invalid_input",
        "invalid_input",
        "The service could not use it and charged nothing. Correct it, or ask with something else.",
        is_quiet=True,
    ),
    _Became(
        "no_match",
        "no_such_location",
        "A plain id is taken for a location_id, and no location has this one. Where it is of a company, ask with "
        '{"company_id": ..., "country": ...}.',
    ),
    _Became(
        "error",
        "input_failed",
        "The service failed at it, or sent no record with its match, and charged nothing. Run the same call again to "
        "ask for it alone.",
        retryable=True,
    ),
    _Became(
        "error",
        "mixed_up",
        "It was answered with something that was not asked for, or not at all. What came is charged as it came; it is "
        "in the journal and in zi.warehouse. Run the same call again to ask for it alone.",
        retryable=True,
        credits_spent=None,
    ),
)


@dataclass
class UnderWay:
    """An enrichment, from its plan to its frame.

    Attributes
    ----------
    places
        Where each input is answered, as far as it is.
    leaders
        For a row that asks the same as an earlier one: that row.
    reading
        What the replies to this call say.
    short
        What could not be answered, and why.
    left
        Records that may still come, where their number is not known before a request; else None.
    over
        By how many the last answer went beyond them.
    mixed_up
        Inputs without an answer, or with one about something else.
    spoken
        Limits of the account that the call has warned of.
    """

    exchange: InitVar[Exchange]
    operation: Operation[...]
    request: Any
    inputs: Inputs
    fields: tuple[str, ...]
    places: dict[int, Place]
    leaders: Mapping[int, int] = field(default_factory=dict)
    left: int | None = None
    over: int = 0
    mixed_up: set[int] = field(default_factory=set)
    spoken: set[str] = field(default_factory=set)

    def __post_init__(self, exchange: Exchange) -> None:
        self.short = Shortfall(self.operation.name)
        self.reading = Reading(partial(exchange.read, self.operation))

    def rows_of(self, questions: Sequence[Question]) -> list[int]:
        """The rows that these questions are to answer, those that ask the same included, as far as they wait."""
        asked = {one.row for one in questions}
        asked |= {row for row, leader in self.leaders.items() if leader in asked}
        return sorted(asked - self.places.keys())

    def asked_by(self, keys: Sequence[str]) -> list[Question]:
        """The questions of this call that a request asks which was made by these keys."""
        return [one for one in self.inputs.questions if one.key in keys]

    def take(self, outcome: Outcome[int], batches: Sequence[Batch]) -> None:
        """Note which of these requests failed, and which were not sent for that.

        Raises
        ------
        BaseException
            What befell one of them concerns the whole call, such as Ctrl-C or a full disk.
        """
        self.short.take(outcome, [self.rows_of(batch.questions) for batch in batches])

    def explain(self, answers: pl.DataFrame) -> None:
        """Say what became of inputs that were answered, and not with a record, or could not be asked.

        Parameters
        ----------
        answers
            `input_row` and `match_status` of what the replies hold.
        """
        for row, why in self.inputs.unusable.items():
            message = f"Not sent: {why}. Correct it, or leave it out where something else says which is meant."
            is_usual = why == EMPTY or self.operation.cost.pool == "websights"  # a log has internal addresses
            self.short.tell(
                [row], match_status="invalid_input", code="invalid_input", message=message, is_quiet=is_usual
            )
        said = defaultdict[str, list[int]](list)
        for status, row in answers.select("match_status", "input_row").unique().sort("input_row").rows():
            said[status].append(row)
        rows = {
            "limit_exceeded": said["limit_exceeded"],
            "invalid_input": said["invalid_input"],
            "no_such_location": self._by_plain_id(said["no_match"]),
            "input_failed": said["error"],
            "mixed_up": sorted(self.mixed_up - self.places.keys()),
        }
        for became in _BECAME:
            self.short.tell(rows[became.code], **became._asdict())

    # docs/assumptions.md, "a plain id for master data"
    def _by_plain_id(self, rows: Sequence[int]) -> list[int]:
        """Those of these rows that ask for an office by an id which may be meant as that of a company."""
        if self.operation.record.name != "location":
            return []
        by_id = {one.row for one in self.inputs.questions if one.says.keys() == {"location_id"}}
        return sorted(by_id.intersection(rows))

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

    def interrupted(self) -> str:
        """What to say when it ends before its time."""
        return (
            f"{self.operation.name}: {len(self.places):,} of {len(self.inputs.questions):,} inputs are answered and "
            "kept. Run the same call again: it costs nothing for those and asks for the others; what was sent and has "
            "no answer (zi.ledger.unanswered()) is asked again without a second credit."
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
        for at, answer in answered(self.operation, intent, kept.rows).items():
            row = self._rows.get(intent.asked[at])
            if row is not None and answer:
                self.places[row] = Place(kept.number, at)
            elif row is not None:
                self.mixed_up.add(row)
        self.reading.note(kept)


def placed(frame: pl.DataFrame, places: Mapping[int, Place]) -> pl.DataFrame:
    """The rows of replies that answer inputs of this call, under the number of the input and in the order of these."""
    where = pl.DataFrame(
        [(row, place.reply, place.input_row) for row, place in sorted(places.items(), key=itemgetter(0))],
        schema={"input_row": pl.Int64, "reply": pl.Int64, "at": pl.Int64},
        orient="row",
    )
    rows = frame.rename({"input_row": "at"}).with_columns(row=pl.int_range(pl.len()).over("reply"))
    return where.join(rows, on=["reply", "at"], how="inner", maintain_order="left_right")
