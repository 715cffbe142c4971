-- Where companies are, location by location.

CREATE TABLE company_locations (
    company_id BIGINT,
    location_name VARCHAR,
    street VARCHAR,
    city VARCHAR,
    state VARCHAR,
    zip_code VARCHAR,
    country VARCHAR,
    phone VARCHAR,
    fax VARCHAR,
    employee_count BIGINT,
    sub_unit_type VARCHAR,
    address_status VARCHAR,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE company_locations_history AS FROM company_locations;
