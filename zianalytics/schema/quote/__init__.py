"""Quotes: what a call would cost at most and why, what it is likely to cost, and files by which others pay it."""

from zianalytics.schema.quote.estimate import Likely, Range, Seen
from zianalytics.schema.quote.lines import LineStatus, quote_lines
from zianalytics.schema.quote.part import Left, Part
from zianalytics.schema.quote.value import Bill, Quote

__all__ = ["Bill", "Left", "Likely", "LineStatus", "Part", "Quote", "Range", "Seen", "quote_lines"]
