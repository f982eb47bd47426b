-- What only this machine knows of items: claims and phases that their trackers have no place for.
create table here (
  source text not null,
  native_id text not null,
  document text not null,
  primary key (source, native_id)
);
-- Claims as last seen, whoever decided them: for warnings, limits, fences and the events of their end.
create table known_claim (
  key text primary key,
  fence integer not null,
  document text not null
);
-- Status writes that wait for their tracker, in the order they were wished.
create table queued (
  number integer primary key,
  document text not null
);
insert into counter (name, value) values ('queued', 0);
