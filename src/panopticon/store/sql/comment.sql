-- name: comments_read^
-- The remarks kept of an item.
select document from comment_list where source = :source and key = :key;

-- name: comments_save!
-- Keep the remarks of an item.
insert into comment_list (source, key, document) values (:source, :key, :document)
on conflict (source, key) do update set document = excluded.document;

-- name: comments_drop!
-- Forget the remarks of an item.
delete from comment_list where source = :source and key = :key;

-- name: comments_rename!
-- Keep the remarks of an item under its new key.
update comment_list set key = :key where source = :source and key = :old;
