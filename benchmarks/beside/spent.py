"""What a process has taken, as the system tells it when that is over, and on which machine."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from resource import struct_rusage  # which Windows lacks


def cpu_of(used: struct_rusage) -> float:
    """Seconds of CPU, user and system."""
    return used.ru_utime + used.ru_stime


def peak_mb_of(used: struct_rusage) -> float:
    """The most memory that was held."""
    return used.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def machine() -> str:
    """Cores and load, which every figure depends on."""
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    return f"{os.cpu_count()} cores, load {load:.1f}"
