"""Text from outside, made safe to show: no markup acts, no character hides, no spreadsheet computes it."""

from __future__ import annotations

import html
import unicodedata

# the full-width forms of = + - @ compute in some spreadsheets, too
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def visible(text: str) -> str:
    r"""The text with control, direction and other unseen characters spelt out.

    A character that turns the direction of writing lets a name pose as another; spelt out, it cannot.

    Examples
    --------
    >>> visible("Aster\u202eexe.txt")
    'Aster\\u202eexe.txt'
    """
    return "".join(_spelt(c) if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else c for c in text)


def as_html(text: str) -> str:
    """The text for an HTML page, in an element or a quoted attribute.

    Examples
    --------
    >>> as_html("<b>Aster & Birch</b>")
    '&lt;b&gt;Aster &amp; Birch&lt;/b&gt;'
    """
    return html.escape(visible(text))


def as_cell(text: str) -> str:
    """The text for a cell of a spreadsheet: what would be a formula there begins with an apostrophe.

    Examples
    --------
    >>> as_cell("=HYPERLINK(1)")
    "'=HYPERLINK(1)"
    """
    shown = visible(text)
    return f"'{shown}" if text.startswith(_FORMULA) or shown.lstrip().startswith(_FORMULA) else shown


def _spelt(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
