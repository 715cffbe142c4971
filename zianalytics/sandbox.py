"""A sandbox of one's own: the mock server as a child process that ends with its parent."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import shutil
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Iterable, Mapping
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx
import polars as pl
from pydantic import SecretStr

from zianalytics.clock import ServerClock
from zianalytics.errors import ExtraMissing, RequestRefused, SandboxFailed
from zianalytics.settings import Unshown

__all__ = ["Sandbox"]

START_S = 30.0
GRACE_S = 10.0
MAX_DAYS = 3_650
BUNDLES = ("standard", "scaling")
NEEDED = ("mockserver", "starlette", "uvicorn")


class Sandbox:
    """A running sandbox: where it listens, and who may sign in.

    It ends with `stop`, at the end of a `with` block, when the object is forgotten, and when this process ends, in
    whatever way: the child watches a pipe that only this process holds open.
    """

    def __init__(self, process: subprocess.Popen[bytes], folder: Path, told: Unshown) -> None:
        self._end = weakref.finalize(self, _end, process, folder)
        self.base_url = told["base_url"]
        """Where it listens, on this machine."""
        self.username = told["username"]
        """The user of its one account."""
        self.password = SecretStr(told["password"])
        """Signs the user in."""
        self.client_id = told["client_id"]
        """Belongs to the private key."""
        self.private_key = SecretStr(Path(told["private_key_file"]).read_bytes().decode("latin-1"))
        """Signs the user in without a password."""
        self.clock = ServerClock()
        """Its time, for whoever talks to it: moved with it, and taught by its replies."""

    def __dir__(self) -> Iterable[str]:
        """Without `start`, which begins another one, and not this one again."""
        return [name for name in super().__dir__() if name != "start"]

    def __repr__(self) -> str:
        return f"<Sandbox {self.base_url} {'runs' if self.is_running else 'has ended'}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @classmethod
    def start(
        cls,
        *,
        companies: int | None = None,
        seed: int | None = None,
        now: datetime | None = None,
        bundle: Literal["standard", "scaling"] | None = None,
        state: Path | None = None,
        no_limits: bool = False,
        start_s: float = START_S,
    ) -> Sandbox:
        """A sandbox that listens on a free port of this machine.

        Parameters
        ----------
        companies, seed, now, bundle, state, no_limits
            As the flags of `python -m mockserver`; None leaves the choice to it.
        start_s
            Seconds to wait for it.

        Raises
        ------
        RequestRefused
            One of these is not of its kind.
        ExtraMissing
            The optional part `mock` is not installed.
        SandboxFailed
            It ended, for instance because another sandbox holds the state file, or did not listen in time.
        """
        _check(companies=companies, seed=seed, now=now, bundle=bundle)
        if missing := [name for name in NEEDED if importlib.util.find_spec(name) is None]:
            raise ExtraMissing(
                f"The sandbox needs {', '.join(missing)}. Nothing was started. "
                "Install it: pip install 'zianalytics[mock]'"
            )
        folder = Path(tempfile.mkdtemp(prefix="zianalytics-"))
        chosen = {"companies": companies, "seed": seed, "bundle": bundle, "state": state}
        flags = [f"--{name}={value}" for name, value in chosen.items() if value is not None]
        flags += [f"--now={now.isoformat()}"] if now else []
        flags += ["--no-limits"] if no_limits else []
        # -P: a file named mockserver in the working folder is not what is meant.
        command = [sys.executable, "-P", "-m", "mockserver", "--port=0", "--parent-pipe"]
        with (folder / "stderr").open("wb") as stderr:
            process = subprocess.Popen(
                [*command, f"--ready-file={folder / 'ready'}", *flags],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,  # it would print credentials
                stderr=stderr,
                # Ctrl-C is for this process: an interrupted call must find its sandbox alive.
                start_new_session=True,
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        try:
            return cls(process, folder, _told(process, folder, start_s))
        except BaseException:
            _end(process, folder)
            raise

    @property
    def is_running(self) -> bool:
        """Whether it has not been stopped."""
        return self._end.alive

    def settings(self) -> dict[str, Any]:
        """What `Settings.read` and `ZoomInfo` take to talk to it, signing in by private key."""
        return {
            "base_url": self.base_url,
            "username": self.username,
            "password": self.password,
            "client_id": self.client_id,
            "private_key": self.private_key,
        }

    def deals(self) -> pl.DataFrame:
        """The practice CRM file: closed deals with invented companies, as a CRM exports them; spends nothing.

        Returns
        -------
        polars.DataFrame
            deal_id, website, company_name, amount_usd, outcome ("won" or "lost"), opened_on, closed_on.
        """
        days = [pl.col(name).str.to_date("%Y-%m-%d") for name in ("opened_on", "closed_on")]
        return self._csv("deals.csv", {"amount_usd": pl.Int64}).with_columns(days)

    def truth(self) -> pl.DataFrame:
        """The probability of winning that the sandbox drew each deal with: for judging a model, never for training."""
        return self._csv("truth.csv", {"company_id": pl.Int64, "win_probability": pl.Float64})

    def ledger(self) -> pl.DataFrame:
        """What the service itself has charged, one row per record: time, endpoint, entity, id, credits, records."""
        charged = self._admin("GET", "ledger").json()
        texts = {name: [str(row[name]) for row in charged] for name in ("time", "endpoint", "entity", "id")}
        counts = {name: [row[name] for row in charged] for name in ("credits", "records")}
        return pl.DataFrame(
            [pl.Series(name, values, pl.String) for name, values in texts.items()]
            + [pl.Series(name, values, pl.Int64) for name, values in counts.items()]
        )

    def advance(self, days: int) -> None:
        """Move the service's clock forward: tokens, limits, windows and signals follow, and `zi.today`.

        Parameters
        ----------
        days
            How many days: a whole number from 0 to 3,650.

        Raises
        ------
        RequestRefused
            It is no such number.
        """
        if type(days) is not int or not 0 <= days <= MAX_DAYS:
            raise RequestRefused(
                f"days={days!r} is not a whole number from 0 to {MAX_DAYS:,}. The clock was not moved. "
                "It goes forward only, as in advance(30)."
            )
        moved: str = self._admin("POST", "clock", {"advance_days": days}).json()["now"]
        self.clock.learn(format_datetime(datetime.fromisoformat(moved), usegmt=True))

    def colleague(self, credits: int) -> pl.Series:
        """Let somebody else of the organisation redeem so many companies, a credit each; their ids.

        Raises
        ------
        RequestRefused
            There are not so many credits, or companies that nobody has redeemed.
        """
        done = self._admin("POST", "colleague", {"credits": credits})
        return pl.Series("company_id", done.json()["company_ids"], pl.Int64)

    def faults(self, *rules: Mapping[str, str | float], seed: int = 7) -> None:
        """Let requests meet trouble from now on, by these rules alone; without any, it is over.

        Parameters
        ----------
        rules
            A path, a fault and a share each: `{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1}`.
        seed
            Which requests meet it: of a path the same ones by the same seed.

        Raises
        ------
        RequestRefused
            A rule is none.
        """
        self._admin("POST", "faults", {"seed": seed, "rules": [dict(rule) for rule in rules]})

    def _csv(self, name: str, types: dict[str, type[pl.DataType]]) -> pl.DataFrame:
        return pl.read_csv(io.BytesIO(self._admin("GET", name).content), schema_overrides=types)

    def _admin(self, method: str, page: str, body: dict[str, object] | None = None) -> httpx.Response:
        if not self.is_running:
            raise SandboxFailed(
                "This sandbox was ended, as it is when its client is closed. Nothing was spent. Start another: "
                "ZoomInfo.mock()."
            )
        try:
            answer = httpx.request(method, f"{self.base_url}/__mock__/{page}", json=body, trust_env=False)
            if answer.status_code == httpx.codes.BAD_REQUEST:
                raise RequestRefused(f"The sandbox does not do that: {answer.json()['error']}")
            return answer.raise_for_status()
        except httpx.HTTPError as exc:
            raise SandboxFailed(f"The sandbox did not give {page} ({exc}). Nothing was spent. {LOOK}") from exc

    def stop(self) -> None:
        """End it, and return when it has ended, for good: clients of it have nobody to talk to any more.

        A second call does nothing.
        """
        self._end()


def _told(process: subprocess.Popen[bytes], folder: Path, start_s: float) -> Unshown:
    """What the child writes when it listens."""
    until = time.monotonic() + start_s
    while True:
        with contextlib.suppress(OSError):  # not there yet, or (Windows) just being put there
            return Unshown(json.loads((folder / "ready").read_bytes()))
        if (code := process.poll()) is not None:
            if why := _explained(folder):
                raise SandboxFailed(f"The sandbox did not start: {why}")
            raise SandboxFailed(f"The sandbox ended with code {code}{_last_words(folder)}. Nothing was spent. {LOOK}")
        if time.monotonic() > until:
            raise SandboxFailed(
                f"The sandbox did not listen within {start_s:g} s{_last_words(folder)}. Nothing was spent. {LOOK}"
            )
        time.sleep(0.02)


LOOK = "Run it in a terminal to see all that it says: python -m mockserver"


def _last_words(folder: Path) -> str:
    """The end of what the child wrote to its standard error."""
    lines = (folder / "stderr").read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return ": " + " / ".join(line.strip() for line in lines[-3:]).rstrip(".") if lines else ""


def _explained(folder: Path) -> str | None:
    """What the child itself says of why it does not start; None when it says nothing that it was meant to."""
    written = (folder / "stderr").read_text(encoding="utf-8", errors="replace")
    return written.removeprefix("mockserver: ").strip() if written.startswith("mockserver: ") else None


def _check(*, companies: object, seed: object, now: object, bundle: object) -> None:
    """Refuse what a sandbox cannot be made from."""
    wrong = {
        f"companies={companies!r} is not a whole number of 1 or more": companies is not None
        and (type(companies) is not int or companies < 1),
        f"seed={seed!r} is not a whole number": seed is not None and type(seed) is not int,
        f"now={now!r} is not a datetime.datetime": now is not None and not isinstance(now, datetime),
        f"bundle={bundle!r} is not one of {', '.join(map(repr, BUNDLES))}": bundle not in (None, *BUNDLES),
    }
    for what, is_wrong in wrong.items():
        if is_wrong:
            raise RequestRefused(f"{what}. Nothing was started. Leave it out for the usual one.")


def _end(process: subprocess.Popen[bytes], folder: Path) -> None:
    if process.stdin:
        process.stdin.close()  # the child's sign to end by itself
    try:
        process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    shutil.rmtree(folder, ignore_errors=True)
