"""Serves saved examples as recorded: which one fits a request, and what to say when none does."""

from mockserver.replay.serve import Replay

__all__ = ["Replay"]
