-- name: cursor_read^
-- How far a stream is stored.
select mark, position, running_mark from stream_cursor
where source = :source and scope = :scope and stream = :stream;

-- name: cursor_save!
-- Keep how far a stream is stored, in the transaction of its rows.
insert into stream_cursor (source, scope, stream, mark, position, running_mark)
values (:source, :scope, :stream, :mark, :position, :running_mark)
on conflict (source, scope, stream) do update set
  mark = excluded.mark, position = excluded.position, running_mark = excluded.running_mark;

-- name: sync_begin!
-- Keep that a sync of a source began; how the last one went stays until this one ends.
insert into sync_record (source, started_at, fetched, changed, deleted, requests, bytes)
values (:source, :started_at, 0, 0, 0, 0, 0)
on conflict (source) do update set started_at = excluded.started_at;

-- name: sync_save!
-- Keep how the last sync of a source went.
insert into sync_record (
  source, started_at, ended_at, ok_at, error, fetched, changed, deleted, requests, bytes
) values (
  :source, :started_at, :ended_at, :ok_at, :error, :fetched, :changed, :deleted, :requests, :bytes
)
on conflict (source) do update set
  started_at = excluded.started_at, ended_at = excluded.ended_at,
  ok_at = coalesce(excluded.ok_at, sync_record.ok_at), error = excluded.error,
  fetched = excluded.fetched, changed = excluded.changed, deleted = excluded.deleted,
  requests = excluded.requests, bytes = excluded.bytes;

-- name: sync_all
-- How the last sync of every source went.
select source, started_at, ended_at, ok_at, error, fetched, changed, deleted, requests, bytes
from sync_record order by source;

-- name: note_read^
-- A small named value.
select value from note where name = :name;

-- name: note_save!
-- Keep a small named value.
insert into note (name, value) values (:name, :value)
on conflict (name) do update set value = excluded.value;

-- name: note_first!
-- Keep a small named value unless there is one: who comes first decides.
insert into note (name, value) values (:name, :value) on conflict (name) do nothing;
