"""What stands around the price of a call: how it is paid later, what was seen of inputs alike, what would be left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import polars as pl

from zianalytics.api.describe import parameters
from zianalytics.api.enterprise import LIMITS, criteria
from zianalytics.api.jobs import JobOperation, opened
from zianalytics.api.spec import Operation
from zianalytics.client.inputs.read import Inputs, read_inputs
from zianalytics.client.metered.budget import Budget
from zianalytics.client.metered.exchange import Exchange
from zianalytics.journal import Journal
from zianalytics.schema.quote import Left, Part, Quote, Seen


def with_inputs(operation: Operation[...], request: Any) -> Any:
    """The request with its inputs read, so that they are read once, and stay what they are."""
    if not hasattr(request, "of"):
        return request
    of = opened(request.of) if isinstance(operation, JobOperation) else request.of
    beside = {} if operation.paging else criteria(operation, request)
    return replace(request, of=read_inputs(operation, of, beside))


class Surroundings:
    """Completes quotes.

    Parameters
    ----------
    per_minute
        How many requests a minute the account may make; None where nobody knows.
    credit_price
        What a credit costs.
    """

    def __init__(
        self,
        journal: Journal,
        exchange: Exchange,
        budget: Budget,
        per_minute: Callable[[], int] | None,
        credit_price: Decimal | None,
    ) -> None:
        self._journal, self._exchange, self._budget = journal, exchange, budget
        self._per_minute, self._credit_price = per_minute, credit_price

    def complete(self, operation: Operation[...], request: Any, quote: Quote) -> Quote:
        """The quote with all that is known around it; sends nothing.

        Parameters
        ----------
        request
            What was priced, its inputs read.
        """
        return replace(
            quote,
            parts=(self._part(operation, request, quote),),
            seen=tuple(self._seen(operation, quote)),
            left=tuple(self._left(operation)),
            per_minute=self._per_minute() if self._per_minute else None,
            credit_price=self._credit_price,
        )

    def _part(self, operation: Operation[...], request: Any, quote: Quote) -> Part:
        inputs = getattr(request, "of", None)
        leaders = len({one.key for one in inputs.questions}) if inputs and operation.paging else 0
        said = {one.name: getattr(request, one.name) for one in parameters(type(request)) if one.name != "of"}
        return Part(
            operation=operation.name,
            account=self._journal.folder.name,
            made_at=self._exchange.now(),
            keywords={name: deepcopy(value) for name, value in said.items() if value is not None},
            inputs=None if inputs is None else _said(inputs),
            given=None if inputs is None else inputs.given,
            pool=operation.cost.pool,
            batch=operation.batch,
            each=max(1, quote.requests // leaders) if leaders else 1,
            requests=quote.requests,
        )

    def _seen(self, operation: Operation[...], quote: Quote) -> Iterator[Seen]:
        uncertain = quote.lines.filter(pl.col("status").is_in(["new", "listed"]))["by"].drop_nulls()
        if kinds := uncertain.unique(maintain_order=True).to_list():
            for by, asked, matched in self._journal.runs.seen(operation.kept_as, kinds):
                yield Seen(operation=operation.name, by=by, asked=asked, matched=matched)
        if operation.paging and operation.long and (most := int(quote.lines["records"].sum())):
            most = most // len(quote.lines.filter(pl.col("records") > 0))  # the share of each
            listed = self._journal.runs.listed(operation.name)
            # Of a run that has cut one off before as many, all are left out: those with few rows would speak alone.
            cut = {run for run, asked, came in listed if asked <= came and asked < most}
            brought = [min(came, most) for run, _, came in listed if run not in cut]
            if brought:
                matched = sum(came > 0 for came in brought)
                yield Seen(operation=operation.name, asked=len(brought), matched=matched, rows=tuple(brought))

    def _left(self, operation: Operation[...]) -> Iterator[Left]:
        caps = self._journal.ledger.caps
        rests = [asdict(caps.left(cap)) for cap in self._budget.in_force]
        pool = operation.cost.pool
        limits = LIMITS[pool]
        told = self._journal.usage.newest(limits.values())
        for meter in ("credits", "records", "requests"):
            said = told.get(limits.get(meter, ""))
            used, allowed = (said.used, said.allowed) if said else (None, None)
            yield Left(
                meter=meter,
                pool=pool,
                budget=min((rest[meter] for rest in rests if rest[meter] is not None), default=None),
                service=None if used is None or allowed is None else allowed - used,
                told_at=said.at if said else None,
            )


def _said(inputs: Inputs) -> list[dict[str, Any]]:
    says: list[dict[str, Any]] = [{} for _ in range(inputs.given.height)]
    for one in inputs.questions:
        says[one.row] = dict(one.says)
    return says
