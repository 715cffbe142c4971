"""Replies are read without a look for garbage, and afterwards everything is as it was."""

from __future__ import annotations

import gc
import json

import pytest

from zianalytics.api.table import OPERATIONS
from zianalytics.errors import AnswerUnreadable
from zianalytics.frames.decode import decode
from zianalytics.memory import undisturbed

COMPANIES = OPERATIONS["enrich.companies"]
ANSWERS = [{"input": {"companyid": one}, "data": [{"id": one, "name": f"Quorvane {one}"}]} for one in range(1, 3_001)]


def looks_during(body: bytes) -> int:
    """How often Python has looked for garbage while a reply was read."""
    before: int = sum(one["collections"] for one in gc.get_stats())
    assert decode(COMPANIES, [body]).frame.height > 0
    after: int = sum(one["collections"] for one in gc.get_stats())
    return after - before


def test_a_reply_is_read_without_a_look_for_garbage() -> None:
    assert looks_during(json.dumps({"success": True, "data": {"result": ANSWERS}}).encode()) <= 1


def test_garbage_is_collected_again_after_a_reply_that_cannot_be_read() -> None:
    with pytest.raises(AnswerUnreadable):
        decode(COMPANIES, [b"{"])
    assert gc.isenabled()


def test_a_program_without_garbage_collection_keeps_without() -> None:
    gc.disable()
    try:
        with undisturbed():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_blocks_within_each_other_leave_it_on() -> None:
    with undisturbed(), undisturbed():
        assert not gc.isenabled()
    assert gc.isenabled()
