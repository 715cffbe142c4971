"""Fixtures for pytest: each test has servers of its own, on real sockets, and they end with it.

pytest imports this in every run, whoever wants the fixtures or not: what they need is loaded when one is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import lru_cache
from hashlib import file_digest
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mockserver.replay import Replay
    from mockserver.sandbox import Options, Sandbox
    from mockserver.shell import Listening

__all__ = ["ZoomInfoMock", "postman_mock", "zoominfo_mock", "zoominfo_mock_options"]


@pytest.fixture
def postman_mock(request: pytest.FixtureRequest) -> Iterator[Callable[..., Listening]]:
    """Serves Postman collections until the test ends: `server = postman_mock("orders.postman_collection.json")`.

    Give one file or several, environments among them; of equal fits the earlier file answers. A relative path is looked
    for beside the test, then in pytest's root folder. Each call starts a server of its own: `server.base_url` and
    `server.url("/orders/7")` say where it listens, `server.requests()` what it was asked and why it answered so.
    `seed=` is that of the values which `{{$guid}}` and its like stand for.
    """
    folders = (request.path.parent, request.config.rootpath)
    with ExitStack() as ending:

        def start(file: str | Path, *more: str | Path, seed: int = 7) -> Listening:
            __tracebackhide__ = True
            from mockserver.shell import serve

            files = list(map(_found, (file, *more), repeat(folders)))
            return ending.enter_context(serve(_read(files).anew(seed=seed)))

        yield start


@pytest.fixture
def zoominfo_mock_options() -> Mapping[str, Any]:
    """What the sandbox of `zoominfo_mock` is made from; override it to return, say, `{"companies": 500}`."""
    return {}


@pytest.fixture
def zoominfo_mock(zoominfo_mock_options: Mapping[str, Any], tmp_path: Path) -> Iterator[ZoomInfoMock]:
    """A local ZoomInfo for this test alone: nothing is spent yet, and nobody else knows its credentials.

    `zoominfo_mock.base_url` says where it listens, `.settings()` and `.environ()` who may sign in, `.ledger()` and
    `.usage()` what was charged; `.advance(days)`, `.colleague(credits)`, `.faults(...)` and `.reset()` move it.
    """
    from mockserver.sandbox import Sandbox
    from mockserver.shell import serve

    with closing(Sandbox(_options(zoominfo_mock_options))) as sandbox, serve(sandbox) as server:
        yield ZoomInfoMock(server.base_url, server.port, sandbox, tmp_path / "zoominfo")


@dataclass(frozen=True, slots=True)
class ZoomInfoMock:
    """A sandbox that listens, and who may sign in. Its repr shows no secret."""

    base_url: str
    port: int
    sandbox: Sandbox = field(repr=False)
    """The sandbox itself, for whatever has no method here."""
    home: Path = field(repr=False)
    """A folder of this test, for what a client keeps."""

    def url(self, path: str) -> str:
        """The address of a path: `url("/search/company")`."""
        return f"{self.base_url}/{path.removeprefix('/')}"

    def settings(self) -> dict[str, str]:
        """Where it is and who may sign in, as keywords: `ZoomInfo(**zoominfo_mock.settings())`."""
        said = self.sandbox.credentials()
        names = {
            "username": "username",
            "password": "password",
            "client_id": "client_id",
            "private_key": "private_key_pem",
        }
        return {
            "base_url": self.base_url,
            **{name: said[key] for name, key in names.items()},
            "home": str(self.home),
        }

    def environ(self) -> dict[str, str]:
        """The same as variables, `ZOOMINFO_BASE_URL` and so on, for `monkeypatch.setenv` or a child process."""
        return {f"ZOOMINFO_{name.upper()}": value for name, value in self.settings().items()}

    def ledger(self) -> list[dict[str, Any]]:
        """One entry for each record that was charged, oldest first."""
        return self.sandbox.ledger()

    def usage(self) -> dict[str, Any]:
        """What is used of each limit, as `/lookup/usage` says it."""
        return self.sandbox.usage()

    def advance(self, days: int) -> datetime:
        """Move its clock on by whole days, and all that goes by it; the new present."""
        return datetime.fromisoformat(self.sandbox.advance(days)["now"])

    def colleague(self, credits: int) -> list[int]:
        """Let somebody else of the organisation redeem so many companies; their ids."""
        ids: list[int] = self.sandbox.colleague(credits)["company_ids"]
        return ids

    def faults(self, *rules: Mapping[str, Any], seed: int = 7) -> None:
        """Let requests meet trouble from now on, by these rules alone; without any, it is over.

        Parameters
        ----------
        rules
            A path, a fault and a share each: `{"path": "/enrich/company", "fault": "cut_after_charge", "share": 1}`.
        seed
            Which requests meet it: of a path the same ones by the same seed.

        Raises
        ------
        ValueError
            A rule is none; those before stay in force.
        """
        self.sandbox.set_faults({"seed": seed, "rules": [dict(rule) for rule in rules]})

    def reset(self) -> None:
        """Begin again: nothing spent, no tokens, no faults, the first clock; the same account."""
        self.sandbox.reset()


def _options(given: Mapping[str, Any]) -> Options:
    """What a sandbox is made from; who gives what is none of it is told so in a line, without our source."""
    from difflib import get_close_matches

    from mockserver.sandbox import Options

    known = [option.name for option in fields(Options)]
    near = {name: get_close_matches(str(name), known, n=1) for name in given if name not in known}
    if near:
        unknown = ", ".join(
            f"{name!r} (did you mean {close[0]}?)" if close else repr(name) for name, close in near.items()
        )
        said = f"zoominfo_mock_options has no option {unknown}. Nothing is served. There are {', '.join(known)}."
        pytest.fail(said, pytrace=False)
    try:
        return Options(**given)
    except ValueError as exc:
        said = f"zoominfo_mock_options: {exc}"
    pytest.fail(said, pytrace=False)


def _found(file: str | Path, folders: tuple[Path, ...]) -> Path:
    """A file by its own path, or in the first of the folders that has it."""
    __tracebackhide__ = True
    if Path(file).is_absolute():
        return Path(file)
    for folder in folders:
        if (folder / file).is_file():
            return folder / file
    looked = " nor ".join(dict.fromkeys(str(folder / file) for folder in folders))
    raise FileNotFoundError(
        f"There is no file {looked}. Nothing is served. "
        "Give a path as seen from the folder of the test or from pytest's root, or a whole one."
    )


def _read(files: Sequence[Path]) -> Replay:
    """A replay of files, read once as long as their contents stay as they are; others are made anew from it."""
    __tracebackhide__ = True
    from mockserver.postman import CollectionUnusable

    try:
        return _replay(tuple((file, _digest(file)) for file in files))
    except CollectionUnusable as exc:
        raise exc.with_traceback(None) from None  # what is wrong with the file is in its words, and not in ours


def _digest(file: Path) -> bytes:
    try:
        with file.open("rb") as content:
            return file_digest(content, "sha256").digest()
    except OSError:
        return b""  # whoever reads it says what is wrong with it


@lru_cache(maxsize=64)
def _replay(files: tuple[tuple[Path, bytes], ...]) -> Replay:
    from mockserver.replay import Replay

    return Replay.read([file for file, _ in files])
