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

-- name: events_floor^
-- The number after which the log is whole.
select value from counter where name = 'event_floor';

-- name: events_floor_save!
-- Keep the number after which the log is whole.
insert into counter (name, value) values ('event_floor', :floor)
on conflict (name) do update set value = excluded.value;

-- name: events_drop!
-- Forget the log up to a number.
delete from event where seq <= :floor;

-- name: events_of_syncs
-- Words of good syncs, newest first; they name no item.
select seq, at, data from event
where source is null and key is null and kind = 'sync.finished'
order by seq desc;

-- name: event_drop!
-- Forget one line of the log.
delete from event where seq = :seq;
