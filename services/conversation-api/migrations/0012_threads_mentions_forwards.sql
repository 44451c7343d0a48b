-- What a message may have beside its text. A plain one has none of it, and pays for none of it.
alter table messages
  -- The root of the thread it is a reply in.
  add column thread_id uuid,
  -- Whom it mentions: what its readers see. Who looks for mentions of one user reads the table below.
  add column mentions uuid[],
  -- The message it is a copy of, and who wrote that.
  add column forwarded_conversation_id uuid,
  add column forwarded_message_id uuid,
  add column forwarded_sender_id uuid;
create index messages_thread on messages (thread_id, seq) where thread_id is not null;

-- Written in the transaction of the message or the edit that mentions. Erased with the message, and by an edit that mentions no more.
create table mentions (
  conversation_id uuid not null,
  -- The number of the change that mentioned the user: the message's own, or an edit's.
  seq bigint not null,
  message_id uuid not null,
  user_id uuid not null,
  primary key (message_id, user_id)
);
create index mentions_user on mentions (user_id, conversation_id, seq);

-- A thread's summary, kept beside its root: a reply is no change of the root, and takes no number but its own.
create table threads (
  root_id uuid primary key,
  conversation_id uuid not null,
  -- Without those deleted; the last of them, null where none is left.
  reply_count integer not null,
  last_reply_seq bigint,
  -- The last creation or deletion of a reply that is counted here.
  changed_seq bigint not null
);
create index threads_recent on threads (conversation_id, last_reply_seq) where last_reply_seq is not null;

-- How far a user has read a thread.
create table thread_reads (
  root_id uuid not null,
  user_id uuid not null references users,
  read_seq bigint not null,
  primary key (root_id, user_id)
);

-- write_messages for a batch in which some items have more than a text. Arrays of equal length again; mentions are pairs of an item
-- and a lower-case name. More outcomes:
--   thread_not_found, thread_deleted  the thread it is to go to
-- `mentions` has, for items that mention members, their ids.
create function write_rich_messages(
  p_ids uuid[], p_conversations uuid[], p_senders uuid[], p_bodies text[], p_client_ids text[], p_hashes bytea[], p_replies uuid[],
  p_threads uuid[], p_from_conversations uuid[], p_from_messages uuid[], p_from_senders uuid[],
  p_mention_items integer[], p_mention_names text[],
  out outcomes text[], out message_ids uuid[], out seqs bigint[], out sent_at timestamptz, out mentions jsonb
)
language plpgsql volatile
-- As in write_messages: no plan of a young table may outlive it.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set cpu_operator_cost = 0 set plan_cache_mode = force_generic_plan
as $$
declare
  v_refusals text[];
begin
  perform 1 from conversations where id = any (p_conversations) order by id for update;
  -- A thread's root, judged under the locks. A repeat finds what it sent, whatever became of the root.
  select array_agg(
    case
      when i.thread_id is null or m.user_id is null or known.id is not null then null
      when r.conversation_id is distinct from i.conversation_id or r.thread_id is not null then 'thread_not_found'
      when r.deleted_at is not null then 'thread_deleted'
    end order by i.n
  ) into v_refusals
  from unnest(p_conversations, p_senders, p_client_ids, p_threads) with ordinality
    as i (conversation_id, sender_id, client_id, thread_id, n)
  left join lateral (
    select x.user_id from members x
    where x.conversation_id = i.conversation_id and x.user_id = i.sender_id and x.removed_at is null limit 1
  ) m on true
  left join lateral (
    select x.id from messages x
    where x.conversation_id = i.conversation_id and x.sender_id = i.sender_id and x.client_id = i.client_id limit 1
  ) known on true
  left join lateral (
    select x.conversation_id, x.thread_id, x.deleted_at from messages x where x.id = i.thread_id limit 1
  ) r on true;

  -- Without a conversation an item is refused, and takes no number.
  select w.outcomes, w.message_ids, w.seqs, w.sent_at into outcomes, message_ids, seqs, sent_at
  from write_messages(
    p_ids,
    array(select case when v_refusals[c.n] is null then c.id end from unnest(p_conversations) with ordinality c (id, n) order by c.n),
    p_senders, p_bodies, p_client_ids, p_hashes, p_replies
  ) w;
  outcomes := array(select coalesce(v_refusals[o.n], o.outcome) from unnest(outcomes) with ordinality o (outcome, n) order by o.n);

  insert into mentions (conversation_id, seq, message_id, user_id)
  select p_conversations[w.n], seqs[w.n], p_ids[w.n], u.id
  from unnest(p_mention_items, p_mention_names) as w (n, name)
  cross join lateral (
    select x.id from users x where lower(x.username) = w.name and x.disabled_at is null limit 1
  ) u
  cross join lateral (
    select from members x
    where x.conversation_id = p_conversations[w.n] and x.user_id = u.id and x.removed_at is null limit 1
  ) m
  where outcomes[w.n] = 'created';

  select jsonb_object_agg(g.n, to_jsonb(g.user_ids)) into mentions from (
    select i.n, array_agg(x.user_id order by x.user_id) as user_ids
    from unnest(p_ids) with ordinality as i (id, n) join mentions x on x.message_id = i.id
    where outcomes[i.n] = 'created' and i.n = any (p_mention_items)
    group by i.n
  ) g;

  update messages m set
    thread_id = p_threads[i.n],
    mentions = (select array_agg(x.user_id order by x.user_id) from mentions x where x.message_id = m.id),
    forwarded_conversation_id = p_from_conversations[i.n],
    forwarded_message_id = p_from_messages[i.n],
    forwarded_sender_id = p_from_senders[i.n]
  from unnest(p_ids) with ordinality as i (id, n)
  where m.id = i.id and outcomes[i.n] = 'created'
    and (p_threads[i.n] is not null or p_from_messages[i.n] is not null or i.n = any (p_mention_items));

  insert into threads as t (root_id, conversation_id, reply_count, last_reply_seq, changed_seq)
  select p_threads[i.n], p_conversations[i.n], count(*), max(seqs[i.n]), max(seqs[i.n])
  from generate_subscripts(p_ids, 1) as i (n)
  where p_threads[i.n] is not null and outcomes[i.n] = 'created'
  group by 1, 2 order by 1
  on conflict (root_id) do update set
    reply_count = t.reply_count + excluded.reply_count,
    last_reply_seq = excluded.last_reply_seq,
    changed_seq = excluded.changed_seq;
end
$$;
