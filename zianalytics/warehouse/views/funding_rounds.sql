-- Which company raised money, when, and how much?
CREATE OR REPLACE VIEW funding_rounds AS
SELECT company_id, round.date AS raised_on, round.type AS round_type, round.amount_usd, round.investors
FROM (SELECT company_id, unnest(company_funding) AS round FROM companies);
