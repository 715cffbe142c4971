"""Envelopes: how many rows there are in all."""

from __future__ import annotations

import pytest

from zianalytics.api.enterprise import total
from zianalytics.api.table import OPERATIONS
from zianalytics.errors import AnswerUnreadable

SEARCH = OPERATIONS["search.companies"]


@pytest.mark.parametrize("written", [b"12", b'"12"', b" 12 "])
def test_the_total_is_read_as_a_number_or_as_digits(written: bytes) -> None:
    assert total(SEARCH, b'{"totalResults": %b, "data": []}' % written) == 12


@pytest.mark.parametrize("body", [b"{}", b'{"totalResults": null}', b'{"totalResults": 12.5}', b"[]", b"oops"])
def test_a_reply_without_a_total_is_unreadable(body: bytes) -> None:
    with pytest.raises(AnswerUnreadable, match=r"search\.companies"):
        total(SEARCH, body)
