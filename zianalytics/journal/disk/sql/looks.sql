-- What the service had counted whenever it was asked while nothing of ours was under way: up to which charge and which
-- intent of ours. What lies between two of them is compared.
create table looks (
    number integer primary key, at text not null, charge integer not null, intent integer not null,
    credits integer, records integer, requests integer, ip_records integer, ip_requests integer
) strict;
