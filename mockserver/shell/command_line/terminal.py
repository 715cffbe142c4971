"""What is said on a terminal: text from files made safe for it, counts, and why a command failed."""

from __future__ import annotations

import sys
import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def visible(text: str) -> str:
    """One line of text with control, direction and other unseen characters spelt out.

    A terminal takes some of them for commands, and others let a name pose as another.
    """
    return "".join(_spelt(c) if unicodedata.category(c) in _UNSEEN else c for c in text)


def counted(count: int, noun: str) -> str:
    """A number of things: `1 fault`, `1,000 faults`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def complain(called: str, problem: str) -> None:
    """Write to standard error why a command failed, after the name by which it was called."""
    sys.stderr.write(f"{called.removeprefix('python -m ')}: {visible(problem)}\n")


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
