"""Two spellings of one website, one company, one person."""

from __future__ import annotations

import pytest

from zianalytics.client.inputs.namesakes import domain_of, same_name, same_person


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("http://www.Aster.example/path", "aster.example"),
        ("www.shop.aster.example", "shop.aster.example"),
        ("aster.example.", "aster.example"),
        ("aster.example?x=1", "aster.example"),
        ("wwwaster.example", "wwwaster.example"),
        ("n/a", ""),
        ("-", ""),
        ("ada@aster.example", ""),
        ("two words.example", ""),
        ("", ""),
    ],
)
def test_a_website_is_compared_by_its_domain(website: str, domain: str) -> None:
    assert domain_of(website) == domain


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Aster", "ASTER", True),
        ("Aster, Inc.", "Aster", True),
        ("Aster Inc", "Aster, Inc.", True),
        ("Aster & Co. KG", "Aster and Co KG", True),
        ("Aster GmbH", "Aster Inc", False),
        ("Aster Foods", "Aster", False),
        ("Company", "Company", True),
        ("", "", False),
        ("!!!", "???", False),
    ],
)
def test_names_are_the_same_but_for_case_punctuation_and_a_legal_form_that_one_lacks(
    one: str, other: str, same: bool
) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same


@pytest.mark.parametrize(
    ("given", "first", "last", "same"),
    [
        ("Petra Ellerbeck", "Petra", "Ellerbeck", True),
        ("PETRA S. ELLERBECK", "Petra", "Ellerbeck", True),
        ("Anna-Lena O'Tarwick", "Anna Lena", "OTarwick", True),
        ("Petra", "Petra", "Ellerbeck", False),
        ("Ellerbeck Petra", "Petra", "Ellerbeck", False),
        ("Petra Ellerbeck Smith", "Petra", "Ellerbeck", False),
        ("Petra Ellerbeck", "Petra", "", False),
        ("Petra", "Petra", "Petra", False),
    ],
)
def test_a_person_is_the_same_but_for_case_punctuation_and_what_stands_in_the_middle(
    given: str, first: str, last: str, same: bool
) -> None:
    assert same_person(given, first, last) is same
