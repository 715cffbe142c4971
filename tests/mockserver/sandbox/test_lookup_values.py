"""What a criterion takes stands in its look-up, and what stands there is taken: each list, on values of the world."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from mockserver.contract import contract
from mockserver.world import Company, Contact, Scoop, World, band_of
from mockserver.world.catalogue import Band

if TYPE_CHECKING:
    from tests.mockserver.sandbox.conftest import Caller

NOW = datetime(2026, 10, 1, 9, tzinfo=UTC)
LONG_AGO = "2000-01-01"
INVALID = "There are invalid fields in your request"
# What a search needs beside the criterion that is tried.
NEEDED: dict[str, dict[str, Any]] = {
    "search.company": {},
    "search.contact": {},
    "search.intent": {"topics": ["Lead Scoring"]},
    "search.scoop": {"publishedStartDate": LONG_AGO},
}


@dataclass(frozen=True)
class List:
    """A look-up, a criterion that takes its values, and in which column the words stand that the world uses."""

    name: str
    search: str
    criterion: str
    column: str
    drawn: Callable[[World], Iterable[str]]

    def rows(self, caller: Caller) -> list[dict[str, str]]:
        rows: list[dict[str, str]] = caller.get(f"/lookup/{self.name}")
        return rows

    def ask(self, caller: Caller, words: Sequence[str]) -> int:
        """How many rows a search by these words has."""
        schema = (contract()[self.search].body or {})["properties"][self.criterion]
        value = list(words) if "array" in schema["type"] else ",".join(words)
        answer = caller.post(contract()[self.search].path, {**NEEDED[self.search], self.criterion: value})
        return int(answer["totalResults"])


def of_companies(drawn: Callable[[Company], Iterable[str | None]]) -> Callable[[World], Iterable[str]]:
    return lambda world: (word for company in world.companies.values() for word in drawn(company) if word)


def of_people(drawn: Callable[[Contact], Iterable[str]]) -> Callable[[World], Iterable[str]]:
    return lambda world: (word for contact in world.contacts.values() for word in drawn(contact))


def of_scoops(drawn: Callable[[Scoop], Iterable[str]]) -> Callable[[World], Iterable[str]]:
    return lambda world: (word for scoop in world.scoops(NOW) for word in drawn(scoop))


def of_hashtags(world: World) -> Iterable[str]:
    return (tag.id for company_id in world.companies for tag in world.profile_of(company_id).hashtags)


def band(bands: tuple[Band, ...], number: int | None) -> list[str]:
    return [] if number is None else [band_of(bands, number).id]


def of_headcounts(world: World) -> Iterable[str]:
    return (word for c in world.companies.values() for word in band(world.lists.employee_ranges, c.employees))


def of_revenues(world: World) -> Iterable[str]:
    return (word for c in world.companies.values() for word in band(world.lists.revenue_ranges, c.revenue_usd))


def of_states(company: Company) -> list[str | None]:
    return [company.state] if company.country in ("United States", "Canada") else []


LISTS = [
    List("industry", "search.company", "industryCodes", "Id", of_companies(lambda c: (i.id for i in c.industries))),
    List(
        "siccode",
        "search.company",
        "sicCodes",
        "Id",
        of_companies(lambda c: (code.id for i in c.industries for code in i.sic)),
    ),
    List(
        "naicscode",
        "search.company",
        "naicsCodes",
        "Id",
        of_companies(lambda c: (code.id for i in c.industries for code in i.naics)),
    ),
    List("companyranking", "search.company", "companyRanking", "Name", of_companies(lambda c: c.ranking)),
    List("companytype", "search.company", "companyType", "Id", of_companies(lambda c: [c.kind])),
    List("subunittypes", "search.company", "subUnitTypes", "Name", of_companies(lambda c: [c.sub_unit_type])),
    List("hashtag", "search.company", "hashTagString", "Id", of_hashtags),
    List("metroarea", "search.company", "metroRegion", "Name", of_companies(lambda c: [c.metro_area])),
    List("employeecount", "search.company", "employeeCount", "Id", of_headcounts),
    List("revenuerange", "search.company", "revenue", "Id", of_revenues),
    List(
        "tech/product",
        "search.company",
        "techAttributeTagList",
        "Id",
        of_companies(lambda c: (t.product.tag for t in c.technologies)),
    ),
    List(
        "tech/category",
        "search.company",
        "techAttributeTagList",
        "Id",
        of_companies(lambda c: (t.product.tag[:7] for t in c.technologies)),
    ),
    List("country", "search.company", "country", "Id", of_companies(lambda c: [c.country])),
    List("state", "search.company", "state", "Id", of_companies(of_states)),
    List("continent", "search.company", "continent", "Id", of_companies(lambda c: [c.continent])),
    List("managementLevel", "search.contact", "managementLevel", "Name", of_people(lambda p: p.management_levels)),
    List(
        "department",
        "search.contact",
        "department",
        "Name",
        of_people(lambda p: (f.department for f in p.job_functions)),
    ),
    List("jobfunction", "search.contact", "jobFunction", "Id", of_people(lambda p: (f.id for f in p.job_functions))),
    List(
        "years-of-experience",
        "search.contact",
        "yearsOfExperience",
        "Id",
        of_people(lambda p: [p.years_of_experience.id]),
    ),
    List("scooptype", "search.scoop", "scoopType", "Id", of_scoops(lambda s: [s.kind.id])),
    List("scooptopic", "search.scoop", "scoopTopic", "Name", of_scoops(lambda s: (topic.name for topic in s.topics))),
    List("scoopdepartment", "search.scoop", "department", "Id", of_scoops(lambda s: [s.department.id])),
    List("intent/topics", "search.intent", "topics", "Name", lambda world: (s.topic.name for s in world.signals(NOW))),
]
TAGS = [one for one in LISTS if one.criterion == "techAttributeTagList"]
"""Given by their numbers alone."""
FREE_TEXT = [one for one in LISTS if one.criterion in ("country", "state", "continent")]
"""Whatever is not known finds nothing: one value a request."""


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.name)
def test_what_the_world_has_stands_in_the_list(reader: Caller, one: List) -> None:
    drawn = set(one.drawn(reader.sandbox.world))
    assert drawn
    assert drawn <= {row[one.column] for row in one.rows(reader)}


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.name)
def test_each_value_of_a_list_is_taken_and_finds_what_has_it(reader: Caller, one: List) -> None:
    drawn = set(one.drawn(reader.sandbox.world))
    found = {row[one.column]: one.ask(reader, [row[one.column]]) > 0 for row in one.rows(reader)}
    assert found == {value: value in drawn for value in found}


@pytest.mark.parametrize("one", [one for one in LISTS if one not in TAGS], ids=lambda one: one.name)
def test_a_value_may_be_given_by_its_id_or_by_its_name(reader: Caller, one: List) -> None:
    pairs = [(row.get("Id", row["Name"]), row["Name"]) for row in one.rows(reader) if "," not in row["Name"]]
    assert pairs
    assert [pair for pair in pairs if one.ask(reader, pair[:1]) != one.ask(reader, pair[1:])] == []


@pytest.mark.parametrize("one", [one for one in LISTS if one not in FREE_TEXT], ids=lambda one: one.name)
def test_a_value_that_is_not_in_the_list_is_refused(reader: Caller, one: List) -> None:
    assert "zeppelins" not in {word.casefold() for row in one.rows(reader) for word in row.values()}
    value = ["Zeppelins"] if one.criterion == "topics" else "Zeppelins"
    body = {**NEEDED[one.search], one.criterion: value}
    assert reader.refused(contract()[one.search].path, body) == (400, f"{INVALID}: {one.criterion}")


@pytest.mark.parametrize("one", [one for one in LISTS if one not in FREE_TEXT], ids=lambda one: one.name)
def test_a_whole_list_is_taken_by_every_search_that_has_its_criterion(reader: Caller, one: List) -> None:
    words = [row.get("Id", row["Name"]) for row in one.rows(reader)]
    # The departments of scoops are others than those of people.
    searches = [one.search] if one.criterion == "department" else list(NEEDED)
    having = [search for search in searches if one.criterion in (contract()[search].body or {})["properties"]]
    assert one.search in having
    assert all(replace(one, search=search).ask(reader, words) >= 0 for search in having)


def test_the_categories_of_news_are_those_of_its_articles_and_of_its_criterion(reader: Caller) -> None:
    categories = reader.get("/lookup/news/categories")
    articles = reader.sandbox.world.news(NOW)
    assert {category for article in articles for category in article.categories} <= set(categories)
    company_id = articles[-1].company_ids[0]
    for category in categories:
        found = reader.post("/search/news", {"categories": category, "rpp": 100})["data"]
        assert all(category in article["categories"] for article in found)
        assert bool(found) == any(category in article.categories for article in articles)
        reader.post("/enrich/news", {"companyId": company_id, "categories": [category.lower()]})
    assert reader.refused("/search/news", {"categories": "ZEPPELINS"}) == (400, f"{INVALID}: categories")


def test_an_enrichment_takes_the_values_that_its_search_takes(reader: Caller) -> None:
    company_id = next(c.id for c in reader.sandbox.world.companies.values() if c.contact_count > 20)
    for path, criterion, lookup, joined in (
        ("/enrich/scoop", "scoopType", "scooptype", ","),
        ("/enrich/scoop", "scoopTopic", "scooptopic", ","),
        ("/enrich/scoop", "department", "scoopdepartment", ","),
        ("/enrich/intent", "topics", "intent/topics", "|"),
        ("/enrich/orgchart", "department", "department", ","),
    ):
        words = [row["Name"] for row in reader.get(f"/lookup/{lookup}")]
        reader.post(path, {"companyId": company_id, criterion: joined.join(words)})
        assert reader.refused(path, {"companyId": company_id, criterion: "Zeppelins"})[0] == 400


@pytest.mark.parametrize(
    ("path", "criterion", "lookup"),
    [
        ("/search/company", "excludedRegions", "metroarea"),
        ("/search/company", "companyStructureIncludedSubUnitTypes", "subunittypes"),
        ("/search/contact", "excludeManagementLevel", "managementLevel"),
    ],
)
def test_a_list_serves_each_criterion_that_reads_it(reader: Caller, path: str, criterion: str, lookup: str) -> None:
    words = [row["Id"] for row in reader.get(f"/lookup/{lookup}")]
    reader.post(path, {criterion: words})
    assert reader.refused(path, {criterion: [*words, "Zeppelins"]}) == (400, f"{INVALID}: {criterion}")


def test_the_words_about_board_members_are_taken(reader: Caller) -> None:
    found = {
        row["Id"]: reader.post("/search/contact", {"boardMember": row["Id"], "country": "Germany"})["totalResults"]
        for row in reader.get("/lookup/boardMember")
    }
    assert list(found) == ["Include", "Exclude", "Only"]
    assert found["Include"] == found["Exclude"] + found["Only"]
    assert found["Only"] > 0


def test_skills_are_taken_by_the_numbers_of_their_list(reader: Caller) -> None:
    skills = reader.get("/lookup/tech-skills")
    world = reader.sandbox.world
    assert {skill for p in world.contacts.values() for skill in p.tech_skills} == {row["Name"] for row in skills}
    for row in skills:
        people = reader.post("/search/contact", {"techSkills": [row["Id"]], "rpp": 100})["data"]
        assert people
        assert all(row["Name"] in world.contacts[person["id"]].tech_skills for person in people)


def test_a_vendor_is_the_third_part_of_its_tags_and_narrows_products(reader: Caller) -> None:
    products = reader.get("/lookup/tech/product")
    vendors = reader.get("/lookup/tech/vendor")
    assert {row["Name"] for row in vendors} == {product["Vendor"] for product in products}
    for vendor in vendors:
        sold = reader.get("/lookup/tech/product", {"vendor": vendor["Name"]})
        assert {product["Id"].split(".")[2] for product in sold} == {vendor["Id"]}
    running = reader.post("/search/company", {"techAttributeTagList": f"*.*.{vendors[0]['Id']}"})["totalResults"]
    assert running == sum(
        any(t.product.vendor == vendors[0]["Name"] for t in c.technologies)
        for c in reader.sandbox.world.companies.values()
    )


def test_each_category_of_technology_narrows_products(reader: Caller) -> None:
    products = reader.get("/lookup/tech/product")
    categories = reader.get("/lookup/tech/category")
    assert {row["Name"] for row in categories} == {product["Category"] for product in products}
    for category in categories:
        narrowed = reader.get("/lookup/tech/product", {"category": category["Name"]})
        assert {".".join(product["Id"].split(".")[:2]) for product in narrowed} == {category["Id"]}


def test_master_data_carries_bands_and_hierarchy_codes_of_their_lists(reader: Caller) -> None:
    fields = {
        "zi_c_employee_range": {row["Name"] for row in reader.get("/lookup/employee-category-band")},
        "zi_c_revenue_range": {row["Name"] for row in reader.get("/lookup/revenue-category-band")},
        "zi_c_hierarchy_code": {row["Id"] for row in reader.get("/lookup/hierarchy-code")},
    }
    companies = list(reader.sandbox.world.companies.values())
    children = [company for company in companies if company.parent_id is not None]
    ids = [company.id for company in (*companies[:10], *children[:15])]
    body = {"matchCompanyInput": [{"zi_c_company_id": str(i)} for i in ids], "outputFields": list(fields)}
    found = [result["data"] for result in reader.post("/enrich/company-master", body)["data"]["result"]]
    assert len(found) == 25
    for field, listed in fields.items():
        said = {row[field] for row in found if field in row}
        assert len(said) > 2
        assert said <= listed


def test_ranks_of_job_titles_are_the_order_that_searches_sort_by(reader: Caller) -> None:
    rows = reader.get("/lookup/jobtitlehierarchy")
    assert [row["Id"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    ranks = [row["Name"] for row in rows]
    assert ranks == ["C Level Exec", "Board Member", "VP Level Exec", "Director", "Manager", "Non Manager"]
    people = reader.every_id("/search/contact", {"country": "Germany", "sortBy": "hierarchy"})
    world = reader.sandbox.world
    numbers = [min(ranks.index(level) for level in world.contacts[i].management_levels) for i in people]
    assert numbers == sorted(numbers)
    assert len(set(numbers)) > 3


def test_hashtags_belong_to_no_vendor_and_no_category(reader: Caller) -> None:
    for name in ("vendor", "parentCategory", "category"):
        assert reader.get("/lookup/hashtag", {name: "Sales"}) == []
