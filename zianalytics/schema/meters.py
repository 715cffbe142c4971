"""The three meters that the service counts: credits, records and requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Entity = Literal["company", "contact", "location", "intent", "news", "scoop", "ip"]


@dataclass(frozen=True, kw_only=True)
class Meters:
    """An amount on each meter: a price, a charge, an allowance.

    Examples
    --------
    >>> Meters(credits=2, records=3, requests=1) + Meters(records=1, requests=1)
    Meters(credits=2, records=4, requests=2)
    """

    credits: int = 0
    records: int = 0
    requests: int = 0

    def __add__(self, other: Meters) -> Meters:
        return Meters(
            credits=self.credits + other.credits,
            records=self.records + other.records,
            requests=self.requests + other.requests,
        )

    def __str__(self) -> str:
        amounts = ((self.credits, "credit"), (self.records, "record"), (self.requests, "request"))
        return ", ".join(f"{n:,} {word}" + "s" * (n != 1) for n, word in amounts)


Rows = Literal["records", "counted", "together"]
Pool = Literal["api", "websights"]


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one call of an operation is charged for, beside its request.

    Attributes
    ----------
    entity
        What is charged; None when a call costs a request and nothing else.
    credit_per_new_record
        A record that the organisation does not manage yet costs a credit and is then managed for 12 months.
    counts_records
        Every record returned is counted, managed or not.
    counts_requests
        The call itself is counted; look-ups and usage are not.
    rows
        What the rows of an answer are: "records" of the entity; or a list about the entity that an input names, of
        which each row is a record ("counted"), or which is one as a whole ("together").
    listed
        What each row of such a list is, where each is a record; the entity is what it redeems.
    pool
        Which records and requests are counted: those of the account, or those of its WebSights.
    """

    entity: Entity | None = None
    credit_per_new_record: bool = False
    counts_records: bool = False
    counts_requests: bool = True
    rows: Rows = "records"
    listed: Entity | None = None
    pool: Pool = "api"

    @property
    def charged(self) -> Entity:
        """What is charged.

        Raises
        ------
        ValueError
            A call costs its request alone.
        """
        if self.entity is None:
            raise ValueError("nothing is charged for it but its request")
        return self.entity

    @property
    def may_pay(self) -> bool:
        """Whether a call can cost credits or records, so that it must not be repeated lightly."""
        return self.credit_per_new_record or self.counts_records

    @property
    def is_free(self) -> bool:
        """Whether a call costs nothing on any meter: it alone is repeated where it may have been carried out."""
        return not (self.may_pay or self.counts_requests)


FREE = Cost(counts_requests=False)
"""Look-ups and usage: not metered at all."""

REQUEST_ONLY = Cost()
"""Company and contact search: one request, no credit, no record."""
