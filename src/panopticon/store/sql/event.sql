-- name: numbers_taken^
-- Take the next numbers: the row is locked until the commit, so numbers appear in their order.
update counter set value = value + :count where name = :name returning value;

-- name: event_add*!
-- Append to the log.
insert into event (seq, at, kind, source, key, data)
values (:seq, :at, :kind, :source, :key, :data);

-- name: events_after
-- Read the log on.
select seq, at, kind, source, key, data from event where seq > :after order by seq limit :count;

-- name: events_of
-- Read the log of one item, newest first.
select seq, at, kind, source, key, data from event
where source = :source and key = :key order by seq desc limit :count;

-- name: event_last^
-- The newest number of the log.
select coalesce(max(seq), 0) from event;
