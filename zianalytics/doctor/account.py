"""Who asks: the settings, the key, the token that is cached, and how far the service's clock is from ours."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from zianalytics.doctor.finding import Finding
from zianalytics.errors import KeyUnusable, SettingsRefused
from zianalytics.settings import Settings
from zianalytics.settings.settings import NO_USER
from zianalytics.transport.auth import sign_in
from zianalytics.transport.tokens import Cached, cached_token

SHORT_KEY = 2048
FAR = timedelta(minutes=1)


def settings(environ: Mapping[str, str], folder: Path | None) -> Iterator[Finding]:
    """Whether they are complete, and what follows from them: key, token, clock."""
    try:
        read = Settings.read(environ=environ, folder=folder)
        if not read.private_key:
            sign_in(read)
    except SettingsRefused as exc:
        if str(exc) == NO_USER:
            yield Finding("warn", "settings", "no ZoomInfo user is set", NO_USER.partition("Nothing was sent. ")[2])
        else:
            found, _, advice = str(exc).partition(" Nothing was sent.")
            yield Finding("bad", "settings", found, advice.strip() or "Correct it, and look again.")
        return
    by = "private key" if read.private_key else "password"
    yield Finding("ok", "settings", f"complete; it signs in at {read.base_url} by {by}")
    if read.private_key:
        from zianalytics.transport.keys import read_key

        try:
            bits = read_key(read.private_key).key_size
        except KeyUnusable as exc:
            found, _, advice = str(exc).partition(" Nothing was sent.")
            yield Finding("bad", "private key", found, advice.strip())
        else:
            if bits >= SHORT_KEY:
                yield Finding("ok", "private key", f"RSA, {bits} bits")
            else:
                yield Finding("warn", "private key", f"RSA, only {bits} bits", "Make a new one in the Admin Portal.")
    yield from token(read.state_folder, sandbox=read.is_loopback)


def key_file(environ: Mapping[str, str], folder: Path | None) -> Iterator[Finding]:
    """Whether others on this machine may read the key's file."""
    said = Settings.key_file(environ=environ, folder=folder)
    if said is None or os.name != "posix" or not said.is_file():
        return
    if stat.S_IMODE(said.stat().st_mode) & 0o077:
        yield Finding("warn", "private key file", "others on this machine may read it", f"chmod 600 '{said}'")
    else:
        yield Finding("ok", "private key file", "for you alone")


def token(state_folder: Path, *, sandbox: bool = False) -> Iterator[Finding]:
    """Whether a token is cached, how old it is, and what was learnt of the service's clock with it.

    Parameters
    ----------
    sandbox
        Whether it is a service on this machine, whose clock may say what it likes.
    """
    held = cached_token(state_folder)
    if held is None:
        yield Finding("ok", "token", "none is cached, or none that can be read: the first call signs in")
        yield Finding("ok", "clock", "no reply of the service was seen with this account; nothing is known of its time")
        return
    yield Finding("ok", "token", _age(held))
    off = timedelta(seconds=round(abs(held.clock_offset_s)))
    if off > FAR:
        way = "ahead of" if held.clock_offset_s > 0 else "behind"
        if sandbox:
            yield Finding("ok", "clock", f"a sandbox's own: {off} {way} this machine")
            return
        advice = "Set this machine's clock. Until then the service's time is used for tokens and windows."
        yield Finding("warn", "clock", f"the service is {off} {way} this machine", advice)
    else:
        yield Finding("ok", "clock", "this machine and the service agree within a minute")


def _age(held: Cached) -> str:
    now = datetime.fromtimestamp(time.time() + held.clock_offset_s, UTC)
    age, left = (round((a - b).total_seconds() / 60) for a, b in ((now, held.since), (held.renew_at, now)))
    then = f"it is renewed in {left} min" if left > 0 else "it is over, and the next call signs in"
    return f"one is cached, {age} min old; {then}"
