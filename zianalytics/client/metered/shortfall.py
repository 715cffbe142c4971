"""Which inputs of a call have no answer, and why: told row by row, beside the good rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import polars as pl

from zianalytics.client.metered.pool import Outcome
from zianalytics.errors import (
    AnswerRefused,
    AnswerUnreadable,
    BudgetExceeded,
    LimitReached,
    MalformedRequest,
    NotAllAnswered,
    NotAnswered,
    ZoomInfoError,
    warn,
)

T = TypeVar("T")
SPARED = (AnswerRefused, NotAnswered, AnswerUnreadable, BudgetExceeded)
"""What may befall one request of a call and leaves the answers to the others good."""
IN_A_ROW = 3
"""Requests that fail one after another, each for itself, before a call stops."""
_COLUMNS = {
    "match_status": pl.String(),
    "error": pl.String(),
    "status": pl.Int64(),
    "code": pl.String(),
    "request_id": pl.String(),
    "retryable": pl.Boolean(),
    "credits_spent": pl.Int64(),
    "message": pl.String(),
}


class Patience:
    """Whether a call goes on: after what befell one request alone it does, until that happens three times in a row.

    What would befall the next request, too, ends it: a limit, a right that is lacking, a service out of reach.
    """

    def __init__(self) -> None:
        self._in_a_row = 0

    def __call__(self, failure: BaseException | None) -> bool:
        """After a request that ended well (None), or failed so."""
        self._in_a_row = 0 if failure is None else self._in_a_row + 1
        if failure is None or isinstance(failure, MalformedRequest | AnswerUnreadable):
            return self._in_a_row < IN_A_ROW
        was_reached = isinstance(failure, NotAnswered) and (not failure.outcome_known or failure.status is not None)
        return was_reached and self._in_a_row < IN_A_ROW


@dataclass(frozen=True)
class _Missed:
    rows: tuple[int, ...]
    match_status: str
    error: str | None
    code: str | None
    retryable: bool
    credits_spent: int | None
    message: str
    status: int | None = None
    request_id: str | None = None
    is_quiet: bool = False


class Shortfall:
    """What a call could not answer.

    Parameters
    ----------
    call
        As users write it.
    of
        Of what it is counted: "inputs", or "pages" of a search.
    """

    def __init__(self, call: str, of: str = "inputs") -> None:
        self._call, self._of = call, of
        self._missed: list[_Missed] = []
        self._failures: list[ZoomInfoError] = []

    @property
    def has_failures(self) -> bool:
        """Whether any request failed."""
        return bool(self._failures)

    @property
    def statuses(self) -> dict[int, str]:
        """The `match_status` of each."""
        return {row: one.match_status for one in self._missed for row in one.rows}

    def failed(self, rows: Iterable[int], failure: ZoomInfoError) -> None:
        """These were asked, by a request that failed."""
        self._failures.append(failure)
        self._add(
            _Missed(
                rows=tuple(rows),
                match_status=_word(failure),
                error=type(failure).__name__,
                code=failure.code,
                retryable=failure.retryable,
                credits_spent=failure.credits_spent,
                message=str(failure),
                status=failure.status,
                request_id=failure.request_id,
            )
        )

    def not_asked(self, rows: Iterable[int], failure: ZoomInfoError) -> None:
        """These were not asked any more, because of a failure before them."""
        self._add(
            _Missed(
                rows=tuple(rows),
                match_status=_word(failure),
                error=type(failure).__name__,
                code="not_asked",
                retryable=failure.retryable,
                credits_spent=0,
                message=f"Not asked, and nothing spent, because the call stopped at this: {failure}",
            )
        )

    def tell(
        self,
        rows: Iterable[int],
        *,
        match_status: str,
        code: str,
        message: str,
        retryable: bool = False,
        credits_spent: int | None = 0,
        is_quiet: bool = False,
    ) -> None:
        """These were asked, or could not be, and this became of them; what `is_quiet` is in the report alone."""
        missed = _Missed(tuple(rows), match_status, None, code, retryable, credits_spent, message, is_quiet=is_quiet)
        self._add(missed)

    def _add(self, missed: _Missed) -> None:
        """Note it of rows of which nothing is noted yet: what befell a row first is why it has no answer."""
        noted = self.statuses.keys()
        if fresh := tuple(row for row in missed.rows if row not in noted):
            self._missed.append(replace(missed, rows=fresh))

    def take(self, outcome: Outcome[T], rows: list[list[int]]) -> None:
        """Note what came of tasks; `rows` says what each is about.

        Raises
        ------
        BaseException
            What befell one of them concerns the whole call, such as Ctrl-C or a full disk.
        """
        for failure in outcome.failures:
            if not isinstance(failure, SPARED):
                raise failure
        last: ZoomInfoError | None = None
        for place, failure in outcome.failed.items():
            assert isinstance(failure, SPARED)  # noqa: S101  # looked at above
            self.failed(rows[place], failure)
            last = failure
        never = [place for place in range(len(rows)) if place not in outcome.results and place not in outcome.failed]
        if never and last:
            self.not_asked([row for place in never for row in rows[place]], last)

    def report(self) -> pl.DataFrame:
        """One row for each, in their order."""
        first = self._of.removesuffix("s") if self._of == "pages" else "input_row"
        told = [
            (row, one.match_status, one.error, one.status, one.code, one.request_id, one.retryable, one.credits_spent,
             one.message)
            for one in self._missed
            for row in one.rows
        ]  # fmt: skip
        schema = pl.Schema({first: pl.Int64(), **_COLUMNS})
        return pl.DataFrame(told, schema=schema, orient="row").sort(first, maintain_order=True)

    def failure(self) -> ZoomInfoError:
        """What befell the first request, with the report: how a call ends that has no answer at all."""
        [first, *_] = self._failures
        first.report = self.report()
        first.credits_spent = None if any(one.credits_spent is None for one in self._failures) else 0
        return first

    def warn(self, total: int, *, then: str = "") -> None:
        """Say it, when anything is missing that could have been answered.

        Parameters
        ----------
        total
            How many there are in all.
        then
            What to do next with the call as a whole.
        """
        missing: dict[tuple[str, str | None], list[_Missed]] = {}
        for one in self._missed:
            if not one.is_quiet:
                missing.setdefault((one.match_status, one.code), []).append(one)
        if not missing:
            return
        count = sum(len(one.rows) for some in missing.values() for one in some)
        parts = []
        for (status, _), some in missing.items():
            these = sum(len(one.rows) for one in some)
            has = f'{these:,} with match_status "{status}"' if self._of == "inputs" else f"{these:,} of them"
            parts.append(f"{has}: {some[0].message}")
        warn(
            NotAllAnswered(
                f"{self._call}: {count:,} of {total:,} {self._of} are not answered; the others are here and kept. "
                f"{' '.join([*parts, *([then] if then else [])])} The report of this warning has a row for each.",
                report=self.report(),
            )
        )


def _word(failure: ZoomInfoError) -> str:
    return "limit_exceeded" if isinstance(failure, LimitReached | BudgetExceeded) else "error"
