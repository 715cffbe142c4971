"""What a company holds: the technologies it runs and the money it has raised, each with its days."""

from __future__ import annotations

from datetime import date, timedelta

from mockserver.world.catalogue import Lists, Product
from mockserver.world.draw import Draw, Weights
from mockserver.world.records import Funding, Technology

ROUNDS = ("Seed", "Series A", "Series B", "Series C", "Series D", "Private Equity")
ROUND_MEDIANS = (2_000_000, 9_000_000, 25_000_000, 55_000_000, 110_000_000, 160_000_000)


class Holdings:
    """Draws technologies and funding rounds."""

    def __init__(self, lists: Lists, today: date) -> None:
        self.lists, self.today = lists, today
        categories: dict[str, list[Product]] = {}
        for product in lists.technologies:
            categories.setdefault(product.category, []).append(product)
        self.products = [(lists.category_shares[name], tuple(products)) for name, products in categories.items()]
        # The first product of a category leads its market.
        self.weights = [Weights([1 / (1 + n) for n in range(len(p))]) for _, p in self.products]
        self.days = tuple(today - timedelta(days=n) for n in range(4000))

    def technologies(self, draw: Draw, headcount: int, *, technical: bool) -> tuple[Technology, ...]:
        """One product in some categories; larger and more technical companies are seen with more of them."""
        lift = min(1.7, 0.55 + 0.12 * len(str(headcount)) + 0.1 * (headcount > 300) + 0.2 * technical)
        days, unit = self.days, draw.unit
        found = []
        for (share, products), weights in zip(self.products, self.weights, strict=True):
            if unit() < share * lift:
                age = 30 + int(3300 * unit())
                fresh = 1 + int(min(age, 180) * unit())
                found.append(Technology(draw.weighted(products, weights), days[age], days[fresh]))
        return tuple(found)

    def funding(self, draw: Draw, founded: int) -> tuple[Funding, ...]:
        """Rounds, the latest first, each about a year and a half before the next."""
        rounds: list[Funding] = []
        stage = min(len(ROUNDS) - 1, int(draw.unit() * 4.5) + (self.today.year - founded > 12))
        age = int(10 + 1000 * draw.unit())
        while stage >= 0 and age < len(self.days) and len(rounds) < 5:
            amount = int(draw.spread(ROUND_MEDIANS[stage], 0.5) // 100_000) * 100_000
            investors = tuple(draw.some(self.lists.names.investors, draw.whole(1, 3)))
            known = amount if draw.chance(0.88) else None
            rounds.append(Funding(self.days[age], ROUNDS[stage], known, investors))
            stage, age = stage - 1, age + draw.whole(300, 800)
        return tuple(rounds)
