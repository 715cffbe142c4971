"""What an enrichment into paid rows asks of each company, and what that costs at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from zianalytics.api.enterprise import body, total
from zianalytics.api.spec import Operation, Paging
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import Inputs
from zianalytics.client.metered.budget import limits_of
from zianalytics.client.metered.exchange import Kept
from zianalytics.client.metered.pages import Page, exact_pages, most_pages
from zianalytics.client.metered.spans import Span, spans
from zianalytics.errors import RequestRefused
from zianalytics.schema.meters import Meters


@dataclass(frozen=True)
class ListPlan:
    """What a call is going to ask.

    Attributes
    ----------
    inputs
        What the user gave.
    leaders
        One question for each different input, in their order.
    share
        Rows of each company at most.
    spans
        The ranges of days that are asked one after the other.
    managed
        Companies that are under management, and the last day of their window.
    """

    operation: Operation[...]
    request: Any
    inputs: Inputs
    leaders: Sequence[Question]
    share: int
    spans: Sequence[Span]
    managed: Mapping[int, date]

    @property
    def requests(self) -> int:
        """Requests for one company at most."""
        return sum(most_pages(self.share, page_size(self.operation), is_cut=len(self.spans) > 1) for _ in self.spans)

    def credits(self, question: Question) -> int:
        """What the company of a question costs at most."""
        return int(question.id not in self.managed)

    @property
    def key(self) -> str:
        """The same for all calls that ask the same."""
        asked = [body(self.operation, self.request), *(one.key.encode() for one in self.leaders)]
        days = [f"{span}".encode() for span in self.spans]
        return sha256(b"\n".join([*asked, *days, b"%d" % self.share])).hexdigest()


def page_size(operation: Operation[...]) -> int:
    """Rows on its largest page."""
    return (operation.paging or Paging()).size


def share_of(operation: Operation[...], request: Any, companies: int) -> int:
    """Rows of each company at most: `limit`, and no more than `max_records` allows when all have as many."""
    allowed = limits_of(request).records
    if request.limit is None and allowed is None:
        raise RequestRefused(
            f"{operation.name} costs a record for each row, and how many there are is not known before. Nothing was "
            "sent. Pass limit=, the rows of each company you want at most, or max_records=."
        )
    if request.limit is not None:
        return int(request.limit)
    if allowed and allowed < companies:
        raise RequestRefused(
            f"{operation.name}: max_records={allowed} is less than a record for each of {companies:,} companies. "
            "Nothing was sent. Allow more, or pass fewer companies."
        )
    return (allowed or 0) // max(companies, 1)


def spans_of(operation: Operation[...], request: Any, today: date) -> Sequence[Span]:
    """The ranges of days that are asked one after the other."""
    window = operation.window
    if window is None:
        return (Span(),)
    first, last = (getattr(request, name) for name in (window.first, window.last))
    found = spans(first, last, today=today, longest=window.longest, names=(window.first, window.last))
    if len(found) > 1:
        window.check(request)
    oldest_first = getattr(request, "sort_order", None) == "asc"
    return found[::-1] if oldest_first else found


def page_key(question: Question, span: Span, page: Page) -> str:
    """What tells a page of a company from all others of a call."""
    return f"{question.key} {span} {page.key}"


def rest_of(made: ListPlan, question: Question, kept: Mapping[str, Kept]) -> Meters:
    """What a company costs at most, beside the pages of it that are kept."""
    left, credits, asked = made.share, made.credits(question), 0
    for span in made.spans:
        for page in exact_pages(left, page_size(made.operation)) if left > 0 else ():
            answer = kept.get(page_key(question, span, page))
            if answer is None:
                return Meters(credits=credits, records=left, requests=max(1, made.requests - asked))
            rows = answer.records
            left, credits, asked = left - rows, 0 if rows else credits, asked + 1
            if page.start + page.size >= total(made.operation, answer.body):
                break
    return Meters()


def lines_of(made: ListPlan, rests: Mapping[int, Meters], today: date) -> Iterator[dict[str, Any]]:
    """The lines of its quote, `rests` saying what each company costs."""
    first = {one.key: one.row for one in made.leaders}
    unusable = [(row, why) for row, why in made.inputs.unusable.items()]
    for one in made.inputs.questions:
        leads = first[one.key] == one.row
        until = made.managed.get(one.id) if one.id is not None else None
        rest = rests[one.row] if leads else Meters()
        here = leads and rest == Meters()
        yield {
            "operation": made.operation.name,
            "input_row": one.row,
            "what": one.label,
            "entity": made.operation.cost.entity,
            "id": one.id,
            "status": "held" if here else "listed" if leads else "duplicate",
            "why": "paid and kept" if here else _why(until) if leads else "the same as an earlier line",
            "managed_until": until,
            "days_left": (until - today).days if until else None,
            "credits": rest.credits,
            "records": rest.records,
        }
    for row, why in unusable:
        line = {"operation": made.operation.name, "input_row": row, "what": f"input {row}", "entity": "company"}
        yield line | {"status": "invalid_input", "why": f"not sent: {why}", "credits": 0, "records": 0}


def _why(until: date | None) -> str:
    rows = "each row that comes back is a record"
    return f"{rows}; the company is under management until {until}" if until else f"{rows}; a credit if there is one"
