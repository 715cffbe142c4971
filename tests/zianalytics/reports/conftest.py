"""A judged model of practice deals, and frames as the steps of a report leave them; some names are hostile."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from zianalytics import scoring
from zianalytics.scoring import Feature, Model, Scorecard

HOSTILE = (
    '<script>alert("x")</script>',
    "\"><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://192.0.2.1/\")",
    "Aster\u202efdp.exe",
    "O'Birch & Söhne",
)  # fmt: skip

FEATURES = (
    Feature("employee_count", pl.Int64(), "People.", wording="{value} employee{s}", scale="log"),
    Feature("topics", pl.Int64(), "Topics.", wording="{value} topic{s}", on="latest", sub_score="intent", dated=True),
    Feature("industry", pl.String(), "Industry.", wording="industry {value}"),
)


def accounts(n: int, seed: int) -> pl.DataFrame:
    chance = random.Random(seed)
    rows = []
    for i in range(n):
        topics = chance.choice([0, 0, 1, 4])
        rows.append(
            {
                "company_id": i + 1,
                "name": HOSTILE[i % len(HOSTILE)],
                "opened_on": date(2025, 1, 1) + timedelta(days=3 * i),
                "employee_count": chance.randint(5, 5000),
                "topics": topics,
                "latest": date(2026, 9, 12) if topics else None,
                "industry": HOSTILE[0] if i % 3 else "Retail",
                "won": chance.random() < (0.75 if topics == 4 else 0.15),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


@pytest.fixture(scope="session")
def model() -> Model:
    return scoring.fit(scoring.split(accounts(180, 1))[0], features=FEATURES)


@pytest.fixture(scope="session")
def card(model: Model) -> Scorecard:
    return model.evaluate(scoring.split(accounts(180, 1))[1])


@pytest.fixture(scope="session")
def parts(model: Model, card: Scorecard) -> dict[str, Any]:
    """What `reports.page` takes."""
    scored = model.score(accounts(40, 2), keep=["name"])
    days = [datetime(2026, month, 5, tzinfo=UTC) for month in (6, 6, 8, 9)]
    return {
        "question": "Which accounts look like those we won <b>before</b>?",
        "as_of": date(2026, 10, 1),
        "costs": pl.DataFrame(
            {"step": ["Match <i>", "Enrich"], "credits": [0, 40], "records": [0, 40], "requests": [55, 2]}
        ),
        "segments": pl.DataFrame(
            {"segment": [HOSTILE[1], "Retail"], "sold_share": [0.3, 0.05], "all_share": [0.1, 0.1]}
        ),
        "model": model,
        "scorecard": card,
        "accounts": scored.with_columns(
            website=pl.lit("www.aster.example"),
            country=pl.lit("Ireland"),
            employee_count=pl.when(pl.col("company_id") % 2 == 0).then(1200),
        ),
        "signals": pl.DataFrame(
            {
                "company_id": [1, 2, 2, 3],
                "company_name": ["Aster", HOSTILE[1], HOSTILE[1], "Cedar"],
                "topic": ["Lead Scoring", HOSTILE[0], HOSTILE[3], "Lead Scoring"],
                "signal_date": days,
            }
        ),
        "known": "dated",
        "notes": ["Checked by <Ann>."],
    }


@pytest.fixture
def make_accounts() -> Callable[[int, int], pl.DataFrame]:
    return accounts
