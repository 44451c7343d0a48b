-- A group's description, and whether anyone may find, join and read it.
alter table conversations add column description text, add column public boolean not null default false;

-- Public groups, the newest first, and by the words of title and description. A send touches none of these columns.
create index conversations_public on conversations (id) where public and deleted_at is null;
create index conversations_public_words on conversations
  using gin (to_tsvector('simple', coalesce(title, '') || ' ' || coalesce(description, ''))) where public and deleted_at is null;

-- Members in the order in which they joined. "joined_seq > 0" is true of them all: a query that does not say so, like the one for
-- one member of a group, cannot be given this index by a planner that finds both equally good on a small table.
create index members_joined on members (conversation_id, joined_seq) where removed_at is null and joined_seq > 0;
