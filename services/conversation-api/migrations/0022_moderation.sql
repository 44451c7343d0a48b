-- Who may moderate the whole deployment, and whose data was erased.
alter table users add column admin boolean not null default false, add column erased_at timestamptz;

-- Somebody says that a message should not be there. One report a person and message.
create table reports (
  id uuid primary key,
  conversation_id uuid not null references conversations,
  message_id uuid not null,
  reporter_id uuid not null references users,
  reason text not null,
  created_at timestamptz not null default now(),
  resolution text check (resolution in ('dismissed', 'removed')),
  resolved_by uuid references users,
  resolved_at timestamptz,
  unique (message_id, reporter_id)
);
create index reports_open on reports (id) where resolved_at is null;
create index reports_open_here on reports (conversation_id, id) where resolved_at is null;
create index reports_reporter on reports (reporter_id);

-- Who may not come into a conversation, until when; null: for good.
create table bans (
  conversation_id uuid not null references conversations,
  user_id uuid not null references users,
  banned_by uuid not null references users,
  reason text,
  created_at timestamptz not null,
  expires_at timestamptz,
  primary key (conversation_id, user_id)
);

-- What admins of the deployment did, and operators: then without an actor. Never changed, never deleted.
create table audit_log (
  id uuid primary key,
  at timestamptz not null default now(),
  actor_id uuid references users,
  action text not null,
  user_id uuid,
  conversation_id uuid,
  message_id uuid
);

-- Erasures that were asked for; finished once nothing is left.
create table erasures (
  user_id uuid primary key references users,
  requested_at timestamptz not null default now(),
  finished_at timestamptz
);
create index erasures_open on erasures (requested_at) where finished_at is null;

-- Export and erasure go through everything that one user did.
create index members_removed on members (user_id) where removed_at is not null;
create index reactions_user on reactions (user_id);
