-- What was each company like, as far as it was known? Slow-changing attributes: their own days are not known, so that
-- $strict takes the last version received before the day asked about, and otherwise the present one serves, marked as
-- seen later where it was received on that day or after.
WITH versions AS (
    SELECT
        asked.company_id,
        asked.as_of,
        known.name,
        known.employee_count,
        known.revenue_usd,
        known.founded_year,
        known.employee_growth.one_year_growth_rate AS employee_growth_1y,
        known.primary_industry[1] AS industry,
        known.country,
        known.company_type,
        known.is_defunct,
        known.location_count AS office_count,
        known.received >= asked.as_of::TIMESTAMPTZ AS seen_later
    FROM asked
    LEFT JOIN companies_history AS known
        ON known.company_id = asked.company_id
        AND (NOT $strict OR known.received < asked.as_of::TIMESTAMPTZ)
    QUALIFY row_number() OVER (
        PARTITION BY asked.company_id, asked.as_of ORDER BY known.received DESC, known.source DESC
    ) = 1
)
SELECT
    company_id,
    as_of,
    name,
    seen_later,
    employee_count,
    revenue_usd,
    CASE WHEN founded_year <= year(as_of) THEN year(as_of) - founded_year END AS company_age_years,
    employee_growth_1y,
    industry,
    country,
    company_type,
    is_defunct,
    office_count
FROM versions
ORDER BY company_id, as_of;
