"""The API as a value: `Sandbox(Options()).answer(request)`."""

from mockserver.sandbox.answer import Options, Sandbox
from mockserver.state import StateUnusable

__all__ = ["Options", "Sandbox", "StateUnusable"]
