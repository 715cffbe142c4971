"""When the twelve months of what was redeemed end, and what it costs to have it again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import AnswerUnreadable
from zianalytics.frames.decode import decode
from zianalytics.journal import Journal, Reply
from zianalytics.schema.meters import Entity

# The enrichment that asks for a record again, and the columns that name it.
_AGAIN: Mapping[Entity, tuple[str, tuple[str, ...]]] = {
    "company": ("enrich.companies", ("name",)),
    "contact": ("enrich.contacts", ("first_name", "last_name")),
    "location": ("enrich.master_data", ("name",)),
}
EXPIRING = pl.Schema(
    {
        "entity": pl.String(),
        "id": pl.Int64(),
        "name": pl.String(),
        "charged_on": pl.Date(),
        "managed_until": pl.Date(),
        "days_left": pl.Int64(),
        "status": pl.String(),
        "is_certain": pl.Boolean(),
    }
)
RENEWAL = pl.Schema(
    {
        "choice": pl.String(),
        "entity": pl.String(),
        "count": pl.Int64(),
        "first_day": pl.Date(),
        "last_day": pl.Date(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
        "requests": pl.Int64(),
        "what": pl.String(),
    }
)
REFRESH, RENEW = "refresh", "renew"


def ending(journal: Journal, *, today: date, days: int, ended_days: int) -> pl.DataFrame:
    """The records whose window ends within some days, or has ended within some, the first to end first."""
    first, last = today - timedelta(days=ended_days), today + timedelta(days=days)
    frames = [_of_entity(journal, entity, today, first, last) for entity in _AGAIN]
    return pl.concat(frames).sort("managed_until", "entity", "id")


def _of_entity(journal: Journal, entity: Entity, today: date, first: date, last: date) -> pl.DataFrame:
    ends = pl.col("managed_until")
    found = journal.managed(entity).filter((ends > first) & (ends <= last))
    ids = found["id"].to_list()
    names, uncertain = _names(journal, entity, ids), journal.statements.uncertain(entity, ids)
    return found.select(
        pl.lit(entity).alias("entity"),
        "id",
        pl.col("id").replace_strict(names, default=None, return_dtype=pl.String).alias("name"),
        "charged_on",
        "managed_until",
        (ends - today).dt.total_days().alias("days_left"),
        pl.when(ends > today).then(pl.lit("managed")).otherwise(pl.lit("lapsed")).alias("status"),
        (~pl.col("id").is_in(list(uncertain))).alias("is_certain"),
    ).match_to_schema(EXPIRING)


def _names(journal: Journal, entity: Entity, ids: Sequence[int]) -> dict[int, str]:
    """The names of records, as far as a reply that is held tells them; of several the newest."""
    operation, columns = _AGAIN[entity]
    held = journal.held(operation, ids=ids).filter(pl.col("fields").list.set_intersection(list(columns)).list.len() > 0)
    replies = journal.some_replies(held["reply"].unique().sort().to_list())
    names: dict[int, str] = {}
    for reply in replies.values():
        names |= _named(OPERATIONS[reply.operation], reply, columns)
    return names


def _named(operation: Operation[...], reply: Reply, columns: Sequence[str]) -> dict[int, str]:
    with suppress(AnswerUnreadable):
        frame = decode(operation, [reply.body], [reply.about]).frame
        whole = pl.concat_str(columns, separator=" ", ignore_nulls=True).alias("whole")
        named = frame.select(operation.record.key[0], whole).drop_nulls()
        return dict(named.filter(pl.col("whole") != "").rows())
    return {}


# docs/assumptions.md, "a re-enrichment inside the management window"
def renewal(records: pl.DataFrame, *, credit_price: Decimal | None = None) -> pl.DataFrame:
    """What it costs to ask for these records again, before their windows end and after: one row per choice and entity.

    Parameters
    ----------
    records
        As `ending` gives them.
    credit_price
        What a credit costs; there is a column of money where it is known.
    """
    rows = [row for entity in _AGAIN for row in _choices(entity, records.filter(pl.col("entity") == entity))]
    plan = pl.DataFrame(rows, schema=RENEWAL, orient="row").sort("choice", "last_day", "first_day", "entity")
    if credit_price is None:
        return plan
    places = max(0, -int(credit_price.as_tuple().exponent))
    money = pl.Series("money", [one * credit_price for one in plan["credits"]], dtype=pl.Decimal(38, places))
    return plan.insert_column(plan.columns.index("what"), money)


def _choices(entity: Entity, records: pl.DataFrame) -> list[tuple[object, ...]]:
    batch = OPERATIONS[_AGAIN[entity][0]].batch
    managed = records.filter(pl.col("status") == "managed")
    rows: list[tuple[object, ...]] = []
    for choice, some in ((REFRESH, managed), (RENEW, records)):
        if some.is_empty():
            continue
        first, last = some.select(pl.col("managed_until").min().alias("first"), pl.max("managed_until")).row(0)
        credits = some.height if choice == RENEW else some.height - some["is_certain"].sum()
        days = (None, first - timedelta(days=1)) if choice == REFRESH else (first, last)
        requests = math.ceil(some.height / batch)
        rows.append((choice, entity, some.height, *days, credits, some.height, requests, _WHAT[choice]))
    return rows


_WHAT = {
    REFRESH: "ask by last_day: newest values, and no credit but for windows that are not certain; when they end is not "
    "known to move",
    RENEW: "ask once each window has ended, from its managed_until on: a credit each, and twelve months from then",
}
