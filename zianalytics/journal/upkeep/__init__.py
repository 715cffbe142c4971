"""What is done to a journal as a whole: looked through, mended, copied, put back, and rid of a person."""

from zianalytics.journal.upkeep.backup import Copy, account_of, back_up
from zianalytics.journal.upkeep.erasing import PENDING, Answer, Erasing, Rewritten
from zianalytics.journal.upkeep.inspection import UNREADABLE, Inspection, looking_at
from zianalytics.journal.upkeep.mending import UNFINISHED, Damage, compare, look, marry, remake, set_right
from zianalytics.journal.upkeep.restore import Restored, go_on, restore
from zianalytics.journal.upkeep.workshop import clear_abandoned, noted

__all__ = [
    "PENDING",
    "UNFINISHED",
    "UNREADABLE",
    "Answer",
    "Copy",
    "Damage",
    "Erasing",
    "Inspection",
    "Restored",
    "Rewritten",
    "account_of",
    "back_up",
    "clear_abandoned",
    "compare",
    "go_on",
    "look",
    "looking_at",
    "marry",
    "noted",
    "remake",
    "restore",
    "set_right",
]
