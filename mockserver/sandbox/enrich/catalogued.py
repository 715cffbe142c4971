"""What the catalogue says of products and hashtags, as JSON that is written once: it is the same of every company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache, lru_cache
from typing import Any

import msgspec

from mockserver.sandbox.words import domain, iso_time
from mockserver.world.catalogue import Product, Value, read
from mockserver.world.records import Technology

_OPEN = "\N{REPLACEMENT CHARACTER}"  # stands in a text for what is only known of a company


# docs/assumptions.md, "`createdTime` and `modifiedTime` of a technology"
def technologies_as_json(technologies: Iterable[Technology]) -> list[msgspec.Raw]:
    """Products, and between which days each was seen at a company."""
    products = _products()
    told = []
    for held in technologies:
        head, between, tail = products[held.product.tag]
        told.append(msgspec.Raw(f"{head}{iso_time(held.first_seen)}{between}{iso_time(held.last_seen)}{tail}"))
    return told


def hashtags_as_json(tags: Iterable[Value]) -> list[msgspec.Raw]:
    """Hashtags with all the names that the service gives them."""
    known = _hashtags()
    return [known[tag.id] for tag in tags]


def headcounts_as_json(quarters: tuple[date, ...], counts: tuple[int, ...]) -> msgspec.Raw:
    """The headcounts at the ends of these quarters, oldest first."""
    return msgspec.Raw(_points(quarters) % counts)


def unpacked(told: Any) -> Any:
    """What msgspec alone can write, as what everybody can: the `default` of `json.dumps`."""
    if not isinstance(told, msgspec.Raw | msgspec.Struct):
        raise TypeError(f"{type(told).__name__} is not JSON")
    return msgspec.json.decode(msgspec.json.encode(told))


@cache
def _products() -> Mapping[str, tuple[str, str, str]]:
    """Of each product, by its tag, what stands before, between and behind the two days."""
    return {product.tag: _around_days(product) for product in read().technologies}


def _around_days(product: Product) -> tuple[str, str, str]:
    head, between, tail = _written(
        {
            "tag": product.tag,
            "categoryParent": product.parent_category,
            "category": product.category,
            "vendor": product.vendor,
            "product": product.name,
            "attribute": product.name,
            "website": product.website,
            "logo": None,
            "domain": domain(product.website),
            "createdTime": _OPEN,
            "modifiedTime": _OPEN,
            "description": product.description,
        }
    ).split(_OPEN)
    return head, between, tail


@cache
def _hashtags() -> Mapping[str, msgspec.Raw]:
    """Only the words have a meaning in this world."""
    return {
        tag.id: msgspec.Raw(
            _written(
                {
                    "tag": tag.id,
                    "external_id": None,
                    "searchString": f"hashtag.{tag.id}",
                    "displayLabel": tag.name,
                    "description": "",
                    "group": "company",
                    "score": None,
                    "priority": None,
                    "parentCategory": "",
                    "displayScore": "",
                    "inverseScoreBase": None,
                    "scoreMultipler": None,
                    "scoreUnit": "",
                    "hidden": False,
                    "label": tag.name,
                    "categorizedFlag": False,
                }
            )
        )
        for tag in read().hashtags
    }


# docs/assumptions.md, "label of a quarter"
@lru_cache(4)
def _points(quarters: tuple[date, ...]) -> str:
    """A pattern with a place for each headcount; a quarter is told as `2026 Q3`."""
    labels = [f"{day.year} Q{(day.month - 1) // 3 + 1}" for day in quarters]
    return "[" + ",".join(f'{{"label":"{label}","employeeCount":%d}}' for label in labels) + "]"


def _written(value: Any) -> str:
    return msgspec.json.encode(value).decode()
