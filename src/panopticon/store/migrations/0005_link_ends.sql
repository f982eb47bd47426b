-- The links of one item are found by either end, by its id or by the key that it had.

create index link_by_source_id on link (source_tracker, source_id);
create index link_by_source_key on link (source_tracker, source_key);
create index link_by_target_id on link (target_tracker, target_id);
create index link_by_target_key on link (target_tracker, target_key);
