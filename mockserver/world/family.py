"""Families of companies: who belongs to whom, and since when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from mockserver.world.draw import Draw
from mockserver.world.population import World
from mockserver.world.records import Company

# Of companies with a parent, those that were bought; the others were founded by it.
BOUGHT = 0.6


def above(world: World, company: Company) -> Iterator[Company]:
    """The companies above one, the nearest first."""
    while company.parent_id is not None:
        company = world.companies[company.parent_id]
        yield company


def top_of(world: World, company: Company) -> Company:
    """The company above all others of a family; the company itself when it stands alone."""
    return world.companies[company.ultimate_parent_id or company.id]


def below(world: World, company: Company) -> Iterator[Company]:
    """The companies whose parent it is, in the order of the world."""
    return (world.companies[one] for one in world.subsidiaries_of(company.id))


def bought_on(world: World, company: Company) -> date | None:
    """The day on which its parent bought it; None when it was founded by it, or has none."""
    draw = Draw(f"{world.seed}/{company.id}/family")
    if company.parent_id is None or not draw.chance(BOUGHT):
        return None
    return world.now.date() - timedelta(days=draw.whole(200, 3600))
