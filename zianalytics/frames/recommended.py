"""The contacts that signals recommend, as a frame of their own."""

from __future__ import annotations

import polars as pl

from zianalytics.errors import RequestRefused
from zianalytics.frames.long import long

_NEEDED = ("company_id", "company_name", "topic", "signal_score", "signal_date", "recommended_contacts")


def recommended(signals: pl.DataFrame) -> pl.DataFrame:
    """One row per contact that signals of intent recommend, ready for `zi.enrich.contacts`; spends nothing.

    Parameters
    ----------
    signals
        What `zi.search.intent` or `zi.enrich.intent` gave.

    Returns
    -------
    polars.DataFrame
        contact_id, first_name, last_name, job_title, job_function, company_id, company_name, and of the signals that
        recommend them: topics (sorted), signal_score (the highest) and signal_date (the latest). The contacts of the
        strongest signals come first.

    Raises
    ------
    RequestRefused
        The frame has not the columns of signals.

    Examples
    --------
    >>> from zianalytics.schema.signals import INTENT_SIGNAL
    >>> recommended(pl.DataFrame(schema=INTENT_SIGNAL.schema)).columns[:4]
    ['contact_id', 'first_name', 'last_name', 'job_title']
    """
    if missing := [name for name in _NEEDED if name not in signals.columns]:
        raise RequestRefused(
            f"The frame has no {', '.join(missing)}. Nothing was changed. Pass the signals of zi.enrich.intent or "
            "zi.search.intent."
        )
    keys = [name for name in _NEEDED if name != "recommended_contacts"]
    return (
        long(signals.select(_NEEDED), "recommended_contacts", keys=keys)
        .group_by("contact_id", maintain_order=True)
        .agg(
            pl.first("first_name", "last_name", "job_title", "job_function", "company_id", "company_name"),
            pl.col("topic").unique().sort().alias("topics"),
            pl.max("signal_score", "signal_date"),
        )
        .sort(["signal_score", "signal_date", "contact_id"], descending=[True, True, False])
    )
