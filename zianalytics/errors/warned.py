"""What does not stop a call, and what its result alone would not show."""

from __future__ import annotations

import sys
import warnings
from pathlib import Path
from typing import Any

_OURS = str(Path(__file__).parent.parent)


class ZoomInfoWarning(UserWarning):
    """Something that did not stop the call, and that its result alone would not show."""


class ValuesLost(ZoomInfoWarning):
    """Values of a reply could not be read and are null in the frame.

    Attributes
    ----------
    lost
        A frame with one row per such value: reply, row, column and the value as received.
    """

    def __init__(self, message: str, *, lost: object) -> None:
        super().__init__(message)
        self.lost = lost


class ValueUnlisted(ZoomInfoWarning):
    """A country or state that no list has was sent as it is, or left out where something else says which is meant."""


class ResultsCut(ZoomInfoWarning):
    """A search brought fewer rows than match it, or a reply more records than were asked for."""


class NotAllAnswered(ZoomInfoWarning):
    """Some inputs have no answer; the others are in the frame.

    Attributes
    ----------
    report
        A frame with one row for each of them: input_row (of a search: page), match_status, error (the name of its
        class), status, code, request_id, retryable, credits_spent (null where that is not known yet), and message,
        which says what to do next. None of a bulk search, whose records have no input.
    """

    def __init__(self, message: str, *, report: Any = None) -> None:
        super().__init__(message)
        self.report = report


class MoreCharged(ZoomInfoWarning):
    """An answer brought more records than the call was allowed, because their number is not known before it comes."""


class ResultsExpire(ZoomInfoWarning):
    """Results of bulk jobs were near the day after which they are gone, and were fetched before anything else."""


class LimitNear(ZoomInfoWarning):
    """An allowance of the account comes to its end, or a call may cost more than is left of it.

    Attributes
    ----------
    limit_type
        Which, as in `zi.usage()`.
    used, allowed
        How much of it is used, and how much there is in all.
    """

    def __init__(self, message: str, *, limit_type: str, used: int, allowed: int) -> None:
        super().__init__(message)
        self.limit_type, self.used, self.allowed = limit_type, used, allowed


class AskedAgain(ZoomInfoWarning):
    """Requests that an earlier run had sent, and that were never answered, were sent again without a second credit."""


class OthersAtWork(ZoomInfoWarning):
    """Another call, perhaps of another process, is paying for the same; this one waits for it to end.

    Attributes
    ----------
    shared
        How many inputs both ask for.
    """

    def __init__(self, call: str, shared: int) -> None:
        super().__init__(
            f"{call}: another call is at work on {shared:,} of these inputs. Nothing was sent or spent yet; this one "
            "waits for it to end, so that nothing is paid twice. Ctrl-C ends the wait."
        )
        self.shared = shared


class RepliesMissing(ZoomInfoWarning):
    """Replies that were paid for are not in the journal any more."""


class PaceNotShared(ZoomInfoWarning):
    """The account's folder cannot be used, so that other processes do not see how fast this one asks."""


class JournalDamaged(ZoomInfoWarning):
    """A file of the journal is not as it was written, or not the newest; what is sound of it is used."""


class DealsNotLater(ZoomInfoWarning):
    """A model was judged by deals that it may have learnt from."""


class ScoresAlike(ZoomInfoWarning):
    """All accounts have the same score, so that their order and their tier say nothing."""


def warn(warning: ZoomInfoWarning) -> None:
    """Give a warning that points at the line outside this package that led to it."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_code.co_filename.startswith(_OURS):
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
