"""Replies as polars frames, losing nothing silently; and long frames of what is nested in them."""

from zianalytics.frames.long import long
from zianalytics.frames.recommended import recommended

__all__ = ["long", "recommended"]
