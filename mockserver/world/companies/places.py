"""Where companies and their offices stand: countries, cities and streets."""

from __future__ import annotations

from mockserver.world.catalogue import City, Country, Lists
from mockserver.world.draw import Draw, Weights

COUNTRY_WEIGHTS = {
    "United States": 56,
    "Canada": 8,
    "United Kingdom": 9,
    "Germany": 6,
    "France": 4,
    "Netherlands": 3,
    "Spain": 2,
    "Sweden": 2,
    "Ireland": 2,
    "Australia": 3,
    "India": 3,
    "Japan": 1,
    "Brazil": 1,
}


class Places:
    """Countries, and the cities of each, ready to be drawn from."""

    def __init__(self, lists: Lists) -> None:
        self.names, self.countries = lists.names, lists.countries
        self.by_name = {country.name: country for country in lists.countries}
        self.weights = Weights([COUNTRY_WEIGHTS[country.name] for country in lists.countries])
        self.cities = {c.name: tuple(city for city in lists.cities if city.country == c.name) for c in lists.countries}
        # Big cities come first in the list and get more than their share.
        self.city_weights = {
            name: Weights([1 / (2 + place) for place in range(len(cities))]) for name, cities in self.cities.items()
        }
        self.metro_names = {(m.state, m.name.split(" - ", 1)[1]): m.name for m in lists.metro_areas}

    def country(self, draw: Draw) -> Country:
        """A country, by weight."""
        return draw.weighted(self.countries, self.weights)

    def city(self, draw: Draw, country: str) -> City:
        """A city of the country, the bigger the likelier."""
        return draw.weighted(self.cities[country], self.city_weights[country])

    def metro(self, city: City) -> str | None:
        """The name of the city's metro area, as the look-up has it."""
        return self.metro_names[city.state, city.metro_area] if city.state and city.metro_area else None

    def street(self, draw: Draw) -> str:
        """A street with a number."""
        return f"{draw.whole(1, 980)} {draw.pick(self.names.streets)} {draw.pick(self.names.street_kinds)}"
