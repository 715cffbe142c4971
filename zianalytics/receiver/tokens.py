"""The tokens that deliveries must carry: learnt by the client, asked for by the receiver, in one file between them."""

from __future__ import annotations

import contextlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock
from pydantic import SecretStr

from zianalytics.errors import StoreUnusable

# docs/assumptions.md, "a new token"
GRACE = timedelta(hours=1)
"""How long a token is still taken when a new one has been made: what is on its way carries the old one."""


class WebhookTokens:
    """The tokens of an account's webhooks, in a file of its own that only its owner can read.

    Parameters
    ----------
    folder
        The account's folder.
    extra
        A further file with one token a line, for webhooks that were made elsewhere; read anew for each delivery.
    """

    def __init__(self, folder: Path, *, extra: Path | None = None) -> None:
        self._file, self._extra = folder / "webhook-tokens.json", extra

    def learn(self, webhook_id: int, token: SecretStr, *, now: datetime | None = None) -> None:
        """A webhook has this token from now on; the one before is taken for another hour."""
        moment = now or datetime.now(UTC)
        with self._changing() as held:
            before = [[old, until or (moment + GRACE).isoformat()] for old, until in held.get(str(webhook_id), [])]
            good = [[old, until] for old, until in before if _is_good(until, moment)]
            held[str(webhook_id)] = [[token.get_secret_value(), None], *good]

    def forget(self, webhook_id: int) -> None:
        """A webhook is no more."""
        with self._changing() as held:
            held.pop(str(webhook_id), None)

    def knows(self, given: str, *, now: datetime | None = None) -> bool:
        """Whether a delivery carries a token that is good; how long this takes says nothing about any token."""
        moment, offered = now or datetime.now(UTC), given.encode("utf-8", "surrogateescape")
        good = False
        for token, until in [pair for pairs in self._read().values() for pair in pairs]:
            good |= hmac.compare_digest(offered, str(token).encode()) and _is_good(until, moment)
        for token in self._lines():
            good |= hmac.compare_digest(offered, token.encode())
        return good

    def __len__(self) -> int:
        return sum(map(len, self._read().values())) + len(self._lines())

    def __repr__(self) -> str:
        return f"<WebhookTokens: {len(self)}>"

    def _lines(self) -> list[str]:
        if self._extra is None:
            return []
        try:
            return [line.strip() for line in self._extra.read_text("utf-8").splitlines() if line.strip()]
        except (OSError, UnicodeDecodeError) as exc:
            raise _unusable(self._extra, exc) from exc

    def _read(self) -> Mapping[str, list[list[str | None]]]:
        try:
            held: dict[str, list[list[str | None]]] = json.loads(self._file.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as exc:
            raise _unusable(self._file, exc) from exc
        return held

    @contextlib.contextmanager
    def _changing(self) -> Iterator[dict[str, list[list[str | None]]]]:
        """What is held, to be changed in the block and written whole at its end."""
        with FileLock(self._file.with_suffix(".lock"), mode=0o600):
            held = dict(self._read())
            yield held
            fresh = self._file.with_suffix(".new")
            try:
                fresh.unlink(missing_ok=True)
                with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                    json.dump(held, file)
                fresh.replace(self._file)
            except OSError as exc:
                raise _unusable(self._file, exc) from exc


def _is_good(until: str | None, now: datetime) -> bool:
    return until is None or now < datetime.fromisoformat(until)


def _unusable(path: Path, exc: Exception) -> StoreUnusable:
    return StoreUnusable(
        f"{path} cannot be used for the tokens of webhooks ({type(exc).__name__}). Nothing was received or changed. "
        "See to its rights, or make new tokens by zi.webhooks.new_token()."
    )
