"""What the command line says when it listens."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from mockserver.postman import Example
from mockserver.replay import Replay
from mockserver.shell.command_line.terminal import counted, visible


def sandbox_notice(base_url: str, credentials: Mapping[str, str], key: Path) -> str:
    """Address, credentials and a first request; the private key is named by its file alone."""
    json_type, token = "-H 'Content-Type: application/json'", "-H 'Authorization: Bearer TOKEN'"
    login = json.dumps({"username": credentials["username"], "password": credentials["password"]})
    search = json.dumps({"country": "Germany", "rpp": 3})
    variables = {
        "ZOOMINFO_BASE_URL": base_url,
        "ZOOMINFO_USERNAME": credentials["username"],
        "ZOOMINFO_PASSWORD": credentials["password"],
    }
    return "\n".join(
        [
            f"The ZoomInfo sandbox listens on {base_url}",
            f"  user         {credentials['username']}",
            f"  password     {credentials['password']}",
            f"  client id    {credentials['client_id']}",
            f"  private key  in {visible(str(key))}",
            "For zianalytics, all three in another terminal (the second line in PowerShell):",
            "  export " + " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items()),
            "  " + "; ".join(f"$env:{name}='{value}'" for name, value in variables.items()),
            "Or log in by hand, for a token of an hour:",
            f"  curl -s {base_url}/authenticate {json_type} -d {shlex.quote(login)}",
            "Use it, in the place of TOKEN; a search costs no credits:",
            f"  curl -s {base_url}/search/company {token} {json_type} -d {shlex.quote(search)}",
            "It ends on Ctrl-C.",
        ]
    )


def replay_notice(replay: Replay, base_url: str, called: str) -> str:
    """Address, what is served, and a first request; `called` is the command that was typed."""
    more = f", {len(replay.unanswered):,} more without any" if replay.unanswered else ""
    requests = len({(example.file, example.item) for example in replay.examples})
    lines = [
        f"Recorded answers are served on {base_url}",
        *(visible(f"  {each.name}: {len(each.examples):,} ({each.file})") for each in replay.collections),
        f"  {counted(len(replay.examples), 'example')} of {counted(requests, 'request')}{more}; "
        f"{counted(len(replay.faults), 'fault')}{', see above and' if replay.faults else ', see'} {called} check",
    ]
    if replay.examples:
        simplest = min(replay.examples, key=lambda example: (example.method != "GET", example.path == ()))
        lines += ["Try:", f"  {_curl(simplest, base_url)}"]
    else:
        lines.append(
            "No saved example: every request gets a 404. Save responses as examples in Postman, and export again."
        )
    return "\n".join([*lines, "It ends on Ctrl-C."])


def _curl(example: Example, base_url: str) -> str:
    """The request as a command line: what could act on a terminal or mean something to curl is percent-encoded."""
    path = "/".join(quote(segment.text, safe=":@,;=", errors="surrogatepass") for segment in example.path)
    query = "&".join("=".join(quote_plus(part, errors="surrogatepass") for part in pair) for pair in example.query)
    url = f"{base_url}/{path}?{query}" if query else f"{base_url}/{path}"
    method = "" if example.method == "GET" else f"-X {example.method} "
    return f"curl -s {method}{shlex.quote(url)}"
