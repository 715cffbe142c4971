"""`zia mock`: the local ZoomInfo, with the options of `python -m mockserver`."""

from __future__ import annotations

import sys

import typer

from zianalytics.errors import ExtraMissing


def mock(context: typer.Context) -> None:
    """Start the local ZoomInfo and leave it running; `zia mock --help` lists its options."""
    try:
        from mockserver.shell import run
    except ImportError as exc:
        raise ExtraMissing(
            "The local ZoomInfo is not installed. Nothing was started. Run: pip install 'zianalytics[mock]'"
        ) from exc
    sys.exit(run(context.args, called="zia mock"))
