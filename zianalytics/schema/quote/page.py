"""A quote as a notebook shows it: a bill, what would be left, and the first lines. Texts from outside are inert."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import polars as pl

from zianalytics.inert import as_html

if TYPE_CHECKING:  # a quote shows itself by this room
    from zianalytics.schema.quote.value import Quote

_SHOWN = 10
_MEANINGS = {
    "new": "new: a credit and a record each, at most",
    "managed": "managed: a record, no credit",
    "held": "held: answered from the journal",
    "duplicate": "duplicates: the same as an earlier line",
    "unanswered": "never answered: no second credit",
    "listed": "paid by the record",
    "open_ended": "paid by the record; the last answer may bring more than were left",
    "free": "free of credits and records",
    "at_least": "free of credits and records; many matches take more requests than are told here",
    "invalid_input": "cannot be asked: not sent",
    "opted_out": "suppressed: not sent",
}


def page(quote: Quote) -> str:
    """The HTML of a quote."""
    return (
        f"<div><p><b>{as_html(quote.operation)}</b> costs at most <b>{quote.total}</b>"
        f"{_more(quote)}{_money(quote)}{_time(quote)}</p>"
        f"{_likely(quote)}{_still_reserved(quote)}{_not_by_id(quote)}{_summary(quote)}{_windows(quote)}{_remaining(quote)}{_lines(quote)}"
        "</div>"
    )


def _more(quote: Quote) -> str:
    beyond = " (or more records: those of the last company come whole)" if quote.may_exceed else ""
    return f"{beyond} (or more requests, where many rows match)" if quote.is_at_least else beyond


def _money(quote: Quote) -> str:
    return "" if quote.money is None else f", <b>{quote.money:,}</b> at {quote.credit_price:,} a credit"


def _time(quote: Quote) -> str:
    if not quote.minutes:
        return ""
    took = "less than a minute" if quote.minutes < 1 else f"{quote.minutes:,.0f} minutes or more"
    return f"; {took} at {quote.per_minute:,} requests a minute"


def _likely(quote: Quote) -> str:
    basis = as_html(quote.likely_basis)
    if (likely := quote.likely) is None:
        return f"<p>What is likely is not known: {basis}</p>"
    if likely.credits.low == quote.credits and likely.records.low == quote.records:
        return ""
    return f"<p>likely {likely.credits} credits, {likely.records} records, in about 95 of 100 cases: {basis}</p>"


def _still_reserved(quote: Quote) -> str:
    if not quote.unanswered:
        return ""
    inputs = "1 input that was" if quote.unanswered == 1 else f"{quote.unanswered:,} inputs that were"
    credits = "1 credit" if quote.reserved == 1 else f"{quote.reserved:,} credits"
    return (
        f"<p>and no second credit for {inputs} never answered, beside {credits} that an earlier call still "
        "reserves for them</p>"
    )


def _not_by_id(quote: Quote) -> str:
    if not (number := quote.not_by_id):
        return ""
    inputs = "1 input is no id" if number == 1 else f"{number:,} inputs are no ids"
    return (
        f"<p>{inputs}: the service picks one record for each, also where several fit, or where it is held here. "
        "<code>zi.match</code> finds ids by free searches, and shows where several fit</p>"
    )


def _summary(quote: Quote) -> str:
    by_status = quote.lines.group_by("status", maintain_order=True).agg(
        pl.len().alias("lines"), pl.col("credits", "records").sum()
    )
    rows = [(_MEANINGS[status], *figures) for status, *figures in by_status.rows()]
    return _table(("", "lines", "credits", "records"), rows)


def _windows(quote: Quote) -> str:
    days = quote.lines.filter(pl.col("days_left") > 0)["days_left"]
    if days.is_empty():
        return ""
    known = sorted(days.to_list())
    least, most = known[0], known[-1]
    span = f"{least:,} days" if least == most else f"{least:,} to {most:,} days"
    return f"<p>{len(days):,} under management, for {span} more</p>"


def _remaining(quote: Quote) -> str:
    left = quote.remaining.filter(pl.any_horizontal(pl.col("budget_left", "service_left").is_not_null()))
    if left.is_empty():
        return ""
    rows = [
        (f"{meter} of {pool}" if pool == "websights" else meter, most, budget, after, service, then, told_at)
        for meter, pool, most, budget, after, service, then, told_at in left.rows()
    ]
    heads = ("", "at most", "left of the budget", "after", "left of the limit", "after", "as told on")
    return _table(heads, rows)


def _lines(quote: Quote) -> str:
    first = quote.lines.head(_SHOWN).select("what", "why", "days_left", "credits", "records").rows()
    rest = len(quote.lines) - len(first)
    more = f"<p>and {rest:,} more in <code>.lines</code></p>" if rest > 0 else ""
    table = _table(("what", "why", "days left", "credits", "records"), first)
    return f"<details><summary>Lines</summary>{table}{more}</details>"


def _table(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):  # the day alone: a notebook that is run again shows the same
        return f"{value:%Y-%m-%d}"
    return f"{value:,}" if isinstance(value, int) else as_html(str(value))
