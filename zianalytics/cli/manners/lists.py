"""Options that are lists: words with commas, an option that is given again, or both."""

from __future__ import annotations

from collections.abc import Sequence


def listed(given: Sequence[str] | None) -> list[str] | None:
    """The words of all times that an option was given, in their order, each once; None where it was not given.

    Examples
    --------
    >>> listed(["month", "who, endpoint", "who"])
    ['month', 'who', 'endpoint']
    """
    if given is None:
        return None
    words = (word.strip() for one in given for word in one.split(","))
    return [*dict.fromkeys(word for word in words if word)]
