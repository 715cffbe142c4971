"""Variables of a collection, `{{name}}`: what is defined and no secret is filled in, the rest stays open.

A value is filled in after the body was read as JSON, so that none can add a field; and once, so that variables which
name each other neither circle nor grow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zianalytics.api.enterprise.saved import Open

_VARIABLE = re.compile(r"\{\{([^{}]*)\}\}")
_TEXT_OR_VARIABLE = re.compile(r'"(?:\\.|[^"\\])*"|\{\{([^{}"\\]*)\}\}')
_PLACEHOLDER = re.compile(r"<[A-Za-z][A-Za-z0-9 _,.-]{0,40}>")
_SECRET_NAME = re.compile(r"pass|secret|token|jwt|key|bearer|auth|credential|session|cookie", re.IGNORECASE)
_SECRET = re.compile(r"eyJ[A-Za-z0-9_=-]{5,}\.[A-Za-z0-9_=-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY|^(Bearer|Basic) ")
_LONGEST = 10_000


def quoted(raw: str) -> str:
    """JSON in which variables stand outside of texts, with each of them as a text."""
    return _TEXT_OR_VARIABLE.sub(lambda found: found[0] if found[1] is None else f'"{found[0]}"', raw)


def without_secrets(text: str) -> str:
    """The text, or a word in its place where it looks like a secret."""
    return "what looks like a secret" if _SECRET.search(text) else text


@dataclass(frozen=True)
class Variables:
    """The variables in force at one place of a collection."""

    values: Mapping[str, str] = field(default_factory=dict)

    def within(self, entries: Any) -> Variables:
        """The variables inside a node that defines these; its own go before those around it."""
        own: dict[str, str] = {}
        for one in entries if isinstance(entries, list) else []:
            if not isinstance(one, dict) or one.get("disabled") or one.get("type") == "secret":
                continue
            name, value = one.get("key") or one.get("id"), one.get("value")  # v2.0 names a variable by `id`
            if isinstance(name, str) and isinstance(value, str | int | float) and value != "":
                own[name] = str(value)
        return Variables({**self.values, **own}) if own else self

    def value(self, said: Any) -> Any:
        """What is said, with its variables filled in; `Open` in the place of each text that is not known whole."""
        if isinstance(said, dict):
            return {str(key): self.value(one) for key, one in said.items()}
        if isinstance(said, list):
            return [self.value(one) for one in said]
        if not isinstance(said, str):
            return said
        if _PLACEHOLDER.fullmatch(said):
            return Open(said)
        filled = _VARIABLE.sub(lambda found: self._known(found[1]) or found[0], said)
        if without_secrets(filled) != filled:
            return Open(without_secrets(filled))
        return Open(said) if _VARIABLE.search(filled) or len(filled) > _LONGEST else filled

    def text(self, said: str, *, of_path: bool = False) -> str:
        """A text with what is known of its variables, `:name` of a path among them."""
        if of_path and said.startswith(":"):
            return self._known(said[1:]) or said
        return _VARIABLE.sub(lambda found: self._known(found[1]) or found[0], said)

    def _known(self, name: str) -> str | None:
        name = name.strip()
        return None if _SECRET_NAME.search(name) else self.values.get(name)
