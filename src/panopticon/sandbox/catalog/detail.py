"""Write out one generated item: its texts, tasks, remarks and what a finished story carries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from random import Random

from panopticon.sandbox.catalog.course import DONE, Course, chance
from panopticon.sandbox.catalog.team import ENGINEERS, ROOT
from panopticon.sandbox.catalog.words import Words
from panopticon.sandbox.catalog.work import Work, talk
from panopticon.sandbox.product import Job, Remark

_COUNTS = ("80", "120", "200", "260", "340", "450", "600", "900", "1,200", "1,800", "2,500")
_FEWEST_CRITERIA = 3
_HOURS = (1.0, 1.5, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0)
_POINTS = (1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0, 5.0, 5.0, 8.0, 8.0, 13.0)
_PROJECTS = {"web": "DDC-AI Web", "mobile": "DDC-AI Mobile"}
_LAYER_TAGS = {
    "web": ("frontend",),
    "api": ("api",),
    "db": ("database",),
    "mobile": ("mobile",),
    "job": (),
}


def numbers(rng: Random) -> Words:
    """The figures a story mentions."""
    return {
        "count": rng.choice(_COUNTS),
        "share": str(rng.randrange(3, 28)),
        "minutes": str(rng.randrange(4, 26)),
    }


def marked_up(words: Words) -> dict[str, str]:
    """The same words for use in HTML; only people's and companies' names need it."""
    return {**words, "customer": escape(words["customer"]), "Customer": escape(words["Customer"])}


def description(rng: Random, work: Work, words: Words) -> str:
    """Why, what and now and then a remark on the side."""
    parts = [rng.choice(work.why), work.what]
    if chance(rng, 0.45):
        parts.append(rng.choice(talk().asides))
    return "".join(f"<p>{part.format_map(words)}</p>" for part in parts)


def criteria(rng: Random, work: Work, words: Words) -> str:
    """All criteria of the work or all but one."""
    lines = list(work.criteria)
    if len(lines) > _FEWEST_CRITERIA and chance(rng, 0.5):
        del lines[rng.randrange(len(lines))]
    if chance(rng, 0.35):
        lines.append(rng.choice(talk().extra_criteria))
    return "<ol>" + "".join(f"<li>{line.format_map(words)}</li>" for line in lines) + "</ol>"


def jobs(rng: Random, work: Work, words: Words, place: Course) -> tuple[Job, ...]:
    """The tasks of a story, as far along as the story is."""
    if place.state == "Idea" and chance(rng, 0.3):
        return ()
    lines = list(work.tasks)
    if chance(rng, 0.5):
        del lines[rng.randrange(len(lines))]
    return _told(rng, [line.format_map(words) for line in lines], place)


def fault_jobs(rng: Random, words: Words, place: Course) -> tuple[Job, ...]:
    """Two or three tasks for most defects that somebody has taken up."""
    if place.state == "Idea" or chance(rng, 0.3):
        return ()
    lines = sorted(rng.sample(range(len(talk().fault_tasks)), rng.choice((2, 2, 3))))
    titles = [talk().fault_tasks[line].format_map(words) for line in lines]
    return _told(rng, titles, place)


def _told(rng: Random, titles: Sequence[str], place: Course) -> tuple[Job, ...]:
    done = len(titles) if place.state in DONE else 0
    if place.state == "In-Progress":
        done = rng.randrange(len(titles))
    return tuple(_job(rng, title, place, order - done) for order, title in enumerate(titles))


def _job(rng: Random, title: str, place: Course, distance: int) -> Job:
    hours = rng.choice(_HOURS)
    if distance < 0:
        return Job(title, "Completed", hours, 0.0, place.owner)
    if distance == 0 and place.state == "In-Progress":
        return Job(title, "In-Progress", hours, hours / 2, place.owner)
    return Job(title, "Defined", hours, hours, place.owner)


def points(rng: Random, state: str) -> float | None:
    """Story points; half of the ideas have not been estimated."""
    size = rng.choice(_POINTS)
    return None if state == "Idea" and chance(rng, 0.5) else size


def home(rng: Random, layer: str, folder: str) -> str:
    """The project a story lives in: the root for work across layers, else the layer's own."""
    if chance(rng, 0.4):
        return ROOT
    return _PROJECTS.get("mobile" if folder == "mobile" else layer, "DDC-AI Platform")


def tags(rng: Random, work: Work) -> tuple[str, ...]:
    """The work's own tags, sometimes its layer or where the wish came from."""
    drawn = list(work.tags)
    if chance(rng, 0.25):
        drawn.extend(_LAYER_TAGS[work.layer])
    elif chance(rng, 0.2):
        drawn.append("customer-request")
    return tuple(dict.fromkeys(drawn))


def remarks(rng: Random, words: Mapping[str, str], place: Course) -> tuple[Remark, ...]:
    """One story in five has a remark, one in twenty a second; the last is the last change."""
    count = rng.choices((0, 1, 2), (78, 17, 5))[0]
    pool = {"Idea": talk().plan_remarks, "Defined": talk().plan_remarks}.get(
        place.state, talk().done_remarks if place.state in DONE else talk().open_remarks
    )
    texts = rng.sample(pool, count)
    return tuple(
        Remark(
            rng.choice(ENGINEERS), f"<p>{text.format_map(words)}</p>", _moment(place, order, count)
        )
        for order, text in enumerate(texts, start=1)
    )


def _moment(place: Course, order: int, count: int) -> datetime:
    return place.created + (place.updated - place.created) * order / count


def blocked(rng: Random, words: Words, place: Course) -> str | None:
    """A reason for being stuck, for some of the work that should be moving."""
    share = {"In-Progress": 0.12, "Defined": 0.05}.get(place.state, 0.0) if place.sprint else 0.0
    return rng.choice(talk().blocked).format_map(words) if chance(rng, share) else None
