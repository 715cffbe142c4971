"""What was received and what the user gave: `replies.db`, what is missing from it, and the files kept beside it."""

from zianalytics.journal.received.addressed import Addressed, AddressFiles
from zianalytics.journal.received.lists import HeldLists
from zianalytics.journal.received.missing import Lost, Missing
from zianalytics.journal.received.packing import NotPacked, pack, unpack
from zianalytics.journal.received.replies import Given, Replies
from zianalytics.journal.received.suppressions import SUPPRESSIONS, People, Person, Suppressed, plain_email

__all__ = [
    "SUPPRESSIONS",
    "AddressFiles",
    "Addressed",
    "Given",
    "HeldLists",
    "Lost",
    "Missing",
    "NotPacked",
    "People",
    "Person",
    "Replies",
    "Suppressed",
    "pack",
    "plain_email",
    "unpack",
]
