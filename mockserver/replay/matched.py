"""`X-Mock-Matched`: which example has answered and why, in every answer."""

from __future__ import annotations

from urllib.parse import quote

from mockserver.message import Response

HEADER = "X-Mock-Matched"
NOTHING = "none"
# What a header can carry as it stands; a percent sign is written as %25, so that nothing reads in two ways.
PLAIN = "".join(chr(code) for code in range(0x20, 0x7F) if chr(code) != "%")
_LONGEST = 300


def matched(place: str, why: str) -> tuple[str, str]:
    """The header, in ASCII: what no header can carry is percent-encoded, and what is too long is cut."""
    told = quote(place[:_LONGEST], safe=PLAIN, errors="surrogatepass")
    if len(told) > _LONGEST or len(place) > _LONGEST:
        cut = told[:_LONGEST]
        # Not in the middle of a %XX.
        told = f"{cut[: cut.rfind('%')] if '%' in cut[-2:] else cut}..."
    return HEADER, f"{told} ({why})"


def explained(response: Response, place: str, why: str) -> Response:
    """The response with the header, in place of one that was recorded."""
    kept = tuple(header for header in response.headers if header[0].lower() != HEADER.lower())
    return Response(response.status, (*kept, matched(place, why)), response.body)
