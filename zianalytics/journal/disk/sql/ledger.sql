-- Intents, reservations, charges, windows and allowances of one account, and the rules that every entry keeps.

create table caps (
    id text primary key, kind text not null check (kind in ('standing', 'block')),
    credits integer, records integer, requests integer, opened_at text not null, closed_at text
) strict;
create table calls (
    id text primary key, run text not null, operation text not null, question text not null, owner text not null,
    at text not null, credits integer not null, records integer not null, requests integer not null,
    closed integer not null default 0, finished integer not null default 0
) strict;
create table draws (
    cap text not null references caps, call text not null references calls,
    credits integer not null, records integer not null, requests integer not null, primary key (cap, call)
) strict;
create table intents (
    id text primary key, call text not null references calls, operation text not null, at text not null,
    state text not null check (state in ('open', 'unknown', 'settled', 'released')),
    credits integer not null, records integer not null, requests integer not null,
    whole text not null
) strict;
create index intents_by_state on intents (state) where state in ('open', 'unknown');
create index intents_by_call on intents (call);
create table charges (
    id integer primary key, intent text not null references intents, operation text not null, entity text not null,
    record_id text, credits integer not null, records integer not null, charged_at text not null,
    managed_until text, request_id text
) strict;
create index charges_by_record on charges (entity, record_id);
create table found (
    -- Whose price it is part of, and what the reply was sent to: they differ where a job is answered page by page.
    reply integer not null, input_row integer not null, intent text not null references intents, reply_to text not null,
    operation text not null, asked text not null, record_id text, status text not null, received text not null,
    primary key (reply, input_row)
) strict;
create index found_by_question on found (operation, asked);
create index found_by_record on found (operation, record_id);
create index found_by_intent on found (intent);
-- What the service had counted when nothing of ours was under way: up to which charge, and whether it had counted since
-- the reading before exactly what we had.
create table readings (
    up_to integer primary key, credits integer not null, records integer not null, agrees integer not null
) strict;

create trigger a_cap_is_never_exceeded after insert on draws
when exists (
    select 1 from caps join draws on draws.cap = caps.id where caps.id = new.cap group by caps.id
    having sum(draws.credits) > caps.credits or sum(draws.records) > caps.records
        or sum(draws.requests) > caps.requests
)
begin select raise(abort, 'reserved and spent would exceed the budget'); end;
create trigger a_draw_never_grows before update on draws
when new.credits > old.credits or new.records > old.records or new.requests > old.requests
begin select raise(abort, 'a draw on a budget would grow'); end;
create trigger a_call_is_never_exceeded after insert on intents
when exists (
    select 1 from calls join intents on intents.call = calls.id where calls.id = new.call group by calls.id
    having sum(intents.credits) > calls.credits or sum(intents.records) > calls.records
        or sum(intents.requests) > calls.requests
)
begin select raise(abort, 'a request would cost more than its call reserved'); end;
create trigger a_record_is_redeemed_once before insert on charges
when new.credits > 0 and exists (
    select 1 from charges where entity = new.entity and record_id = new.record_id and credits > 0
    and managed_until > substr(new.charged_at, 1, 10) and substr(charged_at, 1, 10) < new.managed_until
    and coalesce((select agrees from readings where up_to >= charges.id order by up_to limit 1), 1)
)
begin select raise(abort, 'a record would be redeemed twice inside its window'); end;
create trigger spent_never_falls before update on charges
begin select raise(abort, 'a charge would change'); end;
create trigger spent_never_vanishes before delete on charges
begin select raise(abort, 'a charge would vanish'); end;
