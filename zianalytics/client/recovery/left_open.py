"""What an earlier run left without an end: settled where a reply was kept, asked again by id where none was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from uuid import uuid4

import polars as pl

from zianalytics.api.spec import Operation
from zianalytics.api.table import JOBS, PAGES, JobCalls
from zianalytics.client.metered.exchange import Exchange, Kept, read_again
from zianalytics.client.metered.settled import WITHOUT_RECORD, charges_of, settlement
from zianalytics.client.recovery.carried_out import Evidence, got_through
from zianalytics.errors import AnswerRefused, AnswerUnreadable, NotAnswered
from zianalytics.journal import Call, Charge, Intent, Journal, Settlement, managed_until
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
        """Settle what can be settled without a paid request; returns what only asking again can end.

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
            if one.reply and operation is JobCalls.status:  # it answers no input, and cost its request
                self._journal.settle(Settlement(intent=one.intent.id, charged_at=one.reply.received))
                continue
            if one.reply:
                with suppress(AnswerUnreadable):
                    replies[root] = read_again(operation, one.reply)
            elif not operation.cost.may_pay:
                self._journal.release(one.intent.id)
                continue
            chains.setdefault(root, []).append(one.intent)
        for root, kept in replies.items():
            chain = Chain(tuple(chains[root]))
            if len(chain.attempts) == 1:
                self._end(chain, kept)
            elif may_ask:
                try:
                    with self._exchange.turnstile.shut() as is_quiet:
                        self._end(chain, kept, is_quiet=is_quiet)
                except (NotAnswered, AnswerRefused, AnswerUnreadable):
                    continue  # it waits until the service can be asked; what is held can be read without
            else:
                continue
            del chains[root]
        waiting = [Chain(tuple(attempts)) for attempts in chains.values()]
        return [chain for chain in waiting if not self._needs_no_repeat(chain, may_ask=may_ask)]

    def _needs_no_repeat(self, chain: Chain, *, may_ask: bool) -> bool:
        """Whether a chain is to be left as it is; where that is certain, it ends here.

        It is the repeat of a request that another process has brought to its end; or its questions were all answered
        by other means; or a window that made the repeat free is over, so that it would be a new purchase. Where the
        service's count does not tell how often it was carried out, each attempt counts as charged.
        docs/assumptions.md, "a paid request without a usable reply".
        """
        root, operation = chain.root, self._operations[chain.root.operation]
        if operation.paging:
            return self._page_came_otherwise(chain, may_ask=may_ask)
        if operation.cost.entity is None:
            return False
        is_left_over = root.repeats is not None
        found = self._answered_otherwise(root)
        if found is None and not is_left_over:
            if not self._has_outlived_its_window(root):
                return False
            if not self._exchange.has_heard:
                return True  # by our own clock, which may be wrong: asked as if it were new, and not ended yet
        charged = tuple(
            Charge(
                entity=operation.cost.entity,
                record_id=None if one is None else str(one),
                records=int(operation.cost.counts_records),
                redeems=operation.cost.credit_per_new_record and not is_left_over,
            )
            for one in (root.ids if found is None else found)
        )
        again = tuple(replace(one, redeems=False) for one in charged)
        evidence = Evidence()
        with ExitStack() as judging:
            if found and operation.cost.counts_records:
                if not may_ask:
                    return True  # how often it was carried out waits until the service can be asked
                is_quiet = judging.enter_context(self._exchange.turnstile.shut())
                try:
                    evidence = self._evidence(chain, self._usage(operation.cost.pool), is_quiet=is_quiet)
                except (NotAnswered, AnswerRefused, AnswerUnreadable):
                    return True
            self._journal.settle(
                *(
                    Settlement(
                        intent=attempt.id,
                        charged_at=attempt.at,
                        charges=charged if attempt is root else again,
                        pays_from=root.id,
                    )
                    if evidence.may_have(attempt.id, len(charged))
                    else Settlement(intent=attempt.id, charged_at=attempt.at)
                    for attempt in chain.attempts
                )
            )
        return True

    def _page_came_otherwise(self, chain: Chain, *, may_ask: bool) -> bool:
        """Whether the same call was run again since, and was given the page: it is not paid for a third time.

        Each attempt counts as charged for as many rows, unless the service's count shows that it was not.
        """
        root, operation = chain.root, self._operations[chain.root.operation]
        run = self._journal.runs.of_call(root.call)
        number = self._journal.pages(run).get(root.asked[0]) if run else None
        if number is None:
            return False
        if not may_ask:
            return True
        page = read_again(operation, self._journal.some_replies([number])[number])
        charges = charges_of(operation, root, page.rows)
        records = sum(charge.records for charge in charges)
        with self._exchange.turnstile.shut() as is_quiet:
            try:
                evidence = self._evidence(chain, self._usage(operation.cost.pool), is_quiet=is_quiet)
            except (NotAnswered, AnswerRefused, AnswerUnreadable):
                return True
            self._journal.settle(
                *(
                    Settlement(
                        intent=one.id,
                        charged_at=one.at,
                        charges=charges if evidence.may_have(one.id, records) else (),
                        pays_from=root.id,
                    )
                    for one in chain.attempts
                )
            )
        return True

    def _answered_otherwise(self, root: Intent) -> list[int] | None:
        """The records that other requests found for all questions of this one; None where one is open.

        Answers from before it was sent count while their record is under management: it could redeem nothing then.
        """
        ids = [one for one in root.ids if one is not None]
        answers = self._journal.statements.held(root.operation, asked=root.asked, ids=ids)
        entity = self._operations[root.operation].cost.charged
        windows = self._journal.managed(entity, answers["id"].drop_nulls().unique().to_list())
        managed = windows.filter(pl.col("managed_until") > root.at.date())["id"].to_list()
        later = pl.col("received") > root.at
        matched = (pl.col("status") == "matched") & (later | pl.col("id").is_in(managed))
        usable = answers.filter(matched | (later & pl.col("status").is_in(WITHOUT_RECORD))).select("asked", "id").rows()
        by_question = dict(usable)
        found = {record for _, record in usable}
        wanted = list(zip(root.asked, root.ids, strict=True))
        if not all(asked in by_question or (one is not None and one in found) for asked, one in wanted):
            return None
        records = [one if one in found else by_question[asked] for asked, one in wanted]
        return [record for record in records if record is not None]

    def _has_outlived_its_window(self, root: Intent) -> bool:
        """Whether a record of this request may be under management no longer, so that a repeat would redeem it."""
        entity = self._operations[root.operation].cost.charged
        today = self._exchange.now().date()
        windows = self._journal.managed(entity, [one for one in root.ids if one is not None])
        sent_on = root.at.date()
        return managed_until(root.at) <= today or any(sent_on < end <= today for end in windows["managed_until"])

    def repeat(self, call: Call, chain: Chain, *, records: int | None = None) -> Repeated:
        """Send a request again whose outcome is unknown; its credits stay reserved where they were.

        Repeats go one by one, so that what the service counts between two of them can be told apart.

        Parameters
        ----------
        records
            Records that it may cost, where that does not follow from its inputs.
        """
        operation = self._operations[chain.root.operation]
        with self._exchange.turnstile.shut() as is_quiet:
            before = self._usage(operation.cost.pool)
            again = replace(
                chain.root,
                id=str(uuid4()),
                call=call.id,
                at=self._exchange.now(),
                worst=Meters(records=len(chain.root.asked) if records is None else records, requests=1),
                repeats=chain.root.id,
                counted=before,
                is_alone=is_quiet,
            )
            kept = self._exchange.ask(operation, again)
            after = self._usage(operation.cost.pool)
            first = self._end(Chain((*chain.attempts, again)), kept, after, is_quiet=is_quiet)
        grown = Meters(credits=after.credits - before.credits, records=after.records - before.records)
        return Repeated(again, kept, first, grown)

    def _end(self, chain: Chain, kept: Kept, after: Meters | None = None, *, is_quiet: bool = False) -> bool:
        """Settle all attempts by the reply to the last; returns whether the first had got through.

        Parameters
        ----------
        after
            What the service has counted after the last attempt; None to ask it, where that matters.
        is_quiet
            Whether nothing else is under way.
        """
        operation = self._operations[chain.root.operation]
        *silent, last = chain.attempts
        final = settlement(operation, last, kept, pays_from=chain.root.id)
        if not silent:
            self._journal.settle(final)
            return True
        after = after or self._usage(operation.cost.pool)
        returned = sum(charge.records for charge in final.charges)
        evidence = self._evidence(chain, after, is_quiet=is_quiet)
        through = got_through(chain.attempts, evidence, after, returned=returned)
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

    def _evidence(self, chain: Chain, after: Meters, *, is_quiet: bool) -> Evidence:
        since = self._journal.ledger.looks.since_newest(self._operations[chain.root.operation].cost.pool)
        return Evidence(*since, after if is_quiet else None) if since else Evidence()


def what_repeats_showed(operation: Operation[...], repeated: Sequence[Repeated]) -> str:
    """In words, how requests that were sent again had ended the first time, and what they cost."""
    got_through = sum(one.first_got_through for one in repeated)
    grown = sum((one.grown for one in repeated), Meters())
    return (
        f"{operation.name}: requests of an earlier run had no answer and were sent again: {len(repeated):,}; of these "
        f"count as carried out the first time: {got_through:,}. While they were repeated the service counted "
        f"{grown.credits:,} credits and {grown.records:,} records; nothing was redeemed twice. "
        "zi.ledger has each charge."
    )
