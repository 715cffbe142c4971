"""Trouble on demand: which requests go wrong, and how, decided by seed, path and share alone."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mockserver.contract import contract

# docs/assumptions.md, "a stalled request"
BEFORE = ("429", "503", "stall")  # not carried out, nothing charged
AFTER = ("cut_after_charge", "bad_gateway_after_charge", "truncate")  # carried out and charged
FAULTS = (*AFTER, *BEFORE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A share of the requests to a path fails in one way."""

    path: str
    fault: str
    share: float


class Faults:
    """The rules in force. The n-th request to a path always has the same fate under the same seed."""

    def __init__(self, rules: tuple[Rule, ...] = (), *, seed: int = 7) -> None:
        self.rules, self.seed = rules, seed
        self._seen: dict[str, int] = {}

    @classmethod
    def read(cls, spec: Mapping[str, Any]) -> Faults:
        """The rules of a JSON object `{"seed": 7, "rules": [{"path", "fault", "share"}]}`.

        Raises
        ------
        ValueError
            The object says something else; the message says what.
        """
        if unknown := sorted(set(spec) - {"seed", "rules"}):
            raise ValueError(f"Unknown in the faults: {', '.join(unknown)}. Give seed and rules.")
        seed, rules = spec.get("seed", 7), spec.get("rules")
        if isinstance(seed, bool) or not isinstance(seed, int):
            raise ValueError("seed must be a whole number.")
        if not isinstance(rules, list):
            raise ValueError("rules must be a list; an empty one ends all faults.")
        return cls(tuple(_rule(n, rule) for n, rule in enumerate(rules, 1)), seed=seed)

    def of(self, path: str) -> str | None:
        """The fault of the next request to a path, or None; asking counts the request."""
        rules = [rule for rule in self.rules if rule.path == path]
        if not rules:
            return None
        n = self._seen[path] = self._seen.get(path, 0) + 1
        for rule in rules:
            chance = random.Random(f"{self.seed}/{path}/{rule.fault}/{n}").random()  # noqa: S311  (a dice, no secret)
            if chance < rule.share:
                return rule.fault
        return None

    def to_json(self) -> dict[str, Any]:
        """The rules in force, as `read` takes them."""
        rules = [{"path": rule.path, "fault": rule.fault, "share": rule.share} for rule in self.rules]
        return {"seed": self.seed, "rules": rules}


def _rule(n: int, said: Any) -> Rule:
    if not isinstance(said, dict) or set(said) != {"path", "fault", "share"}:
        raise ValueError(f"Rule {n} must have exactly path, fault and share.")
    path, fault, share = said["path"], said["fault"], said["share"]
    if not isinstance(path, str) or path not in {operation.path for operation in contract().operations}:
        raise ValueError(f"Rule {n}: no endpoint {path!r}. Give a path such as /enrich/company.")
    if fault not in FAULTS:
        raise ValueError(f"Rule {n}: no fault {fault!r}. Choose from {', '.join(FAULTS)}.")
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        raise ValueError(f"Rule {n}: share must be a number from 0 to 1.")
    return Rule(path, fault, float(share))
