-- Accounts ------------------------------------------------------------------------------------------------------------

create table users (
  id uuid primary key,
  username text not null,
  display_name text not null,
  password_hash text not null,
  -- Bumped with every add and remove: gateways compare it to learn that a room list changed.
  rooms_version bigint not null default 0,
  created_at timestamptz not null default now(),
  disabled_at timestamptz
);
create unique index users_username on users (lower(username));
create index users_display_name on users (lower(display_name) text_pattern_ops);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users,
  -- SHA-256 of the token; the token itself is nowhere.
  token_hash bytea not null unique,
  user_agent text,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index sessions_user on sessions (user_id) where ended_at is null;

create table tickets (
  ticket_hash bytea primary key,
  session_id uuid not null references sessions,
  expires_at timestamptz not null
);

-- Counts of failed logins per account and per address, shared by all instances.
create table login_throttles (
  key text primary key,
  failures integer not null,
  reset_at timestamptz not null
);

-- Conversations and their number line ---------------------------------------------------------------------------------

create table conversations (
  id uuid primary key,
  kind text not null check (kind in ('direct', 'group')),
  title text,
  -- The two user ids of a direct conversation, in order: one conversation per pair.
  direct_key text unique,
  created_by uuid not null references users,
  created_at timestamptz not null,
  -- The last number given. Taken and given only under this row's lock.
  last_seq bigint not null default 0,
  -- The last change of the conversation itself; 0 while there was none.
  changed_seq bigint not null default 0,
  -- The newest message's seq, and when something last happened: what the list shows and sorts by.
  last_message_seq bigint,
  active_at timestamptz not null,
  member_count integer not null default 0,
  deleted_at timestamptz
) with (fillfactor = 70);

create table members (
  conversation_id uuid not null references conversations,
  user_id uuid not null references users,
  role text not null check (role in ('owner', 'admin', 'member')),
  joined_seq bigint not null,
  changed_seq bigint not null,
  read_seq bigint not null default 0,
  removed_at timestamptz
) with (fillfactor = 80);
create index members_user on members (user_id) where removed_at is null;
create unique index members_changed on members (conversation_id, changed_seq);
-- Last: of indexes that look equally good, as all do on a small table, the planner takes the youngest.
alter table members add primary key (conversation_id, user_id);

-- No foreign keys: send_messages checks conversation, sender and reply under the row lock, once for a whole batch.
create table messages (
  conversation_id uuid not null,
  seq bigint not null,
  id uuid not null unique,
  changed_seq bigint not null,
  sender_id uuid not null,
  -- Null once deleted.
  body text,
  client_id text,
  request_hash bytea,
  reply_to_id uuid,
  created_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz,
  primary key (conversation_id, seq)
);
create unique index messages_changed on messages (conversation_id, changed_seq);
-- A retry is recognised for ever: no window, no expiry.
create unique index messages_client_id on messages (conversation_id, sender_id, client_id) where client_id is not null;

create table reactions (
  message_id uuid not null references messages (id),
  user_id uuid not null references users,
  emoji text not null,
  created_at timestamptz not null,
  primary key (message_id, user_id, emoji)
);

-- Every durable change that is not the creation of a message. messages.seq and changes.seq together are 1..last_seq.
create table changes (
  conversation_id uuid not null references conversations,
  seq bigint not null,
  kind text not null,
  subject_id uuid not null,
  actor_id uuid not null,
  at timestamptz not null,
  primary key (conversation_id, seq)
);

-- What a keyed mutation other than a send did, so that its retry is answered and not repeated.
create table requests (
  user_id uuid not null references users,
  key text not null,
  route text not null,
  request_hash bytea not null,
  result jsonb,
  at timestamptz not null default now(),
  primary key (user_id, key)
);

-- Outbox --------------------------------------------------------------------------------------------------------------
-- Says what happened, not what was said. Rows live for about an hour: the table is four half-hour slots used in turn, and the
-- slot ahead is truncated, which costs nothing and leaves no dead rows.

create table outbox (
  slot smallint not null,
  conversation_id uuid not null,
  seq bigint not null,
  kind text not null,
  at timestamptz not null,
  published boolean not null default false
) partition by list (slot);
create table outbox_0 partition of outbox for values in (0);
create table outbox_1 partition of outbox for values in (1);
create table outbox_2 partition of outbox for values in (2);
create table outbox_3 partition of outbox for values in (3);
create index outbox_unpublished on outbox (conversation_id, seq) where not published;

create function outbox_slot(at timestamptz) returns smallint language sql immutable parallel safe as
  $$ select (floor(extract(epoch from at) / 1800)::bigint % 4)::smallint $$;

-- What the broker had when it was last asked: a new creation time, or fewer events than it acknowledged, says that it lost some.
create table broker_state (
  singleton boolean primary key default true check (singleton),
  stream_created text not null,
  last_seq bigint not null,
  -- Goes into message ids, so that events published again are not taken for duplicates.
  epoch integer not null default 0
);
