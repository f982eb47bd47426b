-- Each term of a query gives a set of rows; `store/search_query.py` joins the sets.

-- name: search_texts
-- Work that holds a text. This and the next two are SQLite's own: another database has its own
-- full text search behind their names.
select rowid from search_text where search_text match :phrase and rowid > 0;

-- name: search_texts_in_steps
-- Steps that hold a text. Their rows in the index are negative: no step is read for a text that
-- none has.
select -rowid from search_text where search_text match :phrase and rowid < 0;

-- name: search_texts_read
-- What rows hold, for a few whose fit is weighed.
select rowid, name, title, labels, people, body, criteria, tasks, remarks
from search_text where rowid in (:ids);

-- name: search_size
-- How many rows there are.
select count(*) from search_fact;

-- name: search_owners
-- Items of steps.
select owner.id from item
join item as owner on owner.source = item.parent_source and owner.key = item.parent_key
where item.id in (:ids);

-- name: search_owners_all
-- Everything below something, with what it is below.
select item.id, owner.id from item as owner
join item on item.parent_source = owner.source and item.parent_key = owner.key;

-- name: search_short
-- Rows that hold a text too short for the index, where it is likeliest meant; steps below zero.
select case when is_step = 1 then -id else id end from search_fact
where title like :part escape '\'
  or (cast(:is_title as integer) = 0 and names like :part escape '\');

-- name: search_named
-- Rows whose key is exactly this.
select id from item where folded = :key;

-- name: search_tracker
-- Rows of sources.
select id from item where source = :value;

-- name: search_project
-- Rows of projects.
select id from item where project = :value;

-- name: search_iteration
-- Rows of iterations.
select id from item where iteration = :value;

-- name: search_no_iteration
-- Rows of none.
select id from item where iteration is null or iteration = '';

-- name: search_kind
-- Rows of kinds.
select id from item where kind = :value;

-- name: search_state
-- Rows in columns.
select id from item where state = :value;

-- name: search_native_state
-- Rows that stand at the team's own words.
select id from item where native_state = :value;

-- name: search_ref
-- One row.
select id from item where source = :source and key = :key;

-- name: search_label
-- Rows with a label.
select id from item where labels like :value escape '\';

-- name: search_no_label
-- Rows without labels.
select id from item where labels = '';

-- name: search_assignee
-- Rows that people have.
select id from item where assignee in (:ids);

-- name: search_holder
-- Rows that people hold now.
select id from item where holder in (:ids) and (held_until is null or held_until > :now);

-- name: search_nobody
-- Rows that nobody has or holds.
select id from item
where (assignee is null or assignee = '')
  and (holder is null or (held_until is not null and held_until <= :now));

-- name: search_below
-- What lies below an item and has nothing below itself, and the steps of that.
with recursive below (id, source, key) as (
  select id, source, key from item where source = :source and key = :key
  union
  select item.id, item.source, item.key
  from item join below on item.parent_source = below.source and item.parent_key = below.key
  where item.kind <> 'task'
), leaf (id, source, key) as (
  select item.id, item.source, item.key from item join below on below.id = item.id
  where item.kind not in ('epic', 'feature') and not (item.source = :source and item.key = :key)
    and not exists (
      select 1 from item as child
      where child.parent_source = item.source and child.parent_key = item.key
        and child.kind <> 'task')
)
select id from leaf
union all
select item.id from item join leaf on item.parent_source = leaf.source
  and item.parent_key = leaf.key
where item.kind = 'task';

-- name: search_no_epic
-- Work that lies below no epic or feature; steps left out.
with recursive below (id, source, key) as (
  select id, source, key from item where kind in ('epic', 'feature')
  union
  select item.id, item.source, item.key
  from item join below on item.parent_source = below.source and item.parent_key = below.key
  where item.kind <> 'task'
)
select id from item where kind <> 'task' and id not in (select id from below);

-- name: search_priority
-- Rows of a priority.
select id from search_fact where priority = :value;

-- name: search_points
-- Rows with points between two numbers.
select id from search_fact
where (cast(:low as real) is null or points > :low or (points = :low and :above = 0))
  and (cast(:high as real) is null or points < :high or (points = :high and :below = 0))
  and points is not null;

-- name: search_no_points
-- Rows without points.
select id from search_fact where points is null;

-- name: search_updated
-- Rows changed between two times.
select id from item
where (cast(:low as text) is null or updated_at > :low or (updated_at = :low and :above = 0))
  and (cast(:high as text) is null or updated_at < :high or (updated_at = :high and :below = 0));

-- name: search_created
-- Rows made between two times.
select id from search_fact
where (cast(:low as text) is null or created_at > :low or (created_at = :low and :above = 0))
  and (cast(:high as text) is null or created_at < :high or (created_at = :high and :below = 0));

-- name: search_open
-- Rows that are not done.
select id from item where state <> 'done';

-- name: search_done
-- Rows that are done.
select id from item where state = 'done';

-- name: search_holders
-- Everybody who holds something, or did.
select distinct holder from item where holder is not null;

-- name: search_cancelled
-- Rows that were given up.
select id from item where cancelled = 1;

-- name: search_held
-- Rows that somebody holds now.
select id from item where holder is not null and (held_until is null or held_until > :now);

-- name: search_blocked
-- Open rows with the tracker's mark, with an open item in the way, or one that nobody here knows.
select id from item where blocked = 1 and state <> 'done'
union
select item.id
from search_blocker join item on item.id = search_blocker.id
left join item as other on other.source = search_blocker.source
  and other.key = search_blocker.key and other.kind <> 'task'
  and replace(:sources, '|' || other.source || '|', '') <> :sources
where item.state <> 'done' and (other.id is null or other.state <> 'done')
union
-- Our own links, with the ends that `links_about` gives them.
select coalesce(b.id, b_key.id)
from link
left join item as a on a.source = link.source_tracker and a.native_id = link.source_id
left join item as a_key on a_key.source = link.source_tracker and a_key.key = link.source_key
left join item as b on b.source = link.target_tracker and b.native_id = link.target_id
left join item as b_key on b_key.source = link.target_tracker and b_key.key = link.target_key
where link.kind = 'blocks'
  and coalesce(a.state, a_key.state) <> 'done' and coalesce(b.state, b_key.state) <> 'done'
  and replace(:sources, '|' || link.source_tracker || '|', '') <> :sources;

-- name: search_some
-- What rows are called and how they are ordered.
select id, source, key, kind, rank, updated_at from item where id in (:ids);

-- name: search_sources
-- Sources of stored rows, each found by one step through an index.
with recursive one (source) as (
  select min(source) from item
  union all
  select (select min(item.source) from item where item.source > one.source) from one
  where one.source is not null
)
select source from one where source is not null;

-- name: search_ordered
-- Rows of sources and kinds as they are ordered, read from one index; `||` keeps others away.
select id from item
where kind || '' in (:kind_0, :kind_1, :kind_2, :kind_3, :kind_4, :kind_5)
  and (cast(:is_every as integer) = 1 or replace(:sources, '|' || source || '|', '') <> :sources)
order by case when rank is null then 1 else 0 end, rank, updated_at desc, id;

-- name: search_ordered_names
-- The same with what they are called.
select id, source, key from item
where kind || '' in (:kind_0, :kind_1, :kind_2, :kind_3, :kind_4, :kind_5)
  and (cast(:is_every as integer) = 1 or replace(:sources, '|' || source || '|', '') <> :sources)
order by case when rank is null then 1 else 0 end, rank, updated_at desc, id;

-- name: search_words_project
-- Projects, those with most items first.
select project, count(*) from item
where replace(:sources, '|' || source || '|', '') <> :sources group by project order by 2 desc, 1;

-- name: search_words_iteration
-- Iterations.
select iteration, count(*) from item
where replace(:sources, '|' || source || '|', '') <> :sources and iteration is not null
group by iteration order by 2 desc, 1;

-- name: search_words_state
-- The teams' own words.
select native_state, count(*) from item
where replace(:sources, '|' || source || '|', '') <> :sources
group by native_state order by 2 desc, 1;

-- name: search_words_assignee
-- Who has items, and who holds some.
select assignee, count(*) from item
where assignee is not null and assignee <> ''
  and replace(:sources, '|' || source || '|', '') <> :sources
group by assignee
union all
select holder, count(*) from item
where holder is not null and replace(:sources, '|' || source || '|', '') <> :sources
group by holder
order by 2 desc, 1;

-- name: search_words_label
-- Sets of labels.
select labels, count(*) from item
where replace(:sources, '|' || source || '|', '') <> :sources and labels <> ''
group by labels;

-- name: search_words_epic
-- Epics and features, with their titles.
select key, count(*), min(title) from item
where replace(:sources, '|' || source || '|', '') <> :sources and kind in ('epic', 'feature')
group by key order by max(updated_at) desc, 1;
