"""Values of criteria and inputs against their lists, before anything is sent; nothing here costs anything.

A value that a shipped list has is taken as it is there, and nobody is asked. Any other is looked up in the account's
own list, which is asked once and held; what that lacks is refused, with the nearest values. Where the list cannot be
had, a value is let through: the service may know better.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from zianalytics.api.describe import Parameter, parameters
from zianalytics.api.enterprise import criteria
from zianalytics.api.jobs import opened
from zianalytics.api.listed import Listed, Words, found_in, near, shipped
from zianalytics.api.spec import Operation
from zianalytics.client.asked import KINDS
from zianalytics.client.inputs import read_inputs
from zianalytics.client.looked_up import LookedUp
from zianalytics.client.pricing import Question
from zianalytics.errors import RequestRefused

_INPUTS: Mapping[str, Listed] = {"country": Listed("countries"), "state": Listed("states")}
_WITH_STATES = ("United States", "Canada")
AskWhen = Callable[[bool], bool]
_MANY = 8
_COST = "Nothing was sent that costs anything."


class Valid:
    """Checks what is asked by the lists of an account."""

    def __init__(self, looked_up: LookedUp) -> None:
        self._looked_up = looked_up

    def criteria(self, operation: Operation[...], request: Any, *, may_ask: AskWhen) -> Any:
        """The request with each value as its list has it.

        Parameters
        ----------
        may_ask
            Whether a list that is not held may be asked for, given whether one is shipped that lacks the value; called
            in front of each such request, and what it raises is raised.

        Raises
        ------
        RequestRefused
            A value is in no list, or stands for several.
        """
        changes = {}
        for one in _listed(request.__class__):
            given = getattr(request, one.name)
            if given is not None and one.listed is not None:
                changes[one.name] = self._all(one.listed, given, f"{operation.name}: {one.name}=", may_ask=may_ask)
        changed = {name: value for name, value in changes.items() if value != getattr(request, name)}
        return replace(request, **changed) if changed else request

    def inputs(self, operation: Operation[...], request: Any, *, may_ask: AskWhen) -> Any:
        """The request with the countries and states of its inputs as their lists have them.

        An input that names another is not asked for: it is "invalid_input", and its line in a quote says why.

        Raises
        ------
        RequestRefused
            No input is left.
        """
        kind = KINDS.get(operation.record.name)
        if kind is None or "country" not in kind.names or not hasattr(request, "of"):
            return request
        inputs = read_inputs(operation, opened(request.of), criteria(operation, request))
        questions, unusable = [], dict(inputs.unusable)
        for one in inputs.questions:
            try:
                questions.append(self._question(operation, one, may_ask=may_ask))
            except RequestRefused as refused:
                unusable[one.row] = _reason(refused, one.row)
                if len(unusable) == inputs.given.height:
                    raise
        return replace(request, of=replace(inputs, questions=tuple(questions), unusable=unusable))

    def _question(self, operation: Operation[...], question: Question, *, may_ask: AskWhen) -> Question:
        says = dict(question.says)
        for name in ("country", "state"):
            # docs/assumptions.md, "states of other countries"
            if isinstance(says.get(name), str) and (name == "country" or says.get("country") in _WITH_STATES):
                where = f"{operation.name}: input {question.row}: {name} "
                says[name] = self._all(_INPUTS[name], says[name], where, may_ask=may_ask)
        return question if says == question.says else replace(question, says=says)

    def _all(self, listed: Listed, given: Any, where: str, *, may_ask: AskWhen) -> Any:
        """A value, or each of several."""
        if not isinstance(given, str):
            return [self._value(listed, one, where, may_ask=may_ask) for one in given]
        parts = [part for raw in given.split(",") if (part := raw.strip())]
        if not listed.divided or len(parts) < 2 or self._at_hand(listed, given, may_ask=may_ask):
            return self._value(listed, given, where, may_ask=may_ask)
        return ",".join(self._value(listed, part, where, may_ask=may_ask) for part in parts)

    def _value(self, listed: Listed, text: str, where: str, *, may_ask: AskWhen) -> str:
        found = self._find(listed, text, may_ask=may_ask)
        if found is None:  # docs/assumptions.md, "a list that cannot be had"
            return text
        if len(found) == 1:
            return found[0]
        method = f"zi.lookup.{listed.lookup}"
        if found:
            raise RequestRefused(
                f"{where}{text!r} is the name of several values: {self._shown(listed, found)}. {_COST} Pass those that "
                f"you mean."
            )
        known = self._words(listed, lambda _: False) or {}
        close = near(known, text) or near(shipped(listed.lookup) or {}, text)
        hint = f" (did you mean {self._shown(listed, close)}?)" if close else ""
        raise RequestRefused(
            f'{where}{text!r} is not among the values of {method}(){hint}. {_COST} Pass one of them; {method}("...") '
            "finds those that hold a text."
        )

    def _shown(self, listed: Listed, values: Sequence[str]) -> str:
        """Values, each with its name where that is another word."""
        heard = self._looked_up.list_of(f"lookup.{listed.lookup}", may_ask=lambda: False)
        names = heard.names if heard else {}
        return ", ".join(
            f"{one!r}, {names[one]}" if names.get(one, one) != one else repr(one) for one in values[:_MANY]
        )

    def _find(self, listed: Listed, text: str, *, may_ask: AskWhen) -> tuple[str, ...] | None:
        """The values that a text stands for; None where no list can tell."""
        if found := self._at_hand(listed, text, may_ask=may_ask):
            return found
        surely = self._words(listed, may_ask, sure=True)
        return None if surely is None else found_in(surely, text, listed)

    def _at_hand(self, listed: Listed, text: str, *, may_ask: AskWhen) -> tuple[str, ...]:
        """The same by the shipped list and the held one."""
        at_hand = shipped(listed.lookup)
        if at_hand is not None and (found := found_in(at_hand, text, listed)):
            return found
        known = self._words(listed, may_ask)
        return found_in(known, text, listed) if known else ()

    def _words(self, listed: Listed, may_ask: AskWhen, *, sure: bool = False) -> Words | None:
        has_shipped = shipped(listed.lookup) is not None
        name = f"lookup.{listed.lookup}"
        heard = self._looked_up.list_of(name, sure=sure, may_ask=lambda: may_ask(has_shipped))
        return heard.words if heard and heard.words else None


@cache
def _listed(kind: type) -> tuple[Parameter, ...]:
    return tuple(one for one in parameters(kind) if one.listed)


def _reason(refused: RequestRefused, row: int) -> str:
    """Why an input is not asked, for the line about it."""
    return str(refused).partition(f"input {row}: ")[2].partition(". ")[0]
