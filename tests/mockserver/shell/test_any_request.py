"""Whatever a request says, right or wrong, its answer is one that the contract knows; over a socket, each operation.

Schemathesis reads the contract and makes the requests, the same ones each time. Two readings of it are asked: as it is,
where most values name nothing that there is; and with values that name something in the world, so that most are found.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from mockserver import serve
from mockserver.contract import contract
from mockserver.contract.resolve import RESOLVED
from mockserver.sandbox import Options, Sandbox

DOCUMENT: dict[str, Any] = json.loads(RESOLVED.read_bytes()) | {"info": {"title": "ours", "version": "1"}}
PROMISES = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
LABELS = [f"{operation.method} {operation.path}" for operation in contract().operations]
BY_LABEL = dict(zip(LABELS, contract().operations, strict=True))

COMPANIES, PEOPLE = [340000433, "340000833", 999], [1400000000, "1400000001", 999]
HERE, NEAR = "http://127.0.0.1:9/hook", r"^http://127\.0\.0\.1:9/[^\s]*$"
FAR_OR_NEAR = r"^(https://[^/\\s]|http://(127\\.0\\.0\\.1|localhost|\\[::1\\])(:|/|$))"
A_JOB, A_WEBHOOK, A_SUBSCRIPTION = "of-a-job", "of-a-webhook", "404404404"
"""Stand for ids that the sandbox gives."""
FIRST, LAST = ["2020-01-01", "2026-08-01"], ["2026-09-30"]
KNOWN: dict[str, list[Any]] = {
    "rpp": [1, 5, "25"], "page": [1, "2"], "limit": [1, "3"],
    "fundingStartDate": FIRST, "fundingEndDate": LAST, "signalStartDate": FIRST, "signalEndDate": LAST,
    "publishedStartDate": FIRST, "publishedEndDate": LAST, "pageDateMin": FIRST, "pageDateMax": LAST,
    "engagementStartDate": FIRST, "engagementEndDate": LAST, "positionStartDateMin": FIRST,
    "positionStartDateMax": LAST, "validDateAfter": FIRST, "lastUpdatedDateAfter": FIRST,
    "companyId": [*COMPANIES, "340000433,340000833", [340000433, 340001759]], "personId": PEOPLE,
    "parentId": COMPANIES, "ultimateParentId": COMPANIES, "locationCompanyId": [[340000433]],
    "companyName": ["Elevquist Advisory", "Fenimda"], "companyWebsite": ["www.elevquist.example", "https://fenimda.example"],
    "companyDescription": ["business"], "companyTicker": [["ZX: ASTR"], "ASTR"], "companyType": ["private", ["public"]],
    "businessModel": [["B2B"], "B2C"], "address": ["New York"], "street": ["Avenue"], "state": ["California", "NY"],
    "zipCode": ["10087", "19101"], "country": ["Germany", "us", "United States,Canada"], "continent": ["Europe"],
    "zipCodeRadiusMiles": ["25", 90], "hashTagString": ["b2b", ["saas"]], "techAttributeTagList": ["131.202", ["160"]],
    "subUnitTypes": ["Division"], "companyStructureIncludedSubUnitTypes": ["Subsidiary"],
    "industryCodes": ["bizservice", ["software", "software.security"]], "industryKeywords": ["software OR business"],
    "sicCodes": ["7389"], "naicsCodes": [["561499"]], "revenueMin": [1, "500"], "revenueMax": [900_000_000],
    "revenue": ["under500k", ["5mto10m"]], "employeeRangeMin": ["5"], "employeeRangeMax": [5_000, "9000"],
    "employeeCount": ["5to9,50to99"], "companyRanking": ["fortune.500"], "metroRegion": ["NY - New York City"],
    "excludedRegions": [["usa.california.sanfrancisco"]], "fundingAmountMin": [1], "fundingAmountMax": [900_000],
    "zoominfoContactsMin": [1, "2"], "zoominfoContactsMax": [90], "oneYearEmployeeGrowthRateMin": [-90.5, "0"],
    "oneYearEmployeeGrowthRateMax": ["90"], "twoYearEmployeeGrowthRateMin": [-90], "twoYearEmployeeGrowthRateMax": [90],
    "emailAddress": ["simon.wetherwald@elevquist.example"], "supplementalEmail": [["hugo@post.example"]],
    "hashedEmail": ["0" * 32], "phone": [["(614) 555-0101"], "(614) 555-0101"], "fullName": ["Simon Wetherwald"],
    "firstName": ["Simon"], "lastName": ["Wetherwald"], "middleInitial": ["B"],
    "jobTitle": ["Chief", "Officer OR Sales"],
    "excludeJobTitle": ["Intern"], "managementLevel": ["Director", ["C Level Exec", "Manager"]],
    "excludeManagementLevel": ["Manager"], "department": ["Sales", "C-Suite,Finance", ["3"]],
    "boardMember": ["exclude"],
    "requiredFields": ["email", "directPhone", ["email", "phone"]], "contactAccuracyScoreMin": ["70", 80],
    "contactAccuracyScoreMax": [99], "jobFunction": ["Executive"], "lastUpdatedInMonths": [6], "school": ["University"],
    "degree": ["Bachelor"], "webReferences": [["robotics"]], "techSkills": [["2"]], "yearsOfExperience": ["16+ Years"],
    "topics": [["Lead Scoring"], "Lead Scoring|Sales Forecasting", "Lead Scoring AND Sales Forecasting"],
    "signalScoreMin": [60], "signalScoreMax": [99], "ipAddress": ["198.18.0.8", "203.0.113.9", "192.0.2.1", "10.0.0.1"],
    "scoopType": ["1,6", "9"], "scoopTopic": ["9"], "scoopId": ["1"], "description": ["new"], "url": [["tradeherald"]],
    "categories": [["FUNDING"], "AWARDS"], "title": ["Changes"], "targetUrl": [HERE],
    "email": ["simon.wetherwald@elevquist.example"], "zi_c_company_id": COMPANIES, "zi_c_location_id": [2050000000],
    "zi_es_ecid": [90000000], "zi_es_location_id": ["90000000-000"], "zi_c_url": ["www.elevquist.example"],
    "zi_c_name": ["Elevquist Advisory"], "zi_c_country": ["United States"], "personEmailAddress": ["no@where.example"],
    "personFullName": ["Simon Wetherwald"], "personFirstName": ["Simon"], "personLastName": ["Wetherwald"],
    "companyCountry": ["United States"], "companyCity": ["New York"], "companyStreet": ["96 Willowbank Avenue"],
    "companyState": ["New York"], "companyZipCode": ["10087"], "personPhone": ["555-0100"], "vendor": ["Tesmora"],
    "jobId": [A_JOB], "id": [A_WEBHOOK], "subscriptionId": [A_SUBSCRIPTION],
}  # fmt: skip
"""Values that name something in a world of 300 companies, by what the wire calls them."""


def narrowed(schema: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    """A schema whose values name something, where `KNOWN` has values that it allows."""
    told = dict(schema)
    if "properties" in schema:
        told["properties"] = {name: _narrowed(name, one, fields) for name, one in schema["properties"].items()}
    if isinstance(schema.get("items"), dict):
        told["items"] = narrowed(schema["items"], fields)
    return told


def _narrowed(name: str, schema: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    if name == "outputFields" and fields:
        return {"type": "array", "minItems": 1, "maxItems": 6, "items": {"enum": fields}}
    allowed = [value for value in KNOWN.get(name, ()) if Draft202012Validator(schema).is_valid(value)]
    return {"enum": allowed} if allowed else narrowed(schema, fields)


def with_known_values() -> dict[str, Any]:
    """The contract, as if nothing could be named but what there is."""
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    for item in document["paths"].values():
        operations = [item[verb] for verb in ("get", "post", "put", "delete") if verb in item]
        for one in (one for holder in (item, *operations) for one in holder.get("parameters", ())):
            one["schema"] = _narrowed(one["name"], one["schema"], [])
        for operation in operations:
            for media in operation.get("requestBody", {}).get("content", {}).values():
                media["schema"] = narrowed(media["schema"], list(operation.get("x-fields", ())))
    return document


def without_far_targets() -> dict[str, Any]:
    """The contract, but for targets of webhooks, which lie on this machine: nothing is looked up in the wide world."""
    text = json.dumps(DOCUMENT)
    assert text.count(FAR_OR_NEAR) == 3
    return dict(json.loads(text.replace(FAR_OR_NEAR, json.dumps(NEAR)[1:-1])))


AS_IT_IS = schemathesis.openapi.from_dict(without_far_targets())
WITH_KNOWN_VALUES = schemathesis.openapi.from_dict(with_known_values())


class Asking:
    """A sandbox that listens, of the bundle that has everything, without limits; each request comes a second later."""

    def __init__(self) -> None:
        self.seconds = 0.0
        options = Options(companies=300, bundle="scaling", no_limits=True)
        self.sandbox = Sandbox(options, monotonic=lambda: self.seconds)
        self.base_url = ""
        self.session = requests.Session()

    def send(self, method: str, path: str, body: Any = None) -> Any:
        """The body of a success."""
        answer = self.session.request(method, self.base_url + path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def sign_in(self) -> None:
        said = self.sandbox.credentials()
        token = self.send("POST", "/authenticate", {"username": said["username"], "password": said["password"]})["jwt"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def status_of(self, case: Any, *more: Any) -> int:
        """Ask, hold the answer against the contract, and say its status."""
        self.seconds += 1.0
        answer = case.call(base_url=self.base_url, session=self.session)
        case.validate_response(answer, checks=[*PROMISES, *more])
        assert answer.headers["x-request-id"]
        assert answer.headers["date"]
        return int(answer.status_code)

    def refuses(self, case: Any) -> None:
        """Ask what the contract rules out: it is refused, in the contract's words."""
        self.status_of(case, negative_data_rejection)

    def status_of_known(self, case: Any) -> int:
        """Ask about a job and a webhook that there are, where the case speaks of one."""
        said = json.dumps(case.body) if isinstance(case.body, dict) else ""
        if A_JOB in said:
            query = {"jobType": "preview", "query": {"country": "Germany"}}
            job = self.send("POST", "/bulk/search/company", query)["jobId"]
            self.seconds += 60.0
            case.body = json.loads(said.replace(A_JOB, job))
        if A_WEBHOOK in (case.path_parameters or {}).values():
            new = {"title": "New", "enabled": False, "targetUrl": HERE}
            subscriptions = [{"eventType": "Update", "objectType": "Contact", "fullPayload": True}]
            made = self.send("POST", "/webhooks", new | {"subscriptions": subscriptions})
            case.path_parameters["id"] = made["id"]
            if A_SUBSCRIPTION in said:
                case.body = json.loads(said.replace(A_SUBSCRIPTION, made["subscriptions"][0]["subscriptionId"]))
        return self.status_of(case)


@pytest.fixture(scope="module")
def asking() -> Iterator[Asking]:
    asking = Asking()
    with serve(asking.sandbox) as listening, asking.session:
        asking.base_url = listening.base_url
        asking.sign_in()
        redeemed = {"matchCompanyInput": [{"companyId": COMPANIES[0]}], "outputFields": ["id"]}
        asking.send("POST", "/enrich/company", redeemed)  # nobody makes a webhook before something is redeemed
        yield asking
    asking.sandbox.close()


def asked_for(document: Any, label: str) -> Any:
    method, _, path = label.partition(" ")
    return document[path][method]


def tried(strategy: Any, examples: int, ask: Callable[[Any], object]) -> None:
    """Ask with so many examples, the same each time; the first that fails is told as it is."""

    @settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy)
    def holds(case: Any) -> None:
        ask(case)

    holds()


@pytest.mark.parametrize("label", LABELS)
def test_any_request_is_answered_as_the_contract_says(label: str, asking: Asking) -> None:
    operation = asked_for(AS_IT_IS, label)
    asking.sign_in()
    tried(operation.as_strategy(GenerationMode.POSITIVE), 10, asking.status_of)


@pytest.mark.parametrize("label", [label for label, one in BY_LABEL.items() if one.body or one.query])
def test_what_the_contract_rules_out_is_refused(label: str, asking: Asking) -> None:
    operation = asked_for(AS_IT_IS, label)
    asking.sign_in()
    tried(operation.as_strategy(GenerationMode.NEGATIVE), 20, asking.refuses)


@pytest.mark.parametrize("label", [label for label in LABELS if label != "POST /authenticate"])
def test_what_names_something_is_found_and_answered_as_the_contract_says(label: str, asking: Asking) -> None:
    operation = asked_for(WITH_KNOWN_VALUES, label)
    asking.sign_in()
    statuses: list[int] = []
    tried(
        operation.as_strategy(GenerationMode.POSITIVE), 25, lambda case: statuses.append(asking.status_of_known(case))
    )
    assert 200 in statuses
