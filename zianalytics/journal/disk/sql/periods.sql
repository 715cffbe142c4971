-- How often a standing budget counts from 0. Each period has a cap of its own, which the first call in it opens.
alter table caps add column per text check (per in ('day', 'week', 'month'));
