"""Story files keep the contract of every tracker."""

from pathlib import Path

import pytest

from tests.contracts.editing import EditingContract
from tests.contracts.subject import Subject
from tests.contracts.tracker import TrackerContract
from tests.trackers.markdown.desk import desk_in, story, subject_of


class TestMarkdown(TrackerContract, EditingContract):
    @pytest.fixture
    def subject(self, tmp_path: Path) -> Subject:
        desk = desk_in(tmp_path / "app", [("1-1-first.md", story("1.1", "First"))])
        return subject_of(desk, desk.tracker(commit=True))
