"""Settings files that a repository brings may be anything at all."""

import os
from pathlib import Path

import pytest

from panopticon.config import load
from panopticon.errors import InvalidInput

PLACES = [".panopticon.yaml", "_bmad/pantheon/config.yaml"]


def refused(tmp_path: Path) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        load({}, tmp_path / "home", tmp_path)
    assert caught.value.hint
    return caught.value


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path: Path = tmp_path / request.param
    path.parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / ".git").mkdir()
    return path


@pytest.mark.requirement("config:file:odd")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_link_to_a_device_is_not_read(place: Path, tmp_path: Path, device: str) -> None:
    place.symlink_to(device)
    assert str(place) in refused(tmp_path).message


@pytest.mark.requirement("config:file:odd")
def test_a_pipe_does_not_hang(place: Path, tmp_path: Path) -> None:
    os.mkfifo(place)
    assert "no plain file" in refused(tmp_path).message


@pytest.mark.requirement("config:file:odd")
@pytest.mark.parametrize("text", ["[" * 200_000, "a: [" * 50_000, "x" * 1_100_000])
def test_what_nests_or_grows_without_end_is_refused(place: Path, tmp_path: Path, text: str) -> None:
    place.write_text(text)
    assert str(place) in refused(tmp_path).message
