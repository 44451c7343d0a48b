-- Run once by the superuser in the database that Parley gets. The owner runs migrations; conversation-api only reads and writes rows.
create role parley_owner login password :'OWNER_PASSWORD';
create role parley_api login password :'API_PASSWORD';

do $$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to parley_owner, parley_api', current_database());
  -- For trusted extensions that a migration may need.
  execute format('grant create on database %I to parley_owner', current_database());
end $$;

alter schema public owner to parley_owner;
revoke all on schema public from public;
grant usage on schema public to parley_api;

-- Truncate is how the outbox drops a used slot.
alter default privileges for role parley_owner in schema public
  grant select, insert, update, delete, truncate on tables to parley_api;
alter default privileges for role parley_owner in schema public
  grant usage, select on sequences to parley_api;
