"""The body of a reply, read and unpacked within bounds: no service can fill the memory or hold a call for ever."""

from __future__ import annotations

import time
import zlib

import httpx

# docs/assumptions.md, "size and time of a reply"
LARGEST_BYTES = 128 * 1024 * 1024
"""A page or a batch of the service has a few megabytes at most."""
WHOLE_S = 300.0
"""From sending a request to the last byte of its reply. The head of a reply is bounded by the wait for each part."""
PACKED = "gzip"
"""How a reply may be packed, as requests say."""


class BodyUnfit(Exception):
    """A body that is not taken; the message says why, and another try would not help."""


def read_body(response: httpx.Response, *, until: float, largest: int = LARGEST_BYTES) -> bytes:
    """The body of a streamed response, unpacked.

    Parameters
    ----------
    until
        Until when it must be there, by `time.monotonic`.
    largest
        How many bytes it may have, unpacked.

    Raises
    ------
    BodyUnfit
        It is larger, takes longer, or is packed in a way that cannot be undone.
    """
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", PACKED}:
        raise BodyUnfit(f"it is packed as {packing[:40]!r}, and only {PACKED} was asked for")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS + 16) if packing == PACKED else None
    chunks: list[bytes] = []
    left = largest
    packed = 0
    for raw in response.iter_raw():
        if time.monotonic() > until:
            raise BodyUnfit("it took too long to arrive")
        packed += len(raw)
        chunk = raw if unpacker is None else _unpacked(unpacker, raw, at_most=left + 1)
        left -= len(chunk)
        if left < 0:
            raise BodyUnfit(f"it has more than {largest:,} bytes")
        chunks.append(chunk)
    if unpacker is not None and packed and not unpacker.eof:
        raise BodyUnfit("its packing breaks off")
    return b"".join(chunks)


def _unpacked(unpacker: zlib._Decompress, raw: bytes, *, at_most: int) -> bytes:
    if unpacker.eof:
        return b""  # what follows is no part of it
    try:
        return unpacker.decompress(raw, at_most)
    except zlib.error as exc:
        raise BodyUnfit("its packing is damaged") from exc
