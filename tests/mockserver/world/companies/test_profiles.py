from __future__ import annotations

from mockserver.world import World


def test_rivals_are_other_companies_of_the_same_industry(world: World) -> None:
    for company_id in list(world.companies)[::37]:
        company = world.companies[company_id]
        rivals = [world.companies[rival] for rival in world.profile_of(company_id).competitors]
        assert all(rival.primary_industry == company.primary_industry for rival in rivals)
        assert company_id not in {rival.id for rival in rivals}


def test_profile_and_standing_are_what_they_always_were(world: World) -> None:
    profile, standing = world.profile_of(341836225), world.standing_of(341836225)
    assert profile.competitors == (340265089,)
    assert [(page.kind, page.followers) for page in profile.social_pages] == [
        ("LINKED_IN", 687), ("FACEBOOK", 343), ("TWITTER", 229)
    ]  # fmt: skip
    assert profile.department_counts == {
        "Sales": 81, "Marketing": 29, "Information Technology": 35, "Engineering & Technical": 72, "Finance": 28,
        "Human Resources": 28, "Operations": 76, "Legal": 5,
    }  # fmt: skip
    assert profile.department_budgets_usd == {
        "Marketing": 5_656_000, "Information Technology": 10_114_000, "Finance": 3_884_000, "Human Resources": 2_243_000
    }  # fmt: skip
    assert (standing.ein, standing.tier_grade, standing.grades["finance_sophistication"]) == ("00-8818743", "A", "High")
    assert list(standing.confidence.values()) == [0.8, 0.4, 0.6, 1.0, 0.4, 0.8, 1.0, 1.0, 1.0, 1.0]


def test_departments_have_fewer_people_than_the_company(world: World) -> None:
    for company_id in list(world.companies)[::37]:
        company, profile = world.companies[company_id], world.profile_of(company_id)
        assert sum(profile.department_counts.values()) <= 1.3 * (company.employees or 0)
        assert all(profile.department_counts.values())
        assert (company.revenue_usd is None) == (not profile.department_budgets_usd)


def test_grades_and_confidences_have_all_documented_keys(world: World) -> None:
    standing = world.standing_of(next(iter(world.companies)))
    assert len(standing.grades) == 16
    assert set(standing.grades.values()) <= {"Low", "Medium", "High"}
    assert len(standing.confidence) == 10
    assert set(standing.confidence.values()) <= {0.2, 0.4, 0.6, 0.8, 1.0}


def test_tags_are_earned_by_facts(world: World) -> None:
    for company_id in list(world.companies)[::37]:
        company = world.companies[company_id]
        tags = {tag.id for tag in world.profile_of(company_id).hashtags}
        assert ("b2b" in tags) == ("B2B" in company.business_model)
        assert ("saas" in tags) == (company.primary_industry.id == "software")
        assert ("fastgrowing" in tags) == ((company.growth_1y or 0) > 0.2)


def test_the_place_in_a_group_has_its_code(world: World) -> None:
    child = next(c for c in world.companies.values() if c.parent_id and c.office_count == 1)
    single = next(c for c in world.companies.values() if c.parent_id is None and c.office_count > 1)
    assert world.standing_of(child.id).hierarchy_code == "D"
    assert world.standing_of(single.id).hierarchy_code == "A"
    assert world.standing_of(single.id).hierarchy_level == 1
