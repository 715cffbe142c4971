"""Options that are lists."""

from __future__ import annotations

import pytest

from zianalytics.cli.manners.lists import listed


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (None, None),
        ([""], []),
        (["name, website"], ["name", "website"]),
        (["name", "website"], ["name", "website"]),
        (["name", "name,,phone"], ["name", "phone"]),
    ],
    ids=["not-given", "empty", "commas", "again", "both"],
)
def test_a_list_is_given_with_commas_or_again(given: list[str] | None, words: list[str] | None) -> None:
    assert listed(given) == words
