-- Families of companies, people of departments, and who is behind IP addresses.

CREATE TABLE hierarchies (
    company_id BIGINT,
    parentage STRUCT("company_id" BIGINT, "name" VARCHAR, "city" VARCHAR, "state" VARCHAR, "sub_unit_type" VARCHAR, "sub_unit_description" VARCHAR, "acquired_by_date" DATE)[],
    family_tree STRUCT("company_id" BIGINT, "parent_company_id" BIGINT, "level" BIGINT, "name" VARCHAR, "city" VARCHAR, "state" VARCHAR, "sub_unit_type_id" BIGINT, "sub_unit_type" VARCHAR)[],
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE hierarchies_history AS FROM hierarchies;

CREATE TABLE org_charts (
    company_id BIGINT,
    company_name VARCHAR,
    contact_id BIGINT,
    first_name VARCHAR,
    middle_name VARCHAR,
    last_name VARCHAR,
    job_title VARCHAR,
    department VARCHAR,
    job_function VARCHAR,
    org_chart_tier BIGINT,
    org_chart_sub_tier BIGINT,
    contact_accuracy_score BIGINT,
    has_email BOOLEAN,
    has_direct_phone BOOLEAN,
    is_direct_phone_do_not_call BOOLEAN,
    last_updated_date TIMESTAMPTZ,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE org_charts_history AS FROM org_charts;

CREATE TABLE ip_matches (
    ip_address VARCHAR,
    company_id BIGINT,
    name VARCHAR,
    website VARCHAR,
    confidence_score DOUBLE,
    employee_count BIGINT,
    revenue_usd BIGINT,
    industries VARCHAR[],
    street VARCHAR,
    city VARCHAR,
    state VARCHAR,
    zip_code VARCHAR,
    country VARCHAR,
    ticker VARCHAR,
    visitor_country_code VARCHAR,
    visitor_province VARCHAR,
    visitor_latitude DOUBLE,
    visitor_longitude DOUBLE,
    provider_name VARCHAR,
    provider_domain VARCHAR,
    provider_type VARCHAR,
    provider_first_ip VARCHAR,
    provider_last_ip VARCHAR,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE ip_matches_history AS FROM ip_matches;
