"""A deterministic population: companies, offices, people, signals and deals, all invented."""

from mockserver.world.catalogue import Lists, band_of
from mockserver.world.population import World
from mockserver.world.records import Company, Contact, Deal, Office, Profile, Signal

__all__ = ["Company", "Contact", "Deal", "Lists", "Office", "Profile", "Signal", "World", "band_of"]
