"""Envelopes: how many rows there are, and what the headers say."""

from __future__ import annotations

import pytest

from zianalytics.api.enterprise import Allowance, total, usage_of
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


def test_usage_is_read_from_headers_where_they_give_numbers() -> None:
    headers = {
        "x-usage-unique-id-limit-limit": "5000",
        "x-usage-unique-id-limit-remaining": "4970",
        "x-usage-record-limit-limit": "125000",
        "x-usage-record-limit-remaining": "",
        "x-usage-request-limit-limit": "many",
        "x-usage-request-limit-remaining": "3",
    }
    assert usage_of(headers) == {"credits": Allowance(5000, 4970)}
