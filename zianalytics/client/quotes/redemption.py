"""Paying a quote: exactly the calls that were priced, for no more than was approved, however often it is tried."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, replace
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any, Protocol, overload

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.client.metered.budget import Budget
from zianalytics.client.metered.exchange import Exchange
from zianalytics.client.quotes.approved import Due, Reckoned, less, not_understood, request_of, within
from zianalytics.errors import OthersAtWork, QuoteRefused, RequestRefused, warn
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Bill, Part, Quote

OLDEST = timedelta(days=30)
"""How old a quote may be, by the service's time, when it begins to be paid."""
_NOTHING = "Nothing was sent that costs anything"


class _Price(Protocol):
    def __call__(self, operation: Operation[...], request: Any, *, run: str | None) -> Quote: ...


class _Pay(Protocol):
    def __call__(self, operation: Operation[...], request: Any, *, run: str | None) -> pl.DataFrame: ...


class Redemptions:
    """Pays quotes.

    Parameters
    ----------
    price
        What a call costs now, given the run that it belongs to; sends nothing.
    pay
        Carries it out, as part of that run.
    settle
        Ends what can be ended without a paid request.
    learn_time
        Hears the service's time at no cost, where it is not known and the service answers.
    credit_price
        What a credit costs now.
    """

    def __init__(
        self,
        journal: Journal,
        exchange: Exchange,
        budget: Budget,
        operations: Mapping[str, Operation[...]],
        price: _Price,
        pay: _Pay,
        settle: Callable[[], object],
        learn_time: Callable[[], object],
        credit_price: Decimal | None,
    ) -> None:
        self._journal, self._exchange, self._operations = journal, exchange, operations
        self._budget = budget
        self._price, self._pay, self._settle, self._learn_time = price, pay, settle, learn_time
        self._credit_price = credit_price

    def redeem(self, approved: Quote) -> tuple[pl.DataFrame, ...]:
        """The frames of all its calls, one after another.

        Raises
        ------
        QuoteRefused
            It cannot be paid as it was approved; nothing was sent.
        BudgetExceeded
            A budget in force allows less.
        """
        self._refuse_foreign(approved)
        with self._alone(approved):
            self._settle()  # what a process that died had kept is paid, and not in doubt
            now = first = self._look_twice(approved)
            frames: list[pl.DataFrame] = []
            with self._reserved(approved, first.worst):
                for n, part in enumerate(approved.parts):
                    if frames:  # those before have drawn on what was approved
                        now = self._look_on(approved, n, first.left)
                    due = now.dues[n]
                    frames.append(self._pay(due.operation, within(due, now.left, approved), run=part.id))
        return tuple(frames)

    def _reserved(self, approved: Quote, worst: Meters) -> AbstractContextManager[None]:
        """A block for whose calls all that they cost at most is reserved at once; one call does so by itself."""
        if len(approved.parts) == 1 or worst == Meters():
            return nullcontext()
        return self._budget.reserved(approved.operation, worst)

    def _alone(self, approved: Quote) -> AbstractContextManager[None]:
        """A block in which nobody else, of any process, pays the same quote."""
        return self._journal.at_work.on(
            sorted({f"redeem {part.id}" for part in approved.parts}),
            waits=lambda shared: warn(OthersAtWork("zi.redeem", shared)),
        )

    def _refuse_foreign(self, approved: Quote) -> None:
        if not approved.parts:
            raise QuoteRefused(
                f"{approved.operation}: this quote says what a call would cost, and not how it is made. Nothing was "
                "sent. Make the call itself.",
                code="no_call",
            )
        if beside := approved.not_redeemable:
            raise QuoteRefused(
                f"{approved.operation}: {' and '.join(beside)} cannot be redeemed, and would be left out. Nothing was "
                "sent. Make that call by itself, and redeem the sum of the other quotes.",
                code="no_call",
            )
        ours = self._journal.folder.name
        if others := sorted({part.account for part in approved.parts} - {ours}):
            raise QuoteRefused(
                f"This quote was made for the account {', '.join(others)}, and this client is of {ours}. Nothing was "
                "sent. Redeem it with a client of that account, or make the quote again with this one.",
                code="other_account",
            )

    def _look_twice(self, approved: Quote) -> Reckoned:
        """How it stands; where our own clock alone speaks against it, the service's time is heard first."""
        try:
            return self._look(approved)
        except QuoteRefused:
            if self._exchange.has_heard:
                raise
            self._learn_time()
            if not self._exchange.has_heard:
                raise
        return self._look(approved)

    def _look_on(self, approved: Quote, done: int, before: Meters) -> Reckoned:
        """How a sum stands, of which `before` was left, for the calls that are due after those that were made."""
        try:
            return self._look(approved, done)
        except QuoteRefused as exc:
            told = str(exc).replace(
                _NOTHING, f"Its first {done} of {len(approved.parts)} calls were made, and are kept"
            )
            refused = QuoteRefused(told, code=str(exc.code), quote=exc.quote)
            drawn = [self._drawn(part) for part in approved.parts]
            left = less(approved.total, sum((one for one in drawn if one), Meters()))
            refused.credits_spent = before.credits - left.credits
            raise refused from exc

    def _look(self, approved: Quote, done: int = 0) -> Reckoned:
        """How it stands, once it is sure that all that is due after the calls that are done costs no more."""
        dues = [self._due(part, approved) for part in approved.parts]
        now = reduce(add, [self._price(due.operation, due.request, run=due.part.id) for due in dues[done:]])
        drawn = sum((due.drawn for due in dues if due.drawn), Meters())
        left = less(approved.total, drawn)
        reckoned = Reckoned(dues, left, now.total)
        if now.total == Meters():
            return reckoned
        self._refuse_dearer(approved, now, left, drawn)
        made_at = approved.made_at
        if made_at is not None and drawn == Meters() and self._exchange.now() - made_at > OLDEST:
            raise QuoteRefused(
                f"{approved.operation}: this quote is of {made_at:%Y-%m-%d}, and one that costs {now.total} is good "
                f"for {OLDEST.days} days. {_NOTHING}. Look at `.quote` of this error, and redeem that.",
                code="too_old",
                quote=now,
            )
        return reckoned

    def _refuse_dearer(self, approved: Quote, now: Quote, left: Meters, drawn: Meters) -> None:
        then = f"{_NOTHING}. Look at `.quote` of this error, and redeem that if it is to be paid."
        if any(amount > asdict(left)[meter] for meter, amount in asdict(now.total).items()):
            day = "" if approved.made_at is None else f" on {approved.made_at:%Y-%m-%d}"
            paid = drawn != Meters()
            been = f", of which {drawn} are paid or reserved" if paid else ""
            if said := self._unanswered(approved, now):
                then = f"{_NOTHING}. {said}"
            raise QuoteRefused(
                f"{approved.operation}: approved{day} were at most {approved.total}{been}, and now it would cost at "
                f"most {now.total}{' more' if paid else ''}: what was held or managed then is not any more, or more is "
                f"asked for. {then}",
                code="paid" if paid else "costs_more",
                quote=now,
            )
        if now.credits and approved.credit_price is not None and (self._credit_price or 0) > approved.credit_price:
            raise QuoteRefused(
                f"{approved.operation}: approved were credits at {approved.credit_price} each, and this client was "
                f"given credit_price={self._credit_price}. {then}",
                code="credit_price",
                quote=now,
            )

    def _unanswered(self, approved: Quote, now: Quote) -> str:
        """What befell requests of it that had no answer, and how they come to an end; nothing where there are none."""
        records = int(now.lines.filter(status="unanswered")["records"].sum())
        lists = [one.id for one in approved.parts if self._operations[one.operation].paging]
        silent = [self._journal.runs.unanswered(one) for one in lists]
        requests, most = sum(count for count, _ in silent), sum((worst for _, worst in silent), Meters())
        if requests:
            records += most.records
            return (
                f"Of its lists {requests:,} request{'s' * (requests > 1)} had no answer, and may have cost up to "
                f"{most}. zia reconcile --ask-lists --max-records {records}, or "
                f'zi.ledger.reconcile(lists="ask", max_records={records}), asks again, which pays the rows a second '
                "time where they were charged; then it can be redeemed, and takes them from the journal. Redeeming "
                "`.quote` of this error pays them again, too."
            )
        if records:
            return (
                f"Requests of it have had no answer: zia reconcile --max-records {records}, or "
                f"zi.ledger.reconcile(max_records={records}), asks them again without a second credit, and then "
                "it can be redeemed; or redeem `.quote` of this error."
            )
        return ""

    def _drawn(self, part: Part) -> Meters | None:
        """What was spent of a part, or may have been; what asks a list again has an allowance of its own."""
        operation = self._operations.get(part.operation)
        return self._journal.runs.drawn(part.id, repeats=operation is None or operation.paging is None)

    def _due(self, part: Part, approved: Quote) -> Due:
        operation = self._operations.get(part.operation)
        if operation is None:
            raise not_understood(part)
        try:
            request = request_of(operation, part)
        except (RequestRefused, TypeError) as exc:
            raise not_understood(part) from exc
        drawn = self._drawn(part)
        if drawn and operation.cost.rows == "counted" and not operation.paging:
            left = less(approved.total, drawn).records
            request = replace(request, max_records=min(request.max_records, left))
        return Due(part, operation, request, drawn)


def as_price(given: Decimal | float | str | None) -> Decimal | None:
    """What a credit costs, as an exact number; None where none is given.

    Raises
    ------
    RequestRefused
        It is no number of 0 or more.
    """
    if given is None:
        return None
    try:
        price = Decimal(str(given))
    except ArithmeticError:
        price = Decimal("nan")
    if isinstance(given, bool) or not price.is_finite() or price < 0:
        raise RequestRefused(
            f"credit_price={given!r} is not a number of 0 or more. Nothing was sent. Say what a credit costs you, in "
            'any one currency: credit_price="0.35".'
        )
    return price


class Redeem:
    """Pays a quote, and gives the frame which the call would have given; `zi.redeem`.

    A quote is its own approval: it needs no `max_credits=`, and draws on what budgets in force allow like any call.
    It is paid for what it says at most: where it would cost more by now, since a record is not held any more, a window
    has ended or something was spent of it, or where nothing of it was paid within 30 days, it is refused
    (`QuoteRefused`, whose `.quote` is the new price) and nothing is sent. A quote that was paid is answered from what
    is held in this home, and costs nothing more. Another home of the account does not know that it was paid: there it
    costs its records once more, lists and searches in full; credits only for what the service does not manage any more.
    """

    def __init__(self, pay: Callable[[Quote], tuple[pl.DataFrame, ...]]) -> None:
        self._pay = pay

    @overload
    def __call__(self, quote: Bill) -> tuple[pl.DataFrame, ...]: ...  # type: ignore[overload-overlap]  # a sum is a quote
    @overload
    def __call__(self, quote: Quote) -> pl.DataFrame: ...
    @overload
    def __call__(self, quote: str | Path) -> Any: ...
    def __call__(self, quote: Quote | str | Path) -> Any:
        """Pay a quote.

        Parameters
        ----------
        quote
            A quote, or the file that its `.save()` wrote.

        Returns
        -------
        polars.DataFrame, or a tuple of them
            What the call would have returned; of a sum one frame for each quote in it, in their order. Of a file the
            frame begins with what was asked, and not with other columns of yours.

        Raises
        ------
        QuoteRefused
            It cannot be paid as it was approved. Nothing was sent.
        BudgetExceeded
            A budget in force has less left, of a sum for all of it together. Nothing was sent.

        Examples
        --------
        >>> quote = zi.search.news.quote(categories=["FUNDING"], limit=3)
        >>> zi.redeem(quote).height
        3
        >>> zi.redeem(quote).height  # it was paid, and costs nothing more
        3
        """
        if not isinstance(quote, Quote | str | Path):
            raise RequestRefused(
                f"zi.redeem takes a quote, or the file that its .save() wrote, not {type(quote).__name__}. Nothing "
                "was sent. Make one by .quote() of the call."
            )
        approved = quote if isinstance(quote, Quote) else Quote.load(quote)
        frames = self._pay(approved)
        return frames if isinstance(approved, Bill) else frames[0]

    def __repr__(self) -> str:
        return "zi.redeem(quote)  Pay a quote, or a file that its .save() wrote, for no more than it says."
