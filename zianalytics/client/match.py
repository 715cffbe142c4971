"""My list -> ZoomInfo's ids, by free searches: what is certain, what is not, and what was not found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl

from zianalytics.api.arguments import checked
from zianalytics.api.filters import CompanySearch, Inputs
from zianalytics.api.spec import Caller, Paging
from zianalytics.api.table import Search
from zianalytics.client.inputs import apart, read_inputs
from zianalytics.client.pool import fan_out
from zianalytics.inert import as_html

_CANDIDATES = pl.List(pl.Struct({"company_id": pl.Int64(), "name": pl.String()}))
_LEGAL_FORMS = frozenset(
    {
        "ab", "ag", "aps", "as", "asa", "bv", "co", "company", "corp", "corporation", "gmbh", "inc", "incorporated",
        "kg", "kk", "limited", "llc", "llp", "lp", "ltd", "mbh", "nv", "oy", "plc", "pte", "pty", "pvt", "sa", "sarl",
        "sas", "se", "spa", "srl",
    }
)  # fmt: skip
Hits = Sequence[tuple[int, str]]


@dataclass(frozen=True, eq=False, repr=False)
class Matched:
    """The companies of a list, sorted by how certain it is which they are; each row of the list is in one frame.

    Attributes
    ----------
    matched
        The given columns, `company_id`, ZoomInfo's `name`, and `matched_by` ("website" or "name").
    ambiguous
        The given columns, `matched_by`, and `candidates`: a list of company_id and name. None was picked.
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


class Match:
    """Finds the records that a list of one's own is about; nothing silently picked."""

    def __init__(self, caller: Caller, *, progress: bool = True) -> None:
        self._caller, self._progress = caller, progress

    @checked("match.companies")
    def companies(self, of: Inputs) -> Matched:
        """Which ZoomInfo companies a list is about, by website first and by name where that finds none.

        Costs one or two requests for each different company; no credit, no record.

        Parameters
        ----------
        of : polars.DataFrame or sequence of str or sequence of dict
            A frame with `website` (or `company_website`) and `name` (or `company_name`), or texts, or dicts. Scheme,
            "www.", path and case of a website play no part.

        Returns
        -------
        Matched
            `.matched`, `.ambiguous` and `.failed`. One hit by website is a match, more are ambiguous. Without a hit
            the name decides by the same rule: it must be the same but for case, punctuation, and a legal form that
            one of the two lacks.

        Raises
        ------
        RequestRefused
            Nothing in `of` can be asked with.
        BudgetExceeded
            A cap on requests is too low.

        Examples
        --------
        >>> zi.match.companies(["ulemvex.example", "No Such Company"]).failed.height
        1
        """
        inputs = read_inputs(Search.companies, of, call="match.companies")
        websites = {one.row: domain_of(str(one.says.get("company_website", ""))) for one in inputs.questions}
        names = {one.row: str(one.says.get("company_name", "")) for one in inputs.questions}
        by_website = self._search("company_website", [site for site in websites.values() if site])
        found = {row: ("website", by_website[site]) for row, site in websites.items() if site and by_website[site]}
        rest = {row: name for row, name in names.items() if name and row not in found}
        by_name = self._search("company_name", list(rest.values()))
        found |= {
            row: ("name", same)
            for row, name in rest.items()
            if (same := [hit for hit in by_name[name] if same_name(hit[1], name)])
        }
        return _sorted_out(inputs.given, found, inputs.unusable, requests=_requests(by_website) + _requests(by_name))

    def _search(self, criterion: str, values: Sequence[str]) -> dict[str, Hits]:
        """The companies that each different value finds, by one request each."""
        different = list(dict.fromkeys(values))
        outcome = fan_out(
            [partial(self._hits, criterion, value) for value in different],
            title=f"match.companies by {criterion.removeprefix('company_')}",
            sizes=[1] * len(different),
            progress=self._progress,
        )
        for failure in outcome.failures:
            raise failure
        return {value: outcome.results[place] for place, value in enumerate(different)}

    def _hits(self, criterion: str, value: str) -> Hits:
        criteria: dict[str, Any] = {criterion: value}
        rows = self._caller.fetch(Search.companies, CompanySearch(**criteria))
        return rows.select("company_id", "name").rows()

    def __repr__(self) -> str:
        return "zi.match.companies  Which ZoomInfo companies a list is about, by website, then by name."


def _requests(found: Mapping[str, Hits]) -> int:
    """How many pages were read."""
    paging = Search.companies.paging or Paging()
    return sum(max(1, -(-len(hits) // paging.size)) for hits in found.values())


def domain_of(website: str) -> str:
    """The domain of a website's address, in lower case and without "www."; "" for what is no address."""
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", website.strip().lower()).partition("/")[0]
    host = re.split(r"[?#:]", host)[0].removeprefix("www.").strip(".")
    return host if re.fullmatch(r"[^\s@.]+(\.[^\s@.]+)+", host) else ""


def same_name(one: str, other: str) -> bool:
    """Whether two names are the same but for case, punctuation, and a legal form that one of them lacks."""
    (first, form), (second, other_form) = _parts(one), _parts(other)
    return bool(first) and first == second and (form == other_form or not form or not other_form)


def _parts(name: str) -> tuple[str, str]:
    """The words of a name, and its legal form."""
    words = re.sub(r"[^\w\s]", "", name.casefold().replace("&", " and ")).split()
    form: list[str] = []
    while len(words) > 1 and words[-1] in _LEGAL_FORMS:
        form.insert(0, words.pop())
    return " ".join(words), " ".join(form)


def _sorted_out(
    given: pl.DataFrame, found: Mapping[int, tuple[str, Hits]], unusable: Mapping[int, str], *, requests: int
) -> Matched:
    one = [row for row, (_, hits) in found.items() if len(hits) == 1]
    more = [row for row, (_, hits) in found.items() if len(hits) > 1]
    none = [row for row in range(given.height) if row not in found]
    matched = {
        "company_id": pl.Series([found[row][1][0][0] for row in sorted(one)], dtype=pl.Int64),
        "name": pl.Series([found[row][1][0][1] for row in sorted(one)], dtype=pl.String),
        "matched_by": pl.Series([found[row][0] for row in sorted(one)], dtype=pl.String),
    }
    ambiguous = {
        "matched_by": pl.Series([found[row][0] for row in sorted(more)], dtype=pl.String),
        "candidates": pl.Series(
            [[{"company_id": number, "name": name} for number, name in found[row][1]] for row in sorted(more)],
            dtype=_CANDIDATES,
        ),
    }
    why = {"why": pl.Series([unusable.get(row, "no company found") for row in none], dtype=pl.String)}
    return Matched(
        _beside(given[sorted(one)], matched),
        _beside(given[sorted(more)], ambiguous),
        _beside(given[none], why),
        requests,
    )


def _beside(given: pl.DataFrame, columns: Mapping[str, pl.Series]) -> pl.DataFrame:
    names = apart(list(columns), given.columns)
    return given.with_columns(series.alias(names.get(name, name)) for name, series in columns.items())
