-- Portable SQL: what this file says, SQLite and PostgreSQL both understand.
-- `item` is thin, so that scans are cheap; `item_text` holds the whole item.
create table item (
  id integer primary key,
  source text not null,
  key text not null,
  folded text not null,
  number text,
  native_id text not null,
  version text,
  kind text not null,
  project text not null,
  title text not null,
  state text not null,
  native_state text not null,
  cancelled integer not null,
  blocked integer not null,
  assignee text,
  assignee_folded text,
  labels text not null,
  iteration text,
  rank text,
  updated_at text not null,
  parent_source text,
  parent_key text,
  holder text,
  held_until text
);
create unique index item_by_key on item (source, key);
create unique index item_by_native_id on item (source, native_id);
create index item_by_folded on item (folded);
create index item_by_number on item (number);
create index item_by_kind on item (kind, state);
create index item_by_parent on item (parent_source, parent_key);

create table item_text (
  id integer primary key,
  document text not null,
  search text not null
);

create table comment_list (
  source text not null,
  key text not null,
  document text not null,
  primary key (source, key)
);

create table event (
  seq integer primary key,
  at text not null,
  kind text not null,
  source text,
  key text,
  data text not null
);

-- Numbers come from a row, not from the database's own sequences: whoever holds the row writes,
-- so the order of the log is the order of the commits.
create table counter (
  name text primary key,
  value integer not null
);
insert into counter (name, value) values ('item', 0);
insert into counter (name, value) values ('event', 0);

create table stream_cursor (
  source text not null,
  scope text not null,
  stream text not null,
  mark text,
  position text,
  running_mark text,
  primary key (source, scope, stream)
);

create table sync_record (
  source text primary key,
  started_at text not null,
  ended_at text,
  ok_at text,
  error text,
  fetched integer not null,
  changed integer not null,
  deleted integer not null,
  requests integer not null,
  bytes bigint not null
);

create table note (
  name text primary key,
  value text not null
);
