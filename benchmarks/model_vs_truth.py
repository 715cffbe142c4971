"""Does the model that a user trains find what the deals depend on? Ten worlds, judged on the later third of the deals.

Each world goes the whole way: replies of the sandbox into a journal, the journal into a warehouse, features as of each
deal's opening day, a model of the earlier deals. Prints one line per seed and the medians: the AUC of the model, of
headcount alone (the better of "larger first" and a logistic regression on it), and of the truth itself.

Run: python benchmarks/model_vs_truth.py
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import polars as pl

from mockserver.message import Request, Response
from mockserver.sandbox import Options, Sandbox
from mockserver.world import World
from mockserver.world.happenings.model import RELEVANT_TOPICS
from zianalytics import features, scoring
from zianalytics.api.enterprise import body
from zianalytics.api.searches import IntentSearch
from zianalytics.api.table import Enrich, Search
from zianalytics.journal import Journal
from zianalytics.scoring import Scorecard, measure
from zianalytics.warehouse import DEALS_GIVEN, Warehouse, pack_deals

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
SEEDS = range(1, 11)
COMPANIES = 3000


@dataclass(frozen=True)
class Result:
    """What one seed gave."""

    card: Scorecard
    larger_first: float

    @property
    def model(self) -> float:
        """AUC of the model."""
        return _auc(self.card.model.auc)

    @property
    def size(self) -> float:
        """AUC of headcount alone, by whichever way is better."""
        return max(self.larger_first, _auc(self.card.size_alone.auc if self.card.size_alone else None))

    @property
    def truth(self) -> float:
        """AUC of the true probabilities: the best possible."""
        return _auc(self.card.lines[-1].auc)


class Asked:
    """A sandbox whose answers go straight into a journal."""

    def __init__(self, sandbox: Sandbox, journal: Journal) -> None:
        self.sandbox, self.journal = sandbox, journal
        told = sandbox.credentials()
        login = json.dumps({"username": told["username"], "password": told["password"]}).encode()
        token = json.loads(self._answer("/authenticate", login, {}).body)["jwt"]
        self.headers = {"authorization": f"Bearer {token}"}

    def ask(self, operation: str, path: str, sent: bytes) -> Any:
        """The answer, once it is kept."""
        answer = self._answer(path, sent, self.headers)
        if answer.status != 200:
            raise RuntimeError(answer.body.decode())
        self.journal.keep(None, operation, sent, status=200, headers={}, received=self.sandbox.now(), body=answer.body)
        return json.loads(answer.body)

    def _answer(self, path: str, sent: bytes, headers: dict[str, str]) -> Response:
        given = {"content-type": "application/json", "host": "localhost", **headers}
        return self.sandbox.answer(Request("POST", path, (), given, sent))


def journal_of(seed: int, folder: Path, *, companies: int = COMPANIES) -> Journal:
    """A journal with the companies of all deals, the signals on the product's topics, and the deals."""
    journal = Journal.open(folder)
    world = World.build(seed=seed, companies=companies, now=NOW)
    sandbox = Sandbox(Options(companies=companies, seed=seed, now=NOW, no_limits=True))
    asked = Asked(sandbox, journal)
    ids = sorted({deal.company_id for deal in world.deals if deal.company_id is not None})
    for start in range(0, len(ids), 25):
        inputs = [{"company_id": number} for number in ids[start : start + 25]]
        asked.ask("enrich.companies", "/enrich/company", body(Enrich.companies, inputs=inputs, fields=["default"]))
    _ask_for_signals(asked)
    journal.give(DEALS_GIVEN, pack_deals(_deals(sandbox, world)), at=NOW)
    sandbox.close()
    return journal


def _ask_for_signals(asked: Asked) -> None:
    criteria = IntentSearch(topics=RELEVANT_TOPICS)
    page, left = 1, True
    while left:
        reply = asked.ask("search.intent", "/search/intent", body(Search.intent, criteria, page=page, size=100))
        left = 100 * page < reply["totalResults"]
        page += 1


def _deals(sandbox: Sandbox, world: World) -> pl.DataFrame:
    """The practice file of closed deals, with the ids that a matching without a fault would find."""
    ids = {deal.id: deal.company_id for deal in world.deals}
    rows = list(csv.DictReader(io.StringIO(sandbox.deals_csv())))
    return pl.DataFrame(rows).with_columns(
        pl.col("deal_id").replace_strict(ids, return_dtype=pl.Int64).alias("company_id"),
        pl.col("amount_usd").cast(pl.Int64),
        pl.col("opened_on", "closed_on").str.to_date("%Y-%m-%d"),
    )


def training_table(warehouse: Warehouse) -> pl.DataFrame:
    """One row per closed deal: its outcome, and its account as of the opening day."""
    closed = features.deals(warehouse)
    known = features.accounts(warehouse, as_of=closed.select("company_id", "as_of"), known="dated")
    return closed.join(known, on=["company_id", "as_of"], how="left", maintain_order="left")


def judged(seed: int, *, companies: int = COMPANIES) -> Result:
    """One world from its replies to the scorecard."""
    with tempfile.TemporaryDirectory() as folder, journal_of(seed, Path(folder), companies=companies) as journal:
        warehouse = Warehouse()
        warehouse.load(journal)
        table = training_table(warehouse)
        warehouse.close()
    world = World.build(seed=seed, companies=companies, now=NOW)
    truth = {deal.id: deal.win_probability for deal in world.deals}
    table = table.with_columns(
        pl.col("deal_id").replace_strict(truth, return_dtype=pl.Float64).alias("win_probability")
    )
    earlier, later = scoring.split(table, closed_on="closed_on")
    card = scoring.fit(earlier, closed_on="closed_on", features=features.FEATURES).evaluate(
        later, best="win_probability"
    )
    size = later["employee_count"].fill_null(int(earlier["employee_count"].median() or 0))  # type: ignore[arg-type]
    return Result(card, _auc(measure.auc(size, later["won"])))


def _auc(value: float | None) -> float:
    if value is None:
        raise RuntimeError("the later deals have one outcome only")
    return value


def main() -> None:
    """Print the figures of ten worlds."""
    results = []
    print("seed  deals   won  model   size  truth")
    for seed in SEEDS:
        result = judged(seed)
        results.append(result)
        card = result.card
        figures = f"{result.model:5.3f}  {result.size:5.3f}  {result.truth:5.3f}"
        print(f"{seed:4}  {card.deals:5}  {card.base_rate:4.0%}  {figures}  {card.finding}")
    print(f"median model {median(r.model for r in results):.3f}")
    print(f"median model less size {median(r.model - r.size for r in results):+.3f}")
    print(f"median model less truth {median(r.model - r.truth for r in results):+.3f}")


if __name__ == "__main__":
    main()
