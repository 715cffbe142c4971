"""What a match gives: three frames, and each row of the list in one of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from zianalytics.client.inputs.read import apart
from zianalytics.inert import as_html


@dataclass(frozen=True)
class Finding:
    """What was found for one row of a list.

    Attributes
    ----------
    by
        By what.
    hits
        The records that fit, by the columns of the match.
    """

    by: str
    hits: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, eq=False, repr=False)
class Matched:
    """The records of a list, sorted by how certain it is which they are; each row of the list is in one frame.

    Attributes
    ----------
    matched
        The given columns, the id and name of what was found, and `matched_by`.
    ambiguous
        The given columns, `matched_by`, and `candidates`: a list of ids and names. None was picked.
    failed
        The given columns, and `why` nothing was found.
    requests
        How many requests it took.
    """

    matched: pl.DataFrame
    ambiguous: pl.DataFrame
    failed: pl.DataFrame
    requests: int

    def __repr__(self) -> str:
        return f"<Matched: {self._counts()}>"

    def _repr_html_(self) -> str:
        parts = (("matched", self.matched), ("ambiguous", self.ambiguous), ("failed", self.failed))
        tables = "".join(
            f"<details><summary>.{name}: {frame.height:,} rows</summary>{_html(frame.head(10))}</details>"
            for name, frame in parts
        )
        return f"<div><p>{as_html(self._counts())}</p>{tables}</div>"

    def _counts(self) -> str:
        total = self.matched.height + self.ambiguous.height + self.failed.height
        return (
            f"{self.matched.height:,} of {total:,} matched, {self.ambiguous.height:,} ambiguous, "
            f"{self.failed.height:,} failed; {self.requests:,} request{'' if self.requests == 1 else 's'}, no credits"
        )


@dataclass(frozen=True)
class Sorting:
    """How findings become frames.

    Attributes
    ----------
    columns
        The columns of a hit.
    nothing
        What to say of a row for which nothing was found.
    failed
        What to say of single rows instead.
    """

    columns: pl.Schema
    nothing: str
    failed: Mapping[int, str] = field(default_factory=dict)

    def sort(self, given: pl.DataFrame, found: Mapping[int, Finding], *, requests: int) -> Matched:
        """Each row of the list under what was found for it: one record, several, or none."""
        one = sorted(row for row, finding in found.items() if len(finding.hits) == 1)
        more = sorted(row for row, finding in found.items() if len(finding.hits) > 1)
        none = [row for row in range(given.height) if row not in found]
        hits = pl.DataFrame([found[row].hits[0] for row in one], schema=self.columns)
        candidates = pl.List(pl.Struct(dict(self.columns)))
        ambiguous = {
            "matched_by": _by(found, more),
            "candidates": pl.Series([list(found[row].hits) for row in more], dtype=candidates),
        }
        why = {"why": pl.Series([self.failed.get(row, self.nothing) for row in none], dtype=pl.String)}
        return Matched(
            _beside(given[one], {**hits.to_dict(), "matched_by": _by(found, one)}),
            _beside(given[more], ambiguous),
            _beside(given[none], why),
            requests,
        )


def _by(found: Mapping[int, Finding], rows: Sequence[int]) -> pl.Series:
    return pl.Series([found[row].by for row in rows], dtype=pl.String)


def _beside(given: pl.DataFrame, columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    names = apart(list(columns), given.columns)
    return given.with_columns(series.alias(names.get(name, name)) for name, series in columns.items())


def _html(frame: pl.DataFrame) -> str:
    """The frame as a table whose texts, which come from outside, cannot act or pose as others."""
    head = "".join(f"<th>{as_html(name)}</th>" for name in frame.columns)
    rows = "".join(f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in frame.rows())
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(value: object) -> str:
    """One value; a list has a line for each of its values, such as a candidate."""
    if isinstance(value, list):
        return "<br>".join(_cell(one) for one in value)
    if isinstance(value, dict):
        return " ".join(_cell(part) for part in value.values()).strip()
    return "" if value is None else as_html(str(value))
