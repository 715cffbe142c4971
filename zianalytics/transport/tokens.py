"""One token for all threads and processes of an account, renewed by one of them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from zianalytics.clock import ServerClock
from zianalytics.errors import AuthFailed, NotAnswered, StoreUnusable
from zianalytics.settings import Unshown
from zianalytics.transport.auth import Token, bearer
from zianalytics.transport.proof import SignIn

PATIENCE_S = 120.0


class TokenKeeper:
    """Hands out a token that is still good, and fetches one when none is.

    Parameters
    ----------
    folder
        The account's state folder; the cache lies there as `token.json`, readable by its owner alone.
    sign_in
        Whose token it is: a cached token of other credentials is not used.
    fetch
        Signs in at the service.
    patience_s
        Seconds to wait for another process that is signing in.
    """

    def __init__(
        self,
        folder: Path,
        sign_in: SignIn,
        clock: ServerClock,
        fetch: Callable[[], Token],
        *,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._folder, self._sign_in, self._clock, self._fetch = folder, sign_in, clock, fetch
        self._patience_s = patience_s
        self._token: Token | None = None
        self._lock = threading.Lock()
        self._refusals = 0
        self._refusal: AuthFailed | None = None

    def current(self, *, refused: Token | None = None) -> Token:
        """A token to send now.

        Parameters
        ----------
        refused
            The token that the service has just turned down. When another thread or process has renewed it
            meanwhile, theirs is returned and nobody signs in again.
        """
        seen = self._refusals
        with self._lock:
            if self._token and self._good(self._token, refused):
                return self._token
            if self._refusal and self._refusals > seen:
                # Refused while we waited: eight threads must not try a wrong password eight times.
                was = self._refusal
                raise AuthFailed(str(was), status=was.status, code=was.code, request_id=was.request_id)
            with self._only_process():
                self._token = self._renewed(refused)
            return self._token

    def _good(self, token: Token, refused: Token | None) -> bool:
        return token.renew_at > self._clock.now() and (refused is None or token.secret != refused.secret)

    def _renewed(self, refused: Token | None) -> Token:
        cached = self._read()
        if cached and self._good(cached, refused):
            return cached
        try:
            token = self._fetch()
        except AuthFailed as exc:
            self._refusal, self._refusals = exc, self._refusals + 1
            raise
        self._write(token)
        return token

    @contextlib.contextmanager
    def _only_process(self) -> Iterator[None]:
        """Hold the account's lock: no other process signs in meanwhile."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._folder.chmod(0o700)
            lock = FileLock(self._folder / "token.lock", timeout=self._patience_s, mode=0o600)
            lock.acquire()
        except Timeout as exc:
            raise NotAnswered(
                f"Another process of this account has been signing in for {self._patience_s:g} s. Nothing was sent. "
                "End it or try again.",
                outcome_known=True,
            ) from exc
        except OSError as exc:
            raise _unusable(self._folder, exc) from exc
        try:
            yield
        finally:
            lock.release()

    def _read(self) -> Token | None:
        """The cached token; None when there is none, it is damaged, or it belongs to other credentials."""
        try:
            held = Unshown(json.loads((self._folder / "token.json").read_bytes()))
            if held["mark"] != self._sign_in.mark(bytes.fromhex(held["salt"])):
                return None
            secret = bearer(held["token"])
            since, renew_at = (datetime.fromtimestamp(held[name], UTC) for name in ("since", "renew_at"))
            offset_s = float(held["clock_offset_s"])
            datetime.fromtimestamp(self._clock.wall() + offset_s, UTC)  # refuses what is no time
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return None
        if self._clock.offset_s == 0.0:
            self._clock.offset_s = offset_s
        return Token(secret, since, renew_at) if secret else None

    def _write(self, token: Token) -> None:
        fresh = self._folder / "token.json.new"
        try:
            fresh.unlink(missing_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self._packed(token))
            fresh.replace(self._folder / "token.json")
        except OSError as exc:
            raise _unusable(self._folder, exc) from exc

    def _packed(self, token: Token) -> bytes:
        """What the cache holds. No variable does: a traceback may print them all."""
        salt = secrets.token_bytes(16)
        return json.dumps(
            {
                "token": token.secret.get_secret_value(),
                "since": token.since.timestamp(),
                "renew_at": token.renew_at.timestamp(),
                "clock_offset_s": self._clock.offset_s,
                "salt": salt.hex(),
                "mark": self._sign_in.mark(salt),
            }
        ).encode()


@dataclass(frozen=True)
class Cached:
    """What may be told of a token that is cached: since when and until when it is used, and the clock it was got by."""

    since: datetime
    renew_at: datetime
    clock_offset_s: float


def cached_token(folder: Path) -> Cached | None:
    """What may be told of the token in an account's state folder, whoever it belongs to; None where there is none."""
    try:
        held = Unshown(json.loads((folder / "token.json").read_bytes()))
        since, renew_at = (datetime.fromtimestamp(held[name], UTC) for name in ("since", "renew_at"))
        offset_s = float(held["clock_offset_s"])
        datetime.fromtimestamp(time.time() + offset_s, UTC)  # refuses what is no time
        return Cached(since, renew_at, offset_s)
    except (OSError, ValueError, KeyError, TypeError, OverflowError):
        return None


def _unusable(folder: Path, exc: OSError) -> StoreUnusable:
    return StoreUnusable(
        f"The token cache in {folder} cannot be used ({exc.strerror}). Nothing was spent. "
        "Make the folder writable for you."
    )
