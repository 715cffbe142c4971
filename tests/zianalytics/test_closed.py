"""A client that was closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import polars as pl
import pytest

from zianalytics import ZoomInfo
from zianalytics.errors import ClientClosed, SandboxFailed

DAY = datetime(2026, 1, 2, tzinfo=UTC).date()
DEAL = {"deal_id": "d1", "company_id": 1, "outcome": "won", "opened_on": DAY, "closed_on": DAY}


def test_a_closed_client_says_so_whatever_it_is_asked_and_makes_no_file() -> None:
    zi = ZoomInfo.mock(companies=50, progress=False)
    ledger, budget, home = zi.ledger, zi.budget, zi.home
    zi.close()
    asked: list[Callable[[], Any]] = [
        lambda: zi.search.companies(country="Germany"),
        lambda: zi.search.companies.count(country="Germany"),
        lambda: zi.search.companies.quote(country="Germany"),
        lambda: zi.search.intent(topics=["Lead Scoring"], max_records=1),
        lambda: zi.enrich.companies([1], max_credits=1),
        lambda: zi.enrich.companies.quote([1]),
        lambda: zi.match.companies(["ulemvex.example"]),
        lambda: zi.lookup.countries(),
        lambda: zi.lookup.entitlements(),
        lambda: zi.usage(),
        lambda: zi.warehouse,
        lambda: zi.budget.set(max_credits=1),
        lambda: zi.budget.clear(),
        lambda: zi.budget(max_credits=1).__enter__(),
        lambda: zi.ledger.frame(),
        lambda: zi.ledger.statement(),
        lambda: zi.ledger.compare(),
        lambda: zi.ledger.forecast(),
        lambda: zi.ledger.unusual(),
        lambda: zi.ledger.renewal_plan(),
        lambda: zi.ledger.unanswered(),
        lambda: zi.ledger.totals(),
        lambda: zi.give.deals(pl.DataFrame([DEAL])),
    ]
    for call in asked:
        with pytest.raises(ClientClosed, match=r"This client is closed\. Nothing was sent or spent\. Make a new one"):
            call()
    assert (repr(ledger), repr(budget)) == ("<Ledger: closed>", "<Budget: closed>")
    assert repr(zi.compliance) == "<Compliance: closed>"
    sandbox = zi.sandbox
    assert sandbox is not None
    for admin in (sandbox.ledger, sandbox.deals, sandbox.truth):
        with pytest.raises(SandboxFailed, match=r"sandbox was ended, .* Nothing was spent\. Start another: Zoom"):
            admin()
    assert "closed" in ledger._repr_html_()
    assert "closed" in zi._repr_html_()
    assert not home.exists()
