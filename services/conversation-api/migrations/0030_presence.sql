-- Who is here. A gateway holds one lease; what it knows of its users hangs on it and goes with it.
-- All of it is written under one advisory lock (presence-store.ts), so that numbers commit in their order.
create table presence_gateways (
  id uuid primary key,
  -- Of the last report that was applied: one that was held up on the way and comes late changes nothing.
  report bigint not null,
  expires_at timestamptz not null
);

create table presence_leases (
  user_id uuid not null references users on delete cascade,
  gateway_id uuid not null references presence_gateways,
  status text not null check (status in ('online', 'away')),
  primary key (user_id, gateway_id)
);
create index presence_leases_gateway on presence_leases (gateway_id);

-- The combined state of everyone who was ever here.
create table presence (
  user_id uuid primary key references users on delete cascade,
  status text not null default 'offline' check (status in ('online', 'away', 'offline')),
  -- Others see nothing of it.
  hidden boolean not null default false,
  -- When the last lease ended.
  seen_at timestamptz,
  -- Numbers what others may see change, over all users: gateways read on from where they were.
  changed bigint not null
);
create unique index presence_changed on presence (changed);
create sequence presence_changes;
