"""What each of the things that are served has beside its answers: pages under `/__mock__/`, or a header on refusals."""

from __future__ import annotations

from mockserver.replay import Replay
from mockserver.replay.matched import NOTHING, matched
from mockserver.shell.answering import Answering, Sandboxed
from mockserver.shell.http.asgi import ASGIApp
from mockserver.shell.http.replay_pages import replay_pages

REFUSED = "refused"


def told_by_refusals(served: Answering) -> tuple[tuple[str, str], ...]:
    """The headers of an answer that says before what is served that it may not be asked: a replay tells why in each."""
    return (matched(NOTHING, REFUSED),) if isinstance(served, Replay) else ()


def admin_of(served: Answering) -> ASGIApp | None:
    """The pages under `/__mock__/` of what is served; None where it has none."""
    if isinstance(served, Replay):
        return replay_pages(served)
    if not isinstance(served, Sandboxed):
        return None
    from mockserver.shell.http.sandbox_pages import admin_pages  # starlette, which a replay starts faster without

    return admin_pages(served)
