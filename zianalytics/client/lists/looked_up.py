"""Look-ups: answered from what is held while it is young enough, else asked; every process of the account shares them.

A check of a criterion goes by the same lists. Before it refuses a value it wants a list that this client has heard
itself, a short while ago: what another process heard may be of another day or another subscription.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from threading import RLock

import polars as pl

from zianalytics.api.enterprise import query
from zianalytics.api.filters import Lookup
from zianalytics.api.listed import Words, plain, words_of
from zianalytics.api.spec import Operation
from zianalytics.client.metered.exchange import Exchange
from zianalytics.errors import AnswerRefused, AnswerUnreadable, AuthFailed, NotAnswered
from zianalytics.frames.decode import decode
from zianalytics.journal import HeldLists
from zianalytics.schema.lookup import LOOKUP_AGES

_HEARD_FOR = timedelta(hours=1)
"""How long a list that was heard, or could not be had, is not asked again by a check."""
_SKEW = timedelta(hours=1)
"""How far ahead of our own time an answer may seem to have come."""
MayAsk = Callable[[], bool]
_Key = tuple[str, frozenset[tuple[str, str]]]


@dataclass(frozen=True)
class Heard:
    """The answer to a look-up.

    Attributes
    ----------
    frame
        Its rows.
    received
        When it came, by the service's time.
    is_own
        Whether this client asked for it.
    """

    frame: pl.DataFrame
    received: datetime
    is_own: bool

    @cached_property
    def words(self) -> Words:
        """What its values are, and what stands for them."""
        return words_of(self.frame)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each value."""
        value = self.frame.columns[0]
        return dict(self.frame.select(value, "name").drop_nulls().rows()) if value != "name" else {}


class LookedUp:
    """The look-ups of an account."""

    def __init__(self, exchange: Exchange, held: HeldLists, operations: Mapping[str, Operation[...]]) -> None:
        self._exchange, self._held, self._operations = exchange, held, operations
        self._known: dict[_Key, Heard] = {}
        self._missed: dict[str, datetime] = {}
        self._lock = RLock()

    def fetch(self, operation: Operation[...], request: Lookup) -> pl.DataFrame:
        """The rows of a look-up that hold its text."""
        held = self._young(operation, request, request.may_be_old) if request.may_be_old else None
        heard = held or self._ask(operation, request)
        if request.text is None:
            return heard.frame
        texts = heard.frame.select(pl.col(pl.String))
        wanted = plain(request.text)
        found = [any(one is not None and wanted in plain(one) for one in row) for row in texts.iter_rows()]
        return heard.frame.filter(pl.Series(found, dtype=pl.Boolean))

    def list_of(self, name: str, *, sure: bool = False, may_ask: MayAsk = lambda: True) -> Heard | None:
        """The answer to a look-up for a check; the one that is held, however old, or None, where it cannot be had now.

        Parameters
        ----------
        name
            The row of the table: "lookup.countries".
        sure
            Whether only what this client has heard itself, a short while ago, will do.
        may_ask
            Whether it may be asked; called where it is not held, and what it raises is raised.
        """
        operation = self._operations[name]
        request: Lookup = operation.request()
        heard = self._young(operation, request, _HEARD_FOR if sure else request.may_be_old)
        if heard and (heard.is_own or not sure):
            return heard
        old = None if sure else self._young(operation, request, timedelta.max)
        if self._was_missed(name) or not may_ask():
            return old
        try:
            return self._ask(operation, request)
        except AuthFailed:
            raise
        except (AnswerRefused, AnswerUnreadable, NotAnswered):
            self._missed[name] = self._exchange.now()
            return old

    def ages(self) -> pl.DataFrame:
        """What is held of look-ups, and since when; sends nothing."""
        now = self._exchange.now()
        rows = [
            {
                "lookup": one.name,
                "asked_with": ", ".join(f"{key}={value}" for key, value in sorted(one.asked.items())) or None,
                "rows": heard.frame.height,
                "received": one.received,
                "age": max(now - one.received, timedelta()),
            }
            for one in self._held.all()
            if one.name in self._operations
            and (heard := self._read(self._operations[one.name], one.body, one.received))
        ]
        return pl.DataFrame(rows, schema=LOOKUP_AGES.schema)

    def _young(self, operation: Operation[...], request: Lookup, may_be_old: timedelta) -> Heard | None:
        """What is held, where it is no older than that."""
        asked = query(operation, request)
        key = (operation.name, frozenset(asked.items()))
        heard = self._known.get(key)
        if heard is None and (held := self._held.get(operation.name, asked)):
            heard = self._read(operation, held.body, held.received)
        if heard is None or not -_SKEW <= self._exchange.now() - heard.received <= may_be_old:
            return None
        self._known[key] = heard
        return heard

    def _read(self, operation: Operation[...], body: str, received: datetime) -> Heard | None:
        try:
            decoded = decode(operation, [body.encode()])
        except AnswerUnreadable:
            return None
        return Heard(_rows(decoded.frame), received, is_own=False)

    def _ask(self, operation: Operation[...], request: Lookup) -> Heard:
        with self._lock:
            answer = self._exchange.answer_free(operation, request)
            decoded = decode(operation, [answer.body])
            decoded.warn(operation)
            heard = Heard(_rows(decoded.frame), answer.received, is_own=True)
            asked = query(operation, request)
            self._held.keep(operation.name, asked, received=answer.received, body=answer.body)
            self._known[operation.name, frozenset(asked.items())] = heard
            self._missed.pop(operation.name, None)
            return heard

    def _was_missed(self, name: str) -> bool:
        when = self._missed.get(name)
        return when is not None and self._exchange.now() - when < _HEARD_FOR


def _rows(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.drop("reply", "input_row", "match_status")
