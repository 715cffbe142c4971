"""All that a service remembers, opened from its store and put down again."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from mockserver.state.accounts import Account
from mockserver.state.bundles import BUNDLES, UNLIMITED
from mockserver.state.clock import Clock, in_range
from mockserver.state.jobs import Jobs
from mockserver.state.meters import Meters
from mockserver.state.rates import LoginRates, Rates, SlidingWindow
from mockserver.state.store import StateUnusable, Store
from mockserver.state.tokens import Tokens
from mockserver.state.webhooks import Webhooks

START = datetime(2026, 10, 1, 9, tzinfo=UTC)
WORLD: Mapping[str, int] = {"seed": 7, "companies": 3000}
BUNDLE = "standard"
"""With these a fresh state begins, unless something else is said."""


class Service:
    """The account, the clock, the tokens, the meters, the webhooks, the jobs and the rate windows of one sandbox.

    Parameters
    ----------
    path
        State file; None keeps everything in memory.
    now
        When a fresh state begins; None for its usual start. An old one goes on from where it stopped, or from `now` if
        that is later.
    world
        What the world is made from; None for what the state was made with. A state belongs to one world.
    bundle
        "standard" or "scaling"; None for the one that the account had.
    no_limits
        Neither rates nor allowances are enforced.
    """

    def __init__(
        self,
        path: Path | None,
        *,
        now: datetime | None = None,
        world: Mapping[str, int | None],
        bundle: str | None = None,
        no_limits: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.no_limits = no_limits
        self._monotonic = monotonic
        begin = in_range((now or START).astimezone(UTC))
        self._store = Store(path)
        try:
            self.account = self._account(begin)
            self.world = {name: self._belongs_to(name, asked, path) for name, asked in world.items()}
            self._store.take_over()
            self.bundle = BUNDLES[self._had_bundle(bundle)]
            self.origin = in_range(datetime.fromisoformat(self._fact("origin")))
            stopped = self._stopped()
            self.clock = Clock(max(stopped, now or stopped), monotonic=monotonic)
            self.tokens = Tokens(self.account.token_secret, generation=int(self._fact("generation")))
            limits = dict.fromkeys(self.bundle.limits, UNLIMITED) if no_limits else self.bundle.limits
            self.meters = Meters(self._store, limits)
            self.webhooks = Webhooks(self._store, self.clock.now())
            self.jobs = Jobs(self._store)
        except StateUnusable:
            self._store.close()
            raise
        except (sqlite3.DatabaseError, ValueError, TypeError, LookupError, AttributeError) as exc:
            self._store.close()
            raise StateUnusable(
                f"{path} is a damaged state file ({exc}). Nothing of it was mended. "
                "Name another file, or delete this one."
            ) from exc
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

    def _stopped(self) -> datetime:
        """Where the clock stood last: as it was kept, or later at a call, each of which is kept with its time."""
        known = (self._fact("clock"), self._store.last_call())
        return max(datetime.fromisoformat(at) for at in known if at is not None)

    def _account(self, now: datetime) -> Account:
        """The account of the store, or a fresh one with everything that begins with it."""
        if (text := self._store.fact("account")) is not None:
            return Account.from_json(text)
        account, start = Account.fresh(), now.isoformat()
        for name, value in (("origin", start), ("clock", start), ("generation", "0"), ("account", account.to_json())):
            self._store.keep_fact(name, value)
        return account

    def _belongs_to(self, name: str, asked: int | None, path: Path | None) -> int:
        """What the state's world was made from; another would charge for records that are not there."""
        kept = self._store.fact(name)
        if kept is None:
            kept = str(WORLD[name] if asked is None else asked)
            self._store.keep_fact(name, kept)
        if asked is not None and kept != str(asked):
            raise StateUnusable(
                f"{path} belongs to a world with {name} {kept}, and {asked} was asked for. "
                f"Nothing was changed. Ask for {name} {kept}, leave it out, or name another state file."
            )
        return int(kept)

    def _had_bundle(self, asked: str | None) -> str:
        """The bundle of the account; it may buy another."""
        bundle = asked or self._store.fact("bundle") or BUNDLE
        self._store.keep_fact("bundle", bundle)
        return bundle

    def _fact(self, name: str) -> str:
        value = self._store.fact(name)
        if value is None:
            raise StateUnusable(f"The state file has no {name}: it was not written to its end. Name another file.")
        return value
