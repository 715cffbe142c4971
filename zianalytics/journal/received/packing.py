"""Bodies as the journal keeps them: a stream of zlib, which any tool can read, written by a library that is faster."""

from __future__ import annotations

from isal import isal_zlib

NotPacked: type[Exception] = isal_zlib.error  # type: ignore[assignment]  # its stubs take the class for an instance
"""What was packed is damaged."""


def pack(body: bytes) -> bytes:
    """The stream of a body."""
    return isal_zlib.compress(body, 1)


def unpack(packed: bytes) -> bytes:
    """The body of a stream; raises `NotPacked` where it is none."""
    return isal_zlib.decompress(packed)
