-- Sends that were refused because their sender was no member. The refusal is the last word on its key: an attempt that was on its way
-- meanwhile, and comes when its sender is a member again, is refused as well, whoever was told so first. Kept for an hour, which no attempt
-- takes; cleared by whoever adds to it.
create table refused_sends (
  conversation_id uuid not null,
  sender_id uuid not null,
  client_id text not null,
  at timestamptz not null,
  primary key (conversation_id, sender_id, client_id)
);
create index refused_sends_at on refused_sends (at);

-- Makes the refusal of these sends final; item n of every array belongs together. Those without a client_id and those to conversations that
-- are gone for good need none. The caller holds the conversations' row locks.
create function refuse_sends(p_conversations uuid[], p_senders uuid[], p_client_ids text[]) returns void
language plpgsql volatile
as $$
declare
  v_now constant timestamptz := clock_timestamp();
begin
  insert into refused_sends (conversation_id, sender_id, client_id, at)
  select c.id, i.sender_id, i.client_id, v_now
  from unnest(p_conversations, p_senders, p_client_ids) as i (conversation_id, sender_id, client_id)
  join conversations c on c.id = i.conversation_id and c.deleted_at is null
  where i.client_id is not null
  on conflict (conversation_id, sender_id, client_id) do update set at = excluded.at;

  delete from refused_sends where ctid = any (array(
    select r.ctid from refused_sends r where r.at < v_now - interval '1 hour' order by r.at limit 100 for update skip locked
  ));
end
$$;

-- As in 0004, with two outcomes more and one that changes:
--   refused    its client_id was refused before
--   replay     also where the sender is no member any more: they are told what they sent, not that it failed
create or replace function write_messages(
  p_ids uuid[], p_conversations uuid[], p_senders uuid[], p_bodies text[], p_client_ids text[], p_hashes bytea[], p_replies uuid[],
  out outcomes text[], out message_ids uuid[], out seqs bigint[], out sent_at timestamptz
)
language plpgsql volatile
-- A plan made while the tables were small must not outlive that. Without the operators' cost an index that is lower looks no better than
-- the one with all the columns: a key is not looked for among all messages of a conversation.
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_material = off
set cpu_operator_cost = 0 set plan_cache_mode = force_generic_plan
as $$
declare
  v_room constant uuid := p_conversations[1];
  v_outcome text := 'created';
  v_refused boolean;
  v_seq bigint;
  v_known_id uuid;
  v_known_hash bytea;
  v_reply_room uuid;
  v_reply_deleted boolean;
begin
  if cardinality(p_ids) = 1 then
    -- A lone message: the same steps as below in plain statements, without the price of a batch (185 against 260 µs).
    select c.last_seq + 1 into v_seq from conversations c where c.id = v_room and c.deleted_at is null for update;
    sent_at := date_trunc('milliseconds', clock_timestamp());

    -- Two looks in one statement, which is most of what a look costs.
    select exists (
      select from refused_sends r
      where r.conversation_id = v_room and r.sender_id = p_senders[1] and r.client_id = p_client_ids[1]
    ) into v_refused
    from members m where m.conversation_id = v_room and m.user_id = p_senders[1] and m.removed_at is null;
    if v_seq is null or not found then
      v_outcome := 'not_found';
    elsif v_refused then
      v_outcome := 'refused';
    end if;
    if p_client_ids[1] is not null then
      select m.id, m.request_hash into v_known_id, v_known_hash from messages m
      where m.conversation_id = v_room and m.sender_id = p_senders[1] and m.client_id = p_client_ids[1];
      if v_known_hash = p_hashes[1] then
        v_outcome := 'replay';
      elsif v_known_id is not null and v_outcome <> 'not_found' then
        v_outcome := 'conflict';
      end if;
    end if;
    if v_outcome = 'created' and p_replies[1] is not null then
      select m.conversation_id, m.deleted_at is not null into v_reply_room, v_reply_deleted from messages m
      where m.id = p_replies[1];
      v_outcome := case
        when v_reply_room is distinct from v_room then 'reply_not_found'
        when v_reply_deleted then 'reply_deleted'
        else 'created'
      end;
    end if;

    if v_outcome = 'created' then
      insert into messages
        (conversation_id, seq, id, changed_seq, sender_id, body, client_id, request_hash, reply_to_id, created_at)
      values
        (v_room, v_seq, p_ids[1], v_seq, p_senders[1], p_bodies[1], p_client_ids[1], p_hashes[1], p_replies[1], sent_at);
      update conversations c set last_seq = v_seq, last_message_seq = v_seq, active_at = sent_at where c.id = v_room;
      insert into outbox (slot, conversation_id, seq, kind, at)
      values (outbox_slot(sent_at), v_room, v_seq, 'message.created', sent_at);
      seqs := array[v_seq];
    else
      seqs := array[null::bigint];
    end if;
    outcomes := array[v_outcome];
    message_ids := array[case when v_outcome in ('replay', 'conflict') then v_known_id end];
  else
    perform 1 from conversations where id = any (p_conversations) order by id for update;
    -- Read under the locks: times on one line never run backwards while the clock does not.
    sent_at := date_trunc('milliseconds', clock_timestamp());

    with judged as materialized (
      select i.*, c.last_seq, known.id as known_id,
        case
          when known.request_hash = i.hash then 'replay'
          when m.user_id is null then 'not_found'
          when known.id is not null then 'conflict'
          when refused.client_id is not null then 'refused'
          when i.reply_to_id is null then 'created'
          when r.id is null or r.conversation_id <> i.conversation_id then 'reply_not_found'
          when r.deleted_at is not null then 'reply_deleted'
          else 'created'
        end as outcome
      from unnest(p_ids, p_conversations, p_senders, p_bodies, p_client_ids, p_hashes, p_replies) with ordinality
        as i (id, conversation_id, sender_id, body, client_id, hash, reply_to_id, n)
      -- Lateral with a limit: one look into one index an item, whatever the planner thinks of the tables' sizes. For the same reason a
      -- reply's target is looked for by its id alone: asked for the conversation too, it may read all of a busy one.
      left join lateral (
        select x.id, x.last_seq from conversations x where x.id = i.conversation_id and x.deleted_at is null limit 1
      ) c on true
      left join lateral (
        select x.user_id from members x
        where x.conversation_id = c.id and x.user_id = i.sender_id and x.removed_at is null limit 1
      ) m on true
      left join lateral (
        select x.id, x.request_hash from messages x
        where x.conversation_id = i.conversation_id and x.sender_id = i.sender_id and x.client_id = i.client_id limit 1
      ) known on true
      left join lateral (
        select x.client_id from refused_sends x
        where x.conversation_id = i.conversation_id and x.sender_id = i.sender_id and x.client_id = i.client_id limit 1
      ) refused on true
      left join lateral (
        select x.id, x.conversation_id, x.deleted_at from messages x where x.id = i.reply_to_id limit 1
      ) r on true
    ),
    numbered as materialized (
      select j.*,
        case when j.outcome = 'created' then
          j.last_seq + count(*) filter (where j.outcome = 'created') over (partition by j.conversation_id order by j.n)
        end as seq
      from judged j
    ),
    stored as (
      insert into messages
        (conversation_id, seq, id, changed_seq, sender_id, body, client_id, request_hash, reply_to_id, created_at)
      select f.conversation_id, f.seq, f.id, f.seq, f.sender_id, f.body, f.client_id, f.hash, f.reply_to_id, sent_at
      from numbered f where f.seq is not null
    ),
    runs as materialized (
      select f.conversation_id, min(f.seq) as first, max(f.seq) as last
      from numbered f where f.seq is not null group by f.conversation_id
    ),
    moved as (
      update conversations c set last_seq = r.last, last_message_seq = r.last, active_at = sent_at
      from runs r where c.id = r.conversation_id
    ),
    noted as (
      insert into outbox (slot, conversation_id, seq, run, kind, at)
      select outbox_slot(sent_at), r.conversation_id, r.first, r.last - r.first + 1, 'message.created', sent_at from runs r
    )
    select
      array_agg(f.outcome order by f.n),
      array_agg(case when f.outcome in ('replay', 'conflict') then f.known_id end order by f.n),
      array_agg(f.seq order by f.n)
    into outcomes, message_ids, seqs
    from numbered f;
  end if;

  if 'not_found' = any (outcomes) then
    perform refuse_sends(
      p_conversations, p_senders,
      array(
        select case when o.outcome = 'not_found' then o.client_id end
        from unnest(outcomes, p_client_ids) with ordinality as o (outcome, client_id, n) order by o.n
      )
    );
  end if;
end
$$;
