-- In which countries does a company have offices that we hold, and how many people work there?
CREATE OR REPLACE VIEW offices_by_country AS
SELECT company_id, country, count(*) AS offices, sum(employee_count)::BIGINT AS employee_count
FROM locations
GROUP BY company_id, country;
