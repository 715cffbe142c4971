"""What is typed and not known: the guess at what was meant."""

from __future__ import annotations

import pytest

from mockserver.shell import run


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["orders.json"], "orders.json; did you mean --replay orders.json?"),
        (["check.json", "a b.json"], "check.json a b.json; did you mean --replay check.json 'a b.json'?"),
        (["--port", "0", "orders.json"], "orders.json; did you mean --replay orders.json?"),
        (["--replay", "a.json", "--port", "0", "b.json"], "b.json; did you mean --replay a.json b.json?"),
        (["--repaly", "orders.json"], "--repaly orders.json; did you mean --replay?"),
        (["--compnies=5", "--sede", "8"], "--compnies=5 --sede 8; did you mean --companies, --seed?"),
        (["--unheard-of"], "--unheard-of"),
        (["chek", "orders.json"], "chek orders.json; did you mean check?"),
        (["check", "orders.json", "--contrat"], "--contrat; did you mean --contract?"),
        (["export-postman", "folder", "--redy-file", "f"], "--redy-file f; did you mean --ready-file?"),
        (["export-postman", "folder", "another"], "another"),
    ],
    ids=[
        "file",
        "two files",
        "after a port",
        "one more file",
        "option",
        "two options",
        "nothing alike",
        "command",
        "option of check",
        "option of export",
        "nothing to add",
    ],
)
def test_what_nobody_knows_is_refused_with_a_guess(
    capsys: pytest.CaptureFixture[str], typed: list[str], told: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run(typed, called="zia mock")
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith(f": error: unrecognized arguments: {told}\n")
