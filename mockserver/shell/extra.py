"""The optional part `mock`: what serves is loaded when it is needed, and missed by name where it is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def needed_for(what: str) -> Iterator[None]:
    """Tell of a module that is not installed what needs it and how it is installed.

    Raises
    ------
    ModuleNotFoundError
        The block imports one.
    """
    try:
        yield
    except ModuleNotFoundError as exc:
        raise ModuleNotFoundError(
            f"{what} needs {exc.name}, which is not installed. Nothing is served. "
            "Install it: pip install 'zianalytics[mock]'.",
            name=exc.name,
        ) from exc
