"""What was meant, reserved and charged, which budget it drew on, and who waits for whom meanwhile: `ledger.db`."""

from zianalytics.journal.spending.at_work import AtWork
from zianalytics.journal.spending.caps import Cap, Caps, Short, over_budget
from zianalytics.journal.spending.ledger import Call, Ledger
from zianalytics.journal.spending.looks import METERS, Look, Open, Sent
from zianalytics.journal.spending.periods import NOW_IN_WORDS, PERIODS, Per
from zianalytics.journal.spending.runs import Runs
from zianalytics.journal.spending.statements import Statements, Totals
from zianalytics.journal.spending.turnstile import Turnstile

__all__ = [
    "METERS",
    "NOW_IN_WORDS",
    "PERIODS",
    "AtWork",
    "Call",
    "Cap",
    "Caps",
    "Ledger",
    "Look",
    "Open",
    "Per",
    "Runs",
    "Sent",
    "Short",
    "Statements",
    "Totals",
    "Turnstile",
    "over_budget",
]
