"""A user whom the rights of files bind, root too."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

_CAPABILITIES_3, _OVERRULES = 0x20080522, 0b110  # CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH


@pytest.fixture
def bound_by_rights() -> Callable[[Callable[[], Any]], Any]:
    """Calls something and gives what it gives; root calls it in a thread that has put down what overrules rights."""
    if sys.platform == "win32" or (sys.platform != "linux" and os.geteuid() == 0):
        pytest.skip("folders have no such rights here, or nothing binds this user to them")
    return _in_a_bound_thread if os.geteuid() == 0 else lambda act: act()


def _in_a_bound_thread(act: Callable[[], Any]) -> Any:
    with ThreadPoolExecutor(1, initializer=_put_down) as pool:
        return pool.submit(act).result()


def _put_down() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    header, held = (ctypes.c_uint32 * 2)(_CAPABILITIES_3, 0), (ctypes.c_uint32 * 6)()
    assert libc.capget(header, held) == 0
    # Effective and permitted ones: access(2) asks for the latter.
    kept = (ctypes.c_uint32 * 6)(held[0] & ~_OVERRULES, held[1] & ~_OVERRULES, *held[2:])
    assert libc.capset(header, kept) == 0
