"""What tab and repr show of an object: what users may want, and none of the machinery that other rooms call."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import ClassVar


def offered(of: object, name: str, *methods: str) -> str:
    """What can be called, each with what it is for: a line for each method, as users write it."""
    lines = {f"{name}.{one}": (inspect.getdoc(getattr(of, one)) or "").partition("\n")[0] for one in methods}
    width = max(map(len, lines))
    return "\n".join(f"{call:<{width}}  {summary}" for call, summary in lines.items())


class _Quiet(type):
    """IPython asks the class for names as well as the object, and each must be quiet."""

    machinery: frozenset[str]

    def __dir__(cls) -> Iterable[str]:
        return [name for name in super().__dir__() if name not in cls.machinery]


class Shown(metaclass=_Quiet):
    """A class some of whose public names are for other rooms alone."""

    machinery: ClassVar[frozenset[str]] = frozenset({"machinery"})
    """The names that tab leaves out; this one is among them."""

    def __dir__(self) -> Iterable[str]:
        return [name for name in super().__dir__() if name not in self.machinery]
