"""What a quote is about, so that it can be paid; and what is known of what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from uuid import uuid4

import polars as pl

from zianalytics.schema.meters import Pool


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Part:
    """One call that was priced, and everything that carrying it out takes.

    Attributes
    ----------
    operation
        "enrich.companies".
    account
        The account that it was priced for, as its folder is called.
    made_at
        When, by the service's time.
    id
        Under which it is paid, so that nothing of it is paid twice.
    keywords
        What was asked, as the call takes it, but for its inputs.
    inputs
        What each input says, by our names; {} for one that cannot be asked. None of a call without inputs.
    given
        The inputs as the user gave them; None where only what was asked is known.
    pool
        Which records and requests it draws on.
    batch, each
        How many inputs a request takes, and how many requests such a batch takes at most.
    requests
        How many it takes in all.
    """

    operation: str
    account: str
    made_at: datetime
    id: str = field(default_factory=lambda: str(uuid4()))
    keywords: Mapping[str, Any] = field(default_factory=dict)
    inputs: Sequence[Mapping[str, Any]] | None = None
    given: pl.DataFrame | None = None
    pool: Pool = "api"
    batch: int = 1
    each: int = 1
    requests: int = 0

    def only(self, rows: Sequence[int], of: int) -> Self:
        """The same call for some of its inputs alone.

        Parameters
        ----------
        rows
            Which of its inputs.
        of
            How many of them would be paid for: `max_records` is shared among those.
        """
        keywords = dict(self.keywords)
        if keywords.get("max_records") is not None:
            keywords["max_records"] = max(1, keywords["max_records"] * len(rows) // of)
        return replace(
            self,
            id=str(uuid4()),
            keywords=keywords,
            inputs=[(self.inputs or ())[row] for row in rows],
            given=None if self.given is None else self.given[list(rows)],
            requests=-(-len(rows) // self.batch) * self.each,
        )


@dataclass(frozen=True, kw_only=True)
class Left:
    """What is left on one meter.

    Attributes
    ----------
    meter, pool
        "credits", "records" or "requests"; and which records and requests.
    budget
        Of the budgets in force; None where none of them speaks of this meter.
    service
        Of the account's limit, as the service said last; None where it is not known, or there is none.
    told_at
        When it said so.
    """

    meter: str
    pool: Pool = "api"
    budget: int | None = None
    service: int | None = None
    told_at: datetime | None = None
