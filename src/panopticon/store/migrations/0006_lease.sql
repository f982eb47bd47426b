-- Claims that this database decides: one row a key, kept when the story is given back, for the
-- fence must be remembered.
create table lease (
  key text primary key,
  holder text not null,
  session text not null,
  fence integer not null,
  locked_at text not null,
  expires_at text not null,
  branch text,
  is_released integer not null,
  reason text not null
);
