"""All that a service remembers, opened from its store and put down again."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from mockserver.state.accounts import Account
from mockserver.state.bundles import BUNDLES, UNLIMITED
from mockserver.state.clock import Clock
from mockserver.state.jobs import Jobs
from mockserver.state.meters import Meters
from mockserver.state.rates import LoginRates, Rates, SlidingWindow
from mockserver.state.store import StateUnusable, Store
from mockserver.state.tokens import Tokens
from mockserver.state.webhooks import Webhooks


class Service:
    """The account, the clock, the tokens, the meters, the webhooks, the jobs and the rate windows of one sandbox.

    Parameters
    ----------
    path
        State file; None keeps everything in memory.
    now
        When a fresh state begins. An old one goes on from where it stopped, or from `now` if that is later.
    world
        What the world was made from; a state belongs to one world.
    bundle
        "standard" or "scaling".
    no_limits
        Neither rates nor allowances are enforced.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        now: datetime,
        world: Mapping[str, int],
        bundle: str = "standard",
        no_limits: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.bundle = BUNDLES[bundle]
        self.no_limits = no_limits
        self._monotonic = monotonic
        self._store = Store(path)
        self.account = self._account(now)
        self._belongs_to(world, path)
        self.origin = datetime.fromisoformat(self._fact("origin"))
        self.clock = Clock(max(datetime.fromisoformat(self._fact("clock")), now), monotonic=monotonic)
        self.tokens = Tokens(self.account.token_secret, generation=int(self._fact("generation")))
        limits = dict.fromkeys(self.bundle.limits, UNLIMITED) if no_limits else self.bundle.limits
        self.meters = Meters(self._store, limits)
        self.webhooks = Webhooks(self._store, self.clock.now())
        self.jobs = Jobs(self._store)
        self.clear_windows()

    def advance(self, days: int) -> datetime:
        """Move the clock on, and keep where it stands."""
        now = self.clock.advance(days)
        self._store.keep_fact("clock", now.isoformat())
        return now

    def revoke_tokens(self) -> None:
        """Make every token so far worthless."""
        self.tokens.revoke_all()
        self._store.keep_fact("generation", str(self.tokens.generation))

    def reset(self) -> None:
        """Begin again as at the first start: the first clock, and nothing spent or begun. The account stays."""
        self.meters.forget()
        self.revoke_tokens()
        self._store.keep_fact("clock", self.origin.isoformat())
        self.clock = Clock(self.origin, monotonic=self._monotonic)
        self.webhooks.forget(self.origin)
        self.jobs.forget()
        self.clear_windows()

    def close(self) -> None:
        """Keep where the clock stands and let go of the store."""
        self._store.keep_fact("clock", self.clock.now().isoformat())
        self._store.close()

    def clear_windows(self) -> None:
        """Forget how often the service was asked."""
        self.rates = Rates(per_second=self.bundle.per_second, per_minute=self.bundle.per_minute)
        self.logins = LoginRates()
        self.new_jobs = SlidingWindow(1, 1.0)

    def _account(self, now: datetime) -> Account:
        """The account of the store, or a fresh one with everything that begins with it."""
        if (text := self._store.fact("account")) is not None:
            return Account.from_json(text)
        account, start = Account.fresh(), now.astimezone(UTC).isoformat()
        for name, value in (("origin", start), ("clock", start), ("generation", "0"), ("account", account.to_json())):
            self._store.keep_fact(name, value)
        return account

    def _belongs_to(self, world: Mapping[str, int], path: Path | None) -> None:
        """A state of another world would charge for records that are not there."""
        for name, value in world.items():
            kept = self._store.fact(name)
            if kept is None:
                self._store.keep_fact(name, str(value))
            elif kept != str(value):
                self._store.close()
                raise StateUnusable(
                    f"{path} belongs to a world with {name} {kept}, and {value} was asked for. "
                    f"Nothing was changed. Pass --{name} {kept}, or name another state file."
                )

    def _fact(self, name: str) -> str:
        value = self._store.fact(name)
        if value is None:
            raise StateUnusable(f"The state file has no {name}: it was not written to its end. Name another file.")
        return value
