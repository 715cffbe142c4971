-- What the service said of each limit: one row a minute in which a count moved, and at least one a day on which it spoke.

create table usage (
    limit_type text not null, minute text not null, at text not null, used integer, allowed integer,
    source text not null check (source in ('header', 'look-up')), primary key (limit_type, minute)
) strict, without rowid;
