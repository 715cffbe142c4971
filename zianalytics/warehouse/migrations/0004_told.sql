-- Which columns each delivery of a webhook told, of which record, as of when: a late one must not undo a later change.
CREATE TABLE told (
    table_name VARCHAR,
    record_id BIGINT,
    dated TIMESTAMPTZ,
    source BIGINT,
    columns VARCHAR[]
);
