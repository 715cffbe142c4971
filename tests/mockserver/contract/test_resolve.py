"""The resolved document is what the server reads; it must say what the documents say."""

from __future__ import annotations

from mockserver.contract.resolve import RESOLVED, resolved


def test_the_checked_in_document_is_fresh() -> None:
    message = "resolved.json is stale: run python -m mockserver.contract.resolve"
    assert RESOLVED.read_text(encoding="utf-8") == resolved(), message


def test_nothing_is_left_to_resolve() -> None:
    assert "$ref" not in RESOLVED.read_text(encoding="utf-8")
