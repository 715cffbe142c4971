"""A search among the people of so many companies that not all of them are kept: most is read off the crowd."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence

from mockserver.sandbox.directory import Directory
from mockserver.sandbox.people import PersonTest

# Which aspect of the crowd a criterion asks for. Any other is asked of each person who is left.
_POST = (
    "jobTitle",
    "excludeJobTitle",
    "managementLevel",
    "excludeManagementLevel",
    "department",
    "jobFunction",
    "boardMember",
    "executivesOnly",
    "filterByBuyingCommittee",
)
_ASPECT: Mapping[str, str] = dict.fromkeys(_POST, "post") | {
    "contactAccuracyScoreMin": "score",
    "contactAccuracyScoreMax": "score",
    "requiredFields": "reach",
    "hasBeenNotified": "standing",
    "excludePartialProfiles": "standing",
    "validDateAfter": "valid",
    "lastUpdatedDateAfter": "updated",
    "lastUpdatedInMonths": "updated",
    "positionStartDate": "since",
    "yearsOfExperience": "years",
    "firstName": "first name",
    "lastName": "last name",
}


def people_of_many(tests: Mapping[str, PersonTest], companies: Container[int], directory: Directory) -> Sequence[int]:
    """Ids of the people of these companies who pass the tests, in their order."""
    world, people = directory.world, directory.world.contacts
    by_aspect: dict[str, list[PersonTest]] = {}
    for name, test in tests.items():
        if name in _ASPECT:
            by_aspect.setdefault(_ASPECT[name], []).append(test)
    rest = [test for name, test in tests.items() if name not in _ASPECT]

    def of(asked: Sequence[PersonTest]) -> Callable[[int], bool]:
        return lambda person_id: all(test(people[person_id]) for test in asked)

    found = world.crowd.those({aspect: of(asked) for aspect, asked in by_aspect.items()})
    ids = world.employed_by(found, companies)
    is_left = of(rest)
    return [person_id for person_id in ids if is_left(person_id)] if rest else ids
