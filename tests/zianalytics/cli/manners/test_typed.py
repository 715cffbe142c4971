"""What commands say is what can be typed: the library's Python is turned into options and commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from zianalytics.cli.manners.typed import typed

if TYPE_CHECKING:
    from ..conftest import Desk

PAIRS = [
    ("Pass max_records=, the records after which", "Pass --max-records, the records after which"),
    (
        "Pass max_credits=30, max_records=60 to this call, open `with zi.budget(max_credits=30, max_records=60):`, or "
        "use zi.budget.set(max_credits=30, max_records=60).",
        "Pass --max-credits 30 --max-records 60 to this command.",
    ),
    (
        '9 credits are left of the standing budget, zi.budget.set(max_credits=9, per="day"). Pass max_credits=3.',
        '9 credits are left of the standing budget, zi.budget.set(max_credits=9, per="day"). Pass --max-credits 3.',
    ),
    (
        'zia reconcile --ask-lists --max-records 4, or zi.ledger.reconcile(lists="ask", max_records=4), asks again.',
        "zia reconcile --ask-lists --max-records 4 asks again.",
    ),
    ("the same call, or `zi.redeem` of its quote", "the same command, or zia redeem of its quote"),
    ("Look at zi.usage(); zi.usage.projection() shows all limits", "Look at zia usage; zia usage shows all limits"),
    ("Look at `.quote` of this error, and redeem that.", "Look at a new quote of it, and redeem that."),
    ("max_credits=-1 is not a whole number of 0 or more.", "--max-credits -1 is not a whole number of 0 or more."),
    ("max_age=-2 is below 0, and no answer", "--max-age -2 is below 0, and no answer"),
    (
        'Leave it out, or pass fields="all" for all that is covered; zi.lookup.entitlements() shows it.',
        "Leave it out, or pass --fields all for all that is covered; zi.lookup.entitlements() shows it.",
    ),
    ('Pass required_fields="email,phone" to this call.', "Pass --required-fields email,phone to this command."),
    ("Leave fields= out for the usual ones.", "Leave --fields out for the usual ones."),
    ("-email in fields= leaves them out; required_fields=.", "-email in --fields leaves them out; --required-fields."),
    ("In `of` that is email: leave it out.", "In --ids that is email: leave it out."),
    ("zi.lookup.countries() has them", "zi.lookup.countries() has them"),
]


@pytest.mark.parametrize(("python", "ours"), PAIRS, ids=[str(n) for n in range(len(PAIRS))])
def test_python_becomes_what_can_be_typed_where_there_is_such_a_thing(python: str, ours: str) -> None:
    assert typed(python) == ours


def test_a_refusal_names_options(desk: Desk) -> None:
    ids = desk.file("crm.csv", "company_id", *desk.ids[:30])
    out = str(desk.folder / "rows.parquet")
    for credits, ending in ((("--max-credits", "10"), "; or pass fewer rows."), ((), ".")):
        done = desk.begin("companies", "--ids", ids, *credits, "--out", out)
        _, said = done.communicate(timeout=60)
        assert done.returncode == 1
        assert said.endswith(f" Nothing was sent. Pass --max-credits 30 to this command{ending}\n")
