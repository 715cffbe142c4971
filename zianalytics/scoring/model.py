"""A model: named weights, a calibration, and how it came about. Scores without scikit-learn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import polars as pl

from zianalytics.errors import DealsNotLater, RequestRefused, ScoresAlike, warn
from zianalytics.inert import as_html, visible
from zianalytics.schema.feature import Feature, SubScore
from zianalytics.scoring.calibrate import Calibration, sigmoid
from zianalytics.scoring.design import Term, added, standardised
from zianalytics.scoring.forward import not_after
from zianalytics.scoring.given import Table, check_columns, check_features, handed_on, outcomes, read
from zianalytics.scoring.reasons import Fact, Typical, account_reasons
from zianalytics.scoring.scorecard import Scorecard, judge
from zianalytics.scoring.tiers import BY_CAPACITY, Tiers


@dataclass(frozen=True)
class Training:
    """What a model was trained on.

    Attributes
    ----------
    deals, wins
        How many deals, and how many of them were won.
    first, last
        The days on which the first and the last of them were opened.
    penalty
        The C of the L2 penalty that did best forward in time; smaller is stricter.
    forward
        How many deals were predicted forward in time to choose it; 0 when there were too few to try.
    opened_on
        The column with the day of opening; None of a model that was kept before this was told.
    until
        The last day, or time, that it learnt from: of closing where that column was named, else of opening. None where
        a deal has no day of closing.
    """

    deals: int
    wins: int
    first: date
    last: date
    penalty: float
    forward: int
    opened_on: str | None = None
    until: date | None = None

    @property
    def base_rate(self) -> float:
        """The share of these deals that was won."""
        return self.wins / self.deals


@dataclass(frozen=True)
class Model:
    """An L2 logistic regression over named features, calibrated forward in time.

    Attributes
    ----------
    features
        The columns it reads, with their meaning.
    terms, weights, intercept
        What it computes: intercept + sum of weight x standardised term is the log-odds of winning.
    calibration
        From those log-odds to the probability that `score` gives.
    typical
        Per feature, what the accounts it was trained on were like.
    training
        What it was trained on.
    size_alone
        The same kind of model, given the headcount and nothing else: what a model has to beat.
    id, outcome
        The columns that name an account and that tell whether a deal was won.

    See Also
    --------
    zianalytics.scoring.fit : makes one.
    zianalytics.scoring.save, zianalytics.scoring.load : keep one.
    """

    features: tuple[Feature, ...]
    terms: tuple[Term, ...]
    weights: tuple[float, ...]
    intercept: float
    calibration: Calibration
    typical: Mapping[str, Typical] = field(repr=False)
    training: Training
    size_alone: Model | None
    id: str
    outcome: str

    def probability(self, frame: Table) -> pl.Series:
        """The probability of winning, in the order of the rows.

        Parameters
        ----------
        frame
            Holds the columns of `features`; of polars or pandas.
        """
        accounts = read(frame, "scored")
        check_features(accounts, self.features, "scored")
        return self._probability(self._logits(self._contributions(accounts)))

    def score(self, frame: Table, *, tiers: Tiers = BY_CAPACITY, keep: Sequence[str] = ()) -> pl.DataFrame:
        """One row per account with its score, tier, reasons and sub-scores; spends nothing.

        Parameters
        ----------
        frame
            One row per account: its id and the columns of `features`. A frame of polars or pandas; null and NaN are
            unknown.
        tiers
            `Capacity` (default: the best tenth is A, the next quarter B, the rest C) or `Thresholds`. Equal scores
            share a tier; where all are equal, `errors.ScoresAlike` warns.
        keep
            Columns of `frame` to hand on, after the id.

        Returns
        -------
        polars.DataFrame
            Sorted by score, highest first, ties by id. `score`: probability of winning, 0 to 1. `tier`. `reasons`: at
            most three texts, of the largest contributions (features that share a theme count as one), those
            that raise the score first; one that lowers it begins with "against:".
            `fit`, `intent`: 0 to 100, the probability in per cent if the account were average in all else.

        Raises
        ------
        RequestRefused
            A column is missing, of another type or holds infinity, or an account comes twice; or `keep` names a column
            twice or one that is there anyway.
        """
        keep = handed_on(keep, self.id)
        accounts = self._accounts(frame, keep)
        contributions = self._contributions(accounts)
        reasons = account_reasons(accounts, self._facts(contributions), self.typical)
        scored = accounts.select(self.id, *keep).with_columns(
            self._probability(self._logits(contributions)).alias("score"),
            pl.Series("reasons", reasons, dtype=pl.List(pl.String)),
            self._sub_score(contributions, "fit"),
            self._sub_score(contributions, "intent"),
        )
        ordered = scored.sort(["score", self.id], descending=[True, False])
        if ordered.height > 1 and ordered["score"].n_unique() == 1:
            warn(
                ScoresAlike(
                    f"All {ordered.height:,} accounts have the same score, {100 * ordered['score'][0]:.0f} %: the "
                    "model tells none from another. They are in one tier, and their order says nothing. "
                    "Do not rank accounts by it; see model.table, and train it again with more deals."
                )
            )
        return ordered.with_columns(tiers.assign(ordered["score"])).select(
            self.id, *keep, "score", "tier", "reasons", "fit", "intent"
        )

    def contributions(self, frame: Table) -> pl.DataFrame:
        """What each term adds to the score of each account, in log-odds; spends nothing.

        The rows of an account add up to log(score / (1 - score)) of the score that `score` gives. The first of them,
        "average account", is the same for all: the intercept, as calibrated. Each other one is weight x standardised
        term x slope of the calibration, and so 0 for what is average among the deals learnt from.

        Parameters
        ----------
        frame
            One row per account: its id and the columns of `features`. A frame of polars or pandas; null and NaN are
            unknown.

        Returns
        -------
        polars.DataFrame
            One row per account and term, accounts in the order of `frame` and terms in that of `terms`: the id, `term`
            (named as in `table`) and `contribution`.

        Raises
        ------
        RequestRefused
            A column is missing, of another type or holds infinity, or an account comes twice.

        Examples
        --------
        >>> from zianalytics import scoring
        >>> days = pl.date_range(date(2025, 1, 1), date(2025, 2, 9), eager=True)
        >>> deals = pl.DataFrame({"company_id": range(40), "opened_on": days, "size": range(40)})
        >>> deals = deals.with_columns(won=pl.col("size") % 3 == 0)
        >>> scoring.fit(deals, features=["size"]).contributions(deals.head(1))["term"].to_list()
        ['average account', 'size']
        """
        accounts = self._accounts(frame)
        added_by = self._contributions(accounts)
        average = pl.repeat(self._start, accounts.height, dtype=pl.Float64, eager=True)
        told = [("average account", average), *((_name(term), added_by[str(n)]) for n, term in enumerate(self.terms))]
        by_term = pl.concat(
            accounts.select(self.id, pl.lit(name).alias("term"), values.alias("contribution")) for name, values in told
        )
        row = pl.int_range(by_term.height, eager=True)
        return by_term[row % len(told) * accounts.height + row // len(told)]

    def evaluate(self, frame: Table, *, best: str | None = None) -> Scorecard:
        """How the model does on deals that it has not seen, beside the base rate and size alone.

        Parameters
        ----------
        frame
            One row per deal, later than those trained on: the columns of `features` and the outcome. A frame of polars
            or pandas. Where it has the column with the day of opening, the scorecard says whether all are later.
        best
            The column with the true probability of winning, where a simulation knows it.
        """
        deals = read(frame, "judged")
        check_columns(deals, (self.outcome,), "judged", "Pass a frame with the outcome that the model learnt from.")
        check_columns(deals, [best] if best else [], "judged", "Name the one with the true probability by best=.")
        check_features(deals, self.features, "judged")
        won = outcomes(deals[self.outcome], f"The column {self.outcome!r}", "judged")
        card = judge(
            self.probability(deals),
            won,
            base_rate=self.training.base_rate,
            size=None if self.size_alone is None else self.size_alone.probability(deals),
            best=None if best is None else deals[best],
        )
        return replace(card, later=self._are_later(deals))

    @property
    def table(self) -> pl.DataFrame:
        """The terms by weight, heaviest first: what a standard deviation more does to the log-odds of winning."""
        nouns = {feature.name: feature.noun for feature in self.features}
        weights = [self.calibration.slope * weight for weight in self.weights]
        rows = [(_name(t), _meaning(t, nouns[t.feature]), w) for t, w in zip(self.terms, weights, strict=True)]
        rows.sort(key=lambda row: (-abs(row[2]), row[0]))
        return pl.DataFrame(rows, schema={"term": pl.String, "meaning": pl.String, "weight": pl.Float64}, orient="row")

    def __repr__(self) -> str:
        lines = [f"{weight:+.2f}  {visible(term)}" for term, _, weight in self.table.head(8).iter_rows()]
        return "\n".join((self._headline(), *lines))

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th>{as_html(term)}</th><td>{weight:+.2f}</td></tr>"
            for term, _, weight in self.table.head(8).iter_rows()
        )
        head = "<thead><tr><th>term</th><th>weight</th></tr></thead>"
        return f"<table><caption>{as_html(self._headline())}</caption>{head}<tbody>{rows}</tbody></table>"

    def _headline(self) -> str:
        t = self.training
        return (
            f"Model of {len(self.terms)} terms from {len(self.features)} features, trained on {t.deals} deals "
            f"({t.wins} won) opened {t.first} to {t.last}; {self.calibration.note}"
        )

    def _accounts(self, frame: Table, keep: Sequence[str] = ()) -> pl.DataFrame:
        """What is scored, one row per account."""
        accounts = read(frame, "scored")
        check_columns(
            accounts,
            (self.id, *keep),
            "scored",
            "Pass a frame with the id that the model learnt with and what to keep.",
        )
        check_features(accounts, self.features, "scored")
        if accounts[self.id].is_duplicated().any():
            raise RequestRefused(
                f"Some accounts come more than once ({self.id}). Nothing was scored. Pass one row per account."
            )
        return accounts

    def _are_later(self, deals: pl.DataFrame) -> bool:
        """Whether all were opened after the last day learnt from; told of where some are known not to be."""
        opened_on, last = self.training.opened_on, self.training.until or self.training.last
        if opened_on not in deals.columns or not isinstance(deals.schema[opened_on], pl.Date | pl.Datetime):
            return False
        if early := not_after(deals[opened_on], last):
            warn(
                DealsNotLater(
                    f"{early:,} of {deals.height:,} deals were opened on or before {last}, the last day that the model "
                    "learnt from. It may have learnt from these very deals, and then looks better than it is. "
                    "Judge it by later ones: scoring.split() sets them aside."
                )
            )
        return not early and self.training.until is not None and not deals[opened_on].null_count()

    def _contributions(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Per row and term, what it adds to the calibrated log-odds beside an average account; last a column of 0."""
        weights = [self.calibration.slope * weight for weight in self.weights]
        table = standardised(frame, self.terms, self.features)
        nothing = pl.Series("0.0", [0.0] * frame.height)
        weighted = [table[name] * weight for name, weight in zip(table.columns, weights, strict=True)]
        return pl.DataFrame([*weighted, nothing])

    def _logits(self, contributions: pl.DataFrame) -> pl.Series:
        return self._sum(contributions, range(len(self.terms))) + self._start

    @property
    def _start(self) -> float:
        """The calibrated log-odds of an average account."""
        return self.calibration.slope * self.intercept + self.calibration.shift

    @staticmethod
    def _sum(contributions: pl.DataFrame, which: Sequence[int]) -> pl.Series:
        return added((contributions[str(n)] for n in which), contributions.height).alias("sum")

    @staticmethod
    def _probability(logits: pl.Series) -> pl.Series:
        return pl.Series("score", [sigmoid(x) for x in logits], dtype=pl.Float64)

    def _sub_score(self, contributions: pl.DataFrame, part: SubScore) -> pl.Series:
        of_part = {feature.name for feature in self.features if feature.sub_score == part}
        which = [n for n, term in enumerate(self.terms) if term.feature in of_part]
        return (100 * self._probability(self._sum(contributions, which) + self._start)).round(1).alias(part)

    def _facts(self, contributions: pl.DataFrame) -> list[Fact]:
        """What a reason can be about: a feature, or one tag of it, with what it adds to each account."""
        features = {feature.name: feature for feature in self.features}
        terms: dict[tuple[str, str | None], list[int]] = {}
        for n, term in enumerate(self.terms):
            terms.setdefault((term.feature, term.level if term.kind == "has" else None), []).append(n)
        return [
            Fact(features[name], level, self._sum(contributions, which).to_list())
            for (name, level), which in terms.items()
        ]


def _name(term: Term) -> str:
    words = {"is": f"{term.feature} is {term.level}", "has": f"{term.feature} has {term.level}"}
    return words.get(term.kind, f"{term.feature} not known" if term.kind == "missing" else term.feature)


def _meaning(term: Term, noun: str) -> str:
    """The term in plain words."""
    if term.kind == "missing":
        return f"{noun}: not known"
    return noun if term.level is None else f"{noun}: {term.level}"
