"""What was paid for is never lost, and never paid for twice: the journal of one account."""

from zianalytics.journal.addressed import Addressed
from zianalytics.journal.backup import Copy, account_of, back_up
from zianalytics.journal.caps import Cap, Caps, Short, over_budget
from zianalytics.journal.erasing import Answer, Erasing, Rewritten
from zianalytics.journal.ledger import Call
from zianalytics.journal.lists import HeldLists
from zianalytics.journal.looks import METERS, Look, Open, Sent
from zianalytics.journal.missing import Lost
from zianalytics.journal.people import SUPPRESSIONS, People, Person, Suppressed, plain_email
from zianalytics.journal.periods import NOW_IN_WORDS, PERIODS, Per
from zianalytics.journal.replies import Given
from zianalytics.journal.restore import Restored, restore
from zianalytics.journal.statements import Statements, Totals
from zianalytics.journal.store import Journal, Unanswered
from zianalytics.journal.turnstile import Turnstile
from zianalytics.journal.values import Allowance, Charge, Found, Intent, Reply, Settlement, managed_until

__all__ = [
    "METERS",
    "NOW_IN_WORDS",
    "PERIODS",
    "SUPPRESSIONS",
    "Addressed",
    "Allowance",
    "Answer",
    "Call",
    "Cap",
    "Caps",
    "Charge",
    "Copy",
    "Erasing",
    "Found",
    "Given",
    "HeldLists",
    "Intent",
    "Journal",
    "Look",
    "Lost",
    "Open",
    "People",
    "Per",
    "Person",
    "Reply",
    "Restored",
    "Rewritten",
    "Sent",
    "Settlement",
    "Short",
    "Statements",
    "Suppressed",
    "Totals",
    "Turnstile",
    "Unanswered",
    "account_of",
    "back_up",
    "managed_until",
    "over_budget",
    "plain_email",
    "restore",
]
