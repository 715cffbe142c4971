"""Look-ups: lists of valid values, and the fields that an account may use. All are free."""

from __future__ import annotations

from zianalytics.api.filters import Lookup, TechProducts
from zianalytics.api.spec import Namespace, Operation, Route
from zianalytics.schema.column import Record
from zianalytics.schema.lookup import INPUT_FIELD, INTENT_TOPIC, LOOKUP_VALUE, OUTPUT_FIELD, TECHNOLOGY


def _list(path: str, about: str) -> Operation[[]]:
    return Operation(Lookup, LOOKUP_VALUE, enterprise=Route("GET", path), about=about)


def _fields(record: Record, path: str) -> Operation[[]]:
    return Operation(Lookup, record, enterprise=Route("GET", path), about="The fields of one operation.")


class Values(Namespace):
    """Lists of valid values."""

    verb = "lookup"

    industries = _list("/lookup/industry", "Industries with the codes that `industry_codes` takes.")
    countries = _list("/lookup/country", "Countries.")
    states = _list("/lookup/state", "States and provinces.")
    continents = _list("/lookup/continent", "Continents.")
    metro_areas = _list("/lookup/metroarea", "Metro areas.")
    employee_ranges = _list("/lookup/employeecount", "Ranges of headcount.")
    revenue_ranges = _list("/lookup/revenuerange", "Ranges of revenue.")
    company_types = _list("/lookup/companytype", "Kinds of company.")
    management_levels = _list("/lookup/managementLevel", "Management levels.")
    departments = _list("/lookup/department", "Departments.")
    job_functions = _list("/lookup/jobfunction", "Job functions.")
    tech_products = Operation(TechProducts, TECHNOLOGY, enterprise=Route("GET", "/lookup/tech/product"))
    """Technology products with the tags that `tech_attribute_tags` takes."""
    intent_topics = Operation(
        Lookup,
        INTENT_TOPIC,
        enterprise=Route("GET", "/lookup/intent/topics"),
        about="Intent topics.",
        example=('zi.lookup.intent_topics()["name"].head(2).to_list()', "['Lead Scoring', 'Sales Forecasting']"),
    )
    """Intent topics."""


class InputFields(Namespace):
    """What each operation can be asked with."""

    verb = "lookup.input_fields"

    search_companies = _fields(INPUT_FIELD, "/lookup/inputfields/company/search")
    search_contacts = _fields(INPUT_FIELD, "/lookup/inputfields/contact/search")
    search_intent = _fields(INPUT_FIELD, "/lookup/inputfields/intent/search")
    enrich_companies = _fields(INPUT_FIELD, "/lookup/inputfields/company/enrich")
    enrich_contacts = _fields(INPUT_FIELD, "/lookup/inputfields/contact/enrich")
    enrich_master_data = _fields(INPUT_FIELD, "/lookup/inputfields/company-master/enrich")
    compliance_check = _fields(INPUT_FIELD, "/lookup/inputfields/compliance/enrich")


class OutputFields(Namespace):
    """What each operation can answer."""

    verb = "lookup.output_fields"

    search_companies = _fields(OUTPUT_FIELD, "/lookup/outputfields/company/search")
    search_contacts = _fields(OUTPUT_FIELD, "/lookup/outputfields/contact/search")
    search_intent = _fields(OUTPUT_FIELD, "/lookup/outputfields/intent/search")
    enrich_companies = _fields(OUTPUT_FIELD, "/lookup/outputfields/company/enrich")
    enrich_contacts = _fields(OUTPUT_FIELD, "/lookup/outputfields/contact/enrich")
    enrich_master_data = _fields(OUTPUT_FIELD, "/lookup/outputfields/company-master/enrich")
    compliance_check = _fields(OUTPUT_FIELD, "/lookup/outputfields/compliance/enrich")
