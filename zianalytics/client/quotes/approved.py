"""A call that was approved: the request that it is now, and what of the approval is left for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from zianalytics.api.enterprise import criteria
from zianalytics.api.jobs import JobOperation
from zianalytics.api.spec import Operation
from zianalytics.client.inputs.read import read_inputs
from zianalytics.errors import QuoteRefused
from zianalytics.schema.meters import Meters
from zianalytics.schema.quote import Part, Quote


@dataclass(frozen=True)
class Due:
    """A call that was approved, as it stands now."""

    part: Part
    operation: Operation[...]
    request: Any
    drawn: Meters | None


@dataclass(frozen=True)
class Reckoned:
    """An approval as things stand: its calls, what of it is left, and what those that are due cost at most."""

    dues: Sequence[Due]
    left: Meters
    worst: Meters


def request_of(operation: Operation[...], part: Part) -> Any:
    """The request of a part, made again."""
    if part.inputs is None:
        return operation.request(**part.keywords)
    request = operation.request(list(part.inputs), **part.keywords)
    beside = {} if operation.paging else criteria(operation, request)
    inputs = read_inputs(operation, list(part.inputs), beside)
    return replace(request, of=inputs if part.given is None else replace(inputs, given=part.given))


def within(due: Due, left: Meters, approved: Quote) -> Any:
    """The request with what is left of the approval as its caps."""
    request, operation = due.request, due.operation
    is_redemption = isinstance(operation, JobOperation) and operation.kind == "redeem"
    # Where max_records= is the size of what is asked for it stays what it was.
    is_sized = operation.paging is not None or operation.cost.rows == "counted" or is_redemption
    caps = {f"max_{meter}": amount for meter, amount in asdict(left).items()}
    if "at_least" in approved.lines.filter(operation=operation.name)["status"]:
        caps.pop("max_requests")  # no number of them was approved
    if is_sized:
        caps["max_records"] = approved.records
        kept = ("max_credits", "max_records") if is_redemption else ("max_records",)
        caps |= {name: said for name in kept if (said := getattr(request, name, None)) is not None}
    names: Sequence[str] = [one.name for one in fields(request)]
    return replace(request, **{name: cap for name, cap in caps.items() if name in names})


def less(amount: Meters, drawn: Meters) -> Meters:
    """What is left of an amount."""
    spent = asdict(drawn)
    return Meters(**{meter: max(0, most - spent[meter]) for meter, most in asdict(amount).items()})


def not_understood(part: Part) -> QuoteRefused:
    """The refusal of a part that another version has made."""
    return QuoteRefused(
        f"This quote is for {part.operation} in words that this package does not take, as when another version has "
        "made it. Nothing was sent. Make the quote again.",
        code="unreadable",
    )
