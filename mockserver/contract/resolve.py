"""Turns the documents into one without references, which is checked in: `make contract`.

The resolver takes seconds, reading its result takes milliseconds, so the server reads `resolved.json` alone.
"""

from __future__ import annotations

import json
from pathlib import Path

HERE = Path(__file__).parent
DOCUMENT = HERE / "documents" / "enterprise.yaml"
RESOLVED = HERE / "resolved.json"


def resolved() -> str:
    """The documents of today, validated as OpenAPI 3.1 and without references, as the text of `resolved.json`."""
    import prance  # needed here alone: a running server reads the result

    parser = prance.ResolvingParser(DOCUMENT.as_uri(), backend="openapi-spec-validator")
    paths = parser.specification["paths"]
    return json.dumps({"openapi": parser.specification["openapi"], "paths": paths}, indent=1) + "\n"


if __name__ == "__main__":
    RESOLVED.write_text(resolved(), encoding="utf-8", newline="\n")
