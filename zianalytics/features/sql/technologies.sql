-- Which kinds of technology had been seen at each company before the day asked about? A product without a first day
-- counts as slow-changing (docs/assumptions.md, "technology without a first day").
WITH held AS (
    SELECT asked.company_id, asked.as_of, unnest(known.tech_attributes) AS technology
    FROM asked
    JOIN companies_history AS known
        ON known.company_id = asked.company_id
        AND (NOT $strict OR known.received < asked.as_of::TIMESTAMPTZ)
    QUALIFY row_number() OVER (
        PARTITION BY asked.company_id, asked.as_of ORDER BY known.received DESC, known.source DESC
    ) = 1
)
SELECT
    company_id,
    as_of,
    list_sort(list_distinct(list(technology.category) FILTER (technology.category IS NOT NULL))) AS technologies
FROM held
WHERE technology.first_seen IS NULL OR technology.first_seen < as_of
GROUP BY company_id, as_of
ORDER BY company_id, as_of;
