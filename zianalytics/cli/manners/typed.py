"""What the library says in Python, in the words of the command line, where that has some."""

from __future__ import annotations

import re

# A budget of Python's own has no option: it is named as it is, or left out where an option would do.
_BUDGET = r"zi\.budget(?:\.set)?\([^)]*\)"
_WORDS = (
    (rf", open `with {_BUDGET}:`, or use {_BUDGET}", ""),
    (r"(zia reconcile[^,`]*), or zi\.ledger\.reconcile\([^)]*\),", r"\1"),
    (r"zi\.ledger\.reconcile\b(?:\(\))?", "zia reconcile"),
    (r"zi\.usage(?:\.projection)?\(\)", "zia usage"),
    (r"`?\bzi\.redeem\b`?", "zia redeem"),
    (r"`\.quote` of this error", "a new quote of it"),
    (r"\ba \.quote\(\)", "a --quote"),
    (r"\bto this call\b", "to this command"),
    (r"\bsame call\b", "same command"),
    (r"\bIn `of` that is\b", "In --ids that is"),
)
_OPTION = re.compile(rf"{_BUDGET}|\bmax_(credits|records|requests|age)=(-?\d*)(?:,(?= max_\w+=\d))?")


_COLUMNS = re.compile(r"""\b(required_)?fields=(?:"([^"]*)")?""")


def typed(message: str) -> str:
    """A message of the library as somebody reads it who types commands.

    Examples
    --------
    >>> typed("Pass max_credits=30, max_records=60 to this call; or run the same call again.")
    'Pass --max-credits 30 --max-records 60 to this command; or run the same command again.'
    """
    for python, ours in _WORDS:
        message = re.sub(python, ours, message)
    return _COLUMNS.sub(_columns, _OPTION.sub(_option, message))


def _option(found: re.Match[str]) -> str:
    meter, amount = found[1], found[2]
    return found[0] if meter is None else f"--max-{meter} {amount}".rstrip()


def _columns(found: re.Match[str]) -> str:
    option = "--required-fields" if found[1] else "--fields"
    return f"{option} {found[2]}" if found[2] else option
