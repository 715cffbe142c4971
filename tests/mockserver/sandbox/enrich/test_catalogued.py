"""What is written once of the catalogue is what was written each time."""

from __future__ import annotations

import json
from datetime import date

import msgspec
import pytest

from mockserver.sandbox.enrich.catalogued import hashtags_as_json, headcounts_as_json, technologies_as_json, unpacked
from mockserver.world.catalogue import Value, read
from mockserver.world.records import SocialPage, Technology


def test_a_technology_is_its_product_between_its_own_days() -> None:
    product = next(one for one in read().technologies if one.tag == "131.202.1.1")
    days = [(date(2024, 2, 29), date(2026, 9, 1)), (date(2020, 12, 31), date(2021, 1, 1))]
    first, second = technologies_as_json([Technology(product, *seen) for seen in days])
    expected = {
        "tag": "131.202.1.1",
        "categoryParent": "Sales",
        "category": "Customer Relationship Management",
        "vendor": "Quorvane",
        "product": "Quorvane CRM",
        "attribute": "Quorvane CRM",
        "website": "www.quorvane.example",
        "logo": None,
        "domain": "quorvane.example",
        "createdTime": "2024-02-29T00:00:00.000Z",
        "modifiedTime": "2026-09-01T00:00:00.000Z",
        "description": "Quorvane CRM, a product for customer relationship management by Quorvane.",
    }
    assert list(json.loads(bytes(first)).items()) == list(expected.items())
    others = {"createdTime": "2020-12-31T00:00:00.000Z", "modifiedTime": "2021-01-01T00:00:00.000Z"}
    assert json.loads(bytes(second)) == expected | others


def test_every_product_and_every_hashtag_of_the_catalogue_can_be_told() -> None:
    day = date(2026, 1, 2)
    told = technologies_as_json([Technology(product, day, day) for product in read().technologies])
    assert [json.loads(bytes(one))["description"] for one in told] == [p.description for p in read().technologies]
    assert [json.loads(bytes(one))["label"] for one in hashtags_as_json(read().hashtags)] == [
        tag.name for tag in read().hashtags
    ]


def test_a_hashtag_is_told_by_its_id_and_its_word() -> None:
    [told] = hashtags_as_json([Value("b2b", "B2B")])
    words = {"tag": "b2b", "searchString": "hashtag.b2b", "displayLabel": "B2B", "label": "B2B", "group": "company"}
    assert words.items() <= json.loads(bytes(told)).items()


def test_headcounts_stand_beside_their_quarters() -> None:
    told = headcounts_as_json((date(2025, 12, 31), date(2026, 3, 31)), (17, 20))
    assert json.loads(bytes(told)) == [
        {"label": "2025 Q4", "employeeCount": 17},
        {"label": "2026 Q1", "employeeCount": 20},
    ]


def test_what_msgspec_alone_writes_is_taken_apart_and_nothing_else() -> None:
    told = [msgspec.Raw(b'{"a":"\xc3\xa9"}'), SocialPage("TWITTER", "https://twitter.example/aster", None)]
    assert json.dumps(told, default=unpacked) == (
        '[{"a": "\\u00e9"}, {"kind": "TWITTER", "url": "https://twitter.example/aster", "followers": null}]'
    )
    with pytest.raises(TypeError, match="date is not JSON"):
        json.dumps([date(2026, 1, 2)], default=unpacked)
