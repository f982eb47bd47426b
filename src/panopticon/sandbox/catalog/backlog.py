"""Generate work items beyond the seed; item k never depends on how many follow."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from panopticon.sandbox.catalog import detail
from panopticon.sandbox.catalog.course import DONE, Course, chance, course, weighted
from panopticon.sandbox.catalog.prose import slug
from panopticon.sandbox.catalog.seed import sha_of
from panopticon.sandbox.catalog.team import ENGINEERS, ROOT
from panopticon.sandbox.catalog.words import Entity, Words, customers, entities, epics, places
from panopticon.sandbox.catalog.work import Fault, Work, talk, themes
from panopticon.sandbox.product import Item, Outcome

FIRST_STORY = 1000
FIRST_FEATURE = 21
STORIES_PER_FEATURE = 25
STORIES_PER_DEFECT = 8
_PHASES = (("Done", 22), ("Developing", 43), ("Discovering", 35))
_NEAR, _LAST, _BEFORE = 0.70, 0.90, 0.96
_SUCCESSORS = 0.09
_PRIORITIES = (("Normal", 50), ("High Attention", 26), ("Low", 20), ("Resolve Immediately", 4))
_SEVERITIES = {
    "grave": (("Crash/Data Loss", 45), ("Major Problem", 55)),
    "usual": (("Major Problem", 35), ("Minor Problem", 65)),
    "light": (("Cosmetic", 100),),
}
_DEFECT_STATES = {
    "Idea": "Submitted",
    "Defined": "Open",
    "In-Progress": "Open",
    "Completed": "Fixed",
    "Accepted": "Closed",
}


@dataclass(slots=True)
class _Feature:
    """A feature while its stories are being told."""

    number: int
    entity: int
    phase: str
    works: list[Work]
    told: list[int] = field(default_factory=list)


class Backlog:
    """Tells stories and defects one after the other, each drawn from its own random stream."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._seed = seed
        self._now = now
        self._order = list(range(len(entities())))
        Random(seed).shuffle(self._order)
        self._uses: Counter[tuple[int, str]] = Counter()
        self._features: list[_Feature] = []
        self._epics: set[int] = set()
        self.outcomes: list[Outcome] = []

    def items(self, count: int) -> Iterator[Item]:
        """Yield `count` stories, with a defect after every eighth."""
        for place in range(count):
            rng = Random(self._seed * 1_000_003 + place)
            feature = self._feature_of(rng, place)
            yield self._story(rng, FIRST_STORY + place, feature)
            if place % STORIES_PER_DEFECT == STORIES_PER_DEFECT - 1:
                yield self._defect(rng, FIRST_STORY + place // STORIES_PER_DEFECT, feature)

    def _feature_of(self, rng: Random, place: int) -> _Feature | None:
        block = place // STORIES_PER_FEATURE
        if block == len(self._features):
            self._open(block)
        draw = rng.random()
        if draw >= _BEFORE:
            return None
        back = 0 if draw < _NEAR else 1 if draw < _LAST else 2
        return self._features[max(0, block - back)]

    def _open(self, block: int) -> None:
        rng = Random(f"{self._seed}/{block}")
        entity = self._order[block % len(self._order)]
        main = block % len(themes())
        beside = (main + 1 + block // len(themes()) % (len(themes()) - 1)) % len(themes())
        rest = [place for place in range(len(themes())) if place not in (main, beside)]
        works = [
            *_shuffled(rng, (main, beside), entities()[entity]),
            *_shuffled(rng, rest, entities()[entity]),
        ]
        phase = weighted(rng, _PHASES)
        feature = _Feature(FIRST_FEATURE + block, entity, phase, works)
        self._features.append(feature)
        self._announce(rng, feature, block)

    def _announce(self, rng: Random, feature: _Feature, block: int) -> None:
        entity = entities()[feature.entity]
        if entity.epic not in self._epics:
            self._epics.add(entity.epic)
            self.outcomes.append(epics()[entity.epic])
        title = self._feature_title(entity, block)
        reasons = [rng.choice(work.why) for work in feature.works[:2]]
        words = detail.marked_up(self._words(rng, entity, entity.named[0], rng.choice(customers())))
        text = "".join(f"<p>{reason.format_map(words)}</p>" for reason in reasons)
        owner = rng.choice(ENGINEERS)
        self.outcomes.append(
            Outcome("feature", feature.number, title, text, ROOT, owner, feature.phase, entity.epic)
        )

    def _feature_title(self, entity: Entity, block: int) -> str:
        """Rotate the theme's phrases; when they are used up, a customer's name tells them apart."""
        patterns = themes()[block % len(themes())].features
        turn = block // (len(self._order) * len(themes()))
        phrase = patterns[(turn + block % len(self._order)) % len(patterns)]
        title = phrase.format_map(entity.spoken[0])
        named = customers()[turn % len(customers())]
        return f"{title} for {named}" if turn >= len(patterns) else title

    def _words(self, rng: Random, entity: Entity, words: Words, customer: str) -> Words:
        who = rng.choice(entity.who)
        people = {"who": who, "Who": who[0].upper() + who[1:]}
        named = {"customer": customer, "Customer": customer}
        return {**words, **people, **named, **detail.numbers(rng)}

    def _told(self, rng: Random, work: Work, index: int) -> tuple[str, Words]:
        """A title not used before for this work and entity, with the words that go with it."""
        entity = entities()[index]
        used = self._uses[index, work.titles[0]]
        self._uses[index, work.titles[0]] += 1
        pool = entity.pool(work.attributes)
        turn = used // (len(pool) if work.by_attribute else 1)
        place = places()[(turn + index) % len(places())]
        customer = place if turn or work.by_customer else rng.choice(customers())
        words = self._words(rng, entity, pool[(used + index) % len(pool)], customer)
        title = work.titles[0].format_map(words)
        return (f"{title} for {customer}" if turn and not work.by_customer else title), words

    def _work(self, rng: Random, feature: _Feature | None) -> tuple[Work, int]:
        if feature:
            return feature.works[len(feature.told) % len(feature.works)], feature.entity
        index = rng.randrange(len(entities()))
        works = [work for work in rng.choice(themes()).works if _fits(work, entities()[index])]
        return rng.choice(works), index

    def _story(self, rng: Random, number: int, feature: _Feature | None) -> Item:
        work, index = self._work(rng, feature)
        title, words = self._told(rng, work, index)
        html = detail.marked_up(words)
        place = course(rng, feature.phase if feature else "Developing", self._now)
        after = _after(rng, feature, number)
        done = place.state in DONE
        started = done or place.state == "In-Progress"
        return Item(
            kind="story",
            number=number,
            title=title,
            description=detail.description(rng, work, html),
            criteria=detail.criteria(rng, work, html),
            project=detail.home(rng, work.layer, entities()[index].folder),
            state=place.state,
            created=place.created,
            updated=place.updated,
            owner=place.owner,
            points=detail.points(rng, place.state),
            feature=feature.number if feature else None,
            sprint=place.sprint,
            release=place.release,
            tags=detail.tags(rng, work),
            jobs=detail.jobs(rng, work, words, place),
            after=after,
            remarks=detail.remarks(rng, html, place),
            blocked_reason=detail.blocked(rng, words, place),
            lock=place.lock,
            branch=f"story/US-{number}-{slug(title)}" if started else None,
            coverage=round(rng.uniform(78, 98), 1) if done else None,
            commit_sha=sha_of(f"US{number}") if done else None,
        )

    def _defect(self, rng: Random, number: int, feature: _Feature | None) -> Item:
        index = feature.entity if feature else rng.randrange(len(entities()))
        entity = entities()[index]
        fault = rng.choice([fault for fault in talk().faults if _fits(fault, entity)])
        words = self._words(rng, entity, rng.choice(entity.named), rng.choice(customers()))
        place = course(rng, "Developing", self._now)
        return _defect(rng, number, feature, (fault, words, place))


def _shuffled(rng: Random, chosen: Sequence[int], entity: Entity) -> list[Work]:
    works = [work for place in chosen for work in themes()[place].works if _fits(work, entity)]
    rng.shuffle(works)
    return works


def _fits(work: Work | Fault, entity: Entity) -> bool:
    return not work.only or entity.folder in work.only


def _after(rng: Random, feature: _Feature | None, number: int) -> tuple[int, ...]:
    """Now and then an earlier story of the same feature, so that no circle can arise."""
    if not feature:
        return ()
    told = feature.told
    drawn = (rng.choice(told),) if told and chance(rng, _SUCCESSORS) else ()
    told.append(number)
    return drawn


def _defect(
    rng: Random, number: int, feature: _Feature | None, drawn: tuple[Fault, Words, Course]
) -> Item:
    fault, words, place = drawn
    html = detail.marked_up(words)
    return Item(
        kind="defect",
        number=number,
        title=fault.title.format_map(words),
        description=f"<p>{fault.text.format_map(html)}</p>",
        criteria="",
        project=detail.home(rng, "api", words["folder"]),
        state=place.state,
        created=place.created,
        updated=place.updated,
        owner=place.owner,
        feature=feature.number if feature else None,
        sprint=place.sprint,
        release=place.release,
        jobs=detail.fault_jobs(rng, words, place),
        remarks=detail.remarks(rng, html, place),
        blocked_reason=detail.blocked(rng, words, place),
        priority=weighted(rng, _PRIORITIES),
        severity=weighted(rng, _SEVERITIES[fault.weight]),
        defect_state=_DEFECT_STATES[place.state],
    )
