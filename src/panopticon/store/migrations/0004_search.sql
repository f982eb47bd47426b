-- What searches look at. An item is made ready for them after its write, not in it: `search_due`
-- names the rows whose text here is not that of `item` yet.
create virtual table search_text using fts5 (
  name, title, labels, people, body, criteria, tasks, remarks, tokenize = 'trigram'
);
create table search_fact (
  id integer primary key,
  created_at text not null,
  points real,
  priority integer not null
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
create index item_by_holder on item (holder) where holder is not null;
alter table item_text drop column search;
