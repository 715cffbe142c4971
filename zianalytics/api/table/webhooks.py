"""Webhooks: made, listed, changed, ended, tried; and the deliveries that they bring, which read like answers."""

from __future__ import annotations

from zianalytics.api.spec import Namespace, Operation, Route
from zianalytics.api.webhooks import (
    SubscriptionTypes,
    TargetCheck,
    WebhookCreate,
    WebhookList,
    WebhookNamed,
    WebhookUpdate,
)
from zianalytics.schema.company import COMPANY
from zianalytics.schema.contact import CONTACT
from zianalytics.schema.webhook import (
    ENDED_WEBHOOK,
    NEW_TOKEN,
    NEW_WEBHOOK,
    SUBSCRIPTION_TYPES,
    TARGET_CHECK,
    WEBHOOK,
)


# docs/assumptions.md, "meters of webhooks"
class WebhookCalls(Namespace):
    """The calls about webhooks; none is metered."""

    verb = "webhooks"

    list = Operation(WebhookList, WEBHOOK, enterprise=Route("GET", "/webhooks", ("webhooks",)))
    get = Operation(WebhookNamed, WEBHOOK, enterprise=Route("GET", "/webhooks/{id}", ("webhooks",)))
    create = Operation(WebhookCreate, NEW_WEBHOOK, enterprise=Route("POST", "/webhooks", single=True, once=True))
    update = Operation(WebhookUpdate, WEBHOOK, enterprise=Route("PUT", "/webhooks/{id}", single=True))
    delete = Operation(WebhookNamed, ENDED_WEBHOOK, enterprise=Route("DELETE", "/webhooks/{id}", single=True))
    validate = Operation(TargetCheck, TARGET_CHECK, enterprise=Route("POST", "/webhooks/validate", single=True))
    new_token = Operation(
        WebhookNamed, NEW_TOKEN, enterprise=Route("POST", "/webhooks/{id}/token", single=True, once=True)
    )
    subscription_types = Operation(
        SubscriptionTypes, SUBSCRIPTION_TYPES, enterprise=Route("GET", "/webhooks/subscriptiontypes", single=True)
    )


class Delivered(Namespace):
    """What arrives by itself: each delivery is kept under the name of its row, and read as an answer to it."""

    verb = "webhooks.delivered"

    company = Operation(WebhookList, COMPANY, enterprise=Route("POST", "", ("data",)))
    contact = Operation(WebhookList, CONTACT, enterprise=Route("POST", "", ("data",)))


DELIVERED = {row.name: row for row in Delivered.operations()}
"""Every kind of delivery by its name."""
