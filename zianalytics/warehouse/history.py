"""Current rows and their history: a pure function of what is held and what arrived."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Self

import polars as pl

from zianalytics.warehouse.tables import KEPT, Table


@dataclass(frozen=True, eq=False)
class Arrival:
    """Rows of one kind that came with sources which were asked for the same.

    Attributes
    ----------
    rows
        The record's columns and `extra`; `source`, the number of the reply or of what the user gave, and `received`,
        when that came.
    asked
        The columns that the sources were asked for; empty means all.
    """

    rows: pl.DataFrame
    asked: frozenset[str]

    @classmethod
    def of_one(cls, rows: pl.DataFrame, asked: frozenset[str], source: int, received: datetime) -> Self:
        """What came with one source alone."""
        stamps = {"source": pl.lit(source, KEPT["source"]), "received": pl.lit(received, KEPT["received"])}
        return cls(rows.with_columns(**stamps), asked)


def merge(table: Table, held: pl.DataFrame, arrivals: Sequence[Arrival]) -> pl.DataFrame:
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

    Returns
    -------
    polars.DataFrame
        The columns of the table for each row that is held or came; `is_current`, whether it is the last of its key, and
        `is_version`, whether it came and is not as the one before.
    """
    every = frozenset(table.record.names)
    groups = [every, *(arrival.asked | set(table.key) if arrival.asked else every for arrival in arrivals)]
    came = [_stamped(table, arrival, n) for n, arrival in enumerate(arrivals, start=1)]
    named = pl.all_horizontal(pl.col(name).is_not_null() for name in table.record.key)
    new = pl.concat(came).filter(named).sort("source", maintain_order=True)
    key = list(table.key)
    known = held.join(new.select(key).unique(), on=key, how="semi", nulls_equal=True).with_columns(
        pl.lit(0, pl.Int64).alias("group")
    )
    ordered = pl.concat([known.select(new.columns), new]).sort(key, maintain_order=True)
    merged = ordered.with_columns(_latest(name, groups, key) for name in table.record.names).with_columns(_dated(table))
    place, last = pl.int_range(pl.len()).over(key), pl.len().over(key) - 1
    flags = {"is_current": place == last, "is_version": _changed(table, merged) & (pl.col("group") > 0)}
    return merged.with_columns(**flags).select(*table.schema, *flags)


def _stamped(table: Table, arrival: Arrival, group: int) -> pl.DataFrame:
    return arrival.rows.select(
        *table.record.names,
        "extra",
        "source",
        "received",
        pl.lit(None, KEPT["dated"]).alias("dated"),
        pl.lit(group, pl.Int64).alias("group"),
    )


def _changed(table: Table, merged: pl.DataFrame) -> pl.Series:
    """Whether each row is the first of its key, or not as the one before."""
    follows = merged.select(pl.int_range(pl.len()).over(table.key) > 0).to_series()
    if not follows.any():
        return ~follows
    record = merged.select(*table.record.names, "extra")
    now, before = record.filter(follows), record.filter(follows.shift(-1, fill_value=False))
    differs = reduce(or_, (_differ(now[name], before[name]) for name in record.columns))
    return (~follows).scatter(follows.arg_true(), differs)


def _differ(now: pl.Series, before: pl.Series) -> pl.Series:
    """Whether each value is not the one at its place in the other column.

    polars compares lists one by one; all of their members at a time are ten times as fast.
    """
    if isinstance(now.dtype, pl.Struct):
        fields = (_differ(now.struct.field(name), before.struct.field(name)) for name in now.struct.fields)
        return reduce(or_, fields, now.is_null() != before.is_null())
    if not isinstance(now.dtype, pl.List):
        return now.ne_missing(before)
    length = now.list.len()
    differs = length.ne_missing(before.list.len())
    if differs.any():
        alike = ~differs
        return differs.scatter(alike.arg_true(), _differ(now.filter(alike), before.filter(alike)))
    inside = _differ(_members(now), _members(before))
    if not inside.any():
        return differs
    row = _members(pl.int_range(len(now), eager=True).repeat_by(length.fill_null(0)))
    return differs.scatter(row.filter(inside).unique(), values=True)


def _members(lists: pl.Series) -> pl.Series:
    return lists.explode(empty_as_null=False, keep_nulls=False)


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
