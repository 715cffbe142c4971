"""What an earlier run left without an end: settled where a reply was kept, asked again by id where none was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from uuid import uuid4

from zianalytics.api.spec import Operation
from zianalytics.api.table import JOBS, PAGES
from zianalytics.client.exchange import Exchange, Kept, charges_of, read_again, settlement
from zianalytics.errors import AnswerUnreadable
from zianalytics.journal import Call, Intent, Journal, Settlement
from zianalytics.schema.meters import Meters, Pool


@dataclass(frozen=True)
class Chain:
    """A request that was never answered, and its repeats that were not either, oldest first."""

    attempts: tuple[Intent, ...]

    @property
    def root(self) -> Intent:
        """The request as it was first sent; its reservation covers the credits of all."""
        return self.attempts[0]


@dataclass(frozen=True)
class Repeated:
    """What asking again showed.

    Attributes
    ----------
    intent, kept
        The repeat and its reply.
    first_got_through
        Whether the service had carried the request out when it was first sent.
    grown
        What the service counted between before the repeat and after it.
    """

    intent: Intent
    kept: Kept
    first_got_through: bool
    grown: Meters


class Recovery:
    """Brings to an end what others, or an earlier run, left open.

    Parameters
    ----------
    usage
        Asks the service what it has counted of a pool; free.
    operations
        The table, by name.
    """

    def __init__(
        self,
        journal: Journal,
        exchange: Exchange,
        usage: Callable[[Pool], Meters],
        operations: Mapping[str, Operation[...]],
    ) -> None:
        self._journal, self._exchange = journal, exchange
        self._usage, self._operations = usage, operations

    def settle_kept(self, *, may_ask: bool = True) -> list[Chain]:
        """Settle every intent whose reply was kept; returns those that remain, which only asking again can end.

        Parameters
        ----------
        may_ask
            Whether the service may be asked what it has counted, which tells how an interrupted repeat ended.
        """
        chains: dict[str, list[Intent]] = {}
        replies: dict[str, Kept] = {}
        for one in self._journal.open_intents():
            if one.intent.operation in JOBS or one.intent.operation in PAGES:
                continue  # jobs go on by themselves and are looked after by their ids
            operation = self._operations[one.intent.operation]
            root = one.intent.repeats or one.intent.id
            if one.reply:
                with suppress(AnswerUnreadable):
                    replies[root] = read_again(operation, one.reply)
            elif not operation.cost.may_pay:
                self._journal.release(one.intent.id)
                continue
            chains.setdefault(root, []).append(one.intent)
        for root, kept in replies.items():
            if may_ask or len(chains[root]) == 1:
                self._end(Chain(tuple(chains.pop(root))), kept, self._usage)
        return [Chain(tuple(attempts)) for attempts in chains.values()]

    def repeat(self, call: Call, chain: Chain, *, records: int | None = None) -> Repeated:
        """Send a request again whose outcome is unknown; its credits stay reserved where they were.

        Repeats go one by one, so that what the service counts between two of them can be told apart.

        Parameters
        ----------
        records
            Records that it may cost, where that does not follow from its inputs.
        """
        operation = self._operations[chain.root.operation]
        before = self._usage(operation.cost.pool)
        again = replace(
            chain.root,
            id=str(uuid4()),
            call=call.id,
            at=self._exchange.now(),
            worst=Meters(records=len(chain.root.asked) if records is None else records, requests=1),
            repeats=chain.root.id,
            counted=before,
        )
        kept = self._exchange.ask(operation, again)
        after = self._usage(operation.cost.pool)
        first = self._end(Chain((*chain.attempts, again)), kept, lambda _: after)
        grown = Meters(credits=after.credits - before.credits, records=after.records - before.records)
        return Repeated(again, kept, first, grown)

    def _end(self, chain: Chain, kept: Kept, usage: Callable[[Pool], Meters]) -> bool:
        """Settle all attempts by the reply to the last; returns whether the first had got through."""
        operation = self._operations[chain.root.operation]
        *silent, last = chain.attempts
        final = settlement(operation, last, kept, pays_from=chain.root.id)
        if not silent:
            self._journal.settle(final)
            return True
        wanted = [charge.record_id for charge in final.charges if charge.redeems]
        through = got_through(chain, usage(operation.cost.pool), redeems=self._redeems(operation, wanted))
        self._journal.settle(
            *(
                Settlement(
                    intent=attempt.id,
                    charged_at=attempt.at,
                    charges=charges_of(operation, attempt, kept.rows) if charged else (),
                    pays_from=chain.root.id,
                )
                for attempt, charged in zip(silent, through, strict=True)
            ),
            final,
        )
        return through[0]

    def _redeems(self, operation: Operation[...], ids: Sequence[str | None]) -> bool:
        """Whether one of these records was not under management when the chain began."""
        entity = operation.cost.entity
        whole = [int(one) for one in ids if one]
        if entity is None or not whole:
            return False
        windows = self._journal.managed(entity, whole)
        today = self._exchange.now().date()
        return windows.filter(windows["managed_until"] > today).height < len(set(whole))


def got_through(chain: Chain, after: Meters, *, redeems: bool) -> tuple[bool, ...]:
    """For each attempt but the last, whether the service carried it out, judged by what it has counted since.

    Parameters
    ----------
    after
        What the service has counted after the last attempt.
    redeems
        Whether the reply holds a record that was not under management before the chain.

    Notes
    -----
    A repeat was carried out when records were counted between it and the next. The first attempt was, when a later
    one had nothing left to redeem. Where that cannot be told it counts as carried out, so that the ledger is too high
    rather than too low; what others spend at the same time has the same effect.
    """
    counted = [*(attempt.counted or Meters() for attempt in chain.attempts[1:]), after]
    grown = [
        Meters(credits=later.credits - earlier.credits, records=later.records - earlier.records)
        for earlier, later in pairwise(counted)
    ]
    first = not (redeems and any(growth.credits > 0 for growth in grown))
    return (first, *(growth.records > 0 for growth in grown[:-1]))
