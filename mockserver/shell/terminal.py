"""Text from a file, made safe for a terminal."""

from __future__ import annotations

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def visible(text: str) -> str:
    """One line of text with control, direction and other unseen characters spelt out.

    A terminal takes some of them for commands, and others let a name pose as another.
    """
    return "".join(_spelt(c) if unicodedata.category(c) in _UNSEEN else c for c in text)


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
