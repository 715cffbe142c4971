"""The command line: `python -m mockserver`, or `zia mock`."""

from __future__ import annotations

import argparse
import gc
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import TYPE_CHECKING, Any

from mockserver.memory import undisturbed
from mockserver.postman import CollectionUnusable
from mockserver.private import write_private
from mockserver.replay import Replay
from mockserver.shell.answering import Answering
from mockserver.shell.command_line.export import EXPORT, export
from mockserver.shell.command_line.mistyped import parsed
from mockserver.shell.command_line.notice import replay_notice, sandbox_notice
from mockserver.shell.command_line.parent import when_pipe_closes
from mockserver.shell.command_line.ready import key_file, write_ready
from mockserver.shell.command_line.terminal import complain, visible
from mockserver.shell.listening.thread import address, listen

if TYPE_CHECKING:
    from mockserver.shell.listening.server import Server

_CHECK = "check"
_EXTRA = ("uvicorn", "starlette", "httptools")
_SANDBOX_ONLY = ("companies", "now", "bundle", "state", "no_limits")
_OF_THE_SANDBOX = ("seed", *_SANDBOX_ONLY)


def run(argv: Sequence[str] | None = None, *, called: str = "python -m mockserver") -> int:
    """Serves until SIGTERM, Ctrl-C or the end of the parent; the exit code is 0 then.

    Parameters
    ----------
    argv
        What `python -m mockserver` takes; None reads the process's own arguments.
    called
        The command that was typed, for help and errors.
    """
    argv = sys.argv[1:] if argv is None else list(argv)
    if argv[:1] == [EXPORT]:
        return export(argv[1:], called=f"{called} {EXPORT}")
    if argv[:1] == [_CHECK]:
        from mockserver.shell.command_line.check import (
            check,  # looks at everything, which a server starts faster without
        )

        return check(argv[1:], called=f"{called} {_CHECK}")
    parser = _parser(called)
    options = parsed(parser, argv, commands=(_CHECK, EXPORT))
    if options.replay and (given := [name for name in _SANDBOX_ONLY if getattr(options, name) is not None]):
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in given)
        parser.error(f"{flags}: recordings are served as they are; leave it out, or leave out --replay")
    _on_signals(_leave)
    try:
        if options.ready_file is not None:
            options.ready_file.unlink(missing_ok=True)  # one of an earlier run would be taken for ours
        return _replay(options, called) if options.replay else _sandbox(options, called)
    except CollectionUnusable as exc:
        return _failed(called, str(exc))
    except ModuleNotFoundError as exc:
        if exc.name not in _EXTRA:
            raise
        return _failed(called, f"it needs {exc.name}. Nothing is served. Install it: pip install 'zianalytics[mock]'")
    except OSError as exc:
        return _failed(called, f"{exc}. Nothing is served. Check the port and the paths that were given.")


def _parser(called: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=called,
        description="A local ZoomInfo: the sandbox, or with --replay recorded Postman responses as they are.",
        epilog=f"{called} {EXPORT} DIR writes our recordings and an environment for Postman; "
        f"{called} {_CHECK} FILE... says what --replay would serve of these files.",
    )
    add = parser.add_argument
    add("--port", type=_port, default=0, metavar="N", help="where to listen; 0 (default) is any free port")
    add("--ready-file", type=Path, metavar="F", help="JSON, written when it listens: address and credentials")
    add("--parent-pipe", action="store_true", help="end when standard input closes: pass a pipe and hold it open")
    add(
        "--replay",
        type=Path,
        nargs="+",
        metavar="FILE",
        help="Postman collections to serve as recorded; environments and globals among them fill in their variables",
    )
    add(
        "--seed",
        type=_whole,
        metavar="N",
        help="of the sandbox's world, or of {{$guid}} and its like in recordings; default 7, or as in --state",
    )
    add = parser.add_argument_group("the sandbox").add_argument
    add("--companies", type=_positive, metavar="N", help="companies in its world; default 3000, or as in --state")
    add(
        "--now",
        type=_instant,
        metavar="ISO",
        help="where its clock starts; default 2026-10-01T09:00:00Z, or on from --state",
    )
    add("--bundle", choices=["standard", "scaling"], help="bought by its account; default standard, or as in --state")
    add("--state", type=Path, metavar="FILE", help="keeps world, account, charges and clock between runs")
    add("--no-limits", action="store_true", default=None, help="no rate limits, no allowances: for benchmarks")
    return parser


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number") from exc


def _port(text: str) -> int:
    number = _whole(text)
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text} is not a port; ports are 0 to 65535")
    return number


def _positive(text: str) -> int:
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _instant(text: str) -> datetime:
    from mockserver.state.clock import in_range  # cryptography comes with it

    try:
        instant = datetime.fromisoformat(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r} is not an ISO time, as in 2026-10-01T09:00:00Z") from exc
    try:
        return in_range(instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC))
    except (ValueError, OverflowError) as exc:
        raise argparse.ArgumentTypeError(f"{text!r}: {exc}") from exc


def _replay(options: argparse.Namespace, called: str) -> int:
    replay = Replay.read(options.replay, seed=7 if options.seed is None else options.seed)
    for fault in replay.faults:
        sys.stderr.write(f"{visible(str(fault))}\n")
    with closing(listen(options.port)) as listening:
        base_url = address(listening).base_url
        server = _server(replay, listening)
        if options.ready_file is not None:
            write_ready(options.ready_file, base_url=base_url, credentials={}, private_key_file=None)
        return _serve(server, listening, replay_notice(replay, base_url, called), options)


def _sandbox(options: argparse.Namespace, called: str) -> int:
    # Brings the world and cryptography: a replay starts without them.
    from mockserver.sandbox import Options, Sandbox, StateUnusable

    given = {name: value for name in _OF_THE_SANDBOX if (value := getattr(options, name)) is not None}
    try:
        with undisturbed():
            sandbox = Sandbox(Options(**given))
            gc.freeze()  # the world stays as it is: nobody need look through it for garbage, not even once
    except StateUnusable as exc:
        return _failed(called, str(exc))
    gc.set_threshold(10_000)  # and seldom through what is drawn later, which stays, or goes without a look
    with (
        closing(sandbox),
        closing(listen(options.port)) as listening,
        TemporaryDirectory(prefix="mockserver-") as folder,
    ):
        base_url = address(listening).base_url
        server = _server(sandbox, listening)
        credentials = sandbox.credentials()
        key = key_file(options.state, Path(folder))
        write_private(key, credentials["private_key_pem"].encode())
        if options.ready_file is not None:
            write_ready(options.ready_file, base_url=base_url, credentials=credentials, private_key_file=key)
        return _serve(server, listening, sandbox_notice(base_url, credentials, key), options)


def _server(served: Answering, listening: socket.socket) -> Server:
    from mockserver.shell.listening.server import Server  # uvicorn, which belongs to the extra `mock`

    return Server(served, listening)


def _serve(server: Server, listening: socket.socket, notice: str, options: argparse.Namespace) -> int:
    def end(*_: object) -> None:
        server.should_exit = True

    # uvicorn takes signals while it runs and raises them again when it is done; both ways they end up here.
    _on_signals(end)
    if options.parent_pipe:
        when_pipe_closes(end)
    sys.stdout.write(f"{notice}\n")
    sys.stdout.flush()
    server.run(sockets=[listening])
    return 0


def _on_signals(handler: Any) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _leave(_: int, __: FrameType | None) -> None:
    raise SystemExit(0)


def _failed(called: str, problem: str) -> int:
    complain(called, problem)
    return 1
