"""The sandbox: a ZoomInfo without a socket. A request goes in, an answer comes out; the meters tell the same story."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from mockserver.contract import Operation
from mockserver.message import Request, Response
from mockserver.sandbox import lookup
from mockserver.sandbox.bulk import Bulk
from mockserver.sandbox.compliance import check_people
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.catalogued import unpacked
from mockserver.sandbox.enrich.enrichments import enrich_companies, enrich_contacts
from mockserver.sandbox.enrich.master import enrich_offices
from mockserver.sandbox.enrich.structure import enrich_hierarchies, enrich_locations, enrich_org_charts
from mockserver.sandbox.enrich.websights import enrich_ips
from mockserver.sandbox.every_request import gates
from mockserver.sandbox.every_request.faults import Faults
from mockserver.sandbox.every_request.headers import http_date, new_id, rate_headers, usage_headers
from mockserver.sandbox.every_request.login import claimed_username, is_believed
from mockserver.sandbox.found import Found
from mockserver.sandbox.options import Options
from mockserver.sandbox.refusals import BY_LIMIT, NOT_AUTHENTICATED, TOO_FAST, UNAVAILABLE, Refused
from mockserver.sandbox.search.searches import search_companies, search_contacts, search_signals
from mockserver.sandbox.signals.events import enrich_news, enrich_scoops, search_news, search_scoops
from mockserver.sandbox.signals.shown import enrich_hashtags, enrich_signals, enrich_technologies
from mockserver.sandbox.webhooks import endpoints
from mockserver.sandbox.webhooks.deliveries import Mailroom
from mockserver.state import Call, Charge, Service
from mockserver.state.meters import ELSEWHERE
from mockserver.world import World, kept

NUMBERED = frozenset({"company", "contact", "location"})  # entities whose ids are whole numbers
JSON = ("Content-Type", "application/json;charset=utf-8")
HANDLERS: Mapping[str, Callable[[Mapping[str, Any], Directory, datetime], Found]] = {
    "compliance": check_people,
    "search.company": search_companies,
    "search.contact": search_contacts,
    "search.intent": search_signals,
    "search.news": search_news,
    "search.scoop": search_scoops,
    "enrich.company": enrich_companies,
    "enrich.contact": enrich_contacts,
    "enrich.company-master": enrich_offices,
    "enrich.intent": enrich_signals,
    "enrich.news": enrich_news,
    "enrich.scoop": enrich_scoops,
    "enrich.tech": enrich_technologies,
    "enrich.hashtag": enrich_hashtags,
    "enrich.corporatehierarchy": enrich_hierarchies,
    "enrich.orgchart": enrich_org_charts,
    "enrich.location": enrich_locations,
    "enrich.ip": enrich_ips,
}


class Sandbox:
    """A local ZoomInfo as a value; safe to call from threads, one request at a time.

    Attributes
    ----------
    service
        What it remembers: account, clock, tokens, meters and rate windows.
    world
        Who lives in it.
    mail
        What is on its way to webhooks.

    Raises
    ------
    StateUnusable
        The state file is damaged, held by another sandbox, or belongs to another world.
    """

    def __init__(self, options: Options, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.service = Service(
            options.state,
            now=options.now,
            world={"seed": options.seed, "companies": options.companies},
            bundle=options.bundle,
            no_limits=options.no_limits,
            monotonic=monotonic,
        )
        self._directory = _directory(self.service.world["seed"], self.service.world["companies"], self.service.origin)
        self.world = self._directory.world
        self._bulk = Bulk(self.service, self._directory)
        self._faults = Faults()
        self._lock = threading.Lock()
        self.mail = Mailroom(self.service, self.world, self._lock)

    def answer(self, request: Request) -> Response:
        """The answer to one request; what it cost is durable before this returns."""
        with self._lock:
            request_id, now = new_id(), self._now()
            headers = [("Date", http_date(now)), JSON, ("X-Request-Id", request_id)]
            operation = None
            try:
                operation = gates.operation_of(request)
                return self._answered(request, operation, now, request_id, headers)
            except Refused as refused:
                # docs/assumptions.md, "`Retry-After` on 429"
                if refused.wait_s is not None:
                    headers.append(("Retry-After", str(max(1, math.ceil(refused.wait_s)))))
                body = refused.body(operation.id if operation else None)
                return Response(refused.refusal.status, tuple(headers), body)

    def _answered(
        self, request: Request, operation: Operation, now: datetime, request_id: str, headers: list[tuple[str, str]]
    ) -> Response:
        """Gates, then trouble that comes before, the work, its price, and trouble that comes after."""
        service = self.service
        if operation.needs_token:
            gates.check_token(request, service.tokens, now)
            body = gates.body_of(request, operation)
            gates.check_entitled(operation, body, service.bundle)
            if not service.no_limits:
                try:
                    gates.check_rate(service.rates, now)
                finally:
                    headers += rate_headers(service, now)
            said = gates.check_body(request, operation, body)
        else:
            self._check_login_rate(request, now)
            said = {}
        fault = self._faults.of(operation.path)
        if fault == "stall":
            return Response(200, delivery="stall")
        if fault == "429":
            raise Refused(TOO_FAST, wait_s=1)
        if fault == "503":
            raise Refused(UNAVAILABLE)
        # docs/assumptions.md, "a refused request"
        found = self._found(request, operation, said, now, request_id)
        self._charge(operation, found, now, request_id)
        # docs/assumptions.md, "look-ups and usage"
        if operation.meters.counts:
            headers += usage_headers(service)
        whole = Response(200, tuple(headers), _encoded(found.body))
        return whole if fault is None else _after(whole, fault)

    def _check_login_rate(self, request: Request, now: datetime) -> None:
        if self.service.no_limits:
            return
        if wait := self.service.logins.take(claimed_username(request), now.timestamp()):
            raise Refused(TOO_FAST, wait_s=wait)

    def _found(
        self, request: Request, operation: Operation, said: Mapping[str, Any], now: datetime, request_id: str
    ) -> Found:
        service = self.service
        if operation.id == "authenticate":
            if not is_believed(request, service.account):
                raise Refused(NOT_AUTHENTICATED)
            return Found({"jwt": service.tokens.issue(service.account.username, now)})
        if operation.id == "lookup.usage":
            return Found(self._usage())
        if operation.describes is not None:
            return Found(lookup.fields(operation, service.bundle))
        if operation.id in endpoints.ENDPOINTS:
            self.mail.stirred.set()
            return endpoints.answer(operation, request, said, service, self.world, self.mail.post, now)
        if operation.id.startswith("bulk."):
            return self._bulk.answer(operation, said, now, request_id)
        if operation.id in lookup.VALUES:
            return Found(lookup.VALUES[operation.id](self.world.lists, said))
        return HANDLERS[operation.id](said, self._directory, now)

    def _charge(self, operation: Operation, found: Found, now: datetime, request_id: str) -> None:
        """Count an answer once, or refuse it when a limit would be exceeded."""
        cost, meters = operation.meters, self.service.meters
        if not cost.counts:
            return
        charges = meters.charges(found.served, credit_for=cost.credits, record_for=cost.records, now=now)
        if limit := meters.exceeded(charges, cost.requests, operation.path):
            raise Refused(BY_LIMIT[limit])
        meters.keep(Call(now.isoformat(), operation.path, request_id, cost.requests, charges))

    def credentials(self) -> dict[str, str]:
        """What a client logs in with: username, password, client_id and private_key_pem."""
        account = self.service.account
        return {
            "username": account.username,
            "password": account.password,
            "client_id": account.client_id,
            "private_key_pem": account.private_key_pem,
        }

    def ledger(self) -> list[dict[str, Any]]:
        """One entry for each record that was charged, oldest first."""
        with self._lock:
            self._now()
            return [
                {
                    "time": call.time,
                    "endpoint": call.endpoint,
                    "entity": charge.entity,
                    "id": int(charge.id) if charge.entity in NUMBERED else charge.id,
                    "credits": charge.credits,
                    "records": charge.records,
                    "request_id": call.request_id,
                }
                for call in self.service.meters.calls()
                for charge in call.charges
            ]

    def usage(self) -> dict[str, Any]:
        """What is used of each limit, as `/lookup/usage` says it."""
        with self._lock:
            self._now()
            return self._usage()

    def now(self) -> datetime:
        """The present instant of the sandbox."""
        return self.service.clock.now()

    def advance(self, days: int) -> dict[str, Any]:
        """Move the clock on by whole days; tokens, windows, limits and the world go with it."""
        with self._lock:
            self.mail.stirred.set()
            return {"now": self.service.advance(days).isoformat()}

    def revoke_tokens(self) -> None:
        """Make every token so far worthless, as the service does when an account changes."""
        with self._lock:
            self.service.revoke_tokens()

    # docs/assumptions.md, "reset"
    def reset(self) -> None:
        """Begin again as at the first start: nothing spent, no tokens, no faults, the first clock; same account."""
        with self._lock:
            self.service.reset()
            self._faults = Faults()

    def colleague(self, credits: int) -> dict[str, Any]:
        """A colleague redeems companies that nobody has yet; they are managed for the whole organisation.

        Raises
        ------
        ValueError
            There are not so many companies, or not so many credits, left.
        """
        with self._lock:
            return self._colleague(credits)

    def set_faults(self, spec: dict[str, Any]) -> dict[str, Any]:
        """Put rules of trouble in force, replacing those before; the rules that are now in force.

        Raises
        ------
        ValueError
            The rules cannot be read.
        """
        with self._lock:
            self._faults = Faults.read(spec)
            return self._faults.to_json()

    def deals_csv(self) -> str:
        """The practice CRM file: closed deals."""
        return self.world.deals_csv()

    def truth_csv(self) -> str:
        """The probabilities behind them; for judging only."""
        return self.world.truth_csv()

    def close(self) -> None:
        """Keep where the clock stands, and let go of the state file."""
        with self._lock:
            self.service.close()

    def _now(self) -> datetime:
        """The present instant; what bulk jobs had to do until then is done."""
        now = self.service.clock.now()
        self._bulk.work_off(now)
        return now

    def _usage(self) -> dict[str, Any]:
        return {"usage": self.service.meters.usage()}

    # docs/assumptions.md, "a colleague's credits"
    def _colleague(self, credits: int) -> dict[str, Any]:
        meters, now = self.service.meters, self._now()
        free = [i for i in self.world.companies if not meters.is_managed("company", str(i), now)]
        if not 0 < credits <= len(free):
            raise ValueError(f"A colleague can redeem 1 to {len(free)} companies, not {credits}. Nothing was charged.")
        step = len(free) / credits  # spread over the world, so that small and large ones are among them
        ids = [free[int(n * step)] for n in range(credits)]
        charges = tuple(Charge("company", str(i), 1, 1) for i in ids)
        if meters.exceeded(charges, 0, ELSEWHERE):
            left = min(meters.remaining("uniqueIdLimit"), meters.remaining("recordLimit"))
            raise ValueError(f"The organisation has {left} credits left, not {credits}. Nothing was charged.")
        meters.keep(Call(now.isoformat(), ELSEWHERE, "", 0, charges))
        return {"credits": credits, "company_ids": ids}


@lru_cache(maxsize=4)
def _directory(seed: int, companies: int, origin: datetime) -> Directory:
    """A world and its indexes. Nothing in them ever changes, so that all sandboxes of a process share them."""
    return Directory(World.build(seed=seed, companies=companies, now=origin, kept_in=kept.folder()))


def _encoded(body: Any) -> bytes:
    """A body as JSON; an input that is echoed may hold what msgspec does not write."""
    try:
        return msgspec.json.encode(body)
    except (UnicodeEncodeError, OverflowError):
        return json.dumps(body, default=unpacked).encode()


def _after(whole: Response, fault: str) -> Response:
    """What becomes of an answer that was charged."""
    if fault == "bad_gateway_after_charge":
        page = b"<html><body><h1>502 Bad Gateway</h1></body></html>"
        date, _, request_id, *_ = whole.headers
        return Response(502, (date, ("Content-Type", "text/html"), request_id), page)
    return Response(
        whole.status, whole.headers, whole.body, delivery="cut" if fault == "cut_after_charge" else "truncate"
    )
