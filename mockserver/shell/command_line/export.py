"""`export-postman`: our recordings and an environment as files that Postman and newman import."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mockserver.private import write_private
from mockserver.shell.command_line.mistyped import parsed
from mockserver.shell.command_line.terminal import complain, visible

EXPORT = "export-postman"
COLLECTION_FILE = "enterprise.postman_collection.json"
_PORT = 8080


def export(argv: Sequence[str], *, called: str) -> int:
    """Writes the two files; the exit code is 0 then.

    Parameters
    ----------
    argv
        The folder, and `--ready-file` of a sandbox.
    called
        The command that was typed, for help and errors.
    """
    options = parsed(_parser(called), argv)
    try:
        said = {"base_url": f"http://127.0.0.1:{_PORT}"} if options.ready_file is None else _ready(options.ready_file)
        sys.stdout.write(f"{_write(options.folder, said, called.removesuffix(f' {EXPORT}'))}\n")
    except (OSError, ValueError) as exc:
        complain(called, f"{exc}. Nothing was exported. Check the folder and the ready file.")
        return 1
    return 0


def _parser(called: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=called,
        description="Write our recordings as a collection with tests, and an environment that points at the sandbox.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="where; files of ours that lie there are written over")
    parser.add_argument(
        "--ready-file", type=Path, metavar="F", help="of a running sandbox, whose address and credentials are filled in"
    )
    return parser


def _ready(file: Path) -> Mapping[str, str]:
    """What a sandbox has said of itself."""
    try:
        said = json.loads(file.read_bytes())
        return {name: str(said[name]) for name in ("base_url", "username", "password")}
    except (ValueError, KeyError, TypeError) as exc:
        raise ValueError(f"{file} is not the ready file of a sandbox ({type(exc).__name__})") from exc


def _write(folder: Path, said: Mapping[str, str], started_by: str) -> str:
    """Write the files; returns what to say of them."""
    # Brings the world and cryptography: a server that replays starts without them.
    from mockserver.sandbox.postman_export import ENVIRONMENT, collection, environment, requests_in

    folder.mkdir(parents=True, exist_ok=True)
    exported = collection()
    saved, environs = folder / COLLECTION_FILE, folder / f"{ENVIRONMENT}.postman_environment.json"
    saved.write_text(json.dumps(exported, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
    write_private(environs, json.dumps(environment(said), indent=1).encode(), b"\n")
    lines = [
        f"{visible(str(saved))}: {requests_in(exported)} requests, each with a test of its status",
        f"{visible(str(environs))}: for the sandbox on {said['base_url']}",
    ]
    if "username" not in said:
        lines.append(
            f"Start it by: {started_by} --bundle scaling --port {_PORT}; put the user and password that it "
            "shows into the environment, or export again with its --ready-file."
        )
    lines.append("Import both into Postman and choose the environment, or: newman run COLLECTION -e ENVIRONMENT")
    return "\n".join(lines)
