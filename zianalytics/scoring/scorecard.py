"""A scorecard: the model beside the base rate, beside size alone, and beside the best possible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import polars as pl

from zianalytics.errors import RequestRefused
from zianalytics.inert import as_html
from zianalytics.scoring import measure
from zianalytics.scoring.given import outcomes

Finding = Literal["signal", "not shown to beat size", "no signal", "too few"]

# docs/assumptions.md, "deals too few to judge a model"
_LEAST = 20
_LEAST_OF_EACH = 5


@dataclass(frozen=True)
class Line:
    """One way to order the deals, and how well it did. None: it cannot be told."""

    name: str
    auc: float | None
    pr_auc: float | None
    brier: float | None
    lift: float | None


@dataclass(frozen=True, eq=False)
class Scorecard:
    """How well a model did on deals that it had not seen.

    Attributes
    ----------
    deals, wins
        How many deals were judged, and how many of them were won.
    lines
        The model first, then what it is compared with.
    judged
        One row per deal: `won`, the model's `score`, `size` (probability by size alone) and, where it was given,
        `best`, the true probability.
    later
        Whether each deal was opened after the last day that the model learnt from; `Model.evaluate` looks that up.
    """

    deals: int
    wins: int
    lines: tuple[Line, ...]
    judged: pl.DataFrame = field(repr=False)
    later: bool = False

    @property
    def base_rate(self) -> float:
        """The share of deals won."""
        return self.wins / self.deals if self.deals else 0.0

    @property
    def model(self) -> Line:
        """The model's own line."""
        return self.lines[0]

    @property
    def size_alone(self) -> Line | None:
        """The line of size alone, where the frame held a size."""
        return next((line for line in self.lines if line.name == "size alone"), None)

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval of the model's AUC."""
        if self.model.auc is None:
            return None
        return measure.auc_interval(self.model.auc, self.wins, self.deals - self.wins)

    @property
    def lead(self) -> tuple[float, float] | None:
        """The 95 % interval of the model's AUC less that of size alone, where the frame held a size."""
        if "size" not in self.judged.columns:
            return None
        return measure.auc_lead(self.judged["score"], self.judged["size"], self.judged["won"])

    @property
    def finding(self) -> Finding:
        """What the deals allow to be said of the model."""
        losses = self.deals - self.wins
        if self.deals < _LEAST or min(self.wins, losses) < _LEAST_OF_EACH or self.interval is None:
            return "too few"
        if self.interval[0] <= 0.5:
            return "no signal"
        if self.lead is not None and self.lead[0] <= 0:
            return "not shown to beat size"
        return "signal"

    @property
    def has_signal(self) -> bool:
        """Whether it is shown that the model orders deals better than chance would, and better than size alone."""
        return self.finding == "signal"

    @property
    def verdict(self) -> str:
        """The finding in plain words, with what follows from it."""
        won = f"{self._deals}, {self.wins} of them won"
        if self.finding == "too few":
            return f"Too few deals to judge the model ({won}). Do not rank accounts by it yet; come back with more."
        auc = f"AUC {self.model.auc:.2f}, 95 % interval {self.interval[0]:.2f} to {self.interval[1]:.2f}"  # type: ignore[index]
        if self.finding == "no signal":
            return f"No signal: on {won}, the model does not do better than chance ({auc}). Do not rank accounts by it."
        size, lead = self.size_alone, self.lead
        beside = f"; size alone {size.auc:.2f}" if size is not None and size.auc is not None else ""
        if self.finding == "not shown to beat size":
            apart = f"the model's AUC less that of size: {lead[0]:+.2f} to {lead[1]:+.2f}"  # type: ignore[index]
            then = "Sorting accounts by size may do as well; more deals would tell."
            return f"Not shown to beat size: on {won}, {auc}{beside}; {apart}. {then}"
        better = "better than chance" if lead is None else "better than chance and better than size alone"
        return f"Signal: on {won}, the model orders deals {better} ({auc}{beside})."

    @property
    def frame(self) -> pl.DataFrame:
        """The lines as a table; Brier is better when lower, all else when higher."""
        names = ("auc", "pr_auc", "brier", "lift")
        data: dict[str, list[object]] = {"order_by": [line.name for line in self.lines]}
        data |= {name: [getattr(line, name) for line in self.lines] for name in names}
        return pl.DataFrame(data, schema={"order_by": pl.String, **dict.fromkeys(names, pl.Float64)})

    @property
    def _deals(self) -> str:
        return f"{self.deals} later deals" if self.later else f"{self.deals} deals"

    def __repr__(self) -> str:
        head = f"Scorecard of {self.deals} deals, {self.wins} won ({100 * self.base_rate:.0f} %)"
        rows = [("", *_HEADS), *((line.name, *_shown(line)) for line in self.lines)]
        widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
        table = [
            "  ".join([row[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        ]
        return "\n".join((head, *table, self.verdict))

    def _repr_html_(self) -> str:
        heads = "".join(f"<th>{head}</th>" for head in ("", *_HEADS))
        body = "".join(
            f"<tr><th>{as_html(line.name)}</th>{''.join(f'<td>{value}</td>' for value in _shown(line))}</tr>"
            for line in self.lines
        )
        caption = f"{self._deals}, {self.wins} won ({100 * self.base_rate:.0f} %)"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
            f"<p>{as_html(self.verdict)}</p>"
        )


_HEADS = ("AUC", "PR-AUC", "Brier", "lift at 10 %")


def _shown(line: Line) -> tuple[str, str, str, str]:
    def two(value: float | None, places: int = 2) -> str:
        return "-" if value is None else f"{value:.{places}f}"

    return two(line.auc), two(line.pr_auc), two(line.brier, 3), two(line.lift, 1)


def judge(
    score: pl.Series, won: pl.Series, *, base_rate: float, size: pl.Series | None = None, best: pl.Series | None = None
) -> Scorecard:
    """A scorecard of probabilities and of what came of the deals.

    Parameters
    ----------
    score
        The model's probabilities: one for each deal.
    won
        What came of each deal: Booleans, or 1 and 0.
    base_rate
        The share won that was known beforehand: the constant a model has to beat.
    size
        Probabilities by size alone.
    best
        The true probabilities, where a simulation knows them.

    Raises
    ------
    RequestRefused
        There is not one number for each deal, or not one outcome.

    Examples
    --------
    >>> constant = judge(pl.Series([0.3] * 40), pl.Series([True] * 12 + [False] * 28), base_rate=0.3)
    >>> constant.model.auc, constant.model.lift, constant.has_signal
    (0.5, 1.0, False)
    """
    won = outcomes(won, "won", "judged")
    columns = {"score": score, "size": size, "best": best}
    judged = {name: _numbers(column, name, len(won)) for name, column in columns.items() if column is not None}
    constant = pl.Series([base_rate] * len(won), dtype=pl.Float64)
    ways = {**judged, "base rate": constant}
    names = {"score": "model", "size": "size alone", "base rate": "base rate", "best": "best possible"}
    lines = tuple(_line(name, ways[way], won) for way, name in names.items() if way in ways)
    return Scorecard(len(won), int(won.sum()), lines, pl.DataFrame({"won": won, **judged}))


def _line(name: str, way: pl.Series, won: pl.Series) -> Line:
    return Line(name, measure.auc(way, won), measure.pr_auc(way, won), measure.brier(way, won), measure.lift(way, won))


def _numbers(column: pl.Series, name: str, deals: int) -> pl.Series:
    """One known number for each deal, or refused."""
    if len(column) != deals:
        raise RequestRefused(
            f"{name} has {len(column):,} values, and won has {deals:,}. Nothing was judged. "
            "Pass one for each deal, in the same order."
        )
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean(), pl.Null())):
        raise RequestRefused(
            f"{name} is {column.dtype}, and no probability. Nothing was judged. Cast it to pl.Float64."
        )
    numbers = column.cast(pl.Float64)
    if unknown := deals - int(numbers.is_finite().sum()):
        raise RequestRefused(
            f"{name} is no number for {unknown:,} of {deals:,} deals. Nothing was judged. "
            "Pass a probability for each, or leave these deals out."
        )
    return numbers
