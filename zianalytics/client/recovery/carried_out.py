"""Which requests without an answer the service carried out: told by what it counted before and after each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zianalytics.journal import Intent, Sent
from zianalytics.schema.meters import Meters


@dataclass(frozen=True)
class Unshown:
    """What the service has counted between two looks, and no reply of ours shows.

    Attributes
    ----------
    silent
        How many of the requests between the two have no reply.
    """

    credits: int
    records: int
    silent: int


class Evidence:
    """What is known of requests without a reply.

    Parameters
    ----------
    before
        What the service had counted when all of ours had its end.
    sent
        What was sent since, in its order; where the service was asked in front of one while nothing else was under
        way, that is a look.
    after
        What it has counted now; None where something is under way, so that it tells nothing.
    """

    def __init__(self, before: Meters | None = None, sent: Sequence[Sent] = (), after: Meters | None = None) -> None:
        self._of: dict[str, Unshown] = {}
        for left, between, right in _spans(before, sent, after):
            grown = Meters(credits=right.credits - left.credits, records=right.records - left.records)
            credits = grown.credits - sum(one.shown.credits for one in between)
            records = grown.records - sum(one.shown.records for one in between)
            if credits >= 0 and records >= 0:  # else the count is behind, or has begun anew
                unshown = Unshown(credits, records, silent=sum(not one.has_reply for one in between))
                self._of |= {one.id: unshown for one in between}

    def of(self, intent: str) -> Unshown | None:
        """What was counted around this request and is not shown; None where that is not known."""
        return self._of.get(intent)

    def may_have(self, intent: str, records: int) -> bool:
        """Whether this request may have returned so many records."""
        found = self.of(intent)
        return found is None or found.records >= records


def _spans(
    before: Meters | None, sent: Sequence[Sent], after: Meters | None
) -> Iterator[tuple[Meters, list[Sent], Meters]]:
    """Two looks that follow each other, and what was sent between them."""
    left, between = before, list[Sent]()
    for one in sent:
        if one.counted is not None:
            if left is not None:
                yield left, between, one.counted
            left, between = one.counted, []
        between.append(one)
    if left is not None and after is not None:
        yield left, between, after


def got_through(attempts: Sequence[Intent], evidence: Evidence, after: Meters, *, returned: int) -> tuple[bool, ...]:
    """For each attempt but the last, which was answered, whether the service carried it out.

    Parameters
    ----------
    attempts
        A request and its repeats, oldest first.
    after
        What the service has counted after the last attempt.
    returned
        The records in the reply to the last attempt, as each attempt returned them that was carried out.

    Notes
    -----
    Others may spend at the same time. But no credit is counted without its record: where the records grew by those of
    one attempt and no more, nobody else was served, and credits that were counted are that attempt's. Then no attempt
    before it had redeemed anything.

    Of the others, those count as carried out for which records were counted that no reply shows, unless these may be
    those of another request and a later attempt redeemed; and one more for each time that so many were counted while
    nothing but a later attempt was under way: a request may be carried out after nobody waits for it any more. Where
    what was counted is not known, the first counts as carried out, and as many repeats as there is room for: the ledger
    may be too high, and is not too low.
    """
    *silent, last = attempts
    if not returned:
        return (True,) * len(silent)
    counted = last.counted or Meters()
    if after.records - counted.records == returned and after.credits > counted.credits:
        return (False,) * len(silent)
    answered = evidence.of(last.id)
    if answered is None or answered.records < returned:
        first = attempts[1].counted or Meters()
        most = max(1, (after.records - first.records) // returned)
        return tuple(at < most for at in range(len(silent)))
    through = [evidence.may_have(one.id, returned) for one in silent]
    spans = [evidence.of(one.id) for one in attempts]
    late = 0
    for at, span in enumerate(spans):
        mine = sum(one is span for one in spans)
        if at == 0 or span is None or span is spans[at - 1] or span.silent != mine:
            continue  # what was counted there may be that of other requests
        late += max(0, span.records // returned - mine)
        if span.records == returned and span.credits and mine == 1:
            for before in range(at):
                through[before] &= not _is_shared(spans, before)
    for at in range(len(silent)):
        if late and not through[at]:
            through[at], late = True, late - 1
    return tuple(through)


def _is_shared(spans: Sequence[Unshown | None], at: int) -> bool:
    """Whether what was counted around an attempt may be that of other requests without a reply."""
    span = spans[at]
    return span is not None and span.silent > sum(one is span for one in spans)
