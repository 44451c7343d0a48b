-- What each edit of a message replaced. Erased with the message.
create table message_edits (
  message_id uuid not null references messages (id),
  -- The edit's number on the conversation's line.
  seq bigint not null,
  body text not null,
  at timestamptz not null,
  primary key (message_id, seq)
);

alter table messages add column pinned_at timestamptz;
create index messages_pinned on messages (conversation_id, pinned_at, seq) where pinned_at is not null;
