-- Sends a batch (also of one) in one call. Item n of every array belongs together; each item is judged alone.
--   created    a new message, at message_seq
--   replay     its client_id was sent before, with the same content
--   conflict   its client_id was sent before, with other content
--   not_found  the sender is no member, or there is no such conversation
--   reply_not_found, reply_deleted  what it replies to
-- VOLATILE, so each statement sees what was committed while the one before waited for its locks.
create function send_messages(
  p_ids uuid[], p_conversations uuid[], p_senders uuid[], p_bodies text[], p_client_ids text[], p_hashes bytea[], p_replies uuid[]
) returns table (item integer, outcome text, message_id uuid, message_seq bigint, sent_at timestamptz)
language plpgsql volatile
-- A plan made while the tables were small must not outlive that.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set plan_cache_mode = force_generic_plan
as $$
declare
  v_at timestamptz;
  v_slot smallint;
begin
  perform 1 from conversations where id = any (p_conversations) order by id for update;
  -- Read under the locks: times on one line never run backwards while the clock does not.
  v_at := date_trunc('milliseconds', clock_timestamp());
  v_slot := outbox_slot(v_at);
  return query
  with judged as materialized (
    select i.*, c.last_seq, old.id as old_id, old.seq as old_seq,
      case
        when m.user_id is null then 'not_found'
        when old.id is not null then case when old.request_hash = i.hash then 'replay' else 'conflict' end
        when i.reply_to_id is null then 'created'
        when r.id is null or r.conversation_id <> i.conversation_id then 'reply_not_found'
        when r.deleted_at is not null then 'reply_deleted'
        else 'created'
      end as verdict
    from unnest(p_ids, p_conversations, p_senders, p_bodies, p_client_ids, p_hashes, p_replies) with ordinality
      as i (id, conversation_id, sender_id, body, client_id, hash, reply_to_id, n)
    -- Lateral with a limit: one look into one index an item, whatever the planner thinks of the tables' sizes.
    left join lateral (
      select x.id, x.last_seq from conversations x where x.id = i.conversation_id and x.deleted_at is null limit 1
    ) c on true
    left join lateral (
      select x.user_id from members x
      where x.conversation_id = c.id and x.user_id = i.sender_id and x.removed_at is null limit 1
    ) m on true
    left join lateral (
      select x.id, x.seq, x.request_hash from messages x
      where x.conversation_id = i.conversation_id and x.sender_id = i.sender_id and x.client_id = i.client_id limit 1
    ) old on true
    left join lateral (
      select x.id, x.conversation_id, x.deleted_at from messages x where x.id = i.reply_to_id limit 1
    ) r on true
  ),
  -- A client_id that comes twice in one batch: the first is sent, the others replay it.
  repeats as (
    select j.*,
      case when j.client_id is null or j.verdict <> 'created' then j.n
        else first_value(j.n) over twins end as first_n,
      first_value(j.id) over twins as first_id,
      first_value(j.hash) over twins as first_hash
    from judged j
    window twins as (partition by j.conversation_id, j.sender_id, j.client_id, j.verdict order by j.n)
  ),
  numbered as materialized (
    select r.*, r.verdict = 'created' and r.first_n = r.n as fresh,
      r.last_seq + count(*) filter (where r.verdict = 'created' and r.first_n = r.n)
        over (partition by r.conversation_id order by r.n) as new_seq
    from repeats r
  ),
  stored as (
    insert into messages
      (conversation_id, seq, id, changed_seq, sender_id, body, client_id, request_hash, reply_to_id, created_at)
    select f.conversation_id, f.new_seq, f.id, f.new_seq, f.sender_id, f.body, f.client_id, f.hash, f.reply_to_id, v_at
    from numbered f where f.fresh
  ),
  moved as (
    update conversations c set last_seq = heads.head, last_message_seq = heads.head, active_at = v_at
    from (select f.conversation_id, max(f.new_seq) as head from numbered f where f.fresh group by f.conversation_id) heads
    where c.id = heads.conversation_id
  ),
  noted as (
    insert into outbox (slot, conversation_id, seq, kind, at)
    select v_slot, f.conversation_id, f.new_seq, 'message.created', v_at from numbered f where f.fresh
  )
  select x.n::integer,
    case
      when x.verdict <> 'created' or x.fresh then x.verdict
      when x.hash = x.first_hash then 'replay'
      else 'conflict'
    end,
    case when x.fresh then x.id when x.verdict = 'created' then x.first_id else x.old_id end,
    case when x.fresh then x.new_seq else x.old_seq end,
    v_at
  from numbered x order by x.n;
end
$$;
