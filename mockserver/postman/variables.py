"""Variables of a collection, `{{name}}`: what is defined is filled in, the rest stays open."""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from mockserver.postman.bounds import GENEROUS, Bounds

# A variable may be defined by another one; a chain longer than this is a circle or a mistake.
MAX_CHAIN = 10
# What writing out one variable counts for, beside the characters that it adds: an empty one takes time as well.
EACH = 32
# Texts up to this length are kept with what they became: most of them stand in a collection many times.
SHORT = 100
PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")


class Secret(str):
    """A value of type secret: it is written into answers, never into what is compared, logged or reported."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret()"


def text_of(value: object) -> str:
    """A JSON value as Postman would write it into a text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dict | list):
        try:
            return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        except RecursionError:
            return ""
    return str(value)


def defined(entries: object) -> dict[str, str]:
    """Names and values of a list of variables (or of a plain object); disabled and nameless entries are absent."""
    if isinstance(entries, dict):
        return {name: text_of(value) for name, value in entries.items()}
    values: dict[str, str] = {}
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, dict) or entry.get("disabled") or entry.get("enabled") is False:
            continue
        # v2.0 files name a variable by `id`, v2.1 files by `key` (where `id` is a random one).
        name = entry.get("key") or entry.get("id")
        if isinstance(name, str):
            value = text_of(entry.get("value"))
            values[name] = Secret(value) if entry.get("type") == "secret" else value
    return values


class Allowance:
    """What may still be written out for one collection; its scopes share one."""

    def __init__(self, bounds: Bounds = GENEROUS) -> None:
        self.bounds = bounds
        self.per_text = bounds.filled_text
        self._left = self._at_first = bounds.filled_file
        self._parts = bounds.parts

    def take(self, cost: int) -> None:
        """Count what was done.

        Raises
        ------
        ValueError
            It is more than a collection may cost.
        """
        self._left -= cost
        if self._left < 0:
            raise ValueError(f"the variables of this collection, written out, pass {self._at_first:,} characters")

    def keep(self, parts: int) -> None:
        """Count what is kept of a request: segments, pairs, values of JSON.

        Raises
        ------
        ValueError
            The requests of a collection have more than that.
        """
        if parts > self._parts:
            raise ValueError(f"the requests of this collection have more than {self.bounds.parts:,} parts")
        self._parts -= parts


@dataclass(frozen=True, slots=True)
class Variables:
    """The variables in force at one place of a collection.

    `given` are those of an environment: they win over whatever the collection defines. A few short variables that are
    defined by each other can stand for a text of any length, so that the length is reckoned before anything is written
    out.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    allowance: Allowance = field(default_factory=Allowance)
    given: Mapping[str, str] = field(default_factory=dict)
    _costs: dict[tuple[str, int], int] = field(default_factory=dict, init=False, repr=False, compare=False)
    _found: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)
    _known: dict[tuple[str, bool], tuple[str, int]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def within(self, node: Mapping[str, Any]) -> Variables:
        """The variables inside `node`: its own ones before the inherited ones."""
        own = defined(node.get("variable"))
        return Variables(ChainMap(own, *_layers(self.values)), self.allowance, self.given) if own else self

    def fill(self, text: str, *, secrets: bool = False) -> str:
        """`text` with every defined variable written out; unknown and circular ones are left as they are.

        Values of type secret are left as they are, too, unless they are asked for.

        Raises
        ------
        ValueError
            That would be longer than the bounds allow.
        """

        if "{{" not in text:
            return text
        known = self._known.get((text, secrets))
        if known is None:
            known = self._fill(text, secrets)
            if len(text) <= SHORT:
                self._known[text, secrets] = known
        else:
            self.allowance.take(known[1])
        return known[0]

    def _fill(self, text: str, secrets: bool) -> tuple[str, int]:
        """The filled text, and what it has cost."""
        took = 0

        def written(hit: re.Match[str]) -> str:
            value = self._value(hit[1].strip())
            return hit[0] if value is None or (isinstance(value, Secret) and not secrets) else value

        for chain in range(MAX_CHAIN, 0, -1):
            if self._cost(text, chain) > self.allowance.per_text:
                raise ValueError(f"its variables, written out, pass {self.allowance.per_text:,} characters")
            cost = self._cost(text, 1)
            self.allowance.take(cost)
            took += cost
            filled = PLACEHOLDER.sub(written, text)
            if filled == text or "{{" not in filled:
                return filled, took
            text = filled
        return text, took

    def _value(self, name: str) -> str | None:
        value = self._found.get(name)
        if value is None:
            value = self.given.get(name)
            value = self.values.get(name) if value is None else value
            if value is not None:
                self._found[name] = value  # a chain of scopes is slow to ask
        return value

    def _cost(self, text: str, chain: int) -> int:
        """What writing out `text` adds at most, in `chain` rounds; reckoning stops where it is too much."""
        cost = 0
        for hit in PLACEHOLDER.finditer(text):
            name = hit[1].strip()
            value = self._value(name)
            cost += EACH
            if value is not None:
                cost += max(0, len(value) - len(hit[0])) + self._cost_of(name, value, chain - 1)
            if cost > self.allowance.per_text:
                break
        return cost

    def _cost_of(self, name: str, value: str, chain: int) -> int:
        if chain == 0 or "{{" not in value:
            return 0
        if (name, chain) not in self._costs:
            self.allowance.take(len(value) // 4)  # reading it takes time, too
            self._costs[name, chain] = self._cost(value, chain)
        return self._costs[name, chain]


def _layers(values: Mapping[str, str]) -> list[MutableMapping[str, str]]:
    return values.maps if isinstance(values, ChainMap) else [dict(values)]
