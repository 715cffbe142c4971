"""What the service itself has counted: heard at no cost, and compared with what the journal has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from zianalytics.api.enterprise import endless, limits_in
from zianalytics.api.spec import Operation
from zianalytics.client.metered.exchange import Exchange
from zianalytics.client.metered.limits import counted, told
from zianalytics.errors import AnswerRefused, AnswerUnreadable, NotAnswered
from zianalytics.frames.decode import Decoded
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters, Pool


class Counts:
    """Asks the service what it has counted."""

    def __init__(self, journal: Journal, exchange: Exchange, usage: Operation[...]) -> None:
        self._journal, self._exchange = journal, exchange
        self.usage = usage
        """The operation that tells the limits of the account."""

    def look_up(self) -> Decoded:
        """What the service says of the limits of the account; the journal compares it with what it has itself."""
        so_far = self._journal.ledger.counted_so_far()
        decoded = self._exchange.ask_free(self.usage, self.usage.request())
        decoded = replace(decoded, frame=endless(decoded.frame))
        self._exchange.hear(limits_in(decoded.frame), source="look-up")
        self._journal.ledger.compare(so_far, told(decoded.frame), at=self._exchange.now())
        return decoded

    def of(self, pool: Pool) -> Meters:
        """What the service has counted of a pool."""
        return counted(self.look_up().frame, pool)

    def learn_time(self) -> None:
        """Hear from the service once, at no cost; where it does not answer, nothing will be paid either."""
        if not self._exchange.has_heard:
            try_to_hear(self.of)


def try_to_hear(usage: Callable[[Pool], Meters]) -> None:
    """Ask the service what it has counted, where that helps and nothing hangs on it: it may not answer."""
    with suppress(NotAnswered, AnswerRefused, AnswerUnreadable):
        usage("api")
