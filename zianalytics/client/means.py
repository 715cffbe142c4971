"""What a metered call works with, whatever its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zianalytics.client.metered.budget import Budget
from zianalytics.client.metered.exchange import Exchange
from zianalytics.client.people.suppression import Suppression
from zianalytics.client.recovery.left_open import Recovery
from zianalytics.journal import Journal
from zianalytics.schema.meters import Meters, Pool


@dataclass(frozen=True)
class Means:
    """What those have in common who carry calls out.

    Attributes
    ----------
    journal
        Keeps what was paid for.
    exchange
        Sends, and keeps what comes.
    recovery
        Ends what earlier calls have left open.
    budget
        What may be spent.
    suppression
        Who is not asked for, nor shown.
    usage
        Asks the service what it has counted of a pool; free, and the service's time comes with it.
    progress
        Whether calls of several requests show a bar.
    """

    journal: Journal
    exchange: Exchange
    recovery: Recovery
    budget: Budget
    suppression: Suppression
    usage: Callable[[Pool], Meters]
    progress: bool
