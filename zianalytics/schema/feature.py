"""A feature: a column that a model may use, with what it takes to explain it in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from zianalytics.schema.column import Column

SubScore = Literal["fit", "intent"]
Scale = Literal["plain", "log"]


@dataclass(frozen=True)
class Feature(Column):
    """A column of an account that speaks for or against winning it.

    Numbers and Booleans enter a model as they are, a text as the group it names, a list of texts as the tags it holds.

    Attributes
    ----------
    dated
        True when each fact behind it carries its own day, so that it can be known as of any day. False for a
        slow-changing attribute, of which only the day of receipt is known.
    sub_score
        Which part of a score it belongs to: who the account is ("fit") or what it does just now ("intent").
    wording
        How a reason says it: "{value} employee{s}". `{s}` is empty when the value is one, and
        `{rose}` is "up" or "down", with the value then without its sign. Empty: "label: value".
    label
        Short noun, for a reason about a value that is not known. Empty: the name with spaces.
    on
        The column of the same frame that holds the day of the latest fact behind it.
    theme
        Features that say much the same share one and together make one reason, told by the first declared that moves
        the score much. Empty: a reason of its own.
    scale
        "log" for amounts that span magnitudes: the model sees log(1 + value).
    """

    dated: bool = False
    sub_score: SubScore = "fit"
    wording: str = ""
    label: str = ""
    on: str | None = None
    theme: str = ""
    scale: Scale = "plain"

    @property
    def noun(self) -> str:
        """The label, or the name with spaces."""
        return self.label or self.name.replace("_", " ")

    @property
    def is_group(self) -> bool:
        """Whether it names one group."""
        return self.dtype == pl.String()

    @property
    def is_tags(self) -> bool:
        """Whether it holds a list of tags."""
        return self.dtype == pl.List(pl.String())

    @property
    def is_flag(self) -> bool:
        """Whether it is yes or no."""
        return self.dtype == pl.Boolean()
