"""The three meters of an account: credits, records and requests, and which records it manages already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from mockserver.state.clock import a_year_after
from mockserver.state.store import Call, Charge, Store

ELSEWHERE = "elsewhere"  # the endpoint of what a colleague spends, on another surface than this API
DESCRIPTIONS = {
    "uniqueIdLimit": "New companies, contacts and locations that may be enriched",
    "recordLimit": "Records that may be returned",
    "requestLimit": "Requests that may be made",
    "websightsRecordLimit": "Records that the WebSights API may return",
    "websightsRequestLimit": "Requests that may be made to the WebSights API",
}

WEBSIGHTS = "/enrich/ip"
"""The endpoint whose records and requests come from a pool of their own."""


class Meters:
    """Counts what was spent; the store holds it, this remembers the sums."""

    def __init__(self, store: Store, limits: Mapping[str, int]) -> None:
        self._store = store
        self.limits = dict(limits)
        self.used = dict.fromkeys(DESCRIPTIONS, 0)
        # When records were redeemed last, by entity and id: by this API, and on other surfaces.
        self._by_api: dict[str, dict[str, datetime]] = defaultdict(dict)
        self._elsewhere: dict[str, dict[str, datetime]] = defaultdict(dict)
        for call in store.calls():
            self._count(call)

    def is_managed(self, entity: str, record_id: str, now: datetime) -> bool:
        """Whether the organisation has redeemed a record in the last twelve months."""
        redeemed = self._by_api[entity].get(record_id)
        if redeemed is not None and now < a_year_after(redeemed):
            return True
        redeemed = self._elsewhere[entity].get(record_id)
        return redeemed is not None and now < a_year_after(redeemed)

    def redeemed_by_api(self, entity: str, now: datetime) -> Mapping[str, datetime]:
        """The records that calls of this API have redeemed in the last twelve months, and when."""
        return {record_id: at for record_id, at in self._by_api[entity].items() if now < a_year_after(at)}

    def charges(
        self, served: Iterable[tuple[str, str]], *, credit_for: str, record_for: str, now: datetime
    ) -> tuple[Charge, ...]:
        """What an answer with these (entity, id) costs, one by one: a credit for each new one of the entity
        `credit_for`, a record for each of `record_for`. One that comes twice in an answer is new once, and one that
        costs neither is left out.
        """
        charges, new = list[Charge](), set[str]()
        for entity, record_id in served:
            records = 1 if entity == record_for else 0
            if entity == credit_for and record_id not in new and not self.is_managed(entity, record_id, now):
                new.add(record_id)
                charges.append(Charge(entity, record_id, 1, records))
            elif records:
                charges.append(Charge(entity, record_id, 0, records))
        return tuple(charges)

    def exceeded(self, charges: Sequence[Charge], requests: int, endpoint: str) -> str | None:
        """The `limitType` that would be exceeded, or None."""
        request_limit, record_limit = _pool(endpoint)
        wanted = (
            (request_limit, requests),
            (record_limit, sum([charge.records for charge in charges])),
            ("uniqueIdLimit", sum([charge.credits for charge in charges])),
        )
        for kind, n in wanted:
            if n and self.used[kind] + n > self.limits[kind]:
                return kind
        return None

    def keep(self, call: Call, *, write: Callable[[Call], None] | None = None) -> None:
        """Make a call durable, by `write` where more belongs to its transaction, then count it."""
        (write or self._store.keep_call)(call)
        self._count(call)

    def calls(self) -> Sequence[Call]:
        """Every metered call so far, oldest first."""
        return self._store.calls()

    # docs/assumptions.md, "usage"
    def usage(self) -> list[dict[str, Any]]:
        """One entry for each limit, as the service words it."""
        return [
            {
                "limitType": kind,
                "description": description,
                "limit": self.limits[kind],
                "currentUsage": self.used[kind],
                "usageRemaining": self.remaining(kind),
            }
            for kind, description in DESCRIPTIONS.items()
        ]

    def remaining(self, kind: str) -> int:
        """What is left of a limit."""
        return max(0, self.limits[kind] - self.used[kind])

    def forget(self) -> None:
        """Begin again with nothing spent and nothing managed."""
        self._store.forget_calls()
        self.used = dict.fromkeys(DESCRIPTIONS, 0)
        self._by_api.clear()
        self._elsewhere.clear()

    def _count(self, call: Call) -> None:
        request_limit, record_limit = _pool(call.endpoint)
        self.used[request_limit] += call.requests
        self.used[record_limit] += sum([charge.records for charge in call.charges])
        self.used["uniqueIdLimit"] += sum([charge.credits for charge in call.charges])
        moment = datetime.fromisoformat(call.time)
        redeemed = self._elsewhere if call.endpoint == ELSEWHERE else self._by_api
        for charge in call.charges:
            if charge.credits:
                redeemed[charge.entity][charge.id] = moment


def _pool(endpoint: str) -> tuple[str, str]:
    """The limits of requests and of records that a call of an endpoint draws on."""
    if endpoint == WEBSIGHTS:
        return "websightsRequestLimit", "websightsRecordLimit"
    return "requestLimit", "recordLimit"
