-- Whose record was cut out of which reply, what it had cost there, and the digest of the body as it was received.
create table erased (
    number integer primary key, at text not null, reply integer not null, record_id text, credits integer not null,
    records integer not null, sha256 blob not null
) strict;
create index erased_by_reply on erased (reply);
