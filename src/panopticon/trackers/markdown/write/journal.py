"""What a writer means to do, kept on the disk until it is done, so that a kill leaves no half.

A story's word stands in its file and in sprint-status. Who dies between the two has left the
intent; the next command finishes it. What somebody has written by hand since then wins: the rest
of the intent is dropped.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

import orjson

from panopticon.errors import PanError
from panopticon.trackers.disk import Write
from panopticon.trackers.markdown.edit.story import status
from panopticon.trackers.markdown.text.epics import read_epics
from panopticon.trackers.markdown.text.number import canonical
from panopticon.trackers.markdown.text.piece import decode, encode
from panopticon.trackers.markdown.text.sprint import read_sprint, set_word
from panopticon.trackers.markdown.text.story import Story, read

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Word:
    """A status word that a step changes: of an entry, of a part by its number, or of a file.

    Only the word need be written again when the file has changed elsewhere since.
    """

    old: str
    new: str
    entry: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One file's change: `before` stands for its bytes (None: no file), `after` is its text."""

    path: str
    before: str | None
    after: str | None
    word: Word | None = None


@dataclass(frozen=True, slots=True)
class Intent:
    """The steps of one write, the message of its commit, and whether there shall be one.

    `branch`: where it was begun; on another one the files are other ones (None: not known).
    """

    message: str
    steps: tuple[Step, ...]
    commits: bool = True
    branch: str | None = None


def intent_of(
    message: str,
    writes: Sequence[Write],
    words: Mapping[str, Word],
    *,
    commits: bool = True,
    branch: str | None = None,
) -> Intent:
    """Say what a write means to do; `words` by path."""
    steps = [
        Step(
            write.path,
            None if write.before is None else _digest(write.before),
            None if write.after is None else decode(write.after),
            words.get(write.path),
        )
        for write in writes
    ]
    return Intent(message, tuple(steps), commits, branch)


def meant(intent: Intent) -> dict[str, bytes | None]:
    """Give what each file shall hold."""
    return {step.path: None if step.after is None else encode(step.after) for step in intent.steps}


def to_bytes(intent: Intent) -> bytes:
    """Write it as JSON; bytes that are no text are kept."""
    told = asdict(intent)
    for step in told["steps"]:
        if step["after"] is not None:
            step["after"] = step["after"].encode("utf-8", "surrogateescape").decode("latin-1")
    return orjson.dumps({"format": FORMAT, **told})


def from_bytes(content: bytes) -> Intent | None:
    """Read it; None for what cannot be understood, which is then forgotten."""
    try:
        told = orjson.loads(content)
        if told["format"] != FORMAT:
            return None
        steps = tuple(_step(one) for one in told["steps"])
        return Intent(told["message"], steps, told["commits"], told.get("branch"))
    except (orjson.JSONDecodeError, UnicodeError, KeyError, TypeError):
        return None


def _step(told: Mapping[str, object]) -> Step:
    word, after, before = told["word"], told["after"], told["before"]
    if not (before is None or isinstance(before, str)):
        raise TypeError
    text = after.encode("latin-1") if isinstance(after, str) else None
    return Step(
        path=str(told["path"]),
        before=before,
        after=None if text is None else decode(text),
        word=Word(**word) if isinstance(word, dict) else None,
    )


def left(intent: Intent, now: Callable[[str], bytes | None]) -> list[Write] | None:
    """Give what is still to do with the files as they are; None where a newer edit wins."""
    writes: list[Write] = []
    for step in intent.steps:
        current = now(step.path)
        after = None if step.after is None else encode(step.after)
        if current == after:
            continue
        if (None if current is None else _digest(current)) == step.before:
            writes.append(Write(step.path, current, after))
        elif step.word and current is not None:
            try:
                again = _with_word(decode(current), step.path, step.word)
            except PanError:  # a merge is under way, or the word no longer fits
                return None
            if again is None:
                return None
            if encode(again) != current:
                writes.append(Write(step.path, current, encode(again)))
        else:
            return None
    return writes


def _with_word(text: str, path: str, word: Word) -> str | None:
    """Write the word where the old one still stands; None where there is another one now."""
    if word.entry:
        sprint = read_sprint(text, path)
        entry = next((one for one in sprint.entries if one.key == word.entry), None)
        if entry is None or entry.value not in {word.old, word.new}:
            return None
        return text if entry.value == word.new else set_word(sprint, word.entry, word.new)
    story = _story(text, path, word)
    if story is None or story.word not in {word.old, word.new}:
        return None
    return text if story.word == word.new else status(story, word.new)


def _story(text: str, path: str, word: Word) -> Story | None:
    if not word.part:
        return read(text, path)
    wanted = canonical(word.part)
    return next((one for one in read_epics(text, path).stories if one.key == wanted), None)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
