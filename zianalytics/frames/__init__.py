"""Replies as polars frames, losing nothing silently."""
