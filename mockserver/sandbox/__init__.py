"""The API as a value: `Sandbox(Options()).answer(request)`."""

from mockserver.sandbox.answer import Sandbox
from mockserver.sandbox.options import Options
from mockserver.state import StateUnusable

__all__ = ["Options", "Sandbox", "StateUnusable"]
