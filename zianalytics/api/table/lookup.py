"""Look-ups: lists of valid values, and the fields that an account may use. All are free."""

from __future__ import annotations

from zianalytics.api.filters import FieldList, Lookup, Narrowed, TechProducts
from zianalytics.api.spec import Namespace, Operation, Route
from zianalytics.schema.column import Record
from zianalytics.schema.lookup import INPUT_FIELD, INTENT_TOPIC, LOOKUP_VALUE, OUTPUT_FIELD, TECHNOLOGY


def _fields(record: Record, path: str) -> Operation[...]:
    return Operation(FieldList, record, enterprise=Route("GET", path), about="The fields of one operation.")


def _get(path: str) -> Route:
    return Route("GET", f"/lookup/{path}")


class Values(Namespace):
    """Lists of valid values; a text in front searches one: `zi.lookup.industries("soft")`."""

    verb = "lookup"

    industries = Operation(
        Lookup,
        LOOKUP_VALUE,
        enterprise=_get("industry"),
        about="Industries with the codes that `industry_codes` takes.",
        example=('zi.lookup.industries("soft")["id"].head(1).to_list()', "['software']"),
    )
    """Industries."""
    countries = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("country"), about="Countries.")
    states = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("state"), about="States and provinces.")
    continents = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("continent"), about="Continents.")
    metro_areas = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("metroarea"), about="Metro areas.")
    employee_ranges = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("employeecount"), about="Ranges of headcount.")
    revenue_ranges = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("revenuerange"), about="Ranges of revenue.")
    employee_bands = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("employee-category-band"), about="Bands of headcount in Master Data."
    )
    revenue_bands = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("revenue-category-band"), about="Bands of revenue in Master Data."
    )
    hierarchy_codes = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("hierarchy-code"), about="Places in a family of companies, as codes."
    )
    company_types = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("companytype"), about="Kinds of company.")
    company_rankings = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("companyranking"), about="Lists that rank companies."
    )
    sub_unit_types = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("subunittypes"), about="Kinds of sub-unit.")
    sic_codes = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("siccode"), about="Codes of the Standard Industrial Classification."
    )
    naics_codes = Operation(
        Lookup,
        LOOKUP_VALUE,
        enterprise=_get("naicscode"),
        about="Codes of the North American Industry Classification System.",
    )
    hashtags = Operation(Narrowed, LOOKUP_VALUE, enterprise=_get("hashtag"), about="Hashtags of companies.")
    management_levels = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("managementLevel"), about="Management levels.")
    job_title_hierarchy = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("jobtitlehierarchy"), about="Ranks of job titles."
    )
    departments = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("department"), about="Departments of contacts.")
    job_functions = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("jobfunction"), about="Job functions.")
    board_member = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("boardMember"), about="What can become of board members in a search."
    )
    years_of_experience = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("years-of-experience"), about="Ranges of experience."
    )
    tech_skills = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("tech-skills"), about="Technology skills.")
    buying_groups = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("buyinggroups"), about="Buying groups set for the account."
    )
    tech_products = Operation(TechProducts, TECHNOLOGY, enterprise=_get("tech/product"))
    """Technology products with the tags that `tech_attribute_tags` takes."""
    tech_categories = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("tech/category"), about="Categories of technology."
    )
    tech_vendors = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("tech/vendor"), about="Vendors of technology.")
    scoop_types = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("scooptype"), about="Types of scoops.")
    scoop_topics = Operation(Lookup, LOOKUP_VALUE, enterprise=_get("scooptopic"), about="Topics of scoops.")
    scoop_departments = Operation(
        Lookup, LOOKUP_VALUE, enterprise=_get("scoopdepartment"), about="Departments that scoops are about."
    )
    news_categories = Operation(
        Lookup,
        LOOKUP_VALUE,
        enterprise=Route("GET", "/lookup/news/categories", words=("Id", "Name")),
        about="Categories of news.",
        example=('"FUNDING" in zi.lookup.news_categories()["id"]', "True"),
    )
    """Categories of news."""
    intent_topics = Operation(
        Lookup,
        INTENT_TOPIC,
        enterprise=_get("intent/topics"),
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
    search_news = _fields(INPUT_FIELD, "/lookup/inputfields/news/search")
    search_scoops = _fields(INPUT_FIELD, "/lookup/inputfields/scoop/search")
    enrich_companies = _fields(INPUT_FIELD, "/lookup/inputfields/company/enrich")
    enrich_contacts = _fields(INPUT_FIELD, "/lookup/inputfields/contact/enrich")
    enrich_master_data = _fields(INPUT_FIELD, "/lookup/inputfields/company-master/enrich")
    enrich_hierarchies = _fields(INPUT_FIELD, "/lookup/inputfields/corporatehierarchy/enrich")
    enrich_org_charts = _fields(INPUT_FIELD, "/lookup/inputfields/orgchart/enrich")
    enrich_locations = _fields(INPUT_FIELD, "/lookup/inputfields/location/enrich")
    enrich_technologies = _fields(INPUT_FIELD, "/lookup/inputfields/tech/enrich")
    enrich_hashtags = _fields(INPUT_FIELD, "/lookup/inputfields/hashtag/enrich")
    enrich_intent = _fields(INPUT_FIELD, "/lookup/inputfields/intent/enrich")
    enrich_news = _fields(INPUT_FIELD, "/lookup/inputfields/news/enrich")
    enrich_scoops = _fields(INPUT_FIELD, "/lookup/inputfields/scoop/enrich")
    enrich_ips = _fields(INPUT_FIELD, "/lookup/inputfields/ip/enrich")
    compliance_check = _fields(INPUT_FIELD, "/lookup/inputfields/compliance/enrich")


class OutputFields(Namespace):
    """What each operation can answer; the service lists none of technologies and hashtags."""

    verb = "lookup.output_fields"

    search_companies = _fields(OUTPUT_FIELD, "/lookup/outputfields/company/search")
    search_contacts = _fields(OUTPUT_FIELD, "/lookup/outputfields/contact/search")
    search_intent = _fields(OUTPUT_FIELD, "/lookup/outputfields/intent/search")
    search_news = _fields(OUTPUT_FIELD, "/lookup/outputfields/news/search")
    search_scoops = _fields(OUTPUT_FIELD, "/lookup/outputfields/scoop/search")
    enrich_companies = _fields(OUTPUT_FIELD, "/lookup/outputfields/company/enrich")
    enrich_contacts = _fields(OUTPUT_FIELD, "/lookup/outputfields/contact/enrich")
    enrich_master_data = _fields(OUTPUT_FIELD, "/lookup/outputfields/company-master/enrich")
    enrich_hierarchies = _fields(OUTPUT_FIELD, "/lookup/outputfields/corporatehierarchy/enrich")
    enrich_org_charts = _fields(OUTPUT_FIELD, "/lookup/outputfields/orgchart/enrich")
    enrich_locations = _fields(OUTPUT_FIELD, "/lookup/outputfields/location/enrich")
    enrich_intent = _fields(OUTPUT_FIELD, "/lookup/outputfields/intent/enrich")
    enrich_news = _fields(OUTPUT_FIELD, "/lookup/outputfields/news/enrich")
    enrich_scoops = _fields(OUTPUT_FIELD, "/lookup/outputfields/scoop/enrich")
    enrich_ips = _fields(OUTPUT_FIELD, "/lookup/outputfields/ip/enrich")
    compliance_check = _fields(OUTPUT_FIELD, "/lookup/outputfields/compliance/enrich")
