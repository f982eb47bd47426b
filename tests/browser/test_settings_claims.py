"""Claims on the settings page: what holds of them, and what a file of the team decides."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.connecting import desk

pytestmark = pytest.mark.browser
FORM = "The settings of claims"


@pytest.mark.requirement("claim-config:page:form")
def test_claims_are_changed_and_what_a_file_decides_is_fixed(
    tmp_path: Path, chromium: Browser
) -> None:
    (tmp_path / ".panopticon.yaml").write_text("arbiter: 'git:https://h/app.git'\nmax_locks: 3\n")
    with desk(tmp_path, chromium, {}) as board:
        board.go("/settings")
        form = board.page.get_by_role("form", name=FORM)
        expect(form).to_contain_text("git:https://h/app.git")
        most = form.get_by_label("Stories at once")
        expect(most).to_be_disabled()
        expect(most).to_have_value("3")
        expect(most).to_have_accessible_description(re.compile(r"Decided by \.panopticon\.yaml"))
        hours = form.get_by_label("Hours held")
        hours.fill("1000")
        form.get_by_role("button", name="Save").click()
        expect(hours).to_have_accessible_description(re.compile("a number from 0.1 to 720"))
        expect(hours).to_be_focused()
        hours.fill("8")
        form.get_by_label("Leads").fill("ann@example.com, ben@example.com,")
        form.get_by_label("Before a checkout").check()
        form.get_by_role("button", name="Save").click()
        expect(board.page.get_by_text("The settings are saved.")).to_be_visible()
        board.page.reload()
        expect(hours).to_have_value("8")
        expect(form.get_by_label("Leads")).to_have_value("ann@example.com, ben@example.com")
        expect(form.get_by_label("Before a checkout")).to_be_checked()
        text = (tmp_path / ".panopticon/config.toml").read_text()
        assert "lock_hours = 8" in text
        assert "max_locks" not in text


@pytest.mark.requirement("claim-config:page:form")
def test_what_was_typed_outlives_another_save(tmp_path: Path, chromium: Browser) -> None:
    with desk(tmp_path, chromium, {}) as board:
        board.go("/settings")
        form = board.page.get_by_role("form", name=FORM)
        expect(form).to_contain_text("Nobody yet")
        form.get_by_label("Main branch").fill("-x")
        form.get_by_role("button", name="Save").click()
        expect(form.get_by_label("Main branch")).to_have_accessible_description(
            re.compile("is not a branch's name")
        )
        board.page.get_by_label("Done").fill("7")
        board.page.get_by_role("form", name="The board's settings").get_by_role("button").click()
        expect(board.page.get_by_text("The settings are saved.")).to_be_visible()
        expect(form.get_by_label("Main branch")).to_have_value("-x")
