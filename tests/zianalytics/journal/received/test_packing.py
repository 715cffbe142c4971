"""Bodies are packed so that the standard library reads them, too, and nothing else passes for one."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zianalytics.journal.received.packing import NotPacked, pack, unpack


@given(st.binary(max_size=2_000))
def test_what_is_packed_is_a_stream_of_zlib(body: bytes) -> None:
    assert zlib.decompress(pack(body)) == body


@given(st.binary(max_size=2_000), st.sampled_from([1, 6, 9]))
def test_what_zlib_has_packed_is_read(body: bytes, level: int) -> None:
    """Journals of earlier versions were written by it."""
    assert unpack(zlib.compress(body, level)) == body


@pytest.mark.parametrize("cut", [0, 1, 20, -1])
def test_a_stream_that_was_cut_is_none(cut: int) -> None:
    with pytest.raises(NotPacked):
        unpack(pack(b'{"success": true}' * 9)[:cut])
