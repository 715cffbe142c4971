"""`check`: what a replay of these files would serve, told before anything is served."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from mockserver.check import check as checked
from mockserver.postman import CollectionUnusable
from mockserver.replay import Replay
from mockserver.shell.command_line.findings import findings
from mockserver.shell.command_line.mistyped import parsed
from mockserver.shell.command_line.terminal import complain

UNUSABLE = 2


def check(argv: Sequence[str], *, called: str) -> int:
    """Says what there is; the exit code is 0 for clean, 1 for something wrong, 2 where nothing could be looked at.

    Parameters
    ----------
    argv
        The files, and how to tell.
    called
        The command that was typed, for help and errors.
    """
    options = parsed(_parser(called), argv)
    try:
        report = checked(Replay.read(options.files), with_contract=options.contract)
    except CollectionUnusable as exc:
        return _failed(called, str(exc))
    except ModuleNotFoundError as exc:
        if exc.name != "jsonschema":
            raise
        return _failed(
            called,
            "--contract needs jsonschema. Nothing was checked. Install it: pip install 'zianalytics[check]', or leave "
            "--contract out.",
        )
    if options.format == "json":
        told = json.dumps(report.told(everything=options.all), indent=1)
        sys.stdout.write(f"{told}\n")
    else:
        sys.stdout.writelines(f"{line}\n" for line in findings(report, everything=options.all))
    return int(not report.is_clean or (options.strict and bool(report.ambiguous or report.unanswered)))


def _parser(called: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=called,
        description="Say what --replay would serve of these files, what is ambiguous, and what never comes back.",
        epilog="Exit code: 0 clean; 1 a fault, an example that never comes back or a difference from the contract; "
        "2 nothing could be looked at.",
    )
    add = parser.add_argument
    add("files", type=Path, nargs="+", metavar="FILE", help="Postman collections, with environments and globals")
    add("--contract", action="store_true", help="hold ZoomInfo's operations against the contract, too")
    add("-v", "--all", action="store_true", help="a line for each example, and every list whole")
    add("--strict", action="store_true", help="exit code 1 for what is ambiguous or has no saved example, too")
    add("--format", choices=["text", "json"], default="text", help="text (default), or JSON for programs")
    return parser


def _failed(called: str, problem: str) -> int:
    complain(called, problem)
    return UNUSABLE
