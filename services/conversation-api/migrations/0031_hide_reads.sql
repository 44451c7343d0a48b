-- To others this user has read no further than where they joined.
alter table users add column hide_reads boolean not null default false;
