"""What a sandbox is made from is refused where nothing can be made from it, before anything is drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mockserver.sandbox import Options


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"companies": 0}, "companies=0 is not a whole number of 1 or more"),
        ({"companies": "500"}, "companies='500' is not a whole number of 1 or more"),
        ({"companies": True}, "companies=True is not a whole number of 1 or more"),
        ({"seed": "x"}, "seed='x' is not a whole number"),
        ({"seed": 1.5}, "seed=1.5 is not a whole number"),
        ({"now": "2026-10-01"}, "now='2026-10-01' is not a datetime with a time zone"),
        ({"now": datetime(2026, 10, 1)}, "now=datetime.datetime(2026, 10, 1, 0, 0) is not a datetime with a time"),
        ({"bundle": "standrd"}, "bundle='standrd' is neither 'standard' nor 'scaling'"),
        ({"no_limits": "no"}, "no_limits='no' is neither True nor False"),
    ],
    ids=["none", "a text", "a truth", "no number", "a fraction", "no time", "no zone", "misspelt", "no truth"],
)
def test_what_no_sandbox_can_be_made_from_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its words are compared
        Options(**given)
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith(". Nothing was started.")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError, match=r"companies=-1 is .*; bundle='large' is "):
        Options(companies=-1, bundle="large")


def test_what_one_can_be_made_from_is_taken(tmp_path: Path) -> None:
    assert Options() == Options(companies=None, seed=None, now=None, bundle=None, state=None, no_limits=False)
    made = Options(companies=1, seed=-3, now=datetime(2026, 10, 1, tzinfo=UTC), bundle="scaling", state=tmp_path / "s")
    assert (made.companies, made.seed) == (1, -3)
