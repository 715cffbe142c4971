"""What the shell can serve: anything that answers, and a sandbox, which can be watched and moved, too."""

from __future__ import annotations

from typing import Any, Protocol, runtime_checkable

from mockserver.message import Request, Response


class Answering(Protocol):
    """Anything that turns a request into a response."""

    def answer(self, request: Request) -> Response:
        """The response, without a socket in sight."""


@runtime_checkable
class Sandboxed(Answering, Protocol):
    """What answers and can be watched and moved through `/__mock__/`."""

    def credentials(self) -> dict[str, str]:
        """The keys `username, password, client_id, private_key_pem`."""

    def ledger(self) -> list[dict[str, Any]]:
        """One entry per record charged."""

    def usage(self) -> dict[str, Any]:
        """What is used of each allowance."""

    def advance(self, days: int) -> dict[str, Any]:
        """Moves the clock forward."""

    def reset(self) -> None:
        """Forgets what was charged and done."""

    def colleague(self, credits: int) -> dict[str, Any]:
        """Somebody else of the same organisation spends; raises ValueError for more than can be spent."""

    def set_faults(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Trouble on demand; raises ValueError for a specification that it cannot read."""

    def deals_csv(self) -> str:
        """The practice CRM file."""

    def truth_csv(self) -> str:
        """The probabilities behind it."""

    def close(self) -> None:
        """Puts down what is to be kept."""
