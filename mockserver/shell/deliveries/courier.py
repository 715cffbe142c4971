"""Carries deliveries to webhooks from a thread of its own, while a sandbox is served."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol, runtime_checkable

from mockserver.message import Outgoing, Post, Posted
from mockserver.shell.deliveries.post import post


class Mail(Protocol):
    """What waits to be sent."""

    post: Post
    stirred: threading.Event

    def due(self) -> tuple[list[tuple[str, Outgoing]], float | None]:
        """What is to be sent now, by its ids, and in how many seconds to ask again; None: when `stirred` is set."""

    def attempted(self, delivery_id: str, posted: Posted) -> None:
        """What came of sending something."""

    def deliveries(self) -> list[dict[str, Any]]:
        """Every delivery and what has become of it."""


@runtime_checkable
class Mailing(Protocol):
    """What has mail."""

    mail: Mail


@contextmanager
def delivering(served: object) -> Iterator[None]:
    """Deliver what `served` has to send as long as the block lasts; nothing, where it has no mail."""
    if not isinstance(served, Mailing):
        yield
        return
    mail, ended = served.mail, threading.Event()
    mail.post = post

    def carry() -> None:
        while not ended.is_set():
            mail.stirred.clear()
            due, wait_s = mail.due()
            for delivery_id, outgoing in due:
                if ended.is_set():
                    return
                mail.attempted(delivery_id, post(outgoing))
            if not due:
                mail.stirred.wait(wait_s)

    courier = threading.Thread(target=carry, name="courier", daemon=True)
    courier.start()
    try:
        yield
    finally:
        ended.set()
        mail.stirred.set()
        courier.join()
