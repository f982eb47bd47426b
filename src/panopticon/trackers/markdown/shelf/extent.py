"""Which items a scope means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from panopticon.errors import InvalidInput, NotFound
from panopticon.model.change import Scope
from panopticon.model.issue import Kind
from panopticon.trackers.markdown.shelf.item import Item
from panopticon.trackers.markdown.shelf.shelf import Shelf
from panopticon.trackers.markdown.text.number import canonical


@dataclass(frozen=True, slots=True)
class Held:
    """An item and the shelf it is on."""

    shelf: Shelf
    item: Item


def within(shelves: Sequence[Shelf], scope: Scope) -> list[Held]:
    """Choose the items in scope; raises NotFound for an unknown project or epic."""
    chosen = _of_project(shelves, scope.project)
    if scope.iteration:
        chosen = [held for held in chosen if held.item.iteration == scope.iteration]
    if scope.epics:
        tops = {key for word in scope.epics for key in _epic(shelves, word)}
        chosen = [held for held in chosen if tops & {held.item.key, held.item.parent}]
    return chosen


def _of_project(shelves: Sequence[Shelf], project: str | None) -> list[Held]:
    fitting = [
        one for one in shelves if project in {None, one.project, one.binding.name, one.canonical}
    ]
    if not fitting and shelves:
        known = ", ".join(shelf.project for shelf in shelves)
        raise NotFound(f"There is no folder {project!r} here.", f"There is {known}.")
    return [Held(shelf, item) for shelf in fitting for item in shelf.items]


def _epic(shelves: Sequence[Shelf], word: str) -> set[str]:
    """Find the epic that a key or a bare number means."""
    found = set(_fitting(shelves, word))
    if not found:
        raise NotFound(f"No epic is meant by {word!r}.", "pan work list kind=epic lists them.")
    if len(found) > 1:
        names = sorted(found)
        message = f"{word!r} may mean {' or '.join(names)}."
        raise InvalidInput(message, "Say which.", candidates=names)
    return found


def _fitting(shelves: Sequence[Shelf], word: str) -> Iterable[str]:
    for shelf in shelves:
        item = shelf.find(word.partition(":")[2] or word)
        if item and item.kind is Kind.EPIC:
            yield item.key
        else:
            number = canonical(word)
            for one in shelf.items:
                if one.kind is Kind.EPIC and one.number and one.number == number:
                    yield one.key
