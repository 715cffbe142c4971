"""Erasing people that was killed is finished by whichever command opens the home next, and it says so."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zianalytics import ZoomInfo
from zianalytics.cli import app
from zianalytics.errors import RequestRefused
from zianalytics.journal import Journal

DIES = """
import os, signal, sys
from pathlib import Path
from zianalytics.cli import app

def die(frame, event, _):
    where = (Path(frame.f_code.co_filename).name, frame.f_code.co_name)
    if event == "call" and where == ("erasing.py", "write_ledger"):
        os.kill(os.getpid(), signal.SIGKILL)

sys.setprofile(die)
app(sys.argv[1:])
"""


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder of an account, and the address of somebody whose erasure was killed in the middle."""
    home = tmp_path_factory.mktemp("home")
    with ZoomInfo.mock(home=home, companies=60, progress=False) as zi:
        people = zi.search.contacts(management_level=["Director"], limit=3)["contact_id"].to_list()
        email = str(zi.enrich.contacts(people, max_credits=3).drop_nulls("email")["email"][0])
        zi.warehouse.sql("SELECT 1")
        folder = zi.home
    command = [sys.executable, "-c", DIES, "erase", "--yes", "--email", email, "--home", str(home)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert (folder / "erasing").exists()
    assert email.encode() in (folder / "warehouse.duckdb").read_bytes()
    return folder, email


@pytest.fixture
def killed(left: tuple[Path, str], tmp_path: Path) -> tuple[Path, str]:
    """The same for one test."""
    folder, email = left
    return Path(shutil.copytree(folder, tmp_path / "home" / folder.name)), email


def zia(folder: Path, *arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, [*arguments, "--home", str(folder.parent)], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    "command", [["ledger", "statement"], ["ledger", "expiring"], ["rebuild"]], ids=["statement", "expiring", "rebuild"]
)
def test_it_is_finished_and_that_is_said(killed: tuple[Path, str], command: list[str]) -> None:
    folder, email = killed
    code, _, said = zia(folder, *command)
    assert code == 0
    assert said.splitlines()[0] == f"zia: erasing people from {folder} was interrupted, and is finished now."
    assert not (folder / "erasing").exists()
    assert not any(email.encode() in one.read_bytes() for one in folder.glob("*.d*b*"))
    assert zia(folder, *command)[2] == ""


def test_somebody_who_is_not_held_is_said_to_be_kept_out(tmp_path: Path) -> None:
    Journal.open(tmp_path / "account").close()
    code, told, _ = zia(tmp_path / "account", "erase", "--email", "ada@aster.example", "--yes", "--format", "csv")
    assert code == 0
    assert told.splitlines()[1:] == ["journal,nobody so named is held,0", "suppressions,kept out from now on,1"]


def test_while_another_client_has_the_home_open_it_is_said_what_finishes_it(killed: tuple[Path, str]) -> None:
    folder, _ = killed
    with Journal.open(folder):
        code, told, said = zia(folder, "ledger", "statement", "--format", "json")
    assert code == 0
    assert sum(row["credits"] for row in json.loads(told)) == 3
    assert said.strip() == (
        f"zia: erasing people from {folder} was interrupted, and they are not erased yet: another client has it open. "
        "Close every client of this home, and run this command again, or any other that opens it: the first that is "
        "alone finishes it."
    )
    assert (folder / "erasing").exists()
    assert "is finished now" in zia(folder, "ledger", "statement")[2]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ["--email", "notanemail"],
            r"^--email notanemail is not an e-mail address\. Nobody was erased\. Give one with",
        ),
        (["--email", "ada@aster.example", "--email", "bo"], r"^--email bo is not an e-mail address"),
        (
            ["--name", "Ada Birch"],
            r"^--name alone names nobody for certain\. Nobody was erased\. Give --company",
        ),
        (
            ["--company", "Aster", "--name", " "],
            r"^--company alone names nobody .* Give --name with it",
        ),
    ],
    ids=["address", "one-of-two", "name", "company"],
)
def test_options_that_name_nobody_are_answered_in_words_of_the_command(
    tmp_path: Path, options: list[str], says: str
) -> None:
    Journal.open(tmp_path / "account").close()
    with pytest.raises(RequestRefused, match=says):
        zia(tmp_path / "account", "erase", *options, "--yes")


def test_an_id_below_1_is_refused_where_it_is_typed(tmp_path: Path) -> None:
    Journal.open(tmp_path / "account").close()
    code, _, said = zia(tmp_path / "account", "erase", "--id", "0", "--yes")
    assert code == 2
    assert "--id" in said
