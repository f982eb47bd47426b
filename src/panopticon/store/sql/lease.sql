-- name: lease_read^
-- The record of a key.
select key, holder, session, fence, locked_at, expires_at, branch, is_released, reason
from lease where key = :key;

-- name: lease_now^
-- The database's clock, or the time that a test tells.
select coalesce(:at, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now'));

-- name: lease_take^
-- Take, resume or steal: one statement, judged by the database's clock. No row: it is held.
insert into lease (
  key, holder, session, fence, locked_at, expires_at, branch, is_released, reason
)
select :key, :holder, :session, 1, clock.at,
  strftime('%Y-%m-%dT%H:%M:%f+00:00', clock.at, :plus), :branch, 0, :reason
from (select coalesce(:at, strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')) as at) as clock
where true
on conflict (key) do update set
  holder = excluded.holder, session = excluded.session,
  fence = lease.fence + case
    when lease.is_released = 0 and lease.expires_at > excluded.locked_at
      and lease.holder = excluded.holder and lease.session = excluded.session
      and :act <> 'steal' then 0 else 1 end,
  locked_at = case
    when lease.is_released = 0 and lease.expires_at > excluded.locked_at
      and lease.holder = excluded.holder and lease.session = excluded.session
      and :act <> 'steal' then lease.locked_at else excluded.locked_at end,
  expires_at = case
    when lease.is_released = 0 and lease.expires_at > excluded.locked_at
      and lease.holder = excluded.holder and lease.session = excluded.session
      and :act <> 'steal' then max(lease.expires_at, excluded.expires_at)
    else excluded.expires_at end,
  branch = case
    when lease.is_released = 0 and lease.expires_at > excluded.locked_at
      and lease.holder = excluded.holder and lease.session = excluded.session
      and :act <> 'steal' then lease.branch else excluded.branch end,
  is_released = 0,
  reason = case
    when lease.is_released = 0 and lease.expires_at > excluded.locked_at
      and lease.holder = excluded.holder and lease.session = excluded.session
      and :act <> 'steal' then lease.reason else excluded.reason end
where lease.is_released = 1 or lease.expires_at <= excluded.locked_at
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
