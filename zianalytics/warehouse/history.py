"""Current rows and their history: a pure function of what is held and what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from zianalytics.warehouse.tables import KEPT, Table


@dataclass(frozen=True, eq=False)
class Arrival:
    """Rows of one kind that came with one source.

    Attributes
    ----------
    rows
        The record's columns and `extra`.
    asked
        The columns that the source was asked for; empty means all.
    source
        Number of the reply, or of what the user gave.
    received
        When it came.
    """

    rows: pl.DataFrame
    asked: frozenset[str]
    source: int
    received: datetime


@dataclass(frozen=True, eq=False)
class Merged:
    """The rows that are current now, one per key that arrived, and the new versions among them and before."""

    current: pl.DataFrame
    versions: pl.DataFrame


def merge(table: Table, held: pl.DataFrame, arrivals: Sequence[Arrival]) -> Merged:
    """Lay what arrived over what is held, in the order of its sources.

    A column that a source was not asked for keeps the value it had; one that was asked for and came empty becomes
    null (docs/assumptions.md, "a column that came empty"). A version is new when any column of the record, or `extra`,
    differs from the version before.

    Parameters
    ----------
    table
        Which table.
    held
        Its current rows, at least those whose keys arrive.
    arrivals
        What came.
    """
    every = frozenset(table.record.names)
    groups = [every, *(arrival.asked | set(table.key) if arrival.asked else every for arrival in arrivals)]
    came = [_stamped(table, arrival, n) for n, arrival in enumerate(arrivals, start=1)]
    new = pl.concat(came).filter(pl.all_horizontal(pl.col(name).is_not_null() for name in table.record.key))
    key = list(table.key)
    known = held.join(new.select(key).unique(), on=key, how="semi", nulls_equal=True).with_columns(
        pl.lit(0, pl.Int64).alias("group")
    )
    ordered = pl.concat([known.select(new.columns), new]).sort([*key, "group"], maintain_order=True)
    merged = ordered.with_columns(_latest(name, groups, key) for name in table.record.names)
    merged = merged.with_columns(_dated(table), _fingerprint(table).alias("version"))
    changed = pl.col("version").ne_missing(pl.col("version").shift(1)).over(key) | (
        pl.int_range(pl.len()).over(key) == 0
    )
    columns = list(table.schema)
    return Merged(
        current=merged.unique(key, keep="last", maintain_order=True).select(columns),
        versions=merged.filter(changed & (pl.col("group") > 0)).select(columns),
    )


def _stamped(table: Table, arrival: Arrival, group: int) -> pl.DataFrame:
    names = [*table.record.names, "extra"]
    return arrival.rows.select(names).with_columns(
        pl.lit(None, KEPT["dated"]).alias("dated"),
        pl.lit(arrival.received, KEPT["received"]).alias("received"),
        pl.lit(arrival.source, pl.Int64).alias("source"),
        pl.lit(group, pl.Int64).alias("group"),
    )


def _latest(name: str, groups: Sequence[frozenset[str]], key: Sequence[str]) -> pl.Expr:
    """The column's value from the latest row of the key whose source was asked for it."""
    silent = [n for n, asked in enumerate(groups) if name not in asked]
    if not silent:
        return pl.col(name)
    at = pl.when(~pl.col("group").is_in(silent)).then(pl.int_range(pl.len(), dtype=pl.Int64)).forward_fill().over(key)
    return pl.col(name).gather(at)


def _dated(table: Table) -> pl.Expr:
    if table.dated_by is None:
        return pl.lit(None, KEPT["dated"]).alias("dated")
    day = pl.col(table.dated_by)
    stated = day if table.record.schema[table.dated_by] == KEPT["dated"] else day.cast(pl.Datetime("us"))
    return stated.dt.replace_time_zone("UTC").alias("dated")


def _fingerprint(table: Table) -> pl.Expr:
    return pl.struct(*table.record.names, "extra").struct.json_encode()
