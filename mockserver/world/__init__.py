"""A deterministic population: companies, offices, people, signals and deals, all invented."""

from mockserver.world.catalogue import Lists, band_of
from mockserver.world.population import World
from mockserver.world.records import Article, Company, Contact, Deal, Office, Profile, Scoop, Signal, Standing

__all__ = [
    "Article",
    "Company",
    "Contact",
    "Deal",
    "Lists",
    "Office",
    "Profile",
    "Scoop",
    "Signal",
    "Standing",
    "World",
    "band_of",
]
