-- What vouches for this file: the digest of every row, summed by what the rows belong to; after each commit the sum of
-- all, chained to the commit before; and how far the other file had come when it was last heard of.

create table sealed (
    of text not null, part any not null, rows integer not null, sum blob not null, primary key (of, part)
) strict, without rowid;
create table chain (seq integer primary key, state blob not null, link blob not null) strict;
create table partner (
    one integer primary key check (one = 1), id blob, seq integer, link blob, digest blob
) strict;
insert into partner values (1, null, null, null, null);
-- What was found damaged when the journal was opened, and what became of it.
create table damages (number integer primary key, at text not null, said text not null) strict;
