-- What was received, byte for byte, and what the user gave. Bodies are compressed by zlib; sha256 is that of the body.

create table replies (
    id integer primary key autoincrement, intent text, whole text, operation text not null, request blob not null,
    status integer not null, headers text not null, received text not null, body blob not null, sha256 blob not null
) strict;
create index replies_by_intent on replies (intent);
create table given (
    id integer primary key autoincrement, kind text not null, at text not null, payload blob not null,
    sha256 blob not null
) strict;
