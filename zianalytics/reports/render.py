"""From a template to a page in which no text from outside can act."""

from __future__ import annotations

import re
from typing import Any

from zianalytics.errors import ExtraMissing
from zianalytics.inert import as_cell

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def render(template: str, /, **shown: Any) -> str:
    """The page that a template of this package makes.

    Every text that is shown is escaped, its unseen characters are spelt out, and what a spreadsheet would take for a
    formula begins with an apostrophe, since tables of a page are copied into spreadsheets, too.

    Parameters
    ----------
    template
        Its file name.
    shown
        What it shows.

    Raises
    ------
    ExtraMissing
        jinja2 is not installed.
    """
    try:
        import jinja2
    except ImportError as exc:
        raise ExtraMissing(
            "A report needs jinja2, which is not installed. Nothing was written or spent. "
            'Run: pip install "zianalytics[score]"'
        ) from exc
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("zianalytics.reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=_inert,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "share": _share,
        "fixed": _fixed,
        "count": _count,
        "signed": _signed,
        "picture": _picture,
        "days_whole": _days_whole,
    }
    return environment.get_template(template).render(shown)


def _inert(value: Any) -> Any:
    return as_cell(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def _share(value: float) -> str:
    return f"{100 * value:.0f}\N{NO-BREAK SPACE}%"


def _fixed(value: float | None, places: int) -> str:
    return "\N{EN DASH}" if value is None else f"{value:.{places}f}"


def _count(value: int) -> str:
    return f"{value:,}"


def _signed(value: float) -> Any:
    """A number with its sign, which is no formula."""
    from markupsafe import Markup

    return Markup(f"{value:+.2f}".replace("-", "\N{MINUS SIGN}"))  # noqa: S704  # a number


def _picture(address: str) -> Any:
    """The address of a picture that we drew: base64, which needs no escape and would be long to look through."""
    from markupsafe import Markup

    return Markup(address)  # noqa: S704  # base64


def _days_whole(text: str) -> Any:
    """A text in which no line ends within a day or before a per cent sign."""
    from markupsafe import Markup, escape

    return Markup(_DAY.sub(r"<time>\g<0></time>", str(escape(as_cell(text))).replace(" %", "\N{NO-BREAK SPACE}%")))  # noqa: S704  # escaped just here
