"""How well the questions cover the objectives of a course: counts, and what is still missing, holes first.

A question counts for the objective it examines, its first one; the others it touches are told apart.
Drafts never count as covering: nobody is asked them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from app.bank.course import Course
from app.bank.schema import Question


@dataclass(frozen=True, slots=True)
class Part:
    """A topic of the course; the `core` ones go deepest."""

    id: str
    core: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """An objective; `section` is the path of headings that teaches it."""

    id: str
    topic: str
    section: str
    weight: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A question; `code` says that it asks for a command or shows a snippet."""

    id: str
    type: str
    level: int
    objectives: tuple[str, ...]
    code: bool = False
    reserved: bool = False
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What is enough for one objective: so many questions, of so many types and levels, so many with code."""

    questions: int = 1
    types: int = 1
    levels: int = 1
    code: int = 0


# The least weight, whether only in core topics, and what is enough then: the last line that applies counts.
TARGETS: Sequence[tuple[int, bool, Target]] = (
    (1, False, Target()),
    (3, False, Target(questions=2)),
    (3, True, Target(questions=3, types=2, levels=2, code=1)),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Some questions in numbers.

    `questions` are the ready ones (no drafts), of which `studied` are met in review and practice and
    `reserved` are kept for exams; `types`, `levels` and `code` are of the ready ones.
    """

    questions: int
    studied: int
    reserved: int
    drafts: int
    types: Mapping[str, int]
    levels: Mapping[int, int]
    code: int


@dataclass(frozen=True, slots=True)
class Lack:
    """What is too little: `what` is a field of Tally of which there are `have` where `want` would do."""

    what: str
    have: int
    want: int


@dataclass(frozen=True, slots=True)
class Covered:
    """An objective, the questions that examine it, how many more touch it, and what it lacks."""

    goal: Goal
    core: bool
    tally: Tally
    touched: int
    lacks: tuple[Lack, ...]

    @property
    def is_hole(self) -> bool:
        """Whether no question examines it."""
        return self.tally.questions == 0


@dataclass(frozen=True, slots=True)
class Group:
    """The objectives of one topic or section: how many, how many with a question, how many with enough."""

    id: str
    objectives: int
    covered: int
    enough: int
    tally: Tally


@dataclass(frozen=True, slots=True)
class Coverage:
    """A whole course; `objectives` begin with those without a question, then those with too few."""

    objectives: tuple[Covered, ...]
    topics: tuple[Group, ...]
    sections: tuple[Group, ...]
    total: Group

    @property
    def holes(self) -> list[Covered]:
        """The objectives that no question examines, the weightiest first."""
        return [one for one in self.objectives if one.is_hole]

    @property
    def thin(self) -> list[Covered]:
        """The objectives that are examined, and still lack something."""
        return [one for one in self.objectives if one.lacks and not one.is_hole]


def target(weight: int, core: bool) -> Target:
    """What is enough for an objective of this weight, in a core topic or not."""
    return [wanted for least, only_core, wanted in TARGETS if weight >= least and (core or not only_core)][-1]


def measure(
    parts: Sequence[Part], goals: Sequence[Goal], entries: Sequence[Entry], sections: Sequence[str] = ()
) -> Coverage:
    """Count the questions of a course by objective, topic and section.

    `parts` and `sections` are in the course's order; sections that no objective names are left out, and
    those of an objective that are not among `sections` come last.
    """
    core = {part.id for part in parts if part.core}
    examining: dict[str, list[Entry]] = {}
    touching: Counter[str] = Counter()
    for entry in entries:
        examining.setdefault(entry.objectives[0], []).append(entry)
        touching.update(set(entry.objectives[1:]) if not entry.draft else ())
    covered = [_cover(goal, goal.topic in core, examining.get(goal.id, ()), touching[goal.id]) for goal in goals]
    paths = [*sections, *dict.fromkeys(goal.section for goal in goals if goal.section not in sections)]
    by_topic = [_group(part.id, [one for one in covered if one.goal.topic == part.id], examining) for part in parts]
    by_section = [_group(path, [one for one in covered if one.goal.section == path], examining) for path in paths]
    return Coverage(
        objectives=tuple(sorted(covered, key=_urgency)),
        topics=tuple(by_topic),
        sections=tuple(group for group in by_section if group.objectives),
        total=_sum("", covered, tally(entries)),
    )


def of_course(course: Course, questions: Iterable[Question]) -> Coverage:
    """The coverage of a course as its files have it."""
    return measure(
        [Part(topic.id, topic.core) for topic in course.topics],
        [Goal(one.id, one.topic, one.section, one.weight) for one in course.objectives],
        [entry_of(question) for question in questions],
        course.section_paths(),
    )


def entry_of(question: Question) -> Entry:
    """A question of the bank, as coverage counts it."""
    return Entry(
        id=question.id,
        type=question.type,
        level=question.level,
        objectives=question.objectives,
        code=question.type == "command" or question.code is not None,
        reserved=question.reserved,
        draft=question.status == "draft",
    )


def tally(entries: Sequence[Entry]) -> Tally:
    """Some questions in numbers."""
    ready = [entry for entry in entries if not entry.draft]
    reserved = sum(entry.reserved for entry in ready)
    return Tally(
        questions=len(ready),
        studied=len(ready) - reserved,
        reserved=reserved,
        drafts=len(entries) - len(ready),
        types=Counter(entry.type for entry in ready),
        levels=Counter(entry.level for entry in ready),
        code=sum(entry.code for entry in ready),
    )


def document(coverage: Coverage) -> dict[str, Any]:
    """The same as JSON values; objectives without a question first, topics and sections in the course's order."""
    return {
        "total": _group_document(coverage.total),
        "objectives": [
            {
                **asdict(one.goal),
                "core": one.core,
                "touched": one.touched,
                **_tally_document(one.tally),
                "lacks": [asdict(lack) for lack in one.lacks],
            }
            for one in coverage.objectives
        ],
        "topics": [{"id": group.id, **_group_document(group)} for group in coverage.topics],
        "sections": [{"path": group.id, **_group_document(group)} for group in coverage.sections],
    }


def _cover(goal: Goal, core: bool, entries: Sequence[Entry], touched: int) -> Covered:
    counted = tally(entries)
    return Covered(goal, core, counted, touched, tuple(_lacks(counted, target(goal.weight, core))))


def _lacks(counted: Tally, wanted: Target) -> Iterable[Lack]:
    if counted.questions < wanted.questions:
        yield Lack("questions", counted.questions, wanted.questions)
    if not counted.questions:
        return
    # Whatever is kept for exams alone cannot be prepared for.
    found = (
        ("studied", counted.studied, 1),
        ("types", len(counted.types), wanted.types),
        ("levels", len(counted.levels), wanted.levels),
        ("code", counted.code, wanted.code),
    )
    yield from (Lack(what, have, want) for what, have, want in found if have < want)


def _urgency(one: Covered) -> tuple[int, int, bool]:
    """Holes, then what is thin, then the rest; the weightiest first, core topics before others."""
    return (0 if one.is_hole else 1 if one.lacks else 2, -one.goal.weight, not one.core)


def _group(name: str, members: Sequence[Covered], examining: Mapping[str, Sequence[Entry]]) -> Group:
    entries = [entry for one in members for entry in examining.get(one.goal.id, ())]
    return _sum(name, members, tally(entries))


def _sum(name: str, members: Sequence[Covered], counted: Tally) -> Group:
    covered = sum(not one.is_hole for one in members)
    return Group(name, len(members), covered, sum(not one.lacks for one in members), counted)


def _group_document(group: Group) -> dict[str, Any]:
    counts = {"objectives": group.objectives, "covered": group.covered, "enough": group.enough}
    return {**counts, **_tally_document(group.tally)}


def _tally_document(counted: Tally) -> dict[str, Any]:
    levels = {str(level): counted.levels[level] for level in sorted(counted.levels)}
    return asdict(counted) | {"types": dict(sorted(counted.types.items())), "levels": levels}
