-- Addresses that an operator has every durable change told to.
create table webhooks (
  id uuid primary key,
  url text not null,
  -- What deliveries are signed with; it is needed as it is.
  secret text not null,
  created_at timestamptz not null default now()
);

-- What each has yet to be told, without the change itself: that is read when it is sent. What was told is gone.
create table webhook_queue (
  webhook_id uuid not null references webhooks on delete cascade,
  conversation_id uuid not null,
  seq bigint not null,
  kind text not null,
  subject_id uuid not null,
  actor_id uuid not null,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  -- Given up: kept until it is tried again by hand.
  dead_at timestamptz,
  error text,
  primary key (webhook_id, conversation_id, seq)
);
create index webhook_queue_due on webhook_queue (due_at) where dead_at is null;
create index webhook_queue_dead on webhook_queue (webhook_id, dead_at) where dead_at is not null;
