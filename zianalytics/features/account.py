"""Accounts as they were known before a day, and the deals that came after it."""

from __future__ import annotations

from datetime import date, datetime
from importlib.resources import files
from typing import Literal

import polars as pl

from zianalytics.errors import NoHistory, RequestRefused
from zianalytics.schema.account import BESIDE, FEATURES
from zianalytics.warehouse import Warehouse

Known = Literal["received", "dated"]

_KEY = ["company_id", "as_of"]
_QUERIES = ("companies", "technologies", "funding", "intent", "offices")
_NONE_IS = {"technologies": [], "is_recently_funded": False, "funding_usd": 0}


def accounts(warehouse: Warehouse, *, as_of: date | pl.DataFrame, known: Known = "received") -> pl.DataFrame:
    """One row per account as it was known before `as_of`; spends nothing.

    Parameters
    ----------
    warehouse
        The tables.
    as_of
        Nothing of this day, in UTC, or later is seen. A date: one row for each company that was enriched. A frame with
        the columns company_id and as_of: one row for each of its rows.
    known
        "received" (default): what had been received before that day, and nothing else. "dated": for the first months,
        when everything was received only now: facts that carry their own day (intent, funding, technologies) by that
        day, slow-changing ones (headcount, industry and so on) as they are today, marked in `seen_later`. What may have
        come of a deal since is not taken from today: employee_growth_1y is then reckoned from the quarters that were
        over, null where they do not reach a year back, and is_defunct is null.

    Returns
    -------
    polars.DataFrame
        Sorted by company_id and as_of, no duplicates. company_id, as_of, name, seen_later, latest_intent_on,
        latest_funding_on, then the columns of `FEATURES`. A company that was not known by then has a row of nulls.

        Without a signal, the columns of intent are 0 where a signal of any company is held of the 90 days before
        `as_of` (received by then, too, unless known="dated"): intent had been asked for, and none came. Elsewhere they
        are null. Which companies were asked about is not looked into: ask for the same topics, of all the accounts that
        you compare and up to the day, or a 0 may mean that nobody asked.

    Raises
    ------
    NoHistory
        No company was known before `as_of`.
    RequestRefused
        `as_of` or `known` is something else.

    Examples
    --------
    >>> companies = zi.enrich.companies(zi.search.companies(country="Ireland", limit=5), max_credits=5)
    >>> known = features.accounts(zi.warehouse, as_of=zi.today, known="dated")
    >>> known["country"].unique().to_list()
    ['Ireland']
    """
    if known not in ("received", "dated"):
        raise RequestRefused(f'known is {known!r}. Nothing was read. Write "received" or "dated".')
    strict = known == "received"
    with warehouse:
        asked = _asked(warehouse, as_of)
        tables = {name: warehouse.sql(_query(name), asked=asked, strict=strict) for name in _QUERIES}
    frame = tables.pop("companies")
    if frame["name"].null_count() == frame.height:
        raise NoHistory(_no_history(warehouse, asked, strict=strict))
    for table in tables.values():
        frame = frame.join(table, on=_KEY, how="left", maintain_order="left")
    is_known = pl.col("seen_later").is_not_null()
    columns = BESIDE | {feature.name: feature.dtype for feature in FEATURES}
    return frame.with_columns(pl.col(name).fill_null(value) for name, value in _NONE_IS.items()).select(
        *_KEY, *(pl.when(is_known).then(name).cast(dtype) for name, dtype in columns.items() if name not in _KEY)
    )


def deals(warehouse: Warehouse) -> pl.DataFrame:
    """One row per closed deal with a company that was matched; spends nothing.

    Parameters
    ----------
    warehouse
        The tables.

    Returns
    -------
    polars.DataFrame
        Sorted by opened_on and company_id: deal_id, company_id, opened_on, closed_on, won, amount_usd, and `as_of`, the
        day before which an account may be seen: that of the opening. Hand it to `accounts(as_of=...)`.

    Raises
    ------
    NoHistory
        No closed deal with a matched company was given.
    """
    found = warehouse.sql(_query("deals"))
    if found.is_empty():
        raise NoHistory(
            "No closed deal of a matched company is in the warehouse. Nothing was spent. "
            "Match your deals to companies, give them to the journal, and load the warehouse."
        )
    return found


def _query(name: str) -> str:
    return files(__package__).joinpath("sql", f"{name}.sql").read_text("utf-8")


# docs/assumptions.md, "day of a fact"
def _asked(warehouse: Warehouse, as_of: date | pl.DataFrame) -> pl.DataFrame:
    if isinstance(as_of, pl.DataFrame):
        return _pairs(as_of)
    if not isinstance(as_of, date) or isinstance(as_of, datetime):
        raise RequestRefused(
            f"as_of is {type(as_of).__name__}. Nothing was read. Pass a date, or a frame with one a row."
        )
    ids = warehouse.sql("SELECT company_id FROM companies ORDER BY company_id")
    return ids.with_columns(pl.lit(as_of).alias("as_of"))


def _pairs(frame: pl.DataFrame) -> pl.DataFrame:
    if missing := [name for name in _KEY if name not in frame.columns]:
        raise RequestRefused(
            f"as_of has no column {', '.join(missing)}. Nothing was read. It needs company_id and as_of."
        )
    pairs = frame.select(_KEY)
    if pairs["as_of"].dtype != pl.Date or not pairs["company_id"].dtype.is_integer() or any(pairs.null_count().row(0)):
        raise RequestRefused(
            "as_of needs a whole company_id and a date in each row. Nothing was read. Drop rows without a company."
        )
    return pairs.with_columns(pl.col("company_id").cast(pl.Int64)).unique().sort(_KEY)


def _no_history(warehouse: Warehouse, asked: pl.DataFrame, *, strict: bool) -> str:
    first = warehouse.sql("SELECT min(received)::DATE AS day FROM companies_history").item()
    if first is None:
        return "No company was enriched yet. Nothing was spent. Enrich companies, then load the warehouse."
    if not strict:
        return "None of these companies was enriched. Nothing was spent. Enrich them, then load the warehouse."
    last = asked.select(pl.col("as_of").max().dt.to_string()).item()
    return (
        f"No company was known before {last}: the first was received on {first}. Nothing was spent. "
        'Ask for a later day, or pass known="dated" to use today\'s slow-changing facts with a mark.'
    )
