-- News, scoops, technologies and hashtags of companies.

CREATE TABLE company_hashtags (
    company_id BIGINT,
    tag VARCHAR,
    label VARCHAR,
    display_label VARCHAR,
    description VARCHAR,
    group_name VARCHAR,
    parent_category VARCHAR,
    search_string VARCHAR,
    is_hidden BOOLEAN,
    is_categorized BOOLEAN,
    score DOUBLE,
    score_unit VARCHAR,
    display_score VARCHAR,
    inverse_score_base DOUBLE,
    score_multiplier DOUBLE,
    priority BIGINT,
    external_id VARCHAR,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE company_hashtags_history AS FROM company_hashtags;

CREATE TABLE technologies (
    company_id BIGINT,
    tag VARCHAR,
    product VARCHAR,
    vendor VARCHAR,
    category_parent VARCHAR,
    category VARCHAR,
    attribute VARCHAR,
    first_seen DATE,
    last_seen DATE,
    website VARCHAR,
    domain VARCHAR,
    logo_url VARCHAR,
    description VARCHAR,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE technologies_history AS FROM technologies;

CREATE TABLE news (
    url VARCHAR,
    title VARCHAR,
    page_date TIMESTAMPTZ,
    categories VARCHAR[],
    companies STRUCT("company_id" BIGINT, "company_name" VARCHAR)[],
    domain VARCHAR,
    image_url VARCHAR,
    description VARCHAR,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE news_history AS FROM news;

CREATE TABLE news_previews (
    url VARCHAR,
    title VARCHAR,
    page_date TIMESTAMPTZ,
    categories VARCHAR[],
    companies STRUCT("company_id" BIGINT, "company_name" VARCHAR)[],
    domain VARCHAR,
    image_url VARCHAR,
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE news_previews_history AS FROM news_previews;

CREATE TABLE scoops (
    scoop_id BIGINT,
    company_id BIGINT,
    company_name VARCHAR,
    original_published_date TIMESTAMPTZ,
    published_date TIMESTAMPTZ,
    types STRUCT("type_id" BIGINT, "type" VARCHAR)[],
    topics VARCHAR[],
    description VARCHAR,
    update_text VARCHAR,
    link VARCHAR,
    link_text VARCHAR,
    contacts VARCHAR[],
    extra VARCHAR,
    dated TIMESTAMPTZ,
    received TIMESTAMPTZ,
    source BIGINT
);
CREATE TABLE scoops_history AS FROM scoops;
