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
        ({"companies": 0}, "companies is 0, and not a whole number from 1"),
        ({"companies": "500"}, "companies is '500', and not a whole number from 1"),
        ({"companies": True}, "companies is True, and not a whole number from 1"),
        ({"seed": "x"}, "seed is 'x', and not a whole number"),
        ({"seed": 1.5}, "seed is 1.5, and not a whole number"),
        ({"now": "2026-10-01"}, "now is '2026-10-01', and not a datetime with a time zone"),
        ({"now": datetime(2026, 10, 1)}, "now is datetime.datetime(2026, 10, 1, 0, 0), and not a datetime with a time"),
        ({"bundle": "standrd"}, "bundle is 'standrd', and neither 'standard' nor 'scaling'"),
        ({"no_limits": "no"}, "no_limits is 'no', and neither True nor False"),
    ],
    ids=["none", "a text", "a truth", "no number", "a fraction", "no time", "no zone", "misspelt", "no truth"],
)
def test_what_no_sandbox_can_be_made_from_is_refused(given: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011  # its words are compared
        Options(**given)
    assert str(refused.value).startswith(said)
    assert str(refused.value).endswith(". Nothing was started.")


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(ValueError, match=r"companies is -1, .*; bundle is 'large', "):
        Options(companies=-1, bundle="large")


def test_what_one_can_be_made_from_is_taken(tmp_path: Path) -> None:
    assert Options() == Options(companies=None, seed=None, now=None, bundle=None, state=None, no_limits=False)
    made = Options(companies=1, seed=-3, now=datetime(2026, 10, 1, tzinfo=UTC), bundle="scaling", state=tmp_path / "s")
    assert (made.companies, made.seed) == (1, -3)
