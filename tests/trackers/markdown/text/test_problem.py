"""What is wrong with files is told with its line, and nothing is left out."""

import pytest

from panopticon.trackers.markdown.text.piece import encode
from panopticon.trackers.markdown.text.story import Story, read


def told(story: Story) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in story.problems]


@pytest.mark.requirement("story:problem:line")
def test_problems_print_as_compilers_do() -> None:
    story = read("no title\n\nStatus: odd\n", "docs/a.md")
    assert [str(problem) for problem in story.problems] == [
        "docs/a.md:1: no title: a heading `# Story 1.2: title` is missing",
        "docs/a.md:3: unknown status 'odd': shown in the backlog",
    ]


@pytest.mark.requirement("story:problem:line")
def test_two_statuses_that_differ() -> None:
    story = read("---\nstatus: done\n---\n# T\n\nStatus: review\n")
    assert story.word == "review"
    assert told(story) == [(2, "status")]


@pytest.mark.requirement("story:problem:conflict")
def test_both_sides_of_a_conflict_are_read() -> None:
    text = "# T\n\n<<<<<<< ours\nStatus: done\n=======\nStatus: review\n>>>>>>> theirs\n"
    story = read(text + "\n## Tasks\n- [ ] a\n")
    assert story.has_conflict
    assert (story.word, len(story.tasks)) == ("done", 1)
    assert [line for line, code in told(story) if code == "conflict"] == [3, 7]


@pytest.mark.requirement("story:problem:encoding")
def test_latin_1_is_kept() -> None:
    data = "# Story 1.2: Caf\u00e9\n\nStatus: done\n".encode("latin-1")
    story = read(data)
    assert told(story) == [(1, "encoding")]
    assert encode(story.name) == b"Caf\xe9"
    assert encode(story.document.text) == data


FRONT = {
    "---\nstatus: *a\n---\n# T\n": (2, "front"),
    "---\nstatus: &a done\n---\n# T\n": (2, "front"),
    "---\nstatus: !!python/object:os.system x\n---\n# T\n": (2, "front"),
    "---\nlist: [&a x, *a]\n---\n# T\n": (2, "front"),
    "---\ntitle: x\n{nonsense\n---\n# T\n": (3, "front"),
    "---\ntitle: x\ntitle: y\n---\n# T\n": (3, "duplicate"),
    "---\ntitle: x\n# T\n": (1, "front"),
}


@pytest.mark.requirement("story:problem:front")
@pytest.mark.parametrize(("text", "expected"), FRONT.items())
def test_broken_front_matter(text: str, expected: tuple[int, str]) -> None:
    story = read(text)
    assert told(story) == [expected]
    assert story.name == "T"
    assert story.word == ""


@pytest.mark.requirement("story:problem:front")
def test_a_rule_in_the_first_line_is_no_front_matter() -> None:
    story = read("---\n\n## Story 1.2: T\n\n## Status\n\nDone\n\n---\n\n## Tasks\n- [ ] a\n")
    assert (story.key, story.word, len(story.tasks), story.problems) == ("1.2", "Done", 1, ())


@pytest.mark.requirement("story:problem:unclosed")
def test_what_is_never_closed() -> None:
    comment = read("# T\n<!-- open\n## Tasks\n- [ ] a\n")
    assert told(comment) == [(2, "unclosed")]
    assert len(comment.tasks) == 1
    code = read("# T\n## Tasks\n- [ ] a\n```\n- [ ] b\n")
    assert told(code) == [(4, "unclosed")]
    assert len(code.tasks) == 1
