-- name: links_all
-- All links, with their ends as they are called now, and no id for an end that is not stored.
select link.kind,
  link.source_tracker, coalesce(a.key, link.source_key), coalesce(a.id, a_key.id),
  link.target_tracker, coalesce(b.key, link.target_key), coalesce(b.id, b_key.id),
  link.at, link.by_whom, link.source_id, link.target_id
from link
left join item as a on a.source = link.source_tracker and a.native_id = link.source_id
left join item as a_key on a_key.source = link.source_tracker and a_key.key = link.source_key
left join item as b on b.source = link.target_tracker and b.native_id = link.target_id
left join item as b_key on b_key.source = link.target_tracker and b_key.key = link.target_key
order by link.at, link.source_tracker, link.source_key, link.target_tracker, link.target_key,
  link.kind;

-- name: links_about
-- The links of one end, by its id or the key it had, as `links_all` gives them.
select link.kind,
  link.source_tracker, coalesce(a.key, link.source_key), coalesce(a.id, a_key.id),
  link.target_tracker, coalesce(b.key, link.target_key), coalesce(b.id, b_key.id),
  link.at, link.by_whom, link.source_id, link.target_id
from link
left join item as a on a.source = link.source_tracker and a.native_id = link.source_id
left join item as a_key on a_key.source = link.source_tracker and a_key.key = link.source_key
left join item as b on b.source = link.target_tracker and b.native_id = link.target_id
left join item as b_key on b_key.source = link.target_tracker and b_key.key = link.target_key
where link.rowid in (
  select rowid from link where source_tracker = :tracker and source_id = :id
  union select rowid from link where source_tracker = :tracker and source_key = :key
  union select rowid from link where target_tracker = :tracker and target_id = :id
  union select rowid from link where target_tracker = :tracker and target_key = :key
)
order by link.at, link.source_tracker, link.source_key, link.target_tracker, link.target_key,
  link.kind;

-- name: item_native_id^
-- The permanent id of a key.
select native_id from item where source = :source and key = :key;

-- name: link_save!
-- Keep a link.
insert into link (
  kind, source_tracker, source_id, source_key, target_tracker, target_id, target_key, at, by_whom
) values (
  :kind, :source_tracker, :source_id, :source_key, :target_tracker, :target_id, :target_key,
  :at, :by_whom
);

-- name: link_drop!
-- Forget a link.
delete from link
where kind = :kind and source_tracker = :source_tracker and source_id = :source_id
  and target_tracker = :target_tracker and target_id = :target_id;

-- name: twin_claims
-- Items that name what another tracker calls them, steps left out.
select source, key, twin_key from item where twin_key is not null and kind <> 'task'
order by source, key;
