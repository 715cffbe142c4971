-- Which deals were closed with which company, and what came of them?
SELECT
    deal_id,
    company_id,
    opened_on,
    closed_on,
    outcome = 'won' AS won,
    amount_usd,
    opened_on AS as_of
FROM deals
WHERE company_id IS NOT NULL
ORDER BY opened_on, company_id, deal_id;
