"""What is reserved at once for several calls: none of it is lost, whoever draws on it, or dies."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from zianalytics.errors import BudgetExceeded
from zianalytics.journal import Allowance, Journal
from zianalytics.schema.meters import Meters

NOW = datetime(2031, 3, 1, 9, 0, tzinfo=UTC)


def worst(credits: int) -> Meters:
    return Meters(credits=credits, records=credits, requests=1)


def left(journal: Journal, cap: str) -> int | None:
    return journal.ledger.caps.left(cap).credits


def test_calls_draw_on_what_was_reserved_for_them_and_then_on_what_is_left(journal: Journal) -> None:
    ledger = journal.ledger
    cap = ledger.caps.open(Allowance(credits=10), "block", at=NOW)
    hold = ledger.begin("a + b", worst(8), at=NOW, caps=[cap])
    with pytest.raises(BudgetExceeded):
        ledger.begin("c", worst(3), at=NOW, caps=[cap])
    with ledger.caps.holds.drawing_on(hold.id):
        assert not ledger.caps.short([cap], worst(10), at=NOW)
        ledger.begin("a", worst(5), at=NOW, caps=[cap])
        assert left(journal, cap) == 2
        with pytest.raises(BudgetExceeded):
            ledger.begin("b", worst(6), at=NOW, caps=[cap])
        assert left(journal, cap) == 2
        ledger.begin("b", worst(4), at=NOW, caps=[cap])
        assert left(journal, cap) == 1
    ledger.end(hold, finished=True)
    assert left(journal, cap) == 1


def test_another_thread_does_not_draw_on_it(journal: Journal) -> None:
    ledger = journal.ledger
    cap = ledger.caps.open(Allowance(credits=10), "block", at=NOW)
    hold = ledger.begin("a + b", worst(8), at=NOW, caps=[cap])
    refused: list[BudgetExceeded] = []

    def elsewhere() -> None:
        try:
            ledger.begin("c", worst(3), at=NOW, caps=[cap])
        except BudgetExceeded as exc:
            refused.append(exc)

    with ledger.caps.holds.drawing_on(hold.id):
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert left(journal, cap) == 2


def test_what_was_reserved_by_one_who_is_gone_is_free_again(tmp_path: Path) -> None:
    with Journal.open(tmp_path) as gone:
        cap = gone.ledger.caps.open(Allowance(credits=10), "standing", at=NOW)
        hold = gone.ledger.begin("a + b", worst(8), at=NOW, caps=[cap])
        with gone.ledger.caps.holds.drawing_on(hold.id):
            gone.ledger.end(gone.ledger.begin("a", worst(5), at=NOW, caps=[cap]), finished=True)
        assert left(gone, cap) == 7
    with Journal.open(tmp_path) as journal:
        journal.open_intents()
        assert left(journal, cap) == 10
