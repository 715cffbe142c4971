"""The scenes of news, scoops, and of what one company shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from mockserver.sandbox.answer import Sandbox
from mockserver.sandbox.scenes.scene import ABSENT, Scene, refused_scenes
from mockserver.sandbox.search.pages import CEILING

LONG_AGO, LAST_YEAR = "1999-01-01", "1999-12-31"


def event_scenes(sandbox: Sandbox) -> Iterator[Scene]:
    """Every scene, about companies of the sandbox's own world."""
    yield from _searches()
    for noun, company_ids, said in _told(sandbox):
        yield from _enrichment(noun, company_ids, said)


def _searches() -> Iterator[Scene]:
    news = {"categories": ["FUNDING", "AWARDS"], "pageDateMin": "2026-01-01", "pageDateMax": "2026-09-30", "rpp": 5}
    scoop = {"country": "Germany", "publishedStartDate": "2026-01-01", "scoopType": "6,9", "rpp": 5}
    wanted: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
        "news": (news, {"pageDateMin": LONG_AGO, "pageDateMax": LAST_YEAR}),
        "scoop": (scoop, {"publishedStartDate": LONG_AGO, "publishedEndDate": LAST_YEAR}),
    }
    for noun, (body, empty) in wanted.items():
        scene = Scene("Search", f"{noun.title()} Search", "A page of results", "POST", f"/search/{noun}", body)
        yield scene
        yield replace(scene, name="Nothing found", body=empty)
        yield replace(scene, name="No criterion", body={"rpp": 5})
        yield replace(scene, name="Too many results per page", body=body | {"rpp": CEILING})
        yield from refused_scenes(scene, body | {"colour": "red"})
        yield replace(scene, name="Record limit used up", used_up="recordLimit")


def _told(sandbox: Sandbox) -> Iterator[tuple[str, Sequence[int], dict[str, Any]]]:
    """Each enrichment, the companies that have something to tell, and what is said beside the company."""
    world, now = sandbox.world, sandbox.now()
    dates = {"signalStartDate": "2026-07-03", "signalEndDate": "2026-09-30", "rpp": 3}
    tagged = [c for c in list(world.companies)[:40] if world.profile_of(c).hashtags]
    signals = [s.company_id for s in world.signals(now) if f"{s.at:%Y-%m-%d}" >= "2026-07-03"]
    yield "intent", _in_order(s for s in signals), dates
    yield "news", _in_order(a.company_ids[0] for a in world.news(now)), {"limit": 3}
    yield "scoop", _in_order(s.company_id for s in world.scoops(now)), {"publishedStartDate": "2020-01-01", "rpp": 3}
    yield "tech", [c.id for c in world.companies.values() if c.technologies], {}
    yield "hashtag", tagged, {}


def _in_order(ids: Iterator[int]) -> list[int]:
    return sorted(set(ids))


def _enrichment(noun: str, company_ids: Sequence[int], said: Mapping[str, Any]) -> Iterator[Scene]:
    body = {"companyId": str(company_ids[0]), **said}
    scene = Scene("Enrich", f"{noun.title()} Enrich", "Something to tell", "POST", f"/enrich/{noun}", body)
    yield scene
    yield replace(scene, name="Nothing to tell", body=body | {"companyId": str(ABSENT)})
    yield replace(scene, name="No company", body={})
    yield replace(
        scene, name="Credit limit used up", body=body | {"companyId": str(company_ids[-1])}, used_up="uniqueIdLimit"
    )
    yield replace(scene, name="Record limit used up", used_up="recordLimit")
    yield from refused_scenes(scene, body | {"colour": "red"})
