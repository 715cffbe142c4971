"""ZoomInfo data as DataFrames, tables and account scores."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zianalytics import errors, features, frames, reports, scoring
    from zianalytics.warehouse import Warehouse
    from zianalytics.zoominfo import ZoomInfo

    __version__: str

__all__ = ["Warehouse", "ZoomInfo", "errors", "features", "frames", "reports", "scoring"]

logging.getLogger(__name__).addHandler(logging.NullHandler())  # who wants to read the log says where it goes

# Each name loads its part when it is first asked for, so that the import itself stays quick.
_HOMES = {"Warehouse": "zianalytics.warehouse", "ZoomInfo": "zianalytics.zoominfo"}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        found = import_module("importlib.metadata").version(__name__)
    elif name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    else:
        found = getattr(import_module(_HOMES[name]), name) if name in _HOMES else import_module(f"{__name__}.{name}")
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
