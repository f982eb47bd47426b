"""Which status words a folder knows, and which of them puts an item into a column."""

from collections.abc import Sequence

from panopticon.errors import Unsupported
from panopticon.model.form import Move
from panopticon.model.issue import IssueFields, Kind, State
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.text.grammar import Dialect
from panopticon.trackers.markdown.write.words import (
    Words,
    dialect_called,
    known_word,
    own_words,
    word_for,
    words_of,
)


def words_in(shelves: Sequence[Shelf], kind: Kind) -> Words:
    """List the words of a kind in these folders."""
    team = shelves[0].binding.words if shelves else {}
    dialects = list(dict.fromkeys(shelf.layout.dialect for shelf in shelves)) or [""]
    return words_of(kind, dialects, team, (item for shelf in shelves for item in shelf.items))


def move_of(shelf: Shelf, item: Item | None, kind: Kind, state: State) -> Move:
    """Say by which word an item moves to a column; one that is there keeps its own."""
    if item and item.state is state and item.native_state:
        return Move(state, item.native_state)
    words = words_in([shelf], kind)
    own = own_words(_dialect(shelf, item), kind)
    word = word_for(state, own, shelf.binding.words, words)
    if word:
        return Move(state, word)
    known = ", ".join(own[:-1])
    return Move(state, reason=f"An {kind} has no word for {state.label.lower()}: it knows {known}.")


def word_told(shelf: Shelf, item: Item | None, kind: Kind, told: IssueFields) -> str | None:
    """Give the word that is asked for, by itself or by a column; raises for one unknown."""
    if native := told.get("native_state"):
        return known_word(native, words_in([shelf], kind))
    if state := told.get("state"):
        move = move_of(shelf, item, kind, State(state))
        if move.reason:
            raise Unsupported(move.reason, "Move its stories, or choose another column.")
        return move.native_state
    return None


def _dialect(shelf: Shelf, item: Item | None) -> Dialect:
    """Tell the dialect in which an item says its status: a file in its own."""
    if item and item.path and (story := shelf.story(item)):
        return story.dialect
    return dialect_called("" if item and item.entry else shelf.layout.dialect)
