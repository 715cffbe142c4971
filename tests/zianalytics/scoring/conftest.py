"""A table of practice deals whose outcome is known to hang on size and on what accounts read."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl
import pytest

from zianalytics.scoring import Feature

FEATURES = (
    Feature("employee_count", pl.Int64(), "People.", wording="{value} employee{s}", scale="log"),
    Feature("topics", pl.Int64(), "Topics.", wording="{value} topic{s} in 90 days", on="latest", sub_score="intent"),
    Feature("industry", pl.String(), "Industry.", wording="industry {value}"),
    Feature("technologies", pl.List(pl.String()), "Technologies.", wording="uses {value}"),
    Feature("funded", pl.Boolean(), "Funded.", label="funding round", wording="a funding round"),
)

MakeDeals = Callable[..., pl.DataFrame]


def _deal(n: int, chance: random.Random, strength: float) -> dict[str, object]:
    employees = None if chance.random() < 0.15 else round(math.exp(chance.gauss(5.5, 1.3))) + 1
    topics = chance.choice([0, 0, 0, 1, 2, 4])
    industry = chance.choice(["Software", "Retail", "Mining"])
    technologies = [t for t, share in (("Aster DB", 0.4), ("Birch CRM", 0.2)) if chance.random() < share]
    logit = strength * (0.3 * (math.log(employees or 240) - 5.5) + 0.9 * topics + (industry == "Software")) - 1.8
    return {
        "company_id": 1000 + n,
        "opened_on": date(2025, 1, 1) + timedelta(days=4 * n),
        "closed_on": date(2025, 1, 1) + timedelta(days=4 * n + 30),
        "employee_count": employees,
        "topics": topics,
        "latest": date(2025, 1, 1) + timedelta(days=4 * n - 9) if topics else None,
        "industry": industry,
        "technologies": technologies,
        "funded": chance.random() < 0.3,
        "won": chance.random() < 1 / (1 + math.exp(-logit)),
    }


@pytest.fixture
def make_deals() -> MakeDeals:
    def make(n: int = 160, *, seed: int = 1, strength: float = 1.0) -> pl.DataFrame:
        chance = random.Random(seed)
        return pl.DataFrame([_deal(i, chance, strength) for i in range(n)], infer_schema_length=None)

    return make


@pytest.fixture
def features() -> tuple[Feature, ...]:
    return FEATURES
