-- Which company reads up on which topic, how eagerly, and when last?
CREATE OR REPLACE VIEW topics_by_company AS
SELECT
    company_id,
    any_value(company_name) AS company_name,
    topic,
    count(*) AS signals,
    max(signal_score) AS best_score,
    max(signal_date) AS latest
FROM intent_signals
GROUP BY company_id, topic;
