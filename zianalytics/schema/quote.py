"""A quote: what a call would cost at most, line by line, before anything is sent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from zianalytics.inert import as_html
from zianalytics.schema.meters import Meters

LineStatus = Literal[
    "new", "managed", "held", "duplicate", "unanswered", "listed", "free", "invalid_input", "opted_out"
]

_SHOWN = 10
_LINES = pl.Schema(
    {
        "operation": pl.String(),
        "input_row": pl.Int64(),
        "what": pl.String(),
        "entity": pl.String(),
        "id": pl.Int64(),
        "status": pl.String(),
        "why": pl.String(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
    }
)


def quote_lines(rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """A frame with the columns of `Quote.lines`, one row per mapping; absent keys are null."""
    return pl.DataFrame([{name: row.get(name) for name in _LINES} for row in rows], schema=_LINES, orient="row")


@dataclass(frozen=True, eq=False, repr=False)
class Quote:
    """What a call would cost at most; making one spends nothing.

    The service's window of management belongs to the whole organisation, so a record that a colleague has redeemed
    may turn out to be free: every figure here is an upper bound.

    Attributes
    ----------
    operation
        Which operation is priced ("enrich.companies"); of a sum, all of them, joined by " + ".
    lines
        One row per input: operation, input_row, what (the input in words), entity and id (null while unknown),
        status, why, credits and records. The statuses: "new" (costs a credit and a record), "managed" (a record, no
        credit), "held" (answered from the journal), "duplicate" (the same record as an earlier line), "unanswered"
        (sent before, and no answer came: asked again without a second credit), "listed" (records alone, as many as
        the limit allows), "free" (neither), "invalid_input" and "opted_out" (not sent).
    requests
        How many requests would be sent.
    reserved
        Credits that an earlier call still reserves for the "unanswered" lines: they may have been spent then, and are
        not spent a second time, so that they are no part of `credits`.
    """

    operation: str
    lines: pl.DataFrame = field(default_factory=quote_lines)
    requests: int = 0
    reserved: int = 0

    @property
    def total(self) -> Meters:
        """The worst case on all three meters."""
        return Meters(credits=self.credits, records=self.records, requests=self.requests)

    @property
    def credits(self) -> int:
        """Credits at most."""
        return int(self.lines["credits"].sum())

    @property
    def records(self) -> int:
        """Records at most."""
        return int(self.lines["records"].sum())

    @property
    def managed(self) -> int:
        """Lines that cost a record but no credit, because the record is under management."""
        return self._count("managed")

    @property
    def held(self) -> int:
        """Lines that are answered from the journal and cost nothing."""
        return self._count("held")

    @property
    def duplicates(self) -> int:
        """Lines that share their record with an earlier one and cost nothing more."""
        return self._count("duplicate")

    @property
    def unanswered(self) -> int:
        """Inputs that an earlier call sent and that were never answered; they cost no second credit."""
        lines = self.lines.filter(status="unanswered")
        beside = lines["input_row"].is_null()  # one line for all inputs that come along, a record each
        return len(lines.filter(~beside)) + int(lines.filter(beside)["records"].sum())

    def _count(self, status: LineStatus) -> int:
        return int((self.lines["status"] == status).sum())

    def __add__(self, other: Quote) -> Quote:
        """One bill for both, in this order; a record that both name is paid for once."""
        names = dict.fromkeys([*self.operation.split(" + "), *other.operation.split(" + ")])
        lines = pl.concat([self.lines, other.lines]).pipe(_shared_once)
        return Quote(" + ".join(names), lines, self.requests + other.requests, self.reserved + other.reserved)

    def __radd__(self, other: object) -> Quote:
        """`sum(quotes)` begins with 0."""
        return self if other == 0 else NotImplemented

    def __repr__(self) -> str:
        figures = {"credits": self.credits, "records": self.records, "requests": self.requests}
        asides = {"managed": self.managed, "held": self.held, "duplicates": self.duplicates}
        asides |= {"unanswered": self.unanswered, "reserved": self.reserved}
        figures |= {name: count for name, count in asides.items() if count}
        return f"Quote({', '.join(f'{name}={value}' for name, value in figures.items())})"

    def _still_reserved(self) -> str:
        if not self.unanswered:
            return ""
        inputs = "1 input that was" if self.unanswered == 1 else f"{self.unanswered:,} inputs that were"
        credits = "1 credit" if self.reserved == 1 else f"{self.reserved:,} credits"
        return (
            f"<p>and no second credit for {inputs} never answered, beside {credits} that an earlier call still "
            "reserves for them</p>"
        )

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{name}</th>" for name in ("", "lines", "credits", "records"))
        summary = (
            self.lines.group_by("status", maintain_order=True)
            .agg(pl.len().alias("lines"), pl.col("credits", "records").sum())
            .rows()
        )
        first = self.lines.head(_SHOWN).select("what", "why", "credits", "records").rows()
        rest = len(self.lines) - len(first)
        return (
            f"<div><p><b>{as_html(self.operation)}</b> costs at most {self.total}</p>{self._still_reserved()}"
            f"<table><thead><tr>{head}</tr></thead><tbody>{_html_rows(summary)}</tbody></table>"
            f"<details><summary>Lines</summary><table><thead><tr><th>what</th><th>why</th><th>credits</th>"
            f"<th>records</th></tr></thead><tbody>{_html_rows(first)}</tbody></table>"
            f"{f'<p>and {rest:,} more in <code>.lines</code></p>' if rest > 0 else ''}</details></div>"
        )


def _html_rows(rows: Iterable[tuple[Any, ...]]) -> str:
    return "".join("<tr>" + "".join(f"<td>{_cell(value)}</td>" for value in row) + "</tr>" for row in rows)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) else as_html(str(value))


def _shared_once(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines with each record's price left on its first line only.

    A second line of the same operation asks nothing new; one of another operation that redeems the same record finds
    it under management and costs its own record, without a credit.
    """
    charged = pl.col("id").is_not_null() & pl.col("status").is_in(["new", "managed"])
    duplicate = charged & (charged.cum_sum().over("operation", "entity", "id") > 1)
    redeems = pl.col("id").is_not_null() & pl.col("status").is_in(["new", "listed"]) & (pl.col("credits") > 0)
    redeemed = redeems & (redeems.cum_sum().over("entity", "id") > 1)
    now_managed = redeemed & (pl.col("status") == "new")
    return lines.with_columns(
        status=pl.when(duplicate)
        .then(pl.lit("duplicate"))
        .when(now_managed)
        .then(pl.lit("managed"))
        .otherwise("status"),
        why=pl.when(duplicate)
        .then(pl.lit("the same record as an earlier line"))
        .when(redeemed)
        .then(pl.lit("redeemed by an earlier line"))
        .otherwise("why"),
        credits=pl.when(duplicate | redeemed).then(0).otherwise("credits"),
        records=pl.when(duplicate).then(0).otherwise("records"),
    )
