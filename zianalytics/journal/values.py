"""What the journal remembers of a call: the intent before it, the reply, and what was charged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal

from zianalytics.schema.meters import Entity, Meters, Pool

State = Literal["open", "unknown", "settled", "released"]


@dataclass(frozen=True, kw_only=True)
class Intent:
    """One request that is about to be sent: enough to ask it again and to read its reply.

    Attributes
    ----------
    id
        A UUID, made before the request is first sent.
    call
        The call that it belongs to, on whose allowance it draws.
    operation
        "enrich.companies".
    request
        The body, byte for byte.
    worst
        The most that it can cost.
    at
        Server time at which it was written down.
    asked
        For each input, what makes it the same question when it is asked again; of a search, its page.
    ids
        For each input, the id of the record when the user named it by id.
    fields
        The columns asked for.
    repeats
        The intent whose request this one sends again, because no answer came.
    pool
        Which records and requests it draws on.
    counted
        Of a repeat, or of the first request after one without an answer: what the service had counted before.
    is_alone
        Of these: whether nothing else that may be charged was under way then.
    who, source
        Who asks, and the notebook or job; "" where that is not known.
    """

    id: str
    call: str
    operation: str
    request: bytes
    worst: Meters
    at: datetime
    asked: tuple[str, ...] = ()
    ids: tuple[int | None, ...] = ()
    fields: tuple[str, ...] = ()
    repeats: str | None = None
    counted: Meters | None = None
    is_alone: bool = False
    pool: Pool = "api"
    who: str = ""
    source: str = ""

    @property
    def about(self) -> int | None:
        """The id that its only input names; None when it has several, or names none."""
        return self.ids[0] if len(self.ids) == 1 else None


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A reply as it was received.

    Attributes
    ----------
    body
        The bytes; empty where who asks for replies knows them already.
    digest
        Their SHA-256.
    """

    id: int
    intent: Intent | None
    operation: str
    request: bytes
    status: int
    headers: Mapping[str, str]
    received: datetime
    body: bytes
    digest: bytes

    @property
    def about(self) -> int | None:
        """The id that its only input named; None when it had several, or named none."""
        return self.intent.about if self.intent else None

    @property
    def request_id(self) -> str | None:
        """The service's own id of the request."""
        return self.headers.get("x-request-id")


# docs/assumptions.md, "a record that a colleague redeemed first"
@dataclass(frozen=True, kw_only=True)
class Charge:
    """One record that a reply charged for.

    Attributes
    ----------
    entity, record_id
        Which record; the id is None when the reply could not tell.
    records
        What it counted on the meter of records.
    redeems
        Whether it costs a credit unless the record is under management.
    """

    entity: Entity
    record_id: str | None
    records: int = 1
    redeems: bool = False


@dataclass(frozen=True, kw_only=True)
class Found:
    """What one input of a reply was answered with; a `record_id` of None means nothing."""

    input_row: int
    asked: str
    record_id: str | None
    status: str


@dataclass(frozen=True, kw_only=True)
class Settlement:
    """The end of an intent: what was charged, and what its inputs were answered with.

    Attributes
    ----------
    charged_at, request_id
        Time and service's id of the request that was charged.
    reply
        The reply that proves it; None when the outcome was learnt from asking again.
    pays_from
        The intent whose reservation covers the credits; None for the intent itself.
    part_of
        The intent of a job, when the reply shows a part of what the job was charged: that one gets the charges, and
        goes on.
    answers
        The operation whose questions were answered; None for the intent's own.
    """

    intent: str
    charged_at: datetime
    reply: int | None = None
    request_id: str | None = None
    charges: tuple[Charge, ...] = ()
    found: tuple[Found, ...] = ()
    pays_from: str | None = None
    part_of: str | None = None
    answers: str | None = None

    @property
    def is_proved(self) -> bool:
        """Whether the reply to the intent itself, which is kept, says all of it: what is lost of it is made again."""
        return self.reply is not None and self.pays_from is None and self.part_of is None


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What may be spent on each meter; None is no limit on requests, and no permission of its own otherwise."""

    credits: int | None = None
    records: int | None = None
    requests: int | None = None


def as_text(moment: datetime) -> str:
    """A moment as the stores keep it: sorts as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def managed_until(charged_at: datetime) -> date:
    """The day on which a record's twelve months are over.

    A day early rather than late: on that day itself the record counts as no longer managed.
    Source: docs/assumptions.md, "length of the management window".
    """
    day = charged_at.astimezone(UTC).date()
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return date(day.year + 1, 2, 28)
