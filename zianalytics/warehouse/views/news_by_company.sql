-- What was written about which company, and when?
CREATE OR REPLACE VIEW news_by_company AS
SELECT about.company.company_id, about.company.company_name, about.page_date, about.title, about.categories, about.url
FROM (
    SELECT unnest(companies) AS company, page_date, title, categories, url FROM news
    UNION
    SELECT unnest(companies), page_date, title, categories, url FROM news_previews
) AS about;
