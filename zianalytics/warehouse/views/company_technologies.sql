-- Which company runs which technology, and since when has it been seen there?
CREATE OR REPLACE VIEW company_technologies AS
SELECT company_id, held.category, held.vendor, held.product, held.first_seen, held.last_seen
FROM (SELECT company_id, unnest(tech_attributes) AS held FROM companies);
