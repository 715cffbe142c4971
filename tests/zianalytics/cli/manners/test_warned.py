"""What is warned of while a command works: ours is a line of its own, anybody else's is as it is everywhere."""

from __future__ import annotations

import warnings

import pytest

from zianalytics.cli.manners import warnings_said
from zianalytics.errors import ResultsCut


def test_a_warning_of_ours_is_a_line_in_the_words_of_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings_said():
        for _ in range(2):
            warnings.warn(ResultsCut("Aster\u202e has more. Pass max_records=9 to this call."), stacklevel=1)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "zia: Aster\\u202e has more. Pass --max-records 9 to this command.\n" * 2)


def test_a_warning_of_another_library_is_not_told_as_ours(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(DeprecationWarning, match="soon"), warnings_said():
        warnings.warn("gone soon", DeprecationWarning, stacklevel=1)
    assert capsys.readouterr().err == ""


def test_after_a_command_warnings_are_as_before() -> None:
    before = warnings.showwarning, list(warnings.filters)
    with warnings_said():
        pass
    assert (warnings.showwarning, list(warnings.filters)) == before
