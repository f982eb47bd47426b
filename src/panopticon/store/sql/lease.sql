-- name: lease_read^
-- The record of a key.
select key, holder, session, fence, locked_at, expires_at, branch, is_released, reason
from lease where key = :key;

-- name: lease_now^
-- The database's clock, or the time that a test tells.
select coalesce(:at, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'));

-- name: lease_take^
-- Take, resume or steal: one statement, judged by the database's clock. No row: it is held.
-- `kept` is the claim that this session has already, which only lasts longer then.
with
clock as (select coalesce(:at, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')) as at),
asked as (
  select clock.at, strftime('%Y-%m-%dT%H:%M:%f+00:00', clock.at, :plus) as until from clock
),
kept as (
  select lease.* from lease, clock
  where key = :key and is_released = 0 and expires_at > clock.at
    and holder = :holder and session = :session and :act <> 'steal'
)
insert into lease (
  key, holder, session, fence, locked_at, expires_at, branch, is_released, reason
)
select :key, :holder, :session,
  coalesce(kept.fence, (select fence + 1 from lease where key = :key), 1),
  coalesce(kept.locked_at, asked.at),
  max(coalesce(kept.expires_at, asked.until), asked.until),
  case when kept.key is null then :branch else kept.branch end, 0,
  coalesce(kept.reason, :reason)
from asked left join kept on true
where true
on conflict (key) do update set
  holder = excluded.holder, session = excluded.session, fence = excluded.fence,
  locked_at = excluded.locked_at, expires_at = excluded.expires_at,
  branch = excluded.branch, is_released = 0, reason = excluded.reason
where lease.is_released = 1 or lease.expires_at <= (select at from clock)
  or (lease.holder = excluded.holder and lease.session = excluded.session)
  or (:act = 'resume' and lease.holder = excluded.holder) or :act = 'steal'
returning key, holder, session, fence, locked_at, expires_at, branch, is_released, reason;

-- name: lease_renew^
-- Hold longer; no row: it is no longer this session's.
update lease set expires_at = max(expires_at, strftime(
  '%Y-%m-%dT%H:%M:%f+00:00', coalesce(:at, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')), :plus))
where key = :key and holder = :holder and session = :session and fence = :fence
  and is_released = 0
returning key, holder, session, fence, locked_at, expires_at, branch, is_released, reason;

-- name: lease_release^
-- Give back; the row stays, with why. Again is no error and changes nothing.
update lease set
  reason = case when is_released = 0 then :reason else reason end, is_released = 1
where key = :key and holder = :holder and session = :session and fence = :fence
returning key, holder, session, fence, locked_at, expires_at, branch, is_released, reason;

-- name: lease_all
-- Every record.
select key, holder, session, fence, locked_at, expires_at, branch, is_released, reason
from lease order by key;
