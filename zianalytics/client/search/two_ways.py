"""How a list is matched: its different values are searched for by address, and by name where that finds none."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import polars as pl

from zianalytics.api.filters import Inputs
from zianalytics.api.spec import Caller, Operation, Paging
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import read_inputs
from zianalytics.client.metered.budget import allowance
from zianalytics.client.metered.pool import fan_out
from zianalytics.client.metered.shortfall import Patience, Shortfall
from zianalytics.client.search.matched import Finding, Matched, Sorting
from zianalytics.errors import TooManyRows
from zianalytics.journal import Short, over_budget
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Quote, quote_lines

_TOO_MANY = "too many records share what is known of it, more than the service hands out"
Criteria = tuple[tuple[str, Hashable], ...]


class Searcher(Caller, Protocol):
    """Whoever searches, and knows when a search is not whole."""

    def whole(self, operation: Operation[...], request: Any) -> pl.DataFrame:
        """All rows of a search; an error where a page of it fails."""

    def at_once(self) -> int:
        """How many requests are to be under way at a time."""

    def speak(self) -> None:
        """Warn of what was noticed of limits."""


@dataclass(frozen=True)
class _Hits:
    """What one search found; None when there is more than the service hands out."""

    rows: Sequence[Mapping[str, Any]] | None
    requests: int


_NOTHING = _Hits((), 0)


@dataclass(frozen=True)
class Subject:
    """What a list is about, and how it is searched for: by an address, and by name where that finds none.

    Attributes
    ----------
    call
        What the user calls.
    operation, columns
        The search, and what of its rows is handed out.
    by
        The two ways, as `matched_by` names them.
    titles
        The same for bars.
    addresses_of, names_of
        The criteria by either way, for each row that has what it takes.
    fits
        Whether a hit by name is what the criteria say.
    more
        What to add to a row of which too many have the name.
    nothing
        Why a row failed that nothing was found for.
    """

    call: str
    operation: Operation[...]
    columns: pl.Schema
    by: tuple[str, str]
    titles: tuple[str, str]
    addresses_of: Callable[[Sequence[Question]], dict[int, Criteria]]
    names_of: Callable[[Sequence[Question]], dict[int, Criteria]]
    fits: Callable[[Mapping[str, Any], Mapping[str, Any]], bool]
    more: str
    nothing: str


class TwoWays:
    """Searches for the different values of a list about this subject, one request each."""

    def __init__(self, caller: Searcher, subject: Subject, *, progress: bool) -> None:
        self._caller, self._subject, self._progress = caller, subject, progress

    def find(self, of: Inputs, max_requests: int | None) -> Matched:
        """The rows of a list, each with what it is about, as far as that was found."""
        about = self._subject
        inputs = read_inputs(about.operation, of, call=about.call)
        addresses, names = about.addresses_of(inputs.questions), about.names_of(inputs.questions)
        _check_requests(about.call, {*addresses.values(), *names.values()}, max_requests)
        short = Shortfall(about.call, "rows")
        by_address = self._search(about.titles[0], addresses, short)
        hits = {row: by_address.get(one, _NOTHING).rows for row, one in addresses.items()}
        found = {row: Finding(about.by[0], some) for row, some in hits.items() if some}
        rest = {row: one for row, one in names.items() if row not in found and row not in short.statuses}
        by_name = self._search(about.titles[1], rest, short)
        failed = {**inputs.unusable, **_told(short, inputs.given.height, by_address, by_name)}
        for row, one in rest.items():
            candidates = by_name.get(one, _NOTHING).rows
            if candidates is None:
                failed[row] = f"{_TOO_MANY}; add {about.more}"
            elif same := [hit for hit in candidates if about.fits(hit, dict(one))]:
                found[row] = Finding(about.by[1], same)
        sorting = Sorting(about.columns, about.nothing, failed)
        return sorting.sort(inputs.given, found, requests=_spent(by_address, by_name))

    def price(self, of: Inputs) -> Quote:
        """The requests that it takes at most; sends nothing."""
        about = self._subject
        inputs = read_inputs(about.operation, of, call=about.call)
        searches = {*about.addresses_of(inputs.questions).values(), *about.names_of(inputs.questions).values()}
        return _quoted(about.call, inputs.questions, inputs.unusable, len(searches))

    def _search(self, name: str, wanted: Mapping[int, Criteria], short: Shortfall) -> dict[Criteria, _Hits]:
        """What each of these finds; a search that fails is noted for the rows that it was for."""
        rows: dict[Criteria, list[int]] = {}
        for row, one in wanted.items():
            rows.setdefault(one, []).append(row)
        outcome = fan_out(
            [partial(self._hits, one) for one in rows],
            at_once=self._caller.at_once,
            between=self._caller.speak,
            title=name,
            sizes=[1] * len(rows),
            progress=self._progress,
            goes_on=Patience(),
        )
        short.take(outcome, list(rows.values()))
        return {criteria: outcome.results[place] for place, criteria in enumerate(rows) if place in outcome.results}

    def _hits(self, criteria: Criteria) -> _Hits:
        operation = self._subject.operation
        try:
            frame = self._caller.whole(operation, operation.request(**dict(criteria)))
        except TooManyRows:
            return _Hits(None, 1)
        size = (operation.paging or Paging()).size
        return _Hits(frame.select(self._subject.columns.names()).to_dicts(), max(1, -(-frame.height // size)))


def _quoted(name: str, questions: Sequence[Question], unusable: Mapping[int, str], requests: int) -> Quote:
    """A match costs its requests alone; at most, since who is found first is not searched for again."""
    lines = [
        {"operation": name, "input_row": one.row, "what": one.label, "status": "free", "why": "searches are free"}
        for one in questions
    ]
    lines += [
        {"operation": name, "input_row": row, "what": f"input {row}", "status": "invalid_input", "why": why}
        for row, why in unusable.items()
    ]
    priced = [line | {"credits": 0, "records": 0} for line in lines]
    return Quote(name, quote_lines(sorted(priced, key=lambda line: line["input_row"])), requests)


def _check_requests(name: str, searches: Set[Criteria], max_requests: int | None) -> None:
    """Refuse a match that may take more requests than its caller allows."""
    allowed = allowance(None, None, max_requests).requests
    if allowed is not None and len(searches) > allowed:
        raise over_budget(name, Meters(requests=len(searches)), [Short("call", {"requests": allowed})])


def _told(short: Shortfall, total: int, *found: Mapping[Criteria, _Hits]) -> dict[int, str]:
    """Why rows are not matched whose searches failed; a match of which no search came through is none."""
    if short.has_failures and not any(found):
        raise short.failure()
    short.warn(total, then="They are in .failed. Run the same match again for them.")
    return dict.fromkeys(short.statuses, "its search was not answered; run the same match again")


def _spent(*found: Mapping[Criteria, _Hits]) -> int:
    return sum(hits.requests for one in found for hits in one.values())
