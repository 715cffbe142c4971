"""Quotes: what stands around a price, and how it is paid later."""
