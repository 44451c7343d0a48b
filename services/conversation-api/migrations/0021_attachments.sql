-- A file that somebody uploaded: first for a message to come, then of that message.
create table attachments (
  id uuid primary key,
  -- Where its bytes are: a forwarded file shares those of its source.
  file_id uuid not null,
  uploader_id uuid not null references users,
  -- Both null until it is sent.
  conversation_id uuid references conversations,
  message_id uuid,
  position smallint not null default 0,
  name text not null,
  type text not null,
  size bigint not null,
  width integer,
  height integer,
  thumbnail boolean not null default false,
  -- False while the bytes are on their way into the storage.
  stored boolean not null default false,
  created_at timestamptz not null default now()
);
create index attachments_message on attachments (message_id, position) where message_id is not null;
create index attachments_file on attachments (file_id);
create index attachments_unsent on attachments (created_at) where message_id is null;
create index attachments_uploader on attachments (uploader_id) include (size);

-- Files that lost a reference: those with none left are erased from the storage.
create table file_erasures (
  file_id uuid primary key,
  at timestamptz not null default now()
);

create function note_file() returns trigger language plpgsql as $$
begin
  insert into file_erasures (file_id) values (old.file_id) on conflict do nothing;
  return null;
end
$$;
create trigger attachments_deleted after delete on attachments for each row execute function note_file();

-- Whoever deletes a message, its files go in the same transaction.
create function drop_attachments() returns trigger language plpgsql as $$
begin
  delete from attachments where message_id = new.id;
  return null;
end
$$;
create trigger messages_deleted_files after update of deleted_at on messages for each row
  when (old.deleted_at is null and new.deleted_at is not null) execute function drop_attachments();
