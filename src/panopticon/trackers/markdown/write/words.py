"""The status words of a folder: its dialect's first, then the team's own and those in use."""

from collections.abc import Iterable, Mapping, Sequence

from panopticon.errors import InvalidInput
from panopticon.model.issue import Kind, State
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.text.grammar import PANTHEON, SPEC, V4, V6, Dialect
from panopticon.trackers.markdown.text.word import meaning_of

Words = tuple[tuple[str, State], ...]

_DIALECTS: Mapping[str, Dialect] = {one.name: one for one in (V4, V6, PANTHEON, SPEC)}
_CANCELLED = "cancelled"
_EPIC_COLUMNS = (State.BACKLOG, State.IN_PROGRESS, State.DONE)
_LONGEST = 60
_SHORT = 30


def dialect_called(name: str) -> Dialect:
    """Give a dialect by its name; that of version 6 where nothing tells it."""
    return _DIALECTS.get(name, V6)


def own_words(dialect: Dialect, kind: Kind) -> tuple[str, ...]:
    """Give the words of a dialect: an epic's are those of sprint-status."""
    if kind is Kind.EPIC:
        return (*(V6.words[state] for state in _EPIC_COLUMNS), _CANCELLED)
    return (*dialect.words.values(), _CANCELLED if dialect is not V4 else _CANCELLED.capitalize())


def words_of(
    kind: Kind, dialects: Iterable[str], team: Mapping[str, State], items: Iterable[Item]
) -> Words:
    """List every word of a kind with its column."""
    listed = [word for name in dialects for word in own_words(dialect_called(name), kind)]
    listed += team
    used = {item.native_state for item in items if item.kind is kind and item.native_state}
    listed += sorted(word for word in used if len(word) <= _LONGEST)
    return tuple((word, meaning_of(word, team).state) for word in dict.fromkeys(listed))


def writable_words(words: Words, team: Mapping[str, State]) -> tuple[str, ...]:
    """Give those that a form offers: no remark behind them, and their column known."""
    return tuple(
        word
        for word, _ in words
        if len(word) <= _SHORT and "(" not in word and meaning_of(word, team).is_known
    )


def word_for(
    state: State, own: Sequence[str], team: Mapping[str, State], words: Words
) -> str | None:
    """Choose the word that puts an item into a column: never one that cancels it."""
    for word in (*own, *team, *(word for word, _ in words)):
        meaning = meaning_of(word, team)
        if meaning.state is state and not meaning.cancelled and meaning.is_known:
            return word
    return None


def beside(word: str, old: str, team: Mapping[str, State]) -> str:
    """Spell a story's word as sprint-status does, which knows few; one that fits stays."""
    meaning, before = meaning_of(word, team), meaning_of(old, team)
    if old and (meaning.state, meaning.cancelled) == (before.state, before.cancelled):
        return old
    return _CANCELLED if meaning.cancelled else V6.words[meaning.state]


def known_word(word: str, words: Words) -> str:
    """Take a word that is listed, in any case; raises InvalidInput with the known ones."""
    wanted = word.strip()
    for known, _ in words:
        if known == wanted:
            return known
    for known, _ in words:
        if known.casefold() == wanted.casefold():
            return known
    raise InvalidInput(
        f"There is no status {word!r}.",
        f"Known: {', '.join(known for known, _ in words)}. A team's own words stand in `states`.",
        field="native_state",
    )
