"""Writing the fields that a story says in labels or front matter.

A field stands where it stood; a new one goes beside the status in the file's own form; nothing
(None, an empty list, False, 0) takes away what stands there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from panopticon.errors import InvalidInput
from panopticon.model.issue import PRIORITIES
from panopticon.trackers.markdown.edit.add import Change
from panopticon.trackers.markdown.edit.applied import Aim, done
from panopticon.trackers.markdown.edit.place_line import (
    flow,
    new_entry,
    new_label,
    over_entry,
    over_label,
    without_entry,
    without_label,
)
from panopticon.trackers.markdown.text.entry import quoted_like
from panopticon.trackers.markdown.text.field import (
    NAMINGS,
    SPELLED,
    Labelled,
    Spot,
    Value,
    hours_in,
    plain,
    points_in,
    spot,
    spots,
    values,
)
from panopticon.trackers.markdown.text.piece import on_one_line
from panopticon.trackers.markdown.text.story import Story

__all__ = ["NAMINGS", "Labelled", "values", "written"]

_P_STYLE = ("", "P0", "P1", "P2", "P3")
_HINT = "Give a plain value on one line; a label holds no comma."


class _Wish(NamedTuple):
    """What a field shall say: as a value, and as text (a list of texts for labels)."""

    value: Value
    text: str | tuple[str, ...]


def written(story: Story, name: str, value: object) -> str:
    """Give the text with a field written; raises InvalidInput for a value it cannot hold."""
    wish = _wish(name, value)
    now = values(story)
    if getattr(now, name) == wish.value:
        return story.document.text
    after = replace(now, **{name: wish.value})  # type: ignore[arg-type]
    if name == "blocked" and not wish.value:
        after = replace(after, blocked_reason=None)
    changes = _changes(story, name, wish)
    return done(story, changes, Aim(name, after, values, frozenset({"labels"}), _HINT))


def _wish(name: str, value: object) -> _Wish:
    """Understand a value; raises InvalidInput."""
    try:
        found = _WISHES.get(name, _text)(value, NAMINGS[name].label.lower())
    except (TypeError, ValueError):
        raise InvalidInput(f"{value!r} is no {name}.", _HINT, field=name) from None
    if isinstance(found, tuple):
        return _Wish(found, found)
    return _Wish(found, "" if found is None else SPELLED.get(name, str)(found))


def _text(value: object, name: str) -> Value:
    text = on_one_line(str(value), name) if value is not None else ""
    if text and plain(text) != text:
        raise InvalidInput(f"{text!r} would be read as another {name}.", _HINT)
    return text or None


def _number(value: object, name: str) -> Value:
    if value is None or value == "":
        return None
    number = round(float(str(value)), 3)
    if not 0 <= number <= 1_000_000:  # noqa: PLR2004 - what a file of a team may hold
        raise InvalidInput(f"{value!r} is no {name}.", "Give a number from 0 to 1,000,000.")
    return number


def _priority(value: object, name: str) -> Value:
    number = int(str(value or 0))
    if not 0 <= number < len(PRIORITIES):
        raise InvalidInput(f"{value!r} is no {name}.", f"Use 0 to 4: {', '.join(PRIORITIES)}.")
    return number


def _date(value: object, _name: str) -> Value:
    return value if value is None or isinstance(value, date) else date.fromisoformat(str(value))


def _flag(value: object, _name: str) -> Value:
    return bool(value)


def _labels(value: object, name: str) -> Value:
    listed = value if isinstance(value, Sequence) and not isinstance(value, str) else []
    found = tuple(dict.fromkeys(text for one in listed if (text := str(_text(one, name) or ""))))
    if any("," in one or ";" in one for one in found):
        raise InvalidInput("A label of a story file holds no comma or semicolon.", "Use a blank.")
    return found


_WISHES: Mapping[str, Callable[[object, str], Value]] = {
    **dict.fromkeys(("points", "hours", "coverage"), _number),
    "priority": _priority,
    "due": _date,
    "blocked": _flag,
    "labels": _labels,
}


def _changes(story: Story, name: str, wish: _Wish) -> list[Change]:
    found = _place(story, name)
    if not wish.text:
        return _cleared(story, name)
    if name == "blocked" and found and found.text:
        return _put(story, found, _Wish(True, "yes"))  # it said no
    if found:
        return _put(story, found, _Wish(wish.value, _styled(name, wish, found.text)))
    text, naming = wish.text, NAMINGS[name]
    if story.has_front_status and isinstance(text, str):
        return [new_entry(story, naming.key, quoted_like(text, ""))]
    if story.has_front_status:
        return [new_entry(story, naming.key, flow(list(text)))]
    said = text if isinstance(text, str) else ", ".join(text)
    flag = spot(story, "blocked") if name == "blocked_reason" else None
    return [new_label(story, naming.label, said, flag.label if flag else None)]


def _place(story: Story, name: str) -> Spot | None:
    """Find where a field stands: hours perhaps under "Estimate", a reason under "Blocked"."""
    found = spot(story, name)
    if name == "hours" and (found is None or not found.text):
        estimates = spots(story, NAMINGS["points"].read)
        return next((one for one in estimates if hours_in(one.text) is not None), found)
    if name == "points" and found and hours_in(found.text) is not None:
        return None
    if name == "blocked_reason" and (found is None or not found.text):
        flag = spot(story, "blocked")
        return flag if flag and values(story).blocked_reason else found
    return found


def _cleared(story: Story, name: str) -> list[Change]:
    """Take away every place that says the field; a reason in the place of the flag leaves "yes"."""
    names = NAMINGS[name].read
    found = [one for one in spots(story, names) if name != "points" or _is_points(one)]
    if name == "hours":
        found += [one for one in spots(story, NAMINGS["points"].read) if _is_hours(one)]
    if name == "blocked":
        found += spots(story, NAMINGS["blocked_reason"].read)
    if name == "blocked_reason" and not found:
        flag = _place(story, name)
        return _put(story, flag, _Wish(True, "yes")) if flag else []
    changes = [without_entry(story, one.entry) for one in found if one.entry]
    return changes + [without_label(story, one.label) for one in found if one.label]


def _is_points(found: Spot) -> bool:
    return points_in(found.text) is not None or plain(found.text) is None


def _is_hours(found: Spot) -> bool:
    return points_in(found.text) is None and hours_in(found.text) is not None


def _put(story: Story, found: Spot, wish: _Wish) -> list[Change]:
    if found.entry:
        value = wish.text if isinstance(wish.text, str) else list(wish.text)
        return over_entry(story, found.entry, value)
    text = wish.text if isinstance(wish.text, str) else ", ".join(wish.text)
    return [over_label(story, found.label, text)] if found.label else []


def _styled(name: str, wish: _Wish, old: str) -> str | tuple[str, ...]:
    """Spell a value as the old one was: `8 SP`, `4h`, `P1`, `High`, code marks."""
    text = wish.text
    if not isinstance(text, str) or not old:
        return text
    if name == "priority" and isinstance(wish.value, int):
        if old[:1] in "pP" and old[1:2].isdigit():
            return _P_STYLE[wish.value]
        return text.capitalize() if old[:1].isupper() else text
    if name in {"points", "hours", "coverage"}:
        rest = old.lstrip("~").lstrip("0123456789.")
        return f"{wish.value:g}{rest}" if _is_unit(name, rest) else text
    is_code = old[:1] == old[-1:] == "`" and "`" not in text
    return f"`{text}`" if is_code else text


def _is_unit(name: str, rest: str) -> bool:
    """Tell whether what stands behind a number is a unit that may stay there."""
    if name == "points":
        return points_in(f"1{rest}") is not None and rest.replace(" ", "").isalpha()
    return (name == "hours" and hours_in(f"1{rest}") is not None) or rest.strip() == "%"
