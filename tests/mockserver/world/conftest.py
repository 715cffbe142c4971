"""A world that all tests of this folder look at; it is frozen, so they can share it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from mockserver.world import World

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def world() -> World:
    """The sandbox's own: seed 7, 3,000 companies."""
    return World.build(seed=7, companies=3000, now=NOW)
