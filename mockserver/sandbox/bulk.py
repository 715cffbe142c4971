"""Bulk jobs: begun, worked off by the clock and charged page by page, asked after, and fetched."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from mockserver.contract import Operation, contract
from mockserver.sandbox.criteria.companies import PAGING
from mockserver.sandbox.criteria.directory import Directory
from mockserver.sandbox.enrich.enrichments import (
    Results,
    company_results,
    contact_results,
    names_a_company,
    names_a_person,
)
from mockserver.sandbox.found import Found
from mockserver.sandbox.refusals import (
    INVALID_FIELDS,
    NO_OUTPUT_FIELDS,
    PAGE_BEYOND,
    TOO_FAST,
    TOO_LITTLE,
    Refused,
)
from mockserver.sandbox.search.pages import needs_a_criterion
from mockserver.sandbox.search.searches import companies_that_meet, people_that_meet, person_shown
from mockserver.state import MOST_ACTIVE, Call, Job, Service

# docs/assumptions.md, "page size of a bulk job" and "records of a bulk search"
SEARCH_PAGE, ENRICH_PAGE, MOST_RECORDS = 1_000, 500, 200_000
NOT_IN_JOBS = frozenset({"companyDescriptionList", "descriptionList"})
STATUS, RESULTS = "bulk.job.status", "bulk.job.results"


class Bulk:
    """The jobs of a service, about the citizens of its world."""

    def __init__(self, service: Service, directory: Directory) -> None:
        self._service, self._directory = service, directory

    def answer(self, operation: Operation, said: Mapping[str, Any], now: datetime, request_id: str) -> Found:
        """The answer of one of the six endpoints."""
        if operation.id == STATUS:
            return Found(self._status(self._job(said, now), now))
        if operation.id == RESULTS:
            return Found(self._results(self._job(said, now), int(said["page"]), now))
        return Found({"jobId": self._begun(operation, said, now, request_id)})

    # docs/assumptions.md, "what a job costs" and "a page for which the credits or records left do not suffice"
    def work_off(self, now: datetime) -> None:
        """Let every page come off that the clock has reached, at its own moment, and charge for it."""
        jobs, meters = self._service.jobs, self._service.meters
        for job, number in list(jobs.due(now)):
            operation, at = contract()[job.operation], job.ready_at(number)
            served = self._page(job, number, at)[1]
            cost = operation.meters
            charges = meters.charges(served, credit_for=cost.credits, record_for=cost.records, now=at)
            if meters.exceeded(charges, 0, operation.path):
                jobs.came_off(job, number, None)
                continue
            call = Call(at.isoformat(), operation.path, job.request_id, 0, charges)
            meters.keep(call, write=partial(jobs.came_off, job, number))

    # docs/assumptions.md, "`outputFields` of a preview"
    def _begun(self, operation: Operation, said: Mapping[str, Any], now: datetime, request_id: str) -> str:
        """Begin a job, when there is room for it and it makes sense; returns its id."""
        _, kind, entity = operation.id.split(".")
        job_type = said.get("jobType", "preview") if kind == "search" else "redeem"
        if withheld := sorted(NOT_IN_JOBS.intersection(said.get("outputFields", []))):
            raise Refused(INVALID_FIELDS, withheld)
        if job_type == "redeem" and "outputFields" not in said:
            raise Refused(NO_OUTPUT_FIELDS)
        if kind == "search":
            found: list[int] | None = self._found(entity, said["query"], now)
            inputs: Sequence[Mapping[str, Any]] = []
        else:
            found, inputs = None, said["matchCompanyInput" if entity == "company" else "matchPersonInput"]
            if not any((names_a_company if entity == "company" else names_a_person)(one) for one in inputs):
                raise Refused(TOO_LITTLE)
        self._check_room(now)
        job = Job(
            id=self._service.jobs.next_id(self._service.tokens.generation, json.dumps([operation.id, said]).encode()),
            operation=operation.id,
            job_type=job_type,
            entity_type=entity,
            page_size=SEARCH_PAGE if kind == "search" else ENRICH_PAGE,
            begun_at=now,
            request_id=request_id,
            found=found,
            inputs=inputs,
            output_fields=said.get("outputFields", []),
        )
        self._service.jobs.begin(job)
        return job.id

    def _found(self, entity: str, query: Mapping[str, Any], now: datetime) -> list[int]:
        """Ids of the records that meet the criteria of a search."""
        # docs/assumptions.md, "page and order in the query of a job"
        if paging := sorted(PAGING.intersection(query)):
            raise Refused(INVALID_FIELDS, paging)
        needs_a_criterion(query)
        if entity == "company":
            there = self._directory.sieve
            return [company.id for company in there.of(companies_that_meet(query, self._directory))[:MOST_RECORDS]]
        return list(people_that_meet(query, self._directory, now).ids[:MOST_RECORDS])

    # docs/assumptions.md, "a sixth job, or a second one within a second"
    def _check_room(self, now: datetime) -> None:
        """A new job a second, and five that are not at their end."""
        if self._service.no_limits:
            return
        at, active = now.timestamp(), self._service.jobs.active(now)
        if len(active) >= MOST_ACTIVE:
            raise Refused(TOO_FAST, wait_s=(min(job.ends_at() for job in active) - now).total_seconds())
        if wait := self._service.new_jobs.wait_s(at):
            raise Refused(TOO_FAST, wait_s=wait)
        self._service.new_jobs.admit(at)

    # docs/assumptions.md, "a job that is not known, or older than a day"
    def _job(self, said: Mapping[str, Any], now: datetime) -> Job:
        if job := self._service.jobs.get(said["jobId"], now):
            return job
        raise Refused(INVALID_FIELDS, ["jobId"])

    # docs/assumptions.md, "status of a job that waits"
    def _status(self, job: Job, now: datetime) -> dict[str, Any]:
        jobs = self._service.jobs
        status, good = jobs.status(job, now), jobs.good_pages(job)
        is_known = status != "Queued"
        return {
            "status": status,
            "jobType": job.job_type,
            "entityType": job.entity_type,
            "totalRecords": job.total if is_known else 0,
            "totalPages": job.pages if is_known else 0,
            "successfulPagesCount": len(good),
            "successfulPages": good,
        }

    # docs/assumptions.md, "a page that has not come off, or that failed"
    def _results(self, job: Job, number: int, now: datetime) -> dict[str, Any]:
        """One page; one that has not come off, or that failed, is not among the available results."""
        if number not in self._service.jobs.good_pages(job):
            raise Refused(PAGE_BEYOND)
        result = self._page(job, number, now)[0]
        return {
            "jobType": job.job_type,
            "entityType": job.entity_type,
            "totalRecords": job.total,
            "currentPage": number,
            "currentResults": len(result),
            "result": result,
        }

    # docs/assumptions.md, "entries of a page"
    def _page(self, job: Job, number: int, now: datetime) -> Results:
        """What stands on a page, and the records in it."""
        where = job.page(number)
        if job.found is None:
            return self._enriched(job, job.inputs[where], now)
        if job.job_type == "preview":
            return [self._preview(job.entity_type, one, now) for one in job.found[where]], []
        key = "companyId" if job.entity_type == "company" else "personId"
        results, served = self._enriched(job, [{key: one} for one in job.found[where]], now)
        return [record for result in results for record in result["data"]], served

    def _enriched(self, job: Job, inputs: Sequence[Mapping[str, Any]], now: datetime) -> Results:
        if job.entity_type == "company":
            body = {"matchCompanyInput": inputs, "outputFields": job.output_fields}
            return company_results(body, self._directory, now)
        return contact_results({"matchPersonInput": inputs, "outputFields": job.output_fields}, self._directory, now)

    def _preview(self, entity: str, record_id: int, now: datetime) -> dict[str, Any]:
        world = self._directory.world
        if entity == "company":
            return {"id": record_id, "name": world.companies[record_id].name}
        person = world.changes.contact_at(world.contacts[record_id], now)
        return person_shown(person, world.companies[person.company_id])
