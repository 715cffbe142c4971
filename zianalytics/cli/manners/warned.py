"""How a command tells what the library warns of."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from zianalytics.cli.manners.typed import typed
from zianalytics.errors import ZoomInfoWarning
from zianalytics.inert import visible


@contextmanager
def warnings_said() -> Iterator[None]:
    """A block in which each warning of ours is a line on the standard error; any other stays as it is."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", ZoomInfoWarning)
        others = warnings.showwarning

        def say(message: Warning | str, category: type[Warning], *where: Any) -> None:
            if isinstance(message, ZoomInfoWarning):
                typer.echo(f"zia: {visible(typed(str(message)))}", err=True)
            else:
                others(message, category, *where)

        warnings.showwarning = say  # type: ignore[assignment]  # what stands behind the category is handed on as it is
        yield
