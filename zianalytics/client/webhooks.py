"""Webhooks: `zi.webhooks`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from pydantic import SecretStr

from zianalytics.api.arguments import checked
from zianalytics.api.enterprise import read_delivery
from zianalytics.api.spec import Caller
from zianalytics.api.table import DELIVERED, WebhookCalls
from zianalytics.api.webhooks import ObjectType
from zianalytics.errors import NotAnswered, RequestRefused
from zianalytics.journal import Journal
from zianalytics.receiver import WebhookTokens
from zianalytics.tab import offered

_RECEIVED = pl.Schema(
    {
        "received": pl.Datetime("us", "UTC"),
        "webhook_id": pl.Int64(),
        "object_type": pl.String(),
        "ids": pl.List(pl.Int64()),
    }
)


@dataclass(frozen=True, eq=False)
class Webhook:
    """A webhook that was made. Its token is not shown: `.token.get_secret_value()` says it."""

    webhook_id: int
    title: str
    is_enabled: bool
    target_url: str
    created_date: datetime
    subscriptions: pl.DataFrame = field(repr=False)
    token: SecretStr


@dataclass(frozen=True)
class Validation:
    """What a target said to a sample.

    Attributes
    ----------
    is_success
        It took the sample.
    response_code
        Its HTTP status; None when it was not reached.
    message
        What it said, or why it was not reached.
    """

    is_success: bool
    response_code: int | None
    message: str


class Webhooks:
    """Where ZoomInfo sends the changes of the records that you have redeemed. Free of credits, records and requests.

    Make one disabled, start `zia webhooks serve` where the target leads to, then enable it. Tokens are kept in the
    account's folder, where the receiver finds them. Webhooks belong to the Scaling bundle.
    """

    def __init__(self, caller: Caller, journal: Journal, folder: Path) -> None:
        self._calls, self._journal = WebhookCalls(caller), journal
        self._tokens = WebhookTokens(folder)

    @checked("zi.webhooks.create")
    def create(
        self,
        title: str,
        *,
        target_url: str,
        object_types: Sequence[ObjectType] = ("contact", "company"),
        full_payload: bool | Mapping[ObjectType, bool] = True,
        enabled: bool = False,
    ) -> Webhook:
        """Make a webhook; it sends nothing until it is enabled.

        Free: it is not metered.

        Parameters
        ----------
        title : str
            What it is called.
        target_url : str
            Where deliveries go: https, or http on this machine.
        object_types : sequence of {'contact', 'company'}, optional
            Whose changes are sent.
        full_payload : bool or dict, optional
            Whole records, or what has changed alone; for all kinds, or for each: {"contact": True, "company": False}.
        enabled : bool, optional
            Whether anything is sent from now on.

        Returns
        -------
        Webhook
            With its `.token`, which `zia webhooks serve` knows from now on.

        Raises
        ------
        RequestRefused
            An argument is of the wrong kind.
        AnswerRefused
            Nothing was redeemed yet, or the subscription lacks webhooks.
        """
        apart = {str(kind): whole for kind, whole in full_payload.items()} if isinstance(full_payload, Mapping) else {}
        wanted = [
            {"object_type": one, "full_payload": apart.get(one, full_payload is not False)}
            for one in _object_types(object_types)
        ]
        try:
            [made] = self._calls.create(
                title=title, target_url=target_url, enabled=enabled, subscriptions=wanted
            ).to_dicts()
        except NotAnswered as exc:
            exc.add_note(
                "zi.webhooks.list() shows whether it was made; if so, take a token by zi.webhooks.new_token()."
            )
            raise
        token = SecretStr(made["verification_token"])
        self._tokens.learn(made["webhook_id"], token)
        return Webhook(
            webhook_id=made["webhook_id"],
            title=made["title"],
            is_enabled=made["is_enabled"],
            target_url=made["target_url"],
            created_date=made["created_date"],
            subscriptions=pl.DataFrame(made["subscriptions"]),
            token=token,
        )

    def list(self) -> pl.DataFrame:
        """All webhooks of the account, one row each.

        Its columns are webhook_id, title, is_enabled, target_url, created_date and subscriptions.

        Free: it is not metered.
        """
        return self._calls.list()

    @checked("zi.webhooks.get")
    def get(self, webhook_id: int) -> pl.DataFrame:
        """One webhook, as a row of `list()`.

        Free: it is not metered.

        Parameters
        ----------
        webhook_id : int
            Its id.
        """
        return self._calls.get(webhook_id=webhook_id)

    @checked("zi.webhooks.update")
    def update(
        self,
        webhook_id: int,
        *,
        title: str | None = None,
        target_url: str | None = None,
        enabled: bool | None = None,
        full_payload: bool | None = None,
        subscribe: Sequence[ObjectType] = (),
        unsubscribe: Sequence[ObjectType] = (),
    ) -> pl.DataFrame:
        """Change a webhook; what is not given stays as it is.

        Free: it is not metered.

        Parameters
        ----------
        webhook_id : int
            Its id.
        title, target_url, enabled
            As for `create`.
        full_payload : bool, optional
            For all its subscriptions: whole records, or what has changed alone.
        subscribe, unsubscribe : sequence of {'contact', 'company'}, optional
            Whose changes are sent besides, and whose no longer.

        Returns
        -------
        polars.DataFrame
            The webhook as it is now, as a row of `list()`.

        Raises
        ------
        RequestRefused
            No change was given, or an argument is of the wrong kind.
        """
        if (title, target_url, enabled, full_payload) == (None,) * 4 and not subscribe and not unsubscribe:
            raise RequestRefused(
                f"No change was given for webhook {webhook_id}. Nothing was sent. Pass what changes, for instance "
                "enabled=True; zi.webhooks.get(...) shows what it is."
            )
        changes = self._changes(webhook_id, full_payload, _object_types(subscribe), _object_types(unsubscribe))
        return self._calls.update(
            webhook_id=webhook_id,
            title=title,
            target_url=target_url,
            enabled=enabled,
            subscriptions=changes or None,
        )

    @checked("zi.webhooks.delete")
    def delete(self, webhook_id: int) -> pl.DataFrame:
        """End a webhook, and forget its tokens; what it has delivered stays.

        Free: it is not metered.

        Parameters
        ----------
        webhook_id : int
            Its id.
        """
        ended = self._calls.delete(webhook_id=webhook_id)
        self._tokens.forget(webhook_id)
        return ended

    @checked("zi.webhooks.validate")
    def validate(
        self, target_url: str, *, object_type: ObjectType = "contact", full_payload: bool | None = None
    ) -> Validation:
        """Whether ZoomInfo reaches a target, and what that answers to a sample.

        Free: it is not metered. A sample carries no token: `zia webhooks serve` is reached and answers 401.

        Parameters
        ----------
        target_url : str
            Where deliveries would go.
        object_type : {'contact', 'company'}, optional
            Whose sample.
        full_payload : bool, optional
            A whole record, or what has changed alone.
        """
        asked = self._calls.validate(target_url=target_url, object_type=object_type, full_payload=full_payload)
        [said] = asked.drop("extra").to_dicts()
        return Validation(**said)

    @checked("zi.webhooks.new_token")
    def new_token(self, webhook_id: int) -> SecretStr:
        """Take a new token; the service sends with it at once, and `zia webhooks serve` takes both for an hour.

        Free: it is not metered.

        Parameters
        ----------
        webhook_id : int
            Its id.
        """
        token = SecretStr(self._calls.new_token(webhook_id=webhook_id)["verification_token"].item())
        self._tokens.learn(webhook_id, token)
        return token

    def subscription_types(self) -> pl.DataFrame:
        """What can be subscribed to: a row with the lists object_types and event_types.

        Free: it is not metered.
        """
        return self._calls.subscription_types()

    def received(self) -> pl.DataFrame:
        """What `zia webhooks serve` has received, one row per delivery.

        Its columns are received, webhook_id, object_type, and the ids of the records that had changed. Their content is
        in the warehouse.
        """
        rows = []
        for reply in self._journal.replies_of(list(DELIVERED)):
            delivery = read_delivery(reply.body)
            ids = [int(str(one["id"])) for one in delivery.records if str(one.get("id")).isdecimal()]
            number = delivery.webhook_id
            named = int(number) if number is not None and number.isdecimal() else None
            rows.append((reply.received, named, delivery.kind.rpartition(".")[2], ids))
        return pl.DataFrame(rows, schema=_RECEIVED, orient="row")

    def __repr__(self) -> str:
        return offered(
            self, "zi.webhooks", "create", "list", "get", "update", "delete", "validate", "new_token",
            "subscription_types", "received",
        )  # fmt: skip

    def _changes(
        self, webhook_id: int, full_payload: bool | None, subscribe: Sequence[str], unsubscribe: Sequence[str]
    ) -> Sequence[dict[str, Any]]:
        """The changes of subscriptions, by their ids where there are any."""
        further: Sequence[dict[str, Any]] = [
            {"object_type": one, "full_payload": full_payload is not False} for one in subscribe
        ]
        if full_payload is None and not unsubscribe:
            return further
        held = self.get(webhook_id)["subscriptions"].item().to_list()
        there = {one["object_type"].lower() for one in held}
        if missing := [one for one in unsubscribe if one not in there]:
            raise RequestRefused(
                f"Webhook {webhook_id} has no subscription to {', '.join(missing)}. Nothing was changed. "
                "zi.webhooks.list() shows what it has."
            )
        changed: Sequence[dict[str, Any]] = [
            {"subscription_id": one["subscription_id"]}
            if one["object_type"].lower() in unsubscribe
            else {"subscription_id": one["subscription_id"], "full_payload": full_payload}
            for one in held
            if one["object_type"].lower() in unsubscribe or full_payload is not None
        ]
        return [*changed, *further]


def _object_types(given: Sequence[str]) -> Sequence[str]:
    kinds = [given] if isinstance(given, str) else [*given]
    if unknown := [one for one in kinds if one not in ("contact", "company")]:
        raise RequestRefused(
            f'{unknown[0]!r} cannot be subscribed to. Nothing was sent. Choose "contact" or "company".'
        )
    return kinds
