"""What may be spent: nothing, until the user says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableSet, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from threading import Lock
from types import TracebackType

from zianalytics.api.arguments import checked
from zianalytics.api.describe import nearest
from zianalytics.api.enterprise import LIMITS
from zianalytics.client.metered.alarm import beyond
from zianalytics.clock import ServerClock
from zianalytics.errors import ClientClosed, RequestRefused, warn
from zianalytics.journal import NOW_IN_WORDS, PERIODS, Allowance, Cap, Journal, Per, Short, over_budget
from zianalytics.schema.meters import Cost, Meters
from zianalytics.tab import Shown

NOTHING_SENT = "Nothing was sent"


class Budget(Shown):
    """What calls may spend, on top of what each is given by its own `max_credits=` and `max_records=`.

    Nothing is allowed until something is said. Three ways to say it, and all that are in force hold at once:

    * `zi.enrich.companies(..., max_credits=12)`: for one call;
    * `with zi.budget(max_credits=200):`, for all calls of this client inside the block, whichever thread makes them;
    * `zi.budget.set(max_credits=200)`, for this account until it is set again, in all processes; with `per="day"`
      it counts from 0 each day, and `zi.budget.clear()` ends it.

    Credits bring the records that come with them, unless `max_records=` says less. Calls that cost records alone
    (searches for intent, news and scoops) need `max_records=`. Requests are counted, and capped only by
    `max_requests=`.

    A call reserves its worst case before it sends anything, and what it did not spend is free again when it ends. What
    was sent and never answered stays reserved until it is settled, also after a crash.
    """

    machinery = Shown.machinery | {"in_force", "learn_time", "permit", "reserved"}

    def __init__(self, journal: Journal, clock: ServerClock) -> None:
        self._ledger, self._clock, self._told = journal.ledger, clock, journal.usage
        self._caps = journal.ledger.caps
        self._blocks: list[str] = []
        self._lock = Lock()
        self.learn_time: Callable[[], object] = lambda: None
        """How the service's time is learnt, at no cost, before a day, week or month is judged by it."""

    @checked("zi.budget")
    def __call__(
        self, *, max_credits: int | None = None, max_records: int | None = None, max_requests: int | None = None
    ) -> Block:
        """Allow this much to all calls inside a block together: `with zi.budget(max_credits=200):`.

        Parameters
        ----------
        max_credits, max_records, max_requests
            Caps on the three meters; None says nothing about a meter.
        """
        return Block(self, allowance(max_credits, max_records, max_requests))

    @checked("zi.budget.set")
    def set(
        self,
        *,
        max_credits: int | None = None,
        max_records: int | None = None,
        max_requests: int | None = None,
        per: Per | None = None,
    ) -> None:
        """Allow this much from now on, in all processes of this account; it counts from 0 and replaces the one before.

        Parameters
        ----------
        max_credits, max_records, max_requests
            Caps on the three meters; None says nothing about a meter, 0 allows nothing to any call.
        per
            "day", "week" (from Monday on) or "month" of UTC, by the service's clock: it counts from 0 in each. A call
            belongs to the period in which it reserves, whole, also where it is answered, charged or settled in the
            next; so does a bulk job, by the moment when it is begun. None: it never counts from 0 by itself.

        Raises
        ------
        RequestRefused
            It says no limit; `zi.budget.clear()` ends a standing budget.

        Examples
        --------
        >>> zi.budget.set(max_credits=500, per="day")
        >>> zi.budget
        <Budget: may spend 500 credits today>
        >>> zi.budget.clear()
        """
        allowed = allowance(max_credits, max_records, max_requests)
        if per is not None:
            _check_period(per, allowed)
        if allowed == Allowance():
            raise RequestRefused(
                "zi.budget.set() says no limit. Nothing was sent or changed. Write zi.budget.set(max_credits=500), or "
                "zi.budget.clear() to end the standing budget."
            )
        self._caps.open(allowed, "standing", at=self._clock.now(), per=per)

    @checked("zi.budget.clear")
    def clear(self) -> None:
        """End the standing budget, in all processes of this account: what calls and blocks say holds alone then.

        Examples
        --------
        >>> zi.budget.set(max_credits=500)
        >>> zi.budget.clear()
        >>> zi.budget
        <Budget: no budget set>
        """
        self._caps.end_standing(at=self._clock.now())

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
        least = self._least()
        return Meters(**{name: least[name][0] if name in least else 0 for name in _METERS})

    def _least(self) -> dict[str, tuple[int, int, Cap]]:
        """For each meter that is capped: how much is left of the budget of which least is left, of how much, and it."""
        now, found = self._clock.now(), dict[str, tuple[int, int, Cap]]()
        for cap in (self._caps.cap(one) for one in self.in_force):
            rest, allowed = asdict(self._caps.left(cap.id, at=now)), asdict(cap.allowed)
            for name in _METERS:
                if allowed[name] is not None and (name not in found or rest[name] < found[name][0]):
                    found[name] = rest[name], allowed[name], cap
        return found

    def permit(
        self,
        operation: str,
        cost: Cost,
        worst: Meters,
        limits: Allowance,
        *,
        sent: str = NOTHING_SENT,
        smaller: str = "pass fewer rows",
        spoken: MutableSet[str] | None = None,
    ) -> tuple[str, ...]:
        """The caps that a call is to draw on, once its own limits allow it.

        Warns where the account itself, as far as is known, has less left than it may cost.

        Parameters
        ----------
        sent, smaller
            For the refusal: what was sent before the price was known, and how the call is made to cost less.
        spoken
            Limits of the account that the call has warned of already, which are not spoken of again; those that it
            warns of now are added.

        Raises
        ------
        BudgetExceeded
            Neither the call nor a budget allows what it may cost, or too little of a budget is left.
        """
        caps = self.in_force
        said = [self._caps.cap(cap) for cap in caps]
        if any(cap.per for cap in said):
            self.learn_time()
        shorts = short(cost, worst, limits, [cap.allowed for cap in said])
        if shorts := [*shorts, *self._caps.short(caps, worst, at=self._clock.now())]:
            raise over_budget(operation, worst, shorts, sent=sent, smaller=smaller)
        heard: MutableSet[str] = set() if spoken is None else spoken
        for warning in beyond(operation, worst, cost.pool, self._told.newest(LIMITS[cost.pool].values())):
            if warning.limit_type not in heard:
                heard.add(warning.limit_type)
                warn(warning)
        return caps

    @contextmanager
    def reserved(self, operation: str, worst: Meters) -> Iterator[None]:
        """A block whose calls, made by this thread, draw on what is reserved here for all of them at once.

        Raises
        ------
        BudgetExceeded
            Too little of a budget is left; nothing was sent.
        """
        if any(self._caps.cap(cap).per for cap in self.in_force):
            self.learn_time()
        call = self._ledger.begin(operation, worst, at=self._clock.now(), caps=self.in_force)
        try:
            with self._caps.holds.drawing_on(call.id):
                yield
        finally:
            self._ledger.end(call, finished=True)

    def __str__(self) -> str:
        """In words, for the client's own repr: "may spend 40 of 100 credits"; "no budget set" where nothing is said."""
        said, least = [], self._least()
        for name, (rest, allowed, cap) in ((name, least[name]) for name in _METERS if name in least):
            amount = f"{rest:,} {name}" if rest == allowed else f"{rest:,} of {allowed:,} {name}"
            said.append(f"{amount} {NOW_IN_WORDS[cap.per]}" if cap.per else amount)
        return f"may spend {', '.join(said)}" if said else "no budget set"

    def __repr__(self) -> str:
        try:
            return f"<Budget: {self}>"
        except ClientClosed:
            return "<Budget: closed>"


class Block:
    """A budget for a block: it is in force between the beginning of a `with` and its end, each time it is entered."""

    def __init__(self, budget: Budget, allowance: Allowance) -> None:
        self._budget, self._allowance = budget, allowance
        self._entered: list[str] = []

    def __enter__(self) -> Budget:
        budget = self._budget
        cap = budget._caps.open(self._allowance, "block", at=budget._clock.now())
        with budget._lock:
            budget._blocks.append(cap)
            self._entered.append(cap)
        return budget

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        budget = self._budget
        with budget._lock:
            cap = self._entered.pop()
            budget._blocks.remove(cap)
        budget._caps.close(cap, at=budget._clock.now())

    def __repr__(self) -> str:
        said = {f"max_{name}": n for name, n in asdict(self._allowance).items() if n is not None}
        written = f"zi.budget({', '.join(f'{name}={n}' for name, n in said.items())})"
        if self._entered:
            return f"<{written}: in force>"
        return f"<{written}: not in force; write `with {written}:`, or use zi.budget.set for all calls>"


_METERS = ("credits", "records", "requests")


def short(cost: Cost, worst: Meters, limits: Allowance, caps: Sequence[Allowance]) -> list[Short]:
    """Where a call is over its own limits, or over what anybody has allowed; [] where it may go on.

    Parameters
    ----------
    limits
        The call's own `max_credits`, `max_records` and `max_requests`.
    caps
        What the budgets in force say in all; how much of them is left is for the journal to say.
    """
    may_credits = limits.credits is not None or any(cap.credits is not None for cap in caps)
    may_records = limits.records is not None or any(cap.records is not None for cap in caps)
    may_records |= may_credits and cost.credit_per_new_record
    wanted = asdict(worst)
    over = {name: n for name, n in asdict(limits).items() if n is not None and wanted[name] > n}
    unsaid = {name: 0 for name, may in (("credits", may_credits), ("records", may_records)) if wanted[name] and not may}
    if "credits" in unsaid:
        unsaid.pop("records", None)  # the records come with the credits that are asked for
    return [*([Short("unsaid", unsaid)] if unsaid else []), *([Short("call", over)] if over else [])]


def limits_of(request: object) -> Allowance:
    """The `max_*` that a request itself carries.

    Raises
    ------
    RequestRefused
        One of them is below 0.
    """
    return allowance(*(getattr(request, f"max_{name}", None) for name in _METERS))


def _check_period(per: object, allowance: Allowance) -> None:
    if per not in PERIODS:
        raise RequestRefused(
            f"zi.budget.set(per=...) takes no {nearest(str(per), PERIODS)}. Nothing was sent or changed. Say "
            f"{', '.join(repr(one) for one in PERIODS)}, or leave it out for a budget that counts on."
        )
    if allowance == Allowance():
        raise RequestRefused(
            f"zi.budget.set(per={per!r}) says how often to count from 0, and not what may be spent. Nothing was sent "
            f"or changed. Write zi.budget.set(max_credits=500, per={per!r}); zi.budget.clear() ends the standing "
            "budget."
        )


def allowance(credits: int | None, records: int | None, requests: int | None) -> Allowance:
    """What a user says may be spent.

    Raises
    ------
    RequestRefused
        It is below 0, or no whole number.
    """
    for name, value in zip(_METERS, (credits, records, requests), strict=True):
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise RequestRefused(
                f"max_{name}={value!r} is not a whole number of 0 or more. Nothing was sent. "
                f"Say how many {name} may be spent."
            )
    return Allowance(credits=credits, records=records, requests=requests)
