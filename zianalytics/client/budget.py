"""What may be spent: nothing, until the user says otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from threading import Lock

from zianalytics.clock import ServerClock
from zianalytics.errors import RequestRefused
from zianalytics.journal import Allowance, Journal, over_budget
from zianalytics.schema.meters import Cost, Meters


class Budget:
    """What calls may spend, on top of what each is given by its own `max_credits=` and `max_records=`.

    Nothing is allowed until something is said. Three ways to say it, and all that are in force hold at once:

    * `zi.enrich.companies(..., max_credits=12)`: for one call;
    * `with zi.budget(max_credits=200):`, for all calls of this client inside the block, whichever thread makes them;
    * `zi.budget.set(max_credits=200)`, for this account until it is set again, in all processes.

    Credits bring the records that come with them, unless `max_records=` says less. Calls that cost records alone
    (searches for intent, news and scoops) need `max_records=`. Requests are counted, and capped only by
    `max_requests=`.
    """

    def __init__(self, journal: Journal, clock: ServerClock) -> None:
        self._caps, self._clock = journal.ledger.caps, clock
        self._blocks: list[str] = []
        self._lock = Lock()

    @contextmanager
    def __call__(
        self, *, max_credits: int | None = None, max_records: int | None = None, max_requests: int | None = None
    ) -> Iterator[Budget]:
        """Allow this much to all calls inside a block together.

        Parameters
        ----------
        max_credits, max_records, max_requests
            Caps on the three meters; None says nothing about a meter.
        """
        cap = self._caps.open(_allowance(max_credits, max_records, max_requests), "block", at=self._clock.now())
        with self._lock:
            self._blocks.append(cap)
        try:
            yield self
        finally:
            with self._lock:
                self._blocks.remove(cap)
            self._caps.close(cap, at=self._clock.now())

    def set(
        self, *, max_credits: int | None = None, max_records: int | None = None, max_requests: int | None = None
    ) -> None:
        """Allow this much from now on, in all processes of this account; without arguments, nothing.

        Parameters
        ----------
        max_credits, max_records, max_requests
            Caps on the three meters; None says nothing about a meter.
        """
        allowance = _allowance(max_credits, max_records, max_requests)
        if allowance != Allowance():
            self._caps.open(allowance, "standing", at=self._clock.now())
        elif standing := self._caps.standing():
            self._caps.close(standing, at=self._clock.now())

    @property
    def in_force(self) -> tuple[str, ...]:
        """The caps that calls draw on."""
        standing = self._caps.standing()
        with self._lock:
            return (*([standing] if standing else []), *self._blocks)

    @property
    def left(self) -> Meters:
        """Credits, records and requests that may still be spent without a `max_*` of the call's own.

        Records are those that calls for records alone may cost; requests are 0 when they are not capped.
        """
        rests = [asdict(self._caps.left(cap)) for cap in self.in_force]
        return Meters(**{name: min((r[name] for r in rests if r[name] is not None), default=0) for name in _METERS})

    def permit(self, operation: str, cost: Cost, worst: Meters, limits: Allowance) -> tuple[str, ...]:
        """The caps that a call is to draw on, once its own limits allow it.

        Raises
        ------
        BudgetExceeded
            Neither the call nor a budget allows what it may cost, or too little of a budget is left.
        """
        caps = self.in_force
        check(operation, cost, worst, limits, [self._caps.allowance(cap) for cap in caps])
        self._caps.require(caps, operation, worst)
        return caps

    def __str__(self) -> str:
        """In words, for the client's own repr: "may spend 40 of 100 credits, 0 records"."""
        caps = [self._caps.allowance(cap) for cap in self.in_force]
        said = []
        for name in ("credits", "records"):
            allowed = min((n for cap in caps if (n := getattr(cap, name)) is not None), default=0)
            left = getattr(self.left, name)
            said.append(f"{left:,} {name}" if left == allowed else f"{left:,} of {allowed:,} {name}")
        return f"may spend {', '.join(said)}"

    def __repr__(self) -> str:
        return f"<Budget: {self}>"


_METERS = ("credits", "records", "requests")


def check(operation: str, cost: Cost, worst: Meters, limits: Allowance, caps: Sequence[Allowance]) -> None:
    """Refuse a call that nobody has allowed, or that is over its own limits.

    Parameters
    ----------
    limits
        The call's own `max_credits`, `max_records` and `max_requests`.
    caps
        What the budgets in force say in all; how much of them is left is for the journal to say.

    Raises
    ------
    BudgetExceeded
        With the price and the ways on.
    """
    may_credits = limits.credits is not None or any(cap.credits is not None for cap in caps)
    may_records = limits.records is not None or any(cap.records is not None for cap in caps)
    may_records |= may_credits and cost.credit_per_new_record
    allowed = {
        "credits": limits.credits if limits.credits is not None else None if may_credits else 0,
        "records": limits.records if limits.records is not None else None if may_records else 0,
        "requests": limits.requests,
    }
    wanted = asdict(worst)
    short = {name: most for name, most in allowed.items() if most is not None and wanted[name] > most}
    if "credits" in short and limits.records is None:
        short.pop("records", None)  # the records come with the credits that are asked for
    if short:
        raise over_budget(operation, worst, short, "allowed for this call")


def limits_of(request: object) -> Allowance:
    """The `max_*` that a request itself carries.

    Raises
    ------
    RequestRefused
        One of them is below 0.
    """
    return _allowance(*(getattr(request, f"max_{name}", None) for name in _METERS))


def _allowance(credits: int | None, records: int | None, requests: int | None) -> Allowance:
    for name, value in zip(_METERS, (credits, records, requests), strict=True):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise RequestRefused(
                f"max_{name}={value!r} is not a whole number of 0 or more. Nothing was sent. "
                f"Say how many {name} may be spent."
            )
    return Allowance(credits=credits, records=records, requests=requests)
