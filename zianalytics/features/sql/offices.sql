-- In how many countries does each company have offices that we hold? Nothing is known of a company whose offices were
-- never asked for.
WITH known AS (
    SELECT asked.company_id, asked.as_of, office.location_id, office.country
    FROM asked
    JOIN locations_history AS office
        ON office.company_id = asked.company_id
        AND (NOT $strict OR office.received < asked.as_of::TIMESTAMPTZ)
    QUALIFY row_number() OVER (
        PARTITION BY asked.company_id, asked.as_of, office.location_id ORDER BY office.received DESC, office.source DESC
    ) = 1
)
SELECT company_id, as_of, count(DISTINCT country) AS office_countries
FROM known
GROUP BY company_id, as_of
ORDER BY company_id, as_of;
