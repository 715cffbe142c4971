"""What was spent, summed by day, endpoint, person or job: decided from the ledger's rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from zianalytics.errors import RequestRefused

_AMOUNTS = ("credits", "records", "requests")
_DAYS = {"day": "1d", "week": "1w", "month": "1mo"}
WORDS = (*_DAYS, "endpoint", "entity", "who", "source", "call", "run")
"""What a statement can be summed by."""


def words(by: str | Sequence[str]) -> list[str]:
    """What `by=` says, each word once.

    Raises
    ------
    RequestRefused
        A word is none of `WORDS`; the message has the nearest ones.
    """
    said = list(dict.fromkeys(by if isinstance(by, list | tuple) else [by]))
    for word in said:
        if word not in WORDS:
            near = get_close_matches(str(word), WORDS, n=1, cutoff=0.5)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            raise RequestRefused(
                f"by={word!r}: a statement is not summed by that.{hint} Nothing was sent. Use {', '.join(WORDS)}."
            )
    return said


def summed(
    charges: pl.DataFrame, requests: pl.DataFrame, by: Sequence[str], entities: Mapping[str, str | None]
) -> pl.DataFrame:
    """Credits, records and requests by some words, in their order; one row in all where there are none.

    Parameters
    ----------
    charges, requests
        As `Statements.ledger` and `Statements.requests` give them.
    by
        Some of `WORDS`.
    entities
        What each endpoint is charged for.
    """
    counted = requests.with_columns(
        pl.col("endpoint").replace_strict(entities, default=None, return_dtype=pl.String).alias("entity")
    )
    rows = pl.concat([charges, counted], how="diagonal").with_columns(
        *(pl.col("charged_at").dt.truncate(every).dt.date().alias(word) for word, every in _DAYS.items())
    )
    sums = [pl.col(name).sum() for name in _AMOUNTS]
    return rows.group_by(*by).agg(sums).sort(*by) if by else rows.select(sums)
