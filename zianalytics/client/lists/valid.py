"""Values of criteria and inputs against their lists, before anything is sent; nothing here costs anything.

A value that a shipped list has is taken, and nobody is asked: as the account's own list has it where that is held, else
as the shipped one does. Any other is looked up in the account's list, which is asked once and held; what that lacks is
refused, with the nearest values. Where the list cannot be had, a value is let through: the service may know better. A
criterion of free text is sent with a warning, unless it looks like a misspelling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from zianalytics.api.describe import Parameter, parameters
from zianalytics.api.enterprise import criteria
from zianalytics.api.jobs import opened
from zianalytics.api.kinds import KINDS
from zianalytics.api.listed import Listed, Words, found_in, is_misspelt, near, shipped
from zianalytics.api.spec import Operation
from zianalytics.client.inputs.question import Question
from zianalytics.client.inputs.read import read_inputs
from zianalytics.client.lists.looked_up import LookedUp
from zianalytics.errors import RequestRefused, ValueUnlisted, warn

_INPUTS: Mapping[str, Listed] = {
    "country": Listed("countries", divided=False),  # an input is one record, in one place
    "state": Listed("states", divided=False),
}
_WITH_STATES = ("United States", "Canada")
AskWhen = Callable[[bool], bool]
_MANY = 8
_SHORT_LIST = 25
"""Values of a list that is told whole."""


@dataclass(frozen=True)
class Misfit:
    """Why a value is not taken, and what to pass."""

    why: str
    advice: str

    def __str__(self) -> str:
        return f"{self.why}. Nothing was sent that costs anything. {self.advice}"


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
                found = self._all(one.listed, given, may_ask, several=True)
                if isinstance(found, Misfit):
                    raise RequestRefused(f"{operation.name}: {one.name}={found}")
                if found != given:
                    changes[one.name] = found
        return replace(request, **changes) if changes else request

    def inputs(self, operation: Operation[...], request: Any, *, may_ask: AskWhen) -> Any:
        """The request with the countries and states of its inputs as their lists have them.

        Of an input that names another, this is left out with a warning where a website, ticker, number or address says
        which record is meant; else it is not asked for: it is "invalid_input", and its line in a quote says why.
        docs/assumptions.md, "a place that no list has".

        Raises
        ------
        RequestRefused
            No input is left.
        """
        kind = KINDS.get(operation.record.name)
        if kind is None or "country" not in kind.names or not hasattr(request, "of"):
            return request
        inputs = read_inputs(operation, opened(request.of), criteria(operation, request))
        questions, unusable, left_out = [], dict(inputs.unusable), dict[int, str]()
        for one in inputs.questions:
            found = self._question(one, may_ask)
            if not isinstance(found, Question) and kind.without_place & one.says.keys():
                name, misfit = found
                left_out.setdefault(one.row, f"{name} {misfit.why}")
                gone = {"country", "state"} if name == "country" else {name}
                kept = {key: value for key, value in one.says.items() if key not in gone}
                found = self._question(replace(one, says=kept), may_ask)
            if isinstance(found, Question):
                questions.append(found)
                continue
            name, misfit = found
            unusable[one.row] = f"{name} {misfit.why}"
            if len(unusable) == inputs.given.height:
                raise RequestRefused(f"{operation.name}: input {one.row}: {name} {misfit}")
        if left_out:
            row, why = next(iter(left_out.items()))
            warn(
                ValueUnlisted(
                    f"{operation.name}: of {len(left_out):,} inputs a country or state is not sent, since it is in no "
                    f"list and something else names the record. The first is input {row}: {why}."
                )
            )
        return replace(request, of=replace(inputs, questions=tuple(questions), unusable=unusable))

    def _question(self, question: Question, may_ask: AskWhen) -> Question | tuple[str, Misfit]:
        """The question as the lists have it, or which of its parts does not fit."""
        says = dict(question.says)
        for name, listed in _INPUTS.items():
            # docs/assumptions.md, "states of other countries"
            if isinstance(says.get(name), str) and (name == "country" or says.get("country") in _WITH_STATES):
                found = self._all(listed, says[name], may_ask)
                if isinstance(found, Misfit):
                    return name, found
                says[name] = found
        return question if says == question.says else replace(question, says=says)

    def _all(self, listed: Listed, given: Any, may_ask: AskWhen, *, several: bool = False) -> Any:
        """A value, or each of several; the first that does not fit.

        A text with commas is one value where its list has that; else several, where they may be.
        """
        if not isinstance(given, str):
            found = [self._value(listed, one, may_ask) for one in given]
            return next((one for one in found if isinstance(one, Misfit)), found)
        parts = [part for raw in given.split(",") if (part := raw.strip())]
        if not several or len(parts) < 2 or self._at_hand(listed, given, may_ask):
            return self._value(listed, given, may_ask)
        if not listed.divided and not any(self._at_hand(listed, one, may_ask) for one in parts):
            return self._value(listed, given, may_ask)
        found = self._all(listed, parts, may_ask)
        return found if isinstance(found, Misfit) or not listed.divided else ",".join(found)

    def _value(self, listed: Listed, text: str, may_ask: AskWhen) -> str | Misfit:
        found = self._find(listed, text, may_ask)
        if found is None:  # docs/assumptions.md, "a list that cannot be had"
            return text
        if len(found) == 1:
            return found[0]
        method = f"zi.lookup.{listed.lookup}"
        if found:
            these = self._shown(listed, found[:_MANY])
            return Misfit(f"{text!r} is the name of several values: {these}", "Pass those that you mean.")
        known, at_hand = self._words(listed, lambda _: False) or {}, shipped(listed.lookup) or {}
        if listed.is_free and not is_misspelt(known, text) and not is_misspelt(at_hand, text):
            warn(
                ValueUnlisted(
                    f"{text!r} is not among the values of {method}(), and is sent as it is: the service takes free "
                    "text here, and may know it or find nothing. Pass a value of the list where one says the same."
                )
            )
            return text
        close = near(known, text) or near(at_hand, text)
        hint = f" (did you mean {self._shown(listed, close)}?)" if close else ""
        every = list(dict.fromkeys(value for values in (*known.values(), *at_hand.values()) for value in values))
        of_them = f": {self._shown(listed, every)}" if len(every) <= _SHORT_LIST else ""
        those = "" if of_them else f'; {method}("...") finds those that hold a text'
        return Misfit(f"{text!r} is not among the values of {method}(){hint}", f"Pass one of them{of_them or those}.")

    def _shown(self, listed: Listed, values: Sequence[str]) -> str:
        """Values, each with its name where that is another word."""
        heard = self._looked_up.list_of(f"lookup.{listed.lookup}", may_ask=lambda: False)
        names = heard.names if heard else {}
        shown = [f"{one!r}, {names[one]}" if names.get(one, one) != one else repr(one) for one in values]
        return ("; " if any(", " in one for one in shown) else ", ").join(shown)

    def _find(self, listed: Listed, text: str, may_ask: AskWhen) -> tuple[str, ...] | None:
        """The values that a text stands for; None where no list can tell."""
        if found := self._at_hand(listed, text, may_ask):
            return found
        surely = self._words(listed, may_ask, sure=True)
        return None if surely is None else found_in(surely, text, listed)

    def _at_hand(self, listed: Listed, text: str, may_ask: AskWhen) -> tuple[str, ...]:
        """The same by what is held of the account's list, by the shipped one, and by the account's, asked for."""
        at_hand = shipped(listed.lookup)
        if at_hand is not None:
            held = self._words(listed, lambda _: False)  # the account may write a value as we do not
            if found := (found_in(held, text, listed) if held else ()) or found_in(at_hand, text, listed):
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
