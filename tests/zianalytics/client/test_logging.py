"""The log of whole calls against a sandbox: every request, by the name of its operation, and nobody in it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from mockserver import Request, Response
from zianalytics.errors import NotAnswered

if TYPE_CHECKING:
    from .conftest import Client, Desk, Service


def test_a_call_and_its_troubles_are_logged_without_a_person_or_a_secret(
    client: Client, desk: Desk, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    people = [one for one in service.sandbox.world.contacts.values() if one.email][:3]
    emails = [str(one.email) for one in people]
    caplog.set_level(logging.INFO, "zianalytics")
    client.enrich.contacts(emails[:2], max_credits=2)
    client.search.contacts(full_name=f"{people[0].first_name} {people[0].last_name}", limit=1)

    def refuse(request: Request) -> Response | None:
        said = f'{{"statusCode": 400, "message": "There are invalid fields in your request: {emails[2]}"}}'.encode()
        return service.says(400, said) if request.path == "/enrich/contact" else None

    service.trouble = refuse
    with pytest.raises(Exception, match="status 400"):
        client.enrich.contacts(emails[2:], max_credits=1)
    service.trouble = lambda request: Response(200, delivery="cut") if request.path == "/enrich/contact" else None
    with pytest.raises(NotAnswered):
        client.enrich.contacts(emails[2:], max_credits=1)
    logged = [(one.operation, one.status) for one in caplog.records if hasattr(one, "status")]  # type: ignore[attr-defined]
    asked = sum(service.asked.values())
    assert len(logged) == asked
    assert [one for one in logged if one[0] == "enrich.contacts"] == [
        ("enrich.contacts", 200),
        ("enrich.contacts", 400),
        ("enrich.contacts", None),
    ]
    assert ("search.contacts", 200) in logged
    assert ("usage", 200) in logged
    charged = next(one for one in caplog.records if getattr(one, "operation", "") == "enrich.contacts")
    assert charged.usage["unique_id_limit_remaining"] >= 0  # type: ignore[attr-defined]
    everything = "".join(f"{vars(one)} {one.getMessage()}" for one in caplog.records if one.name.startswith("zian"))
    names = [word for one in people for word in (one.last_name, str(one.email))]
    held = (desk.settings().state_folder / "token.json").read_text()
    token = held.partition('"token": "')[2].partition('"')[0]
    assert len(token) > 50
    assert [word for word in (*names, desk.password, desk.username, token) if word in everything] == []
