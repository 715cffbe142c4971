"""Every refusal of the service: status, message as published, and when it is given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way to be refused."""

    status: int
    message: str
    when: str


# docs/assumptions.md, "unknown path, or a known one by another verb"
NO_SUCH_ENDPOINT = Refusal(404, "No such endpoint", "no operation of the contract has this verb and path")
NOT_AUTHENTICATED = Refusal(401, "Authentication failed", "no token, a wrong one, or a wrong password or assertion")
# docs/assumptions.md, "endpoint outside the bundle"
NO_ACCESS = Refusal(403, "You do not have access to this endpoint", "the endpoint belongs to another bundle")
# docs/assumptions.md, "output field outside the subscription"
FIELDS_WITHHELD = Refusal(
    403, "There are fields that are not allowed under your subscription", "an output field is withheld"
)
TOO_FAST = Refusal(
    429,
    "You have exceeded your API query rate limit. Please decrease the frequency of your API requests",
    "a rate window is full",
)
MALFORMED = Refusal(400, "Request body has malformed JSON", "the body is not a JSON object")
NO_OUTPUT_FIELDS = Refusal(400, "Missing outputFields parameter", "an enrichment does not say which fields")
# docs/assumptions.md, "unknown criterion", "value of a wrong type or outside its list" and "unknown output field"
INVALID_FIELDS = Refusal(400, "There are invalid fields in your request", "a name or a value is not documented")
# docs/assumptions.md, "search without a criterion, enrich input without a documented combination"
TOO_LITTLE = Refusal(
    400, "There is insufficient information for this request", "a search has no criterion, or no input can be matched"
)
BAD_SORT = Refusal(400, "The parameter passed for sortBy is invalid", "sortBy is not an output field to sort by")
BAD_PAGE = Refusal(400, "Page number (page) is not a number", "page is not a whole number from 1")
BAD_RPP = Refusal(400, "Results per page (rpp) is not a number", "rpp is not a whole number from 1")
PAGE_BEYOND = Refusal(
    400, "Page number (page) requested is greater than the available results", "the page begins after the last row"
)
RPP_TOO_LARGE = Refusal(400, "Results per page (rpp) is over max allowed value (100)", "rpp is over 100")
TOO_DEEP = Refusal(
    400, "Total record pagination is over max allowed value (1000)", "the page reaches past the 1,000th row"
)
# docs/assumptions.md, "credits used up"
CREDITS_USED_UP = Refusal(
    400, "Exceeded the max limit to enrich new Contacts or Companies", "the new records are more than the credits left"
)
# docs/assumptions.md, "records or requests used up"
RECORDS_USED_UP = Refusal(
    403, "You have used up all of your allowed record limit", "the records are more than what is left"
)
REQUESTS_USED_UP = Refusal(403, "You have used up all of your allowed request limit", "no request is left")
IP_RECORDS_USED_UP = Refusal(
    403, "You have used up all of your allowed WebSights record limit", "no record of the WebSights API is left"
)
IP_REQUESTS_USED_UP = Refusal(
    403, "You have used up all of your allowed WebSights request limit", "no request of the WebSights API is left"
)
# docs/assumptions.md, "an id of no webhook"
NO_SUCH_WEBHOOK = Refusal(404, "No such webhook", "no webhook has the id in the path")
# docs/assumptions.md, "a webhook before anything is redeemed"
NOTHING_REDEEMED = Refusal(
    400, "At least one record must be enriched before a webhook can be created", "no record is redeemed by the API"
)
UNAVAILABLE = Refusal(503, "Service Unavailable", "a fault was asked for")

BY_LIMIT = {
    "uniqueIdLimit": CREDITS_USED_UP,
    "recordLimit": RECORDS_USED_UP,
    "requestLimit": REQUESTS_USED_UP,
    "websightsRecordLimit": IP_RECORDS_USED_UP,
    "websightsRequestLimit": IP_REQUESTS_USED_UP,
}


class Refused(Exception):
    """A request is refused; `names` are to blame, and `wait_s` says when to come back."""

    def __init__(self, refusal: Refusal, names: Sequence[str] = (), *, wait_s: float | None = None) -> None:
        super().__init__(refusal.message)
        self.refusal, self.names, self.wait_s = refusal, tuple(names), wait_s

    @property
    def message(self) -> str:
        """The published message, and the names to blame."""
        named = f": {', '.join(self.names)}" if self.names else ""
        return f"{self.refusal.message}{named}"

    def body(self, operation_id: str | None) -> bytes:
        """The body of the answer; company-master words its 400 in its own way."""
        # docs/assumptions.md, "legacy error body" and "company-master error body"
        if operation_id == "enrich.company-master" and self.refusal.status == 400:
            master = {"responseCode": 400, "message": self.message, "invalidOutputFields": list(self.names)}
            return json.dumps(master).encode()
        return json.dumps({"statusCode": self.refusal.status, "message": self.message}).encode()
