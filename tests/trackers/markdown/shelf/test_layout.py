"""Which files of a folder are stories, epics and sprint-status."""

from collections.abc import Callable

import pytest

from panopticon.errors import NotFound
from panopticon.trackers.markdown.shelf.layout import Choice, Layout, found

V4_CONFIG = "devStoryLocation: docs/tales\nprd:\n  prdFile: docs/plan.md\n"
V6_CONFIG = "implementation_artifacts: '{project-root}/out/work'\noutput_folder: out\n"


def reader(**files: str) -> Callable[[str], bytes]:
    """Read BMAD's config from a table whose names stand for paths."""
    named = {
        "v4": ".bmad-core/core-config.yaml",
        "v6": "_bmad/bmm/config.yaml",
        "pantheon": "_bmad/pantheon/config.yaml",
    }
    table = {named[name]: text.encode() for name, text in files.items()}

    def read(path: str) -> bytes:
        if path not in table:
            raise NotFound(path)
        return table[path]

    return read


def layout(*paths: str, inside: str = "", choice: Choice | None = None, **files: str) -> Layout:
    return found(sorted(paths), reader(**files), inside, choice)


@pytest.mark.requirement("markdown:layout:dialects")
def test_config_and_names_tell_the_dialect() -> None:
    v4 = layout("docs/tales/1.2.title.md", "docs/plan.md", v4=V4_CONFIG)
    assert (v4.dialect, v4.stories, v4.epics) == (
        "v4",
        ("docs/tales/1.2.title.md",),
        ("docs/plan.md",),
    )
    v6 = layout("out/work/1-2-title.md", "out/work/sprint-status.yaml", v6=V6_CONFIG)
    assert (v6.dialect, v6.stories, v6.sprints) == (
        "v6",
        ("out/work/1-2-title.md",),
        ("out/work/sprint-status.yaml",),
    )
    assert layout("docs/stories/1-2-x.md", v6=V6_CONFIG, pantheon="a: b\n").dialect == "pantheon"
    assert layout("docs/stories/1.2.title.md").dialect == "v4"
    assert layout("docs/sprint-artifacts/1-2-title.md").dialect == "v6"
    assert layout("docs/stories/spec-a.md", "docs/stories/spec-b.md").dialect == "spec"
    assert layout("README.md", "src/notes.md").is_empty


@pytest.mark.requirement("markdown:layout:said")
def test_what_was_found_is_said_in_a_line() -> None:
    paths = (*(f"docs/stories/1-{n}-x.md" for n in range(1, 4)), "docs/epics.md")
    one = layout(*paths, "docs/stories/sprint-status.yaml")
    assert one.said() == "BMAD v6: 3 story files in docs/stories, 1 epics file, sprint-status"
    assert layout("README.md").said() == "no BMAD files"


@pytest.mark.requirement("markdown:layout:no-stories")
@pytest.mark.parametrize(
    "path",
    [
        "_bmad/bmm/stories/1-2-example.md",
        "node_modules/x/stories/1-2-x.md",
        "src/1-2-not-in-a-place-of-stories.md",
        "docs/stories/review-1-2-title.md",
        "docs/stories/epic-1-5-retro.md",
        "docs/stories/1-2-title.validation-report-2026-01-02.md",
        "docs/stories/1-2-title.context.md",
        "docs/stories/1-12-validation-report-2025-11-30.md",
        "docs/stories/STORY-1-2-COMPLETION-SUMMARY.md",
        "docs/stories/2026-01-02-notes.md",
        "docs/stories/reviews/1-2-title.md",
    ],
)
def test_what_only_speaks_of_stories_is_none(path: str) -> None:
    assert layout(path, "docs/stories/1-1-first.md").stories == ("docs/stories/1-1-first.md",)


@pytest.mark.requirement("markdown:layout:names")
@pytest.mark.parametrize(
    "name",
    [
        *("1-2-title.md", "1.2.title.md", "story-1-2.md", "story-1.2.story.md", "01-2-x.md"),
        *("1-4b-x.md", "env-6-3-x.md", "7.5-1-x.md", "spec-x.md", "4-3-report-an-event.md"),
        *("8-6-format-validation.md", "5-3-shared-context.md", "epic-9-1-event-log.md"),
        *("US-123-x.md", "H-1-x.md"),
    ],
)
def test_names_that_were_seen_are_stories(name: str) -> None:
    assert layout(f"docs/stories/{name}").stories == (f"docs/stories/{name}",)


@pytest.mark.requirement("markdown:layout:inside")
def test_a_folder_of_stories_may_be_opened_itself() -> None:
    opened = layout("1.2.title.md", "README.md", "epics.md", inside="docs/stories")
    assert (opened.stories, opened.story_folder) == (("1.2.title.md",), "")
    assert opened.epics == ("epics.md",)
    assert layout("1-2-title.md", "notes.md", inside="some/where").stories == ("1-2-title.md",)


@pytest.mark.requirement("markdown:layout:archives-last")
def test_archives_come_last() -> None:
    paths = ("docs/archive/stories/1-1-a.md", "docs/stories/1-1-b.md")
    assert layout(*paths).stories == paths[::-1]
    two = layout("docs/epics-backup-2025.md", "docs/epics.md", "docs/stories/1-1-a.md")
    assert two.epics == ("docs/epics.md", "docs/epics-backup-2025.md")
    assert two.epics_file == "docs/epics.md"


@pytest.mark.requirement("markdown:layout:choice")
def test_patterns_add_files_and_leave_some_out() -> None:
    paths = ("notes/deep/idea.md", "docs/stories/1-1-a.md", "docs/stories/old/1-2-b.md", "x.md")
    choice = Choice(include=("notes/**/*.md",), exclude=("docs/stories/old",))
    assert layout(*paths, choice=choice).stories == ("docs/stories/1-1-a.md", "notes/deep/idea.md")
    assert layout(*paths, choice=Choice(("?.md",))).stories[-1] == "docs/stories/old/1-2-b.md"


@pytest.mark.requirement("markdown:layout:new")
def test_new_stories_belong_where_most_are_else_as_configured() -> None:
    paths = ("a/stories/1-1-a.md", "b/stories/1-1-a.md", "b/stories/1-2-a.md")
    assert layout(*paths).story_folder == "b/stories"
    bare = layout("README.md", v6=V6_CONFIG)
    assert bare.story_folder == "out/work"
    assert layout("README.md", v4=V4_CONFIG).story_folder == "docs/tales"
    out = "implementation_artifacts: ../elsewhere\n"
    assert layout("README.md", v6=out).story_folder == "_bmad-output/implementation-artifacts"
