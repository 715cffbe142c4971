"""What one look has found."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import polars as pl

from zianalytics.errors import ZoomInfoError

State = Literal["ok", "warn", "bad"]
_FRAME = pl.Schema({"state": pl.String(), "what": pl.String(), "found": pl.String(), "advice": pl.String()})


@dataclass(frozen=True)
class Finding:
    """One line.

    Attributes
    ----------
    state
        "ok"; "warn" for what works and should be known; "bad" for what does not work, or is lost.
    what
        What was looked at.
    found
        How it is.
    advice
        What to do; "" where there is nothing to do.
    """

    state: State
    what: str
    found: str
    advice: str = ""


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """One row per finding: state, what, found, advice."""
    return pl.DataFrame([(one.state, one.what, one.found, one.advice) for one in findings], schema=_FRAME, orient="row")


def looked(what: str, look: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """What a look finds; where it cannot be taken to its end, that is what is found beside it."""
    found: list[Finding] = []
    try:
        for one in look():
            found.append(one)  # noqa: PERF402  # what was found before something goes wrong is told, too
    except ZoomInfoError as exc:
        found.append(Finding("bad", what, str(exc), ""))
    except Exception as exc:  # noqa: BLE001  # it is there for what nobody thought of: it must tell, and never fail
        found.append(Finding("bad", what, f"it could not be looked at ({type(exc).__name__})", "Please report this."))
    return found
