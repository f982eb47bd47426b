-- What searches look at. An item is made ready for them after its write, not in it: `search_due`
-- names the rows whose text here is not that of `item` yet. The text of a step has its row below zero.
create virtual table search_text using fts5 (
  name, title, labels, people, body, criteria, tasks, remarks, tokenize = 'trigram'
);
create table search_fact (
  id integer primary key,
  created_at text not null,
  points real,
  priority integer not null,
  is_step integer not null,
  title text not null,
  names text not null
);
create table search_blocker (
  id integer not null,
  source text not null,
  key text not null,
  primary key (id, source, key)
);
create table search_due (
  id integer primary key
);
insert into search_due (id) select id from item;
create index item_by_holder on item (holder, source) where holder is not null;
create index item_by_assignee on item (assignee, source) where assignee is not null;
create index item_by_place on item (
  (case when rank is null then 1 else 0 end), rank, updated_at desc, id, kind, source, key
);
alter table item_text drop column search;
