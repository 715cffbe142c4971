"""Can a small logistic regression find what the world's deals depend on? Ten seeds, the later third of the deals.

Prints one line per seed and the medians: the AUC of the truth itself, of a logistic regression on what enrichment
and intent show, and of the headcount alone. docs/world.md quotes the medians. Run: python benchmarks/world_signal.py
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import log1p, log10
from statistics import median

from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from mockserver.world import Company, Deal, World
from mockserver.world.happenings.model import FUNDING_DAYS, RELEVANT_TOPICS, WINDOW_DAYS

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
SEEDS = range(1, 11)
CATEGORIES = (
    "Customer Relationship Management",
    "Cloud Data Warehouse",
    "Marketing Automation",
    "Business Intelligence",
)


@dataclass(frozen=True)
class Result:
    """What one seed gave."""

    deals: int
    won: float
    truth: float
    model: float
    size: float
    relevant_signals: int


def features(world: World, company: Company, on: date) -> list[float]:
    """What the service shows of the company on that day; an unknown figure is a middling one."""
    industries = [i.id for i in world.lists.industries if i.parent_id is None]
    recent = [s for s in world.signals_of(company.id) if 0 < (on - s.at.date()).days <= WINDOW_DAYS]
    relevant = [s for s in recent if s.topic.name in RELEVANT_TOPICS]
    running = {t.product.category for t in company.technologies if t.first_seen <= on}
    funded = any(0 <= (on - f.on).days < FUNDING_DAYS for f in company.funding)
    return [
        log10(company.employees or 70),
        log10(company.revenue_usd or 10_000_000),
        max(-0.5, min(0.8, company.growth_1y if company.growth_1y is not None else 0.05)),
        float(len(running)),
        *(float(category in running) for category in CATEGORIES),
        float(funded),
        *(float(company.primary_industry.id == industry) for industry in industries),
        float(company.country == "United States"),
        log1p(len(relevant)),
        max((s.score for s in relevant), default=50) / 10,
        log1p(len(recent) - len(relevant)),
    ]


def known(world: World) -> list[tuple[Deal, Company]]:
    """The deals whose company a search by website finds exactly once."""
    holders = Counter(c.website for c in world.companies.values())
    pairs = [(deal, world.companies[deal.company_id]) for deal in world.deals if deal.company_id is not None]
    return [(deal, company) for deal, company in pairs if company.website and holders[company.website] == 1]


def measure(seed: int, companies: int = 3000) -> Result:
    """Train on the earlier two thirds, judge on the later third."""
    world = World.build(seed=seed, companies=companies, now=NOW)
    pairs = known(world)
    rows = [features(world, company, deal.opened_on) for deal, company in pairs]
    won = [int(deal.outcome == "won") for deal, _ in pairs]
    cut = len(pairs) * 2 // 3
    late = won[cut:]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=0.03, max_iter=1000)).fit(rows[:cut], won[:cut])
    size = LogisticRegression().fit([row[:1] for row in rows[:cut]], won[:cut])
    return Result(
        deals=len(world.deals),
        won=sum(won) / len(won),
        truth=float(roc_auc_score(late, [deal.win_probability for deal, _ in pairs[cut:]])),
        model=float(roc_auc_score(late, model.predict_proba(rows[cut:])[:, 1])),
        size=float(roc_auc_score(late, size.predict_proba([row[:1] for row in rows[cut:]])[:, 1])),
        relevant_signals=sum(s.topic.name in RELEVANT_TOPICS for s in world.signals(NOW)),
    )


def main() -> None:
    """Print the table."""
    results = {seed: measure(seed) for seed in SEEDS}
    print("seed  deals  won   truth  model  size   signals on the relevant topics")
    for seed, r in results.items():
        print(f"{seed:4}  {r.deals:5}  {r.won:.2f}  {r.truth:.3f}  {r.model:.3f}  {r.size:.3f}  {r.relevant_signals}")
    truth, model, size = (median(getattr(r, name) for r in results.values()) for name in ("truth", "model", "size"))
    print(f"median             {truth:.3f}  {model:.3f}  {size:.3f}")
    print(f"model above size alone: {model - size:+.3f}; model below the truth: {truth - model:+.3f}")


if __name__ == "__main__":
    main()
