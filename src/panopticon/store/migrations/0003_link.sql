-- Links between items, which no tracker keeps. An end is known by its permanent id, so that a
-- rename keeps it; its key stands for it while, or after, that id is not stored.
create table link (
  kind text not null,
  source_tracker text not null,
  source_id text not null,
  source_key text not null,
  target_tracker text not null,
  target_id text not null,
  target_key text not null,
  at text not null,
  by_whom text not null,
  primary key (kind, source_tracker, source_id, target_tracker, target_id)
);

-- What another tracker calls the same item; few items say so.
alter table item add column twin_key text;
create index item_by_twin on item (source, key) where twin_key is not null;
