"""What rooms share: a user whom the rights of files bind, root too; and frames as pandas has them of a spreadsheet."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
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


class Column:
    """A series as those of pandas are: Python objects of one kind or several, which Arrow takes or refuses."""

    def __init__(self, values: Sequence[Any]) -> None:
        self._values = np.array([*values, None], dtype=object)[:-1]

    def tolist(self) -> list[Any]:
        values: list[Any] = self._values.tolist()
        return values

    def as_arrow(self) -> Any:
        return pa.chunked_array([pa.array(self._values, from_pandas=True)])

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.as_arrow().__arrow_c_stream__(requested_schema)


class Spreadsheet:
    """A frame as those of pandas are, and an index with a name."""

    def __init__(self, columns: dict[str, Sequence[Any]], *, index: str | None = None) -> None:
        self.columns = list(columns)
        self.index = SimpleNamespace(names=[index])
        self._held = {name: Column(values) for name, values in columns.items()}

    def __getitem__(self, name: str) -> Column:
        return self._held[name]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        table = pa.table({name: column.as_arrow() for name, column in self._held.items()})
        return table.__arrow_c_stream__(requested_schema)


@pytest.fixture
def spreadsheet() -> Callable[..., Any]:
    """Makes a frame of another library, of its columns."""
    return Spreadsheet
