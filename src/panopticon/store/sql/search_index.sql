-- name: search_due_save*!
-- Remember that an item is to be made ready for searches.
insert into search_due (id) values (:id) on conflict (id) do nothing;

-- name: search_due_by_key!
-- Remember the same of an item whose remarks changed.
insert into search_due (id) select id from item where source = :source and key = :key
on conflict (id) do nothing;

-- name: search_due_next
-- Items that are to be made ready, with their remarks; no document: gone.
select search_due.id, item_text.document, comment_list.document
from search_due
left join item on item.id = search_due.id
left join item_text on item_text.id = item.id
left join comment_list on comment_list.source = item.source and comment_list.key = item.key
order by search_due.id limit :count;

-- name: search_due_drop*!
-- Forget that an item is to be made ready.
delete from search_due where id = :id;

-- name: search_text_drop*!
-- Forget what an item is found by.
delete from search_text where rowid in (:id, -:id);

-- name: search_text_save*!
-- Keep what an item is found by.
insert into search_text (rowid, name, title, labels, people, body, criteria, tasks, remarks)
values (:row, :name, :title, :labels, :people, :body, :criteria, :tasks, :remarks);

-- name: search_fact_drop*!
-- Forget the numbers and names of an item.
delete from search_fact where id = :id;

-- name: search_fact_save*!
-- Keep the numbers that searches compare, and what words of one or two letters are looked for in.
insert into search_fact (id, is_step, created_at, points, priority, title, names)
values (:id, :is_step, :created_at, :points, :priority, :title, :names);

-- name: search_blocker_drop*!
-- Forget what is in the way of an item.
delete from search_blocker where id = :id;

-- name: search_blocker_save*!
-- Keep what is in the way of an item.
insert into search_blocker (id, source, key) values (:id, :source, :key)
on conflict (id, source, key) do nothing;
