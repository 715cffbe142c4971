"""Whoever runs the tests has an account of their own, perhaps: no test sees it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"


def test_what_is_exported_of_an_account_is_gone_before_the_first_test() -> None:
    look = f"import os, runpy; runpy.run_path({str(CONFTEST)!r}); print([n for n in os.environ if 'ZOOM' in n])"
    account = {"ZOOMINFO_HOME": "mine", "ZOOMINFO_PASSWORD": "none", "ZOOMINFO_WHO": "ann"}
    exported = {**os.environ, **account, "ZOOMINFO_PUBLIC_COLLECTION": "a file to test with"}
    told = subprocess.run([sys.executable, "-c", look], env=exported, capture_output=True, text=True, check=True)
    assert told.stdout == "['ZOOMINFO_PUBLIC_COLLECTION']\n"
