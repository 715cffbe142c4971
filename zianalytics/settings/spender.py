"""Who asks for paid data, and what runs it: what the ledger says beside each charge."""

from __future__ import annotations

import getpass
import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from zianalytics.inert import visible

_LONGEST = 100
_KERNEL = "ipykernel_launcher.py"


@dataclass(frozen=True, kw_only=True)
class Spender:
    """Who asks, and from where; None where it is not known.

    Attributes
    ----------
    who
        A person: all who share an account sign in as the same ZoomInfo user, so that it is the user of the machine.
    source
        A notebook or job, by its name alone: no folder, no argument.
    """

    who: str | None = None
    source: str | None = None

    @classmethod
    def here(
        cls,
        *,
        who: str | None = None,
        source: str | None = None,
        environ: Mapping[str, str] = os.environ,
        argv: Sequence[str] | None = None,
    ) -> Spender:
        """The spender that this process is.

        Parameters
        ----------
        who, source
            What the settings say: it goes before what is found.
        environ
            JUPYTERHUB_USER is who, where many users share one of the machine; JPY_SESSION_NAME is the notebook.
        argv
            Names the script; that of this process when None.
        """
        person = who or environ.get("JUPYTERHUB_USER") or _user()
        started = (sys.argv if argv is None else argv) or [""]
        runs = source or _last(environ.get("JPY_SESSION_NAME", "")) or _script(started[0])
        return cls(who=_plain(person), source=_plain(runs))

    @staticmethod
    def env() -> dict[str, str]:
        """What the environment says of who asks and from where, and nothing else of it."""
        return {name: os.environ[name] for name in ("ZOOMINFO_WHO", "ZOOMINFO_SOURCE") if name in os.environ}


NOBODY = Spender()
"""Not known."""


def _user() -> str | None:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container may have no names for its users
        return None


def _script(path: str) -> str:
    name = _last(path)
    if name == _KERNEL:
        return "notebook"
    if name == "__main__.py":
        return _last(path[: -len(name)])
    return name if name not in ("", "-c") else "python"


def _last(path: str) -> str:
    """The last part of a path, whichever system wrote it."""
    return re.split(r"[/\\]", path.rstrip("/\\"))[-1]


def _plain(name: str | None) -> str | None:
    return visible(name)[:_LONGEST] if name else None
