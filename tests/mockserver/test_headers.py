from __future__ import annotations

import pytest

from mockserver.message import Headers

LINES = [(b"host", b"127.0.0.1:1"), (b"x-twice", b"a"), (b"x-wide", b"\xe9"), (b"x-twice", b"b")]


def test_headers_are_a_mapping_of_text() -> None:
    assert dict(Headers(LINES)) == {"host": "127.0.0.1:1", "x-twice": "a, b", "x-wide": "é"}
    assert len(Headers(LINES)) == 3
    assert "x-wide" in Headers(LINES)


def test_what_was_not_sent_is_the_default() -> None:
    assert Headers(LINES).get("x-none") is None
    assert Headers(LINES).get("x-none", "") == ""
    assert Headers(LINES).get("x-twice", "") == "a, b"
    with pytest.raises(KeyError):
        Headers(LINES)["x-none"]
