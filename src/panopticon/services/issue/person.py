"""Who is meant by an assignee: the tracker's own person for `me`, a part of a name, a near miss."""

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from panopticon.errors import InvalidInput
from panopticon.model.issue import Issue, IssueFields, User
from panopticon.services import person
from panopticon.services.context import Context

_SHOWN = 5


def with_person(
    ctx: Context, tracker: str, fields: IssueFields, send: Callable[[IssueFields], Issue]
) -> Issue:
    """Write fields; where the tracker knows nobody of that name, find whom it means, then again.

    A tracker is asked first: it knows who `me` is to it, and exact names best. It refuses a
    person before it writes anything.
    """
    try:
        return send(fields)
    except InvalidInput as error:
        who = fields.get("assignee")
        if not who or error.details.get("field") != "assignee":
            raise
        found = _meant(ctx, tracker, who)
        if found is None:
            raise
        again = fields.copy()
        again["assignee"] = found
        return send(again)


def _meant(ctx: Context, tracker: str, who: str) -> str | None:
    """Find the only one that a word may mean, None where nobody is near; raises InvalidInput."""
    if who == person.ME:
        return person.known(ctx)
    people = [one for one in ctx.tracker(tracker).users() if not one.disabled]
    found = _called(people, who) if "@" not in who else []
    if len(found) == 1:
        return found[0]
    near = found or _near(people, who)
    if not near:
        return None
    shown = " or ".join(near[:_SHOWN])
    more = f" … ({len(near)} people)" if len(near) > _SHOWN else ""
    said = f"{who!r} may mean several." if found else f"Nobody is called {who!r}."
    raise InvalidInput(said, f"Did you mean {shown}{more}?", field="assignee", candidates=near)


def _called(people: list[User], who: str) -> list[str]:
    """Find those whose name, or email before the @, has this in it."""
    asked = who.casefold()
    return [_id(one) for one in people if any(asked in word for word in _words(one))]


def _near(people: list[User], who: str) -> list[str]:
    by_word = {word: _id(one) for one in people for word in _words(one)}
    asked = who.casefold().partition("@")[0]  # all of a team are alike behind the @
    close = get_close_matches(asked, list(by_word), n=_SHOWN, cutoff=0.6)
    return list(dict.fromkeys(by_word[word] for word in close))


def _words(one: User) -> Iterator[str]:
    yield one.name.casefold()
    yield from one.name.casefold().split()
    if one.email:
        yield one.email.partition("@")[0].casefold()


def _id(one: User) -> str:
    return one.email or one.name
