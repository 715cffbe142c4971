"""What the Enterprise API calls the columns of families, org charts, locations and IP matches, where it is not ours."""

from __future__ import annotations

from zianalytics.api.layout import ABOVE, LEVEL

HIERARCHY_NAMES = {
    "parentage.name": "companyName",
    "parentage.sub_unit_description": "subUnitDesc",
    "family_tree.parent_company_id": ABOVE,
    "family_tree.level": LEVEL,
    "family_tree.sub_unit_type_id": "subUnitTypeInfo.typeId",
    "family_tree.sub_unit_type": "subUnitTypeInfo.typeDescription",
}
BRANCHES = {"family_tree": "familyNodes"}

ORG_CHART_NAMES = {
    "company_id": "company.id",
    "company_name": "company.name",
    "contact_id": "id",
    "job_title": "title",
    "is_direct_phone_do_not_call": "directPhoneDoNotCall",
}

COMPANY_LOCATION_NAMES = {
    "company_id": "company.id",
    "location_name": "company.locationName",
    "employee_count": "company.locationEmployeeCount",
    "sub_unit_type": "company.subUnitType",
    "address_status": "company.addressStatus",
}

IP_MATCH_NAMES = {
    "company_id": "company.id",
    "name": "company.name",
    "website": "company.website",
    "confidence_score": "company.confidenceScore",
    "employee_count": "company.employeeCount",
    "revenue_usd": "company.revenue",
    "industries": "company.industries",
    "street": "company.street",
    "city": "company.city",
    "state": "company.state",
    "zip_code": "company.zipCode",
    "country": "company.country",
    "ticker": "company.ticker",
    "visitor_country_code": "geoLocation.country_code",
    "visitor_province": "geoLocation.province",
    "visitor_latitude": "geoLocation.location_lat",
    "visitor_longitude": "geoLocation.location_long",
    "provider_name": "ispInfo.name",
    "provider_domain": "ispInfo.domain",
    "provider_type": "ispInfo.type",
    "provider_first_ip": "ispInfo.ip_lo_string",
    "provider_last_ip": "ispInfo.ip_hi_string",
}
