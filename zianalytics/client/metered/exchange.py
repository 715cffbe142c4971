"""The order of one metered request: written down, sent, kept, read. Each step survives the death of the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

import polars as pl

from zianalytics.api.enterprise import body, limits_told, path, query
from zianalytics.api.refusals import in_doubt, refusal
from zianalytics.api.spec import Operation
from zianalytics.client.metered.alarm import Alarm
from zianalytics.clock import ServerClock
from zianalytics.errors import AnswerRefused, AnswerUnreadable, NotAnswered, StoreUnusable
from zianalytics.frames.decode import Decoded, Served, decode, served
from zianalytics.frames.remembered import Remembered
from zianalytics.journal import Intent, Journal, Reply, Turnstile
from zianalytics.schema.meters import Meters, Pool
from zianalytics.schema.usage import LimitTold, Source
from zianalytics.settings import NOBODY, Spender


class Answered(Protocol):
    """A whole reply, whatever its status."""

    @property
    def status(self) -> int:
        """HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Header names in lower case."""

    @property
    def body(self) -> bytes:
        """The body."""

    @property
    def received(self) -> datetime:
        """When it arrived, by the service's clock."""


class Sender(Protocol):
    """What carries requests: a session of `transport/`."""

    @property
    def at_once(self) -> int:
        """How many requests are to be under way at a time."""

    def send(
        self,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        query: Mapping[str, str] | None = None,
        may_pay: bool = False,
        operation: str = "",
    ) -> Answered:
        """The service's whole reply."""


@dataclass(frozen=True)
class Kept:
    """A reply that is durable, and what it says.

    Attributes
    ----------
    number
        Its number in the journal.
    rows
        Which records it holds, and for which inputs.
    about
        The id that its only input named; None when it had several, or named none.
    """

    number: int
    received: datetime
    request_id: str | None
    body: bytes
    rows: tuple[Served, ...]
    about: int | None = None

    @property
    def records(self) -> int:
        """How many records came."""
        return sum(row.is_record for row in self.rows)


_NOT_KEPT = {
    True: "was sent and answered, and the answer is lost: it may have been charged, and its price stays reserved until "
    "it has been asked again.",
    False: "was sent and answered, and the answer is lost; it cost a request.",
}


class Exchange:
    """The only one who sends: metered requests in their order, and free ones as they are."""

    def __init__(self, sender: Sender, journal: Journal, clock: ServerClock, spender: Spender = NOBODY) -> None:
        self._sender, self._journal, self._clock, self._spender = sender, journal, clock, spender
        self.has_heard = False
        self.alarm = Alarm(journal)
        """Speaks when an allowance comes to its end."""
        self.turnstile = Turnstile(journal.folder, journal.ledger)
        """Shut while a request is sent again."""
        self.counted: Callable[[Pool], Meters] | None = None
        """Asks the service what it has counted of a pool; free."""
        self.remembered = Remembered()
        """What was decoded here, for the warehouse."""

    def now(self) -> datetime:
        """Server time; before the first reply to this client, no earlier than that of the newest reply kept."""
        now = self._clock.now()
        return now if self.has_heard else max(now, self._journal.last_received() or now)

    def at_once(self) -> int:
        """How many requests are to be under way at a time, as things stand."""
        return self._sender.at_once

    def ask_free(self, operation: Operation[...], request: object) -> Decoded:
        """What is said to a request that is not metered."""
        return decode(operation, [self.answer_free(operation, request).body])

    def answer_free(self, operation: Operation[...], request: object) -> Answered:
        """The answer to a request that is not metered, before anyone has read it."""
        self.alarm.speak()
        route = operation.enterprise
        answer = self._sender.send(
            route.method,
            path(operation, request),
            body=body(operation, request) or None,
            query=query(operation, request),
            may_pay=route.once,
            operation=operation.name,
        )
        self.has_heard = True
        self.hear(limits_told(answer.headers), source="header")
        if error := refusal(operation, answer.status, answer.headers, answer.body):
            raise error
        return answer

    def hear(self, told: Sequence[LimitTold], *, source: Source) -> None:
        """Take in what the service says of limits, where no reply is kept that brings it along."""
        if told:
            self.alarm.hear(told)
            with suppress(StoreUnusable):  # the next reply says it again
                self._journal.usage.note(told, at=self._clock.now(), source=source)

    def ask(self, operation: Operation[...], intent: Intent) -> Kept:
        """Reserve, send and keep one request; to settle it is the next step.

        Raises
        ------
        NotAnswered, AnswerRefused
            No usable reply, or a refusal. The intent is released where nothing can have been charged, and in doubt
            otherwise.
        StoreUnusable
            It could not be reserved, and was not sent; or its reply could not be kept, and the intent is in doubt.
        AnswerUnreadable
            The reply is kept and cannot be read; the intent is in doubt.
        """
        self.alarm.speak()
        with self._reserved(operation, intent) as signed:
            kept = self._sent(operation, signed)
            return replace(kept, rows=tuple(served(operation, kept.body)))

    def pages(self, operation: Operation[...], *runs: str | None) -> dict[str, Kept]:
        """The pages that came of these runs, as far as there are any, by their keys."""
        kept: dict[str, Kept] = {}
        for run in dict.fromkeys(one for one in runs if one):
            numbers = self._journal.pages(run)
            replies = self._journal.some_replies(list(numbers.values()))
            kept |= {key: read_again(operation, replies[number]) for key, number in numbers.items()}
        return kept

    def read(self, operation: Operation[...], kept: Mapping[int, Kept]) -> Decoded:
        """What replies say that have just come, one below the other, named in `reply` by their journal numbers."""
        bodies = {number: one.body for number, one in kept.items()}
        found = together(operation, bodies, {number: one.about for number, one in kept.items()})
        self.remembered.keep(operation, bodies, found)
        return found

    def begin(self, operation: Operation[...], intent: Intent) -> Kept:
        """Reserve, send and keep the request that begins a job; what it may cost stays reserved until the job's end.

        Raises
        ------
        NotAnswered, AnswerRefused
            As `ask` does.
        """
        with self._reserved(operation, intent) as signed:
            kept = self._sent(operation, signed)
            self._journal.doubt(intent.id)
            return kept

    @contextmanager
    def _reserved(self, operation: Operation[...], intent: Intent) -> Iterator[Intent]:
        signed = replace(intent, who=self._spender.who or "", source=self._spender.source or "")
        with ExitStack() as passing:
            if intent.repeats is None and operation.cost.may_pay:
                passing.enter_context(self.turnstile.passed())
                signed = self._after_a_repeat(signed)
            self._journal.reserve(signed)
        try:
            yield signed
        except BaseException as exc:
            with suppress(StoreUnusable):  # the next run finds it open, and goes on from there
                if _is_harmless(exc) or not operation.cost.may_pay:
                    self._journal.release(intent.id)
                else:
                    self._journal.doubt(intent.id)
            raise

    def _after_a_repeat(self, intent: Intent) -> Intent:
        """With what the service has counted, where a repeat before this has no answer: it is told apart from this."""
        if self.counted and self.turnstile.wants_a_look():
            with suppress(NotAnswered, AnswerRefused, AnswerUnreadable):  # then what cannot be told counts as charged
                return replace(intent, counted=self.counted(intent.pool), is_alone=True)
        return intent

    def _sent(self, operation: Operation[...], intent: Intent) -> Kept:
        """Send and keep; nobody has read the reply yet."""
        route = operation.enterprise
        try:
            answer = self._sender.send(
                route.method,
                route.path,
                body=intent.request,
                may_pay=not operation.cost.is_free,
                operation=operation.name,
            )
        except NotAnswered as exc:
            if operation.cost.may_pay and not exc.outcome_known:
                exc.args = (f"{exc} {in_doubt(operation)}",)
            raise
        self.has_heard = True
        told = limits_told(answer.headers)
        if error := refusal(operation, answer.status, answer.headers, answer.body):
            self.hear(told, source="header")
            raise error
        self.alarm.hear(told)
        try:
            number = self._journal.keep(
                intent,
                operation.name,
                intent.request,
                status=answer.status,
                headers=answer.headers,
                received=answer.received,
                body=answer.body,
                usage=told,
            )
        except StoreUnusable as exc:
            raise StoreUnusable(f"{operation.name} {_NOT_KEPT[operation.cost.may_pay]} {exc}") from exc
        return Kept(number, answer.received, answer.headers.get("x-request-id"), answer.body, (), intent.about)


def _is_harmless(exc: BaseException) -> bool:
    """Whether the service certainly did not carry the request out."""
    return isinstance(exc, AnswerRefused) or (isinstance(exc, NotAnswered) and exc.outcome_known)


def read_again(operation: Operation[...], reply: Reply) -> Kept:
    """A reply of the journal.

    Raises
    ------
    AnswerUnreadable
        It could not be read when it came, either.
    """
    rows = tuple(served(operation, reply.body))
    return Kept(reply.id, reply.received, reply.request_id, reply.body, rows, reply.about)


def together(operation: Operation[...], bodies: Mapping[int, bytes], about: Mapping[int, int | None]) -> Decoded:
    """What some replies say, one below the other; they are given, and named in `reply`, by their journal numbers.

    Parameters
    ----------
    about
        For each reply, the id that its only input named.
    """
    decoded = decode(operation, list(bodies.values()), [about[number] for number in bodies])
    number = pl.col("reply").replace_strict(list(range(len(bodies))), list(bodies), return_dtype=pl.Int64)
    return Decoded(decoded.frame.with_columns(number), decoded.lost.with_columns(number))


def of_replies(replies: Mapping[int, Reply], operations: Mapping[str, Operation[...]]) -> list[Decoded]:
    """The same of replies of the journal, to several operations about one kind of record: a part for each of them."""
    apart: dict[str, dict[int, Reply]] = {}
    for number, one in replies.items():
        apart.setdefault(one.operation, {})[number] = one
    return [
        together(
            operations[name],
            {number: one.body for number, one in some.items()},
            {number: one.about for number, one in some.items()},
        )
        for name, some in apart.items()
    ]
