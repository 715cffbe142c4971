-- What had people at each company been reading up on before the day asked about?
-- A signal weighs by its score and its audience (docs/assumptions.md, "weight of a signal" and "how long a signal
-- counts"). None is nought where intent had been asked for, which only signals can tell: one of those 90 days is held,
-- whichever company it is of (docs/assumptions.md, "no signal"). Elsewhere nothing is known.
WITH signals AS (
    SELECT
        asked.company_id,
        asked.as_of,
        signal.topic,
        signal.signal_score AS score,
        signal.signal_date::DATE AS day,
        -- in ten-thousandths: whole numbers add up to the same in any order, fractions do not
        signal.signal_score * CASE signal.audience_strength
            WHEN 'A' THEN 100 WHEN 'B' THEN 85 WHEN 'C' THEN 70 WHEN 'D' THEN 55 ELSE 40
        END AS weight,
        date_diff('day', signal.signal_date::DATE, asked.as_of) AS age
    FROM asked
    JOIN intent_signals_history AS signal
        ON signal.company_id = asked.company_id
        AND signal.signal_date < asked.as_of::TIMESTAMPTZ
        AND signal.signal_date >= asked.as_of::TIMESTAMPTZ - INTERVAL 90 DAY
        AND (NOT $strict OR signal.received < asked.as_of::TIMESTAMPTZ)
    QUALIFY row_number() OVER (
        PARTITION BY asked.company_id, asked.as_of, signal.signal_id ORDER BY signal.received DESC, signal.source DESC
    ) = 1
),
held AS (
    SELECT signal_date::DATE AS day, min(received) AS received
    FROM intent_signals_history
    GROUP BY day
),
covered AS (
    SELECT DISTINCT days.as_of
    FROM (SELECT DISTINCT as_of FROM asked) AS days
    JOIN held
        ON held.day < days.as_of
        AND held.day >= days.as_of - INTERVAL 90 DAY
        AND (NOT $strict OR held.received < days.as_of::TIMESTAMPTZ)
)
SELECT
    asked.company_id,
    asked.as_of,
    count(day) AS intent_signals_90d,
    count(DISTINCT topic) AS intent_topics_90d,
    count(DISTINCT topic) FILTER (age <= 30) AS intent_topics_30d,
    coalesce(max(score), 0) AS intent_best_score_90d,
    coalesce(sum(weight), 0) / 10000.0 AS intent_strength_90d,
    coalesce(max(0.5 ** (age / 30.0)), 0) AS intent_freshness,
    count(*) FILTER (age <= 30) - (count(*) FILTER (age > 30)) / 2.0 AS intent_trend,
    max(day) AS latest_intent_on
FROM asked
JOIN covered USING (as_of)
LEFT JOIN signals USING (company_id, as_of)
GROUP BY asked.company_id, asked.as_of
ORDER BY asked.company_id, asked.as_of;
