-- name: here_read^
-- What only this machine knows of an item.
select document from here where source = :source and native_id = :native_id;

-- name: here_save!
-- Keep it.
insert into here (source, native_id, document) values (:source, :native_id, :document)
on conflict (source, native_id) do update set document = excluded.document;

-- name: here_drop!
-- Forget it.
delete from here where source = :source and native_id = :native_id;

-- name: known_claims
-- Claims as last seen.
select document from known_claim order by key;

-- name: known_claim_save!
-- Keep a claim as last seen; an older fence never replaces a newer one.
insert into known_claim (key, fence, document) values (:key, :fence, :document)
on conflict (key) do update set fence = excluded.fence, document = excluded.document
where known_claim.fence <= excluded.fence;

-- name: queued_all
-- Writes that wait, in their order.
select number, document from queued order by number;

-- name: queued_save!
-- Keep a write that waits.
insert into queued (number, document) values (:number, :document)
on conflict (number) do update set document = excluded.document;

-- name: queued_drop!
-- Forget a write that waits.
delete from queued where number = :number;

-- name: here_among
-- What only this machine knows of these items; the driver fills the places.
select native_id, document from here where source = :source and native_id in (:ids);
