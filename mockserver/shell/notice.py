"""What the command line says when it listens."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path

from mockserver.postman import Example
from mockserver.replay import Replay


def sandbox_notice(base_url: str, credentials: Mapping[str, str], key: Path) -> str:
    """Address, credentials and a first request; the private key is named by its file alone."""
    login = json.dumps({"username": credentials["username"], "password": credentials["password"]})
    return "\n".join(
        [
            f"The ZoomInfo sandbox listens on {base_url}",
            f"  user         {credentials['username']}",
            f"  password     {credentials['password']}",
            f"  client id    {credentials['client_id']}",
            f"  private key  in {key}",
            "Log in, for a token of an hour:",
            f"  curl -s {base_url}/authenticate -H 'Content-Type: application/json' -d {shlex.quote(login)}",
            "It ends on Ctrl-C.",
        ]
    )


def replay_notice(replay: Replay, base_url: str) -> str:
    """Address, what is served, and a first request."""
    lines = [
        f"Recorded answers are served on {base_url}",
        *(f"  {each.name}: {len(each.examples):,} ({each.file})" for each in replay.collections),
    ]
    if replay.faults:
        lines.append(f"  not taken as they stand: {len(replay.faults):,}, see above")
    if replay.examples:
        simplest = min(replay.examples, key=lambda example: (example.method != "GET", example.path == ()))
        lines += ["Try:", f"  {_curl(simplest, base_url)}"]
    return "\n".join([*lines, "It ends on Ctrl-C."])


def _curl(example: Example, base_url: str) -> str:
    url = base_url + "/" + "/".join(segment.text for segment in example.path)
    method = "" if example.method == "GET" else f"-X {example.method} "
    return f"curl -s {method}{shlex.quote(url)}"
