-- name: item_by_native_id^
-- The row of a native id, to compare with what comes in.
select item.id, item.key, item.version, item.updated_at, item_text.document
from item join item_text on item_text.id = item.id
where item.source = :source and item.native_id = :native_id;

-- name: items_by_native_ids
-- The rows of native ids, to compare with what comes in; the driver fills the places.
select item.id, item.key, item.version, item.updated_at, item_text.document, item.native_id
from item join item_text on item_text.id = item.id
where item.source = :source and item.native_id in (:ids);

-- name: items_by_keys
-- The rows that have these keys now.
select item.id, item.key, item.version, item.updated_at, item_text.document, item.native_id
from item join item_text on item_text.id = item.id
where item.source = :source and item.key in (:ids);

-- name: item_by_key^
-- The row that has a key now.
select item.id, item.key, item.version, item.updated_at, item_text.document
from item join item_text on item_text.id = item.id
where item.source = :source and item.key = :key;

-- name: item_save*!
-- Keep the columns that are searched.
insert into item (
  id, source, key, folded, number, native_id, version, kind, project, title, state,
  native_state, cancelled,
  blocked, assignee, assignee_folded, labels, iteration, rank, updated_at, parent_source, parent_key, holder,
  held_until, twin_key
) values (
  :id, :source, :key, :folded, :number, :native_id, :version, :kind, :project, :title, :state,
  :native_state, :cancelled, :blocked, :assignee, :assignee_folded, :labels, :iteration, :rank, :updated_at, :parent_source,
  :parent_key, :holder, :held_until, :twin_key
)
on conflict (id) do update set
  source = excluded.source, key = excluded.key, folded = excluded.folded,
  number = excluded.number, native_id = excluded.native_id, version = excluded.version,
  kind = excluded.kind, project = excluded.project, title = excluded.title,
  state = excluded.state, native_state = excluded.native_state, cancelled = excluded.cancelled, blocked = excluded.blocked,
  assignee = excluded.assignee, assignee_folded = excluded.assignee_folded,
  labels = excluded.labels, iteration = excluded.iteration,
  rank = excluded.rank, updated_at = excluded.updated_at,
  parent_source = excluded.parent_source, parent_key = excluded.parent_key,
  holder = excluded.holder, held_until = excluded.held_until, twin_key = excluded.twin_key;

-- name: item_text_save*!
-- Keep the whole item.
insert into item_text (id, document) values (:id, :document)
on conflict (id) do update set document = excluded.document;

-- name: item_drop!
-- Forget the searched columns of an item.
delete from item where id = :id;

-- name: item_text_drop!
-- Forget the whole item.
delete from item_text where id = :id;

-- name: item_versions
-- What is stored of a source, for the sweep.
select native_id, coalesce(version, '') from item where source = :source;

-- name: items_called
-- Items that a spelling may mean; the driver fills the places.
select source, key from item
where (cast(:source as text) is null or source = :source) and folded in (:ids);

-- name: items_ending
-- Items whose key ends so: `owner/repo#45` by `repo#45`, `app#1.2` by `1.2`.
select source, key from item
where (cast(:source as text) is null or source = :source) and folded like :suffix escape '\';

-- name: items_numbered
-- Items whose key ends in a number.
select source, key, kind, title, state, native_state, cancelled, project, iteration, parent_source, parent_key, assignee, holder,
  held_until
from item
where number = :number and (cast(:source as text) is null or source = :source)
order by source, key;

-- name: items_like
-- Keys that begin like a mistyped one.
select source, key from item
where folded like :prefix escape '\' and (cast(:source as text) is null or source = :source)
order by folded limit :count;

-- name: items_below_one
-- The items directly below one.
select item_text.document from item join item_text on item_text.id = item.id
where item.parent_source = :source and item.parent_key = :key
order by case when rank is null then 1 else 0 end, rank, item.id;

-- name: items_steps
-- The steps of an item that its tracker keeps as items.
select item.title, item.state, item.key, item.native_state from item
where item.parent_source = :source and item.parent_key = :key and item.kind = 'task'
order by case when rank is null then 1 else 0 end, rank, item.id;

-- name: items_below_all
-- Every item below one, steps left out; a loop of parents ends, for union drops what was seen.
with recursive below (id, source, key) as (
  select id, source, key from item where parent_source = :source and parent_key = :key
  union
  select item.id, item.source, item.key
  from item join below on item.parent_source = below.source and item.parent_key = below.key
)
select item_text.document
from below join item on item.id = below.id join item_text on item_text.id = below.id
where item.kind <> 'task' and not (item.source = :source and item.key = :key)
order by case when rank is null then 1 else 0 end, rank, item.id;

-- name: items_outline
-- Every item without its texts, steps left out.
select source, key, kind, title, state, native_state, cancelled, project, iteration, parent_source, parent_key, assignee, holder,
  held_until
from item where kind <> 'task'
order by case when rank is null then 1 else 0 end, rank, item.id;

-- name: items_leased
-- Items that show a claim, expired or not.
select item_text.document from item join item_text on item_text.id = item.id
where item.holder is not null
order by item.source, item.key;

-- name: items_wanted
-- Items that meet every given condition; an epic means its leaves. Ranks of different trackers
-- cannot be compared: each source stands together.
with recursive below (id, source, key) as (
  select id, source, key from item
  where cast(:epic_key as text) is not null and (
    (folded in (:epic_key, :epic_other) and (cast(:epic_source as text) is null or source = :epic_source))
    or (number = :epic_number and kind in ('epic', 'feature')
        and (cast(:epic_source as text) is null or source = :epic_source)))
  union
  select item.id, item.source, item.key
  from item join below on item.parent_source = below.source and item.parent_key = below.key
  where item.kind <> 'task'
)
select item.id, item.source, item.key
from item
where kind in (:kind_0, :kind_1, :kind_2, :kind_3, :kind_4, :kind_5)
  and state in (:state_0, :state_1, :state_2, :state_3, :state_4)
  and (cast(:source as text) is null or item.source = :source)
  and (cast(:sources as text) is null
       or replace(:sources, '|' || item.source || '|', '') <> :sources)
  and (cast(:beginning as text) is null
       or replace(folded, '-', '') like :beginning escape '\')
  and (cast(:project as text) is null or lower(project) = lower(:project))
  and (cast(:iteration as text) is null or lower(iteration) = lower(:iteration))
  and (cast(:blocked as integer) is null or blocked = :blocked)
  and (cast(:assignee as text) is null or assignee_folded like :assignee escape '\')
  and (cast(:labels as text) is null or labels like :labels escape '\')
  and (cast(:epic_key as text) is null or (
    item.id in (select id from below)
    and kind not in ('epic', 'feature')
    and not exists (
      select 1 from item as child
      where child.parent_source = item.source and child.parent_key = item.key
        and child.kind <> 'task')))
order by item.source, case when rank is null then 1 else 0 end, rank, updated_at desc, item.id
limit :count;

-- name: item_document$
-- The whole of one item.
select document from item_text where id = :id;
