"""Only `api/` knows what the service calls things."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
CAMEL_CASE = re.compile(r"[a-z]+([A-Z][a-z]*)+")


def wire_names() -> set[str]:
    """Paths of the contract, and its keys and words that could not be ours: a capital inside, or `zi_` in front."""

    def keys(thing: Any) -> Iterator[str]:
        if isinstance(thing, dict):
            yield from thing.get("properties", {})
            yield from (word for word in thing.get("enum", ()) if CAMEL_CASE.fullmatch(str(word)))
            for value in thing.values():
                yield from keys(value)
        elif isinstance(thing, list):
            for value in thing:
                yield from keys(value)

    paths = json.loads((ROOT / "mockserver/contract/resolved.json").read_bytes())["paths"]
    odd = {key for key in keys(paths) if key.startswith("zi_") or any(sign.isupper() for sign in key[1:])}
    return odd | (set(paths) - {"/authenticate"})


def texts(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node


def test_no_other_room_holds_a_name_of_the_wire() -> None:
    names = wire_names()
    assert {"companyId", "zi_c_name", "techAttributes", "uniqueIdLimit", "/enrich/company"} <= names
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value}"
        for path in sorted((ROOT / "zianalytics").rglob("*.py"))
        if path.relative_to(ROOT / "zianalytics").parts[0] != "api"
        for node in texts(ast.parse(path.read_text("utf-8")))
        if node.value in names
    ]
    assert not found, "\n".join(found)
