"""Writing a status word everywhere an item's status is said: together, or not at all."""

from dataclasses import dataclass

from panopticon.model.issue import Kind
from panopticon.trackers.markdown.edit import sprint as sprint_edit, story as edit
from panopticon.trackers.markdown.shelf.facts import word_shown
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.text.sprint import read_sprint, set_word
from panopticon.trackers.markdown.text.story import Story
from panopticon.trackers.markdown.write.journal import Word
from panopticon.trackers.markdown.write.pending import Pending
from panopticon.trackers.markdown.write.target import Target, made_target, target_of
from panopticon.trackers.markdown.write.words import beside


@dataclass(frozen=True, slots=True)
class Moving:
    """A word for one item: what is decided by its file stands there, the rest follows."""

    pending: Pending
    item: Item
    word: str

    def write(self, target: Target | None = None) -> None:
        """Write the word: in the file, the entry of sprint-status and the part that say one."""
        item = self.item
        target = target or target_of(self.pending, item)
        in_file = target is not None and bool(target.story.status)
        is_story = item.kind is not Kind.EPIC
        is_file = is_story and target is not None and bool(item.path or not item.epics_path)
        if target and (in_file or (item.path and item.entry is None)):
            self._in_text(target)
            in_file = True
        if item.entry and item.sprint_path:
            self._in_entry(item.sprint_path, item.entry.key, is_led=is_file and in_file)
        elif not in_file and item.kind is Kind.EPIC and self.pending.shelf.sprint_path:
            self._new_entry(self.pending.shelf.sprint_path)
        elif not in_file:
            self._in_text(target or made_target(self.pending, item))
        if item.path and item.epics_path:
            self._in_part()

    def _in_text(self, target: Target) -> None:
        old = target.story.word
        if old != self.word == word_shown(old):
            return  # it stands there with emphasis
        target.put(edit.status(target.story, self.word))
        part = target.story.number if target.story.is_part else ""
        if self.item.kind is not Kind.EPIC:
            self.pending.words[target.path] = Word(old, self.word, part=part)

    def _in_entry(self, path: str, key: str, *, is_led: bool) -> None:
        text = self.pending.text(path) or ""
        sprint = read_sprint(text, path)
        entry = next((one for one in sprint.entries if one.key == key), None)
        if entry is None:
            return
        team = self.pending.shelf.binding.words
        word = beside(self.word, entry.value, team) if is_led else self.word
        if word != entry.value:
            self.pending.put(path, set_word(sprint, key, word))
            self.pending.words[path] = Word(entry.value, word, entry=key)

    def _new_entry(self, path: str) -> None:
        sprint = read_sprint(self.pending.text(path) or "", path)
        self.pending.put(path, sprint_edit.add_epic(sprint, self.item.number, self.word))

    def _in_part(self) -> None:
        """Keep the part of an epics file in step where it says a status too."""
        part: Story | None = self.pending.shelf.part(self.item)
        path = self.item.epics_path
        if part and part.status and path and word_shown(part.word) != self.word:
            self.pending.put(path, edit.status(part, self.word))
            self.pending.words[path] = Word(part.word, self.word, part=part.number)
