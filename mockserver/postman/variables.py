"""Variables of a collection, `{{name}}`: what is defined is filled in, the rest stays open."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# A variable may be defined by another one; a chain longer than this is a circle or a mistake.
MAX_CHAIN = 10
PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


def text_of(value: object) -> str:
    """A JSON scalar as Postman would write it into a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def defined(entries: object) -> dict[str, str]:
    """Names and values of a `variable` list (or of a plain object); disabled and nameless entries are absent."""
    if isinstance(entries, dict):
        return {name: text_of(value) for name, value in entries.items() if not isinstance(value, dict | list)}
    values: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or entry.get("disabled"):
            continue
        # v2.0 files name a variable by `id`, v2.1 files by `key` (where `id` is a random one).
        name = entry.get("key") or entry.get("id")
        if isinstance(name, str) and not isinstance(entry.get("value"), dict | list):
            values[name] = text_of(entry.get("value"))
    return values


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables in force at one place of a collection."""

    values: Mapping[str, str] = field(default_factory=dict)

    def within(self, node: Mapping[str, Any]) -> Variables:
        """The variables inside `node`: its own ones before the inherited ones."""
        own = defined(node.get("variable"))
        return Variables({**self.values, **own}) if own else self

    def fill(self, text: str) -> str:
        """`text` with every defined variable written out; unknown and circular ones are left as they are."""
        for _ in range(MAX_CHAIN):
            if "{{" not in text:
                return text
            filled = PLACEHOLDER.sub(lambda hit: self.values.get(hit[1].strip(), hit[0]), text)
            if filled == text:
                return text
            text = filled
        return text
