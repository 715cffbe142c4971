"""How much the service allows: its windows per bundle, and what its replies say of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

WIDE_S = 2.0
"""A second that the service may count together with the whole second before it."""


@dataclass(frozen=True, slots=True)
class Window:
    """At most `requests` in any `seconds`."""

    requests: int
    seconds: float


Windows = tuple[Window, ...]

STANDARD: Windows = (Window(25, 1.0), Window(1500, 60.0))
"""What the Standard bundle of the Enterprise API allows."""
SCALING: Windows = (Window(33, 1.0), Window(2000, 60.0))
"""What the Scaling bundle allows."""
SIGN_IN: Windows = (Window(1, 1.0),)
"""What `/authenticate` allows."""
BUNDLES = (STANDARD, SCALING)


def windows_in_force(base: Windows, *, told: int, is_wide: bool) -> Windows:
    """What is kept, given what the service has said.

    A number that a documented bundle has tells that bundle, up or down; any other can only lower the minute.
    docs/assumptions.md, "rate windows of the Enterprise API".

    Parameters
    ----------
    base
        What is kept where the service says nothing.
    told
        Its limit as `limit_told` reads it; 0 for none.
    is_wide
        Whether it was seen to count more than a second, so that what a second holds is spread over two.
    """
    bundles = BUNDLES if base in BUNDLES else ()
    windows = next((one for one in bundles if any(told == window.requests for window in one)), None)
    if windows is None:
        windows = tuple(
            replace(window, requests=told) if window.seconds == 60.0 and 0 < told < window.requests else window
            for window in base
        )
    if is_wide:
        windows = tuple(replace(window, seconds=max(window.seconds, WIDE_S)) for window in windows)
    return windows


def limit_told(headers: Mapping[str, str]) -> int:
    """The limit that a reply tells (lower-case names); 0 where it is absent, blank, malformed, or -1 for not known."""
    return _number(headers.get("x-ratelimit-limit", ""))


def names_the_second(headers: Mapping[str, str]) -> bool:
    """Whether a 429 was for the second: it says so, or says that its minute has room.

    docs/assumptions.md, "a 429 for the second".
    """
    if bucket := headers.get("x-ratelimit-rejected-bucket", "").strip().lower():
        return bucket == "second"
    return _number(headers.get("x-ratelimit-remaining", "")) > 0


def _number(header: str) -> int:
    text = header.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
