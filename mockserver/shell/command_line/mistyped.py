"""Words on the command line that nobody knows: what was perhaps meant by them."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

_OPTION = re.compile(r"--[a-z-]+")
_REPLAY = "--replay"


def parsed(parser: argparse.ArgumentParser, argv: Sequence[str], commands: Sequence[str] = ()) -> argparse.Namespace:
    """The options; what is none of them ends the process with exit code 2 and, where there is one, a guess.

    Parameters
    ----------
    parser
        Of the options.
    argv
        What was typed.
    commands
        The words that may stand first, in place of options.
    """
    options, unknown = parser.parse_known_args(argv)
    if unknown:
        meant = _meant(parser, options, unknown, commands)
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{f'; did you mean {meant}?' if meant else ''}")
    return options


def _meant(
    parser: argparse.ArgumentParser, options: argparse.Namespace, unknown: Sequence[str], commands: Sequence[str]
) -> str:
    """What to type in their place, or nothing."""
    known = _OPTION.findall(parser.format_usage())
    flags = [word.partition("=")[0] for word in unknown if word.startswith("-")]
    if flags:
        return ", ".join(dict.fromkeys(close for flag in flags for close in get_close_matches(flag, known, n=1)))
    if not Path(unknown[0]).suffix and (close := get_close_matches(unknown[0], commands, n=1)):
        return close[0]
    return shlex.join([_REPLAY, *map(str, options.replay or ()), *unknown]) if _REPLAY in known else ""
