"""Every error that this package raises, in one tree.

    ZoomInfoError
    +-- RequestRefused      your input, before anything was sent (also ValueError)
    |   +-- SettingsRefused     settings that are missing, misspelt or contradict each other
    |   +-- KeyUnusable         a private key that cannot sign
    +-- BudgetExceeded      it would cost more than you allowed; nothing was sent
    +-- QuoteRefused        a quote that cannot be paid as it was approved; nothing was sent
    +-- NotAnswered         no usable reply: time-out, reset, 5xx (`outcome_known`: could it have been charged?)
    |   +-- RetriesExhausted    the service fails so often that it is not asked again
    +-- AnswerRefused       the service said no
    |   +-- AuthFailed          who you are
    |   +-- NotEntitled         what your subscription covers: this endpoint is not in it
    |   |   +-- FieldNotAllowed     nor are these fields
    |   +-- LimitReached        what is left
    |   |   +-- CreditsUsedUp       of your credits
    |   |   +-- RecordsUsedUp       of your records
    |   |   +-- RequestsUsedUp      of your requests
    |   +-- RateLimited         how fast you may ask
    |   +-- MalformedRequest    what you asked
    |   |   +-- UnknownField        a name or a value that the service does not take
    |   |   +-- TooLittleGiven      too little to go by
    |   |   +-- PageRefused         a page that there is not, or the order of its rows
    |   +-- NotFound            what you asked it about
    +-- TooManyRows         a search matches more than the service hands out, and cannot be divided exactly
    +-- AnswerUnreadable    a reply that could not become the promised frame; it is kept in the journal
    +-- StoreUnusable       journal or warehouse
    |   +-- StoreHeld           another process holds the file
    |   +-- StoreDamaged        the file is not what it should be
    |   +-- NoHistory           nothing was stored on or before the day asked for
    +-- ClientClosed        the client was closed before the call
    +-- SandboxFailed       the local sandbox did not start
    +-- ExtraMissing        an optional part is not installed (also ImportError)

    ZoomInfoWarning         (also UserWarning)
    +-- ValuesLost          values of a reply could not be read and are null in the frame
    +-- ValueUnlisted       a country or state that no list has was sent as it is, or left out of an input
    +-- ResultsCut          a search brought fewer rows than match it
    +-- NotAllAnswered      some inputs have no answer; `report` says of each why, and what next
    +-- MoreCharged         an answer brought more records than the call was allowed
    +-- ResultsExpire       results of bulk jobs are gone a day after they began
    +-- LimitNear           an allowance of the account comes to its end
    +-- AskedAgain          requests that were never answered were sent again, without a second credit
    +-- OthersAtWork        another call is paying for the same, and this one waits for it
    +-- RepliesMissing      replies that were paid for are not in the journal any more
    +-- JournalDamaged      a file of the journal is not as it was written; what is sound of it is used
    +-- DealsNotLater       a model was judged by deals that it may have learnt from
    +-- ScoresAlike         all accounts have the same score, and their order says nothing
    +-- PaceNotShared       other processes of the account do not see how fast this one asks

Each message says what happened, what it cost and what to do next. Values sit on attributes, the same on every error
(`ZoomInfoError`); a token, a key or a person's data never does.
"""

from zianalytics.errors.raised import (
    AnswerUnreadable,
    BudgetExceeded,
    ClientClosed,
    ExtraMissing,
    KeyUnusable,
    NoHistory,
    NotAnswered,
    QuoteRefused,
    RequestRefused,
    RetriesExhausted,
    SandboxFailed,
    SettingsRefused,
    StoreDamaged,
    StoreHeld,
    StoreUnusable,
    TooManyRows,
    ZoomInfoError,
)
from zianalytics.errors.refused import (
    AnswerRefused,
    AuthFailed,
    CreditsUsedUp,
    FieldNotAllowed,
    LimitReached,
    MalformedRequest,
    NotEntitled,
    NotFound,
    PageRefused,
    RateLimited,
    RecordsUsedUp,
    RequestsUsedUp,
    TooLittleGiven,
    UnknownField,
)
from zianalytics.errors.warned import (
    AskedAgain,
    DealsNotLater,
    JournalDamaged,
    LimitNear,
    MoreCharged,
    NotAllAnswered,
    OthersAtWork,
    PaceNotShared,
    RepliesMissing,
    ResultsCut,
    ResultsExpire,
    ScoresAlike,
    ValuesLost,
    ValueUnlisted,
    ZoomInfoWarning,
)
from zianalytics.errors.warned import warn as warn

__all__ = [
    "AnswerRefused",
    "AnswerUnreadable",
    "AskedAgain",
    "AuthFailed",
    "BudgetExceeded",
    "ClientClosed",
    "CreditsUsedUp",
    "DealsNotLater",
    "ExtraMissing",
    "FieldNotAllowed",
    "JournalDamaged",
    "KeyUnusable",
    "LimitNear",
    "LimitReached",
    "MalformedRequest",
    "MoreCharged",
    "NoHistory",
    "NotAllAnswered",
    "NotAnswered",
    "NotEntitled",
    "NotFound",
    "OthersAtWork",
    "PaceNotShared",
    "PageRefused",
    "QuoteRefused",
    "RateLimited",
    "RecordsUsedUp",
    "RepliesMissing",
    "RequestRefused",
    "RequestsUsedUp",
    "ResultsCut",
    "ResultsExpire",
    "RetriesExhausted",
    "SandboxFailed",
    "ScoresAlike",
    "SettingsRefused",
    "StoreDamaged",
    "StoreHeld",
    "StoreUnusable",
    "TooLittleGiven",
    "TooManyRows",
    "UnknownField",
    "ValueUnlisted",
    "ValuesLost",
    "ZoomInfoError",
    "ZoomInfoWarning",
]

for _name in __all__:  # a traceback says the name by which users know it, and not the room where it is written
    globals()[_name].__module__ = __name__
