"""What holds for every test."""

import os

import pytest
from hypothesis import settings

# Some properties write to disk: how long an example takes says nothing about the code.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

# Whoever runs the tests may have exported their own account, and no test may see it, or write into its home.
for name in {name for name in os.environ if name.startswith("ZOOMINFO_")} - {"ZOOMINFO_PUBLIC_COLLECTION"}:
    del os.environ[name]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuses tests that have another name in each process: two workers could not share them out."""
    changing = [item.nodeid[:120] for item in items if " at 0x" in item.nodeid]
    if changing:
        raise pytest.UsageError(f"an address stands in the name of {changing[0]}: give the parameters ids=")
