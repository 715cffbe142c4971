"""What one can ask of webhooks, and of the compliance check: their requests."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Annotated as A
from typing import Any, Literal, TypeAlias

from zianalytics.api.describe import Doc
from zianalytics.api.filters import Inputs, Request
from zianalytics.errors import RequestRefused

ObjectType: TypeAlias = Literal["contact", "company"]

# docs/assumptions.md, "target of a webhook"
_TARGET = re.compile(r"https://[^/\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(?=[:/]|$)")


@dataclass(frozen=True, kw_only=True)
class WebhookList(Request):
    """All webhooks of the account, one row each."""


@dataclass(frozen=True, kw_only=True)
class SubscriptionTypes(Request):
    """What can be subscribed to."""


@dataclass(frozen=True, kw_only=True)
class _Target(Request):
    target_url: A[str | None, Doc("Where deliveries go: https, or http on this machine.")] = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.target_url is not None and not _TARGET.match(self.target_url):
            raise RequestRefused(
                f"target_url={self.target_url!r} is not an address that takes deliveries. Nothing was sent. "
                'Give one that begins with "https://"; on this machine "http://127.0.0.1:..." will do for a sandbox.'
            )
        title = getattr(self, "title", None)
        if title is not None and not title.strip():
            raise RequestRefused("title= is empty. Nothing was sent. Say what the webhook is called.")


@dataclass(frozen=True, kw_only=True)
class WebhookCreate(_Target):
    """A new webhook."""

    title: A[str, Doc("What it is called.")]
    enabled: A[bool, Doc("Whether anything is sent from now on.")]
    subscriptions: A[Sequence[object], Doc("What is sent, each a dict with object_type and full_payload.")]


@dataclass(frozen=True, kw_only=True)
class WebhookNamed(Request):
    """One webhook."""

    webhook_id: A[int, Doc("Its id, as in zi.webhooks.list().")]


@dataclass(frozen=True, kw_only=True)
class WebhookUpdate(WebhookNamed, _Target):
    """A webhook in part replaced; what is not given stays."""

    title: A[str | None, Doc("What it is called.")] = None
    enabled: A[bool | None, Doc("Whether anything is sent from now on.")] = None
    subscriptions: A[
        Sequence[object] | None,
        Doc("Dicts: with subscription_id alone one ends, with more it is changed, without it a further one begins."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class TargetCheck(_Target):
    """Whether a target can be reached and takes a sample."""

    object_type: A[ObjectType, Doc('Whose sample: "contact" or "company".')] = "contact"
    full_payload: A[bool | None, Doc("Whether the sample is a whole record, or what has changed alone.")] = None


@dataclass(frozen=True)
class ComplianceCheck(Request):
    """Who of a list is known to ZoomInfo and who has opted out: a row for each person found, or one for the input."""

    of: A[
        Inputs | Sequence[Mapping[str, Any]],
        Doc("A frame, e-mail addresses, or dicts: email, or phone, or full_name and company_name, ..."),
    ]
    _: KW_ONLY
    max_requests: A[int | None, Doc("Requests this call may make; None for no cap.")] = None
