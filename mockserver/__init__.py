"""A local ZoomInfo, and a server of any Postman collection with saved examples.

`serve` puts collections or a sandbox on a socket for a while, `transport` behind a client of httpx without one; `run`
is the command line. In pytest there are the fixtures `postman_mock` and `zoominfo_mock`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mockserver.message import Request, Response
    from mockserver.replay import Replay
    from mockserver.sandbox import Options, Sandbox
    from mockserver.shell import Listening, run, serve, transport

__all__ = ["Listening", "Options", "Replay", "Request", "Response", "Sandbox", "run", "serve", "transport"]

# Each name loads its part when it is first asked for: pytest imports this for its fixtures, whoever wants them or not.
_HOMES = {
    "Options": "sandbox",
    "Replay": "replay",
    "Request": "message",
    "Response": "message",
    "Sandbox": "sandbox",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'shell')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
