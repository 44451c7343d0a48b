-- What a person does not want to be told of.
create table mutes (
  user_id uuid not null references users on delete cascade,
  conversation_id uuid not null references conversations,
  -- What still notifies.
  keep text not null check (keep in ('nothing', 'mentions')),
  -- Null: until it is taken back.
  until timestamptz,
  primary key (user_id, conversation_id)
);
create index mutes_until on mutes (until) where until is not null;

create table blocks (
  user_id uuid not null references users on delete cascade,
  blocked_id uuid not null references users on delete cascade,
  at timestamptz not null default now(),
  primary key (user_id, blocked_id),
  check (user_id <> blocked_id)
);
