-- The inbox looks for the latest deletions of each conversation; most messages are never deleted.
create index messages_deleted on messages (conversation_id, changed_seq) where deleted_at is not null;

-- What has run out is cleared a little at a time.
create index tickets_expiry on tickets (expires_at);
create index login_throttles_reset on login_throttles (reset_at);

-- Finds names by how they begin, whatever the database's collation is.
create index users_username_prefix on users (lower(username) text_pattern_ops);
