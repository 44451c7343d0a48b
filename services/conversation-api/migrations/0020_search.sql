-- What was said, as the search reads it: written by the search indexer a moment after the message, so that a send pays nothing for it.
create table message_search (
  message_id uuid primary key,
  conversation_id uuid not null,
  sender_id uuid not null,
  created_at timestamptz not null,
  -- The text search configuration of `document`, by name: an oid type would stand in the way of pg_upgrade.
  language text not null,
  body text not null,
  document tsvector not null
);
-- Ids are in the order of time: the newest matches of one conversation.
create index message_search_recent on message_search (conversation_id, message_id);
create index message_search_document on message_search using gin (document);

-- Parts of words and misspelt words want pg_trgm, which the owner of a database may create where the server has it. Without it the search
-- goes by whole words.
do $$
begin
  create extension if not exists pg_trgm;
  create index message_search_body on message_search using gin (body gin_trgm_ops);
exception
  when insufficient_privilege or undefined_file or feature_not_supported or undefined_object then
    raise notice 'pg_trgm is not to be had: the search will go by whole words';
end
$$;

-- How far each conversation is indexed.
create table search_progress (
  conversation_id uuid primary key,
  indexed_seq bigint not null default 0,
  language text not null
);

-- Whoever edits or erases a message, its old words leave the index in the same transaction. A message that is not indexed yet is indexed as
-- it will be then. Neither a send nor a reaction sets a body anew, so neither comes here.
create function follow_body() returns trigger language plpgsql as $$
begin
  if new.body is null then
    delete from message_search where message_id = new.id;
  else
    update message_search set body = new.body, document = to_tsvector(language::regconfig, new.body)
    where message_id = new.id;
  end if;
  return null;
end
$$;
create trigger messages_search after update of body on messages for each row
  when (old.body is distinct from new.body) execute function follow_body();
