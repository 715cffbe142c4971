"""What stands in a collection and is never carried out: scripts, certificates, settings of Postman's own sender."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mockserver.postman.example import Ignored
from mockserver.postman.variables import text_of


def read_ignored(file: Path, place: str, node: Mapping[str, Any]) -> Iterator[Ignored]:
    """Each script, certificate and protocol setting of a collection, folder or request; none of what they say."""
    events = node.get("event")
    for event in events if isinstance(events, list) else ():
        if isinstance(event, dict) and (lines := _lines(event.get("script"))):
            yield Ignored(file, place, text_of(event.get("listen")) or "script", lines)
    request = node.get("request")
    for holder in (node, request if isinstance(request, dict) else {}):
        for kind in ("certificate", "protocolProfileBehavior"):
            if holder.get(kind):
                yield Ignored(file, place, kind, 0)


def _lines(script: object) -> int:
    """The number of lines in a script that are not blank."""
    text = script.get("exec") if isinstance(script, dict) else script
    lines = text if isinstance(text, list) else text_of(text).splitlines()
    return sum(bool(inner.strip()) for line in lines for inner in text_of(line).splitlines())
