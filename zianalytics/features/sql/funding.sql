-- What money had each company raised before the day asked about, and did any of it come in the 18 months before?
-- docs/assumptions.md, "recent funding"
WITH raised AS (
    SELECT asked.company_id, asked.as_of, unnest(known.company_funding) AS round
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
    coalesce(bool_or(round.date >= as_of - INTERVAL 18 MONTH), false) AS is_recently_funded,
    coalesce(sum(round.amount_usd), 0)::BIGINT AS funding_usd,
    max(round.date) AS latest_funding_on
FROM raised
WHERE round.date < as_of
GROUP BY company_id, as_of
ORDER BY company_id, as_of;
