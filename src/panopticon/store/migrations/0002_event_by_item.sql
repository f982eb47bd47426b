-- The history of one item is read from the log, which grows by thousands a day.
create index event_by_item on event (source, key, seq);
