-- What was each company like, as far as it was known? Slow-changing attributes: their own days are not known, so that
-- $strict takes the last version received before the day asked about, and otherwise the present one serves, marked as
-- seen later where it was received on that day or after. What may have come of a deal is not taken from such a one: the
-- year's growth is then that of the last quarter that was over (docs/assumptions.md, "label of a quarter"), and whether
-- the company has ceased to exist is unknown.
WITH versions AS (
    SELECT
        asked.company_id,
        asked.as_of,
        known.name,
        known.employee_count,
        known.revenue_usd,
        known.founded_year,
        known.employee_growth.one_year_growth_rate AS reported_growth,
        known.employee_growth.data_points AS quarters,
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
),
told AS (
    SELECT company_id, as_of, unnest(quarters) AS point
    FROM versions
    WHERE seen_later
),
over AS (
    SELECT
        company_id,
        as_of,
        4 * try_cast(regexp_extract(point.label, '\d{4}') AS INTEGER)
        + try_cast(regexp_extract(point.label, 'Q([1-4])', 1) AS INTEGER) AS quarter,
        point.employee_count
    FROM told
    WHERE quarter < 4 * year(as_of) + quarter(as_of)
),
grown AS (
    SELECT
        company_id,
        as_of,
        round(100 * (over.employee_count / nullif(before.employee_count, 0) - 1), 2) AS growth
    FROM over
    JOIN over AS before USING (company_id, as_of)
    WHERE before.quarter = over.quarter - 4
    QUALIFY row_number() OVER (PARTITION BY company_id, as_of ORDER BY over.quarter DESC, growth) = 1
)
SELECT
    company_id,
    as_of,
    name,
    seen_later,
    employee_count,
    revenue_usd,
    CASE WHEN founded_year <= year(as_of) THEN year(as_of) - founded_year END AS company_age_years,
    CASE WHEN seen_later THEN growth ELSE reported_growth END AS employee_growth_1y,
    industry,
    country,
    company_type,
    CASE WHEN NOT seen_later THEN is_defunct END AS is_defunct,
    office_count
FROM versions
LEFT JOIN grown USING (company_id, as_of)
ORDER BY company_id, as_of;
