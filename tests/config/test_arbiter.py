"""Who decides claims, as files spell it: what is taken, refused, and the same."""

from pathlib import Path

import pytest

from panopticon.config import load
from panopticon.config.arbiter import checked_arbiter, same_arbiter, without_credentials
from panopticon.errors import InvalidInput

SECRET = "s3cr3t"


@pytest.mark.requirement("claim-config:arbiter:forms")
@pytest.mark.parametrize(
    "text",
    [
        "git:https://h/r.git",
        "git:git@github.com:acme/app.git",
        "git:ssh://git@h:7999/acme/app",
        "git:/srv/app.git",
        "git:file:///srv/app.git",
        "store:local",
        "rally",
    ],
)
def test_what_is_taken_stays_as_it_is_spelled(text: str) -> None:
    assert checked_arbiter("x", text) == text


@pytest.mark.requirement("claim-config:arbiter:forms")
@pytest.mark.parametrize(
    "value",
    [
        "git",
        "git:",
        "store",
        "store:",
        "rally:x",
        "jira",
        "markdown",
        "me",
        "",
        "git:--upload-pack=touch /tmp/x",
        "git:ext::sh -c evil",
        "git:https://h/a\nb",
        f"git:/{'a' * 2000}",
        3,
        None,
        ["rally"],
    ],
)
def test_what_names_no_arbiter_lists_the_three_forms(value: object) -> None:
    with pytest.raises(InvalidInput, match=r"^here: ") as found:
        checked_arbiter("here", value)
    assert all(form in found.value.hint for form in ("git:<remote url>", "rally", "store:local"))


@pytest.mark.requirement("claim-config:arbiter:forms")
def test_a_files_odd_arbiter_names_file_and_key(tmp_path: Path) -> None:
    (tmp_path / ".panopticon.yaml").write_text("arbiter: github\n")
    with pytest.raises(InvalidInput, match=r"\.panopticon\.yaml arbiter: 'github' names no"):
        load({}, tmp_path, tmp_path)


@pytest.mark.requirement("claim-config:arbiter:secret")
@pytest.mark.parametrize(
    ("told", "clean"),
    [
        (f"https://ann:{SECRET}@h/r.git", "https://h/r.git"),
        (f"https://{SECRET}@h/r.git", "https://h/r.git"),
        (f"ssh://git:{SECRET}@h/r.git", "ssh://git@h/r.git"),
        (f"https://a@b:{SECRET}@h:8443/r.git", "https://h:8443/r.git"),
        (f"postgres://pan:{SECRET}@db/claims", "postgres://db/claims"),
    ],
)
def test_credentials_are_refused_and_not_repeated(told: str, clean: str) -> None:
    kind = "store" if told.startswith("postgres") else "git"
    with pytest.raises(InvalidInput) as found:
        checked_arbiter("file arbiter", f"{kind}:{told}")
    assert SECRET not in found.value.message + found.value.hint
    assert f"{kind}:{clean}" in found.value.hint
    assert without_credentials(told) == clean


@pytest.mark.requirement("claim-config:arbiter:secret")
@pytest.mark.parametrize("end", ["?private_token=tok3n", "?x", "#tok3n"])
@pytest.mark.parametrize("address", ["git:https://h/r.git", "store:postgres://db/claims"])
def test_what_may_hide_a_key_behind_an_address_is_refused(address: str, end: str) -> None:
    with pytest.raises(InvalidInput) as found:
        checked_arbiter("here", f"{address}{end}")
    assert "tok3n" not in found.value.message + found.value.hint


@pytest.mark.requirement("claim-config:arbiter:secret")
@pytest.mark.parametrize("url", ["git@github.com:a/b.git", "ssh://git@h/r", "https://h/r", "/a@b"])
def test_an_address_without_a_secret_stays(url: str) -> None:
    assert without_credentials(url) == url


@pytest.mark.requirement("claim-config:arbiter:same")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("git:https://github.com/acme/app", "git:https://github.com/acme/app.git"),
        ("git:https://github.com/acme/app", "git:https://GitHub.com/acme/app/"),
        ("git:https://github.com/acme/app", "git:git@github.com:acme/app.git"),
        ("git:https://github.com/acme/app", "git:ssh://git@github.com/acme/app.git"),
        ("git:https://h:443/a", "git:https://h/a"),
        ("git:ssh://git@h:22/a", "git:git@h:a"),
        ("git:/srv/app.git", "git:file:///srv/app.git/"),
        ("git:/srv/x/../app.git", "git:/srv/app.git"),
        ("git:ann@h:/srv/app", "git:ssh://ann@h/srv/app.git"),
        ("rally", " rally"),
    ],
)
def test_spellings_of_one_arbiter(one: str, other: str) -> None:
    assert same_arbiter(one, other)
    assert same_arbiter(other, one)


@pytest.mark.requirement("claim-config:arbiter:same")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("git:https://github.com/acme/app", "git:https://github.com/acme/app2"),
        ("git:https://github.com/acme/app", "git:https://gitlab.com/acme/app"),
        ("git:https://github.com/acme/app", "git:https://github.com/Acme/app"),
        ("git:https://h/a", "git:https://h:8443/a"),
        ("git:ann@h:app", "git:ben@h:app"),
        ("git:ann@h:app", "git:ann@h:/app"),
        ("git:/srv/app", "git:/srv/app.git"),
        ("git:/srv/app", "git:https://h/srv/app"),
        ("rally", "store:local"),
        ("git:/srv/app", "store:/srv/app"),
        ("rally", "git:rally"),
    ],
)
def test_in_doubt_they_differ(one: str, other: str) -> None:
    assert not same_arbiter(one, other)
    assert not same_arbiter(other, one)


@pytest.mark.requirement("claim-config:arbiter:hidden")
def test_an_overruled_arbiter_is_said(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "project"
    for path in (home / ".panopticon", folder / "_bmad/pantheon"):
        path.mkdir(parents=True)
    (home / ".panopticon/config.toml").write_text('[pan]\narbiter = "rally"\n')
    assert load({}, home, folder).arbiter == "rally"
    (home / ".panopticon/projects.yaml").write_text("arbiter: 'git:https://h/app'\n")
    (folder / "_bmad/pantheon/config.yaml").write_text("pantheon: {arbiter: 'git:git@h:app.git'}")
    config = load({}, home, folder)
    assert config.arbiter == "git:git@h:app.git"
    (note,) = config.notes
    assert "rally in " in note
    assert str(folder) in note
