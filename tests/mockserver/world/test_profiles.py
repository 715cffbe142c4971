from __future__ import annotations

from mockserver.world import World


def test_rivals_are_other_companies_of_the_same_industry(world: World) -> None:
    for company_id in list(world.companies)[::37]:
        company = world.companies[company_id]
        rivals = [world.companies[c.company_id] for c in world.profile_of(company_id).competitors]
        assert all(rival.primary_industry == company.primary_industry for rival in rivals)
        assert company_id not in {rival.id for rival in rivals}


def test_departments_have_fewer_people_than_the_company(world: World) -> None:
    for company_id in list(world.companies)[::37]:
        company, profile = world.companies[company_id], world.profile_of(company_id)
        assert sum(profile.department_counts.values()) <= 1.3 * (company.employees or 0)
        assert all(profile.department_counts.values())
        assert (company.revenue_usd is None) == (not profile.department_budgets_usd)


def test_grades_and_confidences_have_all_documented_keys(world: World) -> None:
    profile = world.profile_of(next(iter(world.companies)))
    assert len(profile.grades) == 16
    assert set(profile.grades.values()) <= {"Low", "Medium", "High"}
    assert len(profile.confidence) == 10
    assert set(profile.confidence.values()) <= {0.2, 0.4, 0.6, 0.8, 1.0}


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
    assert world.profile_of(child.id).hierarchy_code == "D"
    assert world.profile_of(single.id).hierarchy_code == "A"
    assert world.profile_of(single.id).hierarchy_level == 1
