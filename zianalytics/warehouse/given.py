"""Closed deals as the user gives them: checked once, kept in the journal as lines of JSON, read back the same."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from zianalytics.api.foreign import as_polars, by_value, is_frame
from zianalytics.errors import RequestRefused, StoreDamaged
from zianalytics.inert import visible
from zianalytics.schema.deal import DEAL

if TYPE_CHECKING:
    from zianalytics.clock import ServerClock
    from zianalytics.journal import Journal

DEALS_GIVEN = "deals"
_NEEDED = ("deal_id", "company_id", "outcome", "opened_on", "closed_on")


class Give:
    """Facts of your own, kept in the journal beside ZoomInfo's."""

    def __init__(self, journal: Journal, clock: ServerClock) -> None:
        self._journal, self._clock = journal, clock

    def deals(self, deals: pl.DataFrame) -> None:
        """Keep closed deals for the warehouse and for scoring; what was given before is replaced by deal_id.

        Parameters
        ----------
        deals
            One row per deal: deal_id, company_id (null where none was matched), outcome ("won" or "lost"), opened_on,
            closed_on; and, where known, company_name, website, amount_usd.

        Raises
        ------
        RequestRefused
            A column is missing or of another type, a deal contradicts itself, or one is closed on a day still to come.
            Nothing is kept.
        """
        now = self._clock.now()
        self._journal.give(DEALS_GIVEN, pack_deals(deals, today=now.date()), at=now)

    def __repr__(self) -> str:
        return "zi.give.deals  Keep closed deals for the warehouse and for scoring."


def pack_deals(deals: pl.DataFrame, *, today: date | None = None) -> bytes:
    """Closed deals as the journal keeps them, for `journal.give("deals", ...)`.

    Parameters
    ----------
    deals
        One row per deal: deal_id, company_id (null where none was matched), outcome ("won" or "lost"), opened_on,
        closed_on; and, where known, company_name, website, amount_usd. Other columns are left behind.
    today
        The day in UTC: none may be closed later, wherever it was closed. None: not checked.

    Raises
    ------
    RequestRefused
        It is no frame, a column is missing or of another type, an outcome is another word, a deal comes twice, or one
        was closed before it was opened or on a day still to come.
    """
    if not is_frame(deals):
        then = "Collect it first: deals.collect()" if isinstance(deals, pl.LazyFrame) else "Make one: pl.DataFrame(...)"
        raise RequestRefused(f"Deals are given as a frame, not {type(deals).__name__}. Nothing was kept. {then}")
    deals = as_polars(deals, call="zi.give.deals", harm="Nothing was kept.")
    if missing := [name for name in _NEEDED if name not in deals.columns]:
        raise RequestRefused(
            f"The deals have no column {', '.join(missing)}. Nothing was kept. Add it, or rename yours."
        )
    known = [name for name in DEAL.names if name in deals.columns]
    try:
        for name in known:
            if DEAL.schema[name] == pl.Int64() and not deals[name].dtype.is_integer():  # a cast cuts fractions off
                deals = deals.with_columns(by_value(name, deals[name], call="zi.give.deals", harm="Nothing was kept."))
        told = deals.select(pl.col(name).cast(DEAL.schema[name]) for name in known)
    except pl.exceptions.PolarsError as exc:
        raise RequestRefused(
            f"The deals hold a value of another type ({str(exc).splitlines()[0]}). Nothing was kept. "
            "company_id and amount_usd are whole numbers; opened_on and closed_on are dates."
        ) from exc
    if told["deal_id"].null_count() or told["deal_id"].is_duplicated().any():
        raise RequestRefused(
            "A deal has no deal_id, or two share one. Nothing was kept. Give each deal an id of its own."
        )
    if odd := sorted(set(told["outcome"].fill_null("empty")) - {"won", "lost"}):
        raise RequestRefused(
            f'An outcome is {", ".join(odd)}. Nothing was kept. Write "won" or "lost", and leave open deals out.'
        )
    if not told.select((pl.col("closed_on") >= pl.col("opened_on")).fill_null(value=False).all()).item():
        raise RequestRefused("A deal lacks a day, or was closed before it was opened. Nothing was kept. Correct it.")
    if today is not None:
        _check_closed(told, today)
    absent = [pl.lit(None, DEAL.schema[name]).alias(name) for name in DEAL.names if name not in known]
    return told.with_columns(absent).select(DEAL.names).write_ndjson().encode()


def _check_closed(deals: pl.DataFrame, today: date) -> None:
    """Refuse deals that are closed after the day: it may be tomorrow already where they were closed, and no later."""
    ahead = deals.filter(pl.col("closed_on") > today + timedelta(days=1)).sort("closed_on", "deal_id", descending=True)
    if ahead.height:
        name, day = ahead.select("deal_id", "closed_on").row(0)
        raise RequestRefused(
            f"Of these deals, {ahead.height} would be closed after today, {today}: {visible(name)} on {day}. Nothing "
            "was kept. Leave open deals out, whose day of closing is a guess, and correct the others."
        )


def unpack_deals(payload: bytes) -> pl.DataFrame:
    """The deals that `pack_deals` wrote, with a column `extra` as every table has."""
    texts = {name: pl.String() if dtype == pl.Date() else dtype for name, dtype in DEAL.schema.items()}
    try:
        read = pl.read_ndjson(io.BytesIO(payload), schema=texts)
        days = [pl.col(name).str.to_date("%Y-%m-%d") for name, dtype in DEAL.schema.items() if dtype == pl.Date()]
        return read.with_columns(*days, pl.lit(None, pl.String).alias("extra"))
    except pl.exceptions.PolarsError as exc:
        raise StoreDamaged(
            "The deals in the journal cannot be read. Nothing was changed. Give them again from your own file."
        ) from exc
