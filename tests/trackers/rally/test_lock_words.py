"""How a claim is spelled on an item, without secrets and without a say in who holds it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from panopticon.config.arbiter import same_arbiter
from panopticon.trackers.rally import lock_words
from panopticon.trackers.rally.lease import Entry, folded
from tests.trackers.rally.conftest import GIT, NOW, claim


@pytest.mark.requirement("rally:claim:arbiter-named")
@pytest.mark.parametrize(
    ("name", "told"),
    [
        (GIT, GIT),
        ("git:https://ann:pw@git.example.com/a.git", "git:https://git.example.com/a.git"),
        ("git:https://ghp_token@git.example.com/a.git", "git:https://git.example.com/a.git"),
        ("git:ssh://git@git.example.com/a.git", "git:ssh://git@git.example.com/a.git"),
        ("git:ssh://git:pw@git.example.com/a.git", "git:ssh://git@git.example.com/a.git"),
        ("git:git@git.example.com:team/a.git", "git:git@git.example.com:team/a.git"),
        ("git:ssh://git@[::1]:22/a b%20.git", "git:ssh://git@[::1]:22/a b%20.git"),
        ("git:/srv/Zoë's (new) repo.git", "git:/srv/Zoë's (new) repo.git"),
        ("store:local", "store:local"),
        ("store:postgresql://u:secret@db/pan?password=secret", ""),
        (f"git:https://git.example.com/{'long/' * 60}a.git", ""),
    ],
)
def test_who_decides_is_named_whole_and_without_what_signs_in(name: str, told: str) -> None:
    sign = lock_words.sign_of(name)
    assert lock_words.arbiter_from(sign, NOW, None) == told
    assert not {"pw", "secret", "ghp_token"} & set(re.split(r"[:@/?=]", sign))


@pytest.mark.requirement("rally:claim:arbiter-named")
@given(st.text(max_size=300))
def test_clients_of_one_arbiter_know_it_again(path: str) -> None:
    name = f"git:/srv/{path}"
    found = lock_words.arbiter_from(lock_words.sign_of(name), NOW, None)
    assert found == "" or same_arbiter(found, name)


@pytest.mark.requirement("rally:claim:arbiter-named")
@given(st.text(max_size=400))
def test_a_name_fits_the_field_and_never_decides(name: str) -> None:
    sign = lock_words.sign_of(name)
    assert len(sign) <= 256
    assert re.fullmatch(r"[A-Za-z0-9:/@._~+%#-]+", sign)
    take = Entry(1, NOW, "ann@example.com", "take:n1:s1:0:60")
    entries = [Entry(0, NOW, "x", None), take, Entry(2, NOW, "bob@example.com", sign)]
    assert folded("k", entries) == folded("k", entries[:2])


@pytest.mark.requirement("rally:claim:arbiter-named")
@pytest.mark.parametrize(
    ("token", "arbiter"),
    [
        ("take:0123456789abcdef:s1:0:86400", "rally"),
        ("steal:0123456789abcdef:s1:2:86400", "rally"),
        ("release:0123456789abcdef:s1:2:0", ""),
        ("take:0123456789abcdef:s1:0:90000", ""),
        ("take:0123456789abcdef:s1:0:86401", "rally"),
        ("renew:0123456789abcdef:s1:1:3600", "rally"),
        ("take:0123456789abcdef:s1:0:soon", ""),
        ("take:short", ""),
        (f"take:0123456789abcdef:s1:0:{'9' * 40}", ""),
        ("Ann has it", ""),
        ("", ""),
    ],
)
def test_a_token_tells_whether_rally_decided(token: str, arbiter: str) -> None:
    until = NOW + timedelta(days=1)
    assert lock_words.arbiter_from(token, NOW, until) == arbiter
    assert lock_words.arbiter_from(token, None, until) == ""
    assert lock_words.arbiter_from(token, NOW, None) == ""


@pytest.mark.requirement("rally:claim:field-names")
@pytest.mark.parametrize(
    ("field", "labels", "told"),
    [
        ("c_LockToken", [], "LOCKTOKEN"),
        ("c_LockToken", ["Lock Token"], "LOCK TOKEN"),
        ("c_Ticket", ["Who (really) decides"], "WHO (REALLY) DECIDES"),
    ],
)
def test_a_field_is_found_in_revisions_by_what_screens_call_it(
    field: str, labels: list[str], told: str
) -> None:
    pattern = lock_words.titles(field, labels)
    assert re.fullmatch(pattern, told, re.IGNORECASE)
    assert not re.fullmatch(pattern, f"OLD {told}", re.IGNORECASE)


@pytest.mark.requirement("rally:claim:comment")
@given(
    holder=st.emails() | st.just("Zoë <x> & co"),
    branch=st.none() | st.just("story/US1_a-thing"),
    arbiter=st.sampled_from(["", "rally", GIT]),
    fence=st.integers(1, 10**6),
)
def test_a_comment_is_read_back_as_it_was_meant(
    holder: str, branch: str | None, arbiter: str, fence: int
) -> None:
    one = claim("US1", holder, fence, branch=branch)
    found = lock_words.said_from(lock_words.locked(one, arbiter))
    assert found == lock_words.Said(
        is_lock=True, holder=holder, until=one.expires_at, arbiter=arbiter, fence=fence
    )
    over = lock_words.said_from(f"<p>{lock_words.freed(found, NOW)}</p>")
    assert over == replace(found, is_lock=False, until=None)
    late = lock_words.freed(found, NOW + timedelta(hours=25))
    assert late.startswith("No longer held by ")


@pytest.mark.requirement("rally:claim:comment")
def test_other_comments_say_nothing_of_a_claim() -> None:
    for text in ("Locked by me, hands off", "Given back by ann", "", "see (fence 3)"):
        assert lock_words.said_from(text) is None
