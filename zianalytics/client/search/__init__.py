"""Searches: page by page, in parts, and to match a list."""
