"""What became of everything that had no end: a row for each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl

from zianalytics.journal import Intent
from zianalytics.schema.meters import Meters

SETTLED, WAITS = "settled", "waits"
MEANWHILE = "another call has brought it to its end meanwhile"
RECONCILED = pl.Schema(
    {
        "sent_at": pl.Datetime("us", "UTC"),
        "endpoint": pl.String(),
        "kind": pl.String(),
        "inputs": pl.Int64(),
        "by_name": pl.Int64(),
        "outcome": pl.String(),
        "credits": pl.Int64(),
        "records": pl.Int64(),
        "counted_credits": pl.Int64(),
        "counted_records": pl.Int64(),
        "why": pl.String(),
        "intent_id": pl.String(),
    }
)


@dataclass
class Told:
    """What became of one thing without an end."""

    sent_at: datetime
    endpoint: str
    kind: str
    intent: str
    inputs: int = 0
    by_name: int = 0
    outcome: str = WAITS
    spent: Meters = field(default_factory=Meters)
    counted: Meters | None = None
    why: str = ""

    def settled(self, why: str, spent: Meters | None = None) -> Told:
        """It has its end now."""
        self.outcome, self.why, self.spent = SETTLED, why, spent or Meters()
        return self

    def row(self) -> tuple[Any, ...]:
        """Its row in the frame."""
        counted = (None, None) if self.counted is None else (self.counted.credits, self.counted.records)
        spent = (self.spent.credits, self.spent.records)
        known = (self.sent_at, self.endpoint, self.kind, self.inputs, self.by_name, self.outcome)
        return (*known, *spent, *counted, self.why, self.intent)


def about(intent: Intent, *, kind: str = "unanswered") -> Told:
    """The row of a request, as long as it waits."""
    told = Told(intent.at, intent.operation, kind, intent.id, inputs=len(intent.asked))
    told.by_name = by_name(intent)
    return told


def by_name(intent: Intent) -> int:
    """How many of its inputs are named by something else than an id."""
    return sum(one is None for one in intent.ids)
