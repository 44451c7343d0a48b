-- Where browsers of signed-in sessions take Web Push.
create table push_subscriptions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  session_id uuid not null references sessions on delete cascade,
  endpoint text not null unique,
  p256dh text not null,
  auth text not null,
  created_at timestamptz not null default now()
);
create index push_subscriptions_user on push_subscriptions (user_id);

-- One row for each browser that is to be told, or was told, of a message. Without texts: they are read when it is sent.
create table push_queue (
  subscription_id uuid not null references push_subscriptions on delete cascade,
  message_id uuid not null,
  conversation_id uuid not null,
  seq bigint not null,
  kind text not null check (kind in ('message', 'mention', 'withdrawn')),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  -- Kept for a while, so that a deletion is told to those who were told of the message and to nobody else.
  sent_at timestamptz,
  primary key (message_id, subscription_id)
);
create index push_queue_subscription on push_queue (subscription_id);
create index push_queue_due on push_queue (due_at) where sent_at is null;
create index push_queue_sent on push_queue (sent_at) where sent_at is not null;
