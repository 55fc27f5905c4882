"""What only shows across the files of a course: ids used twice, names of what does not exist.

It is read from the files as they are, sound or not, so that a mistake in one field hides none elsewhere; and
nothing is said that a mistake already told may explain, such as a name whose spelling was refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from app.bank.names import OBJECTIVE, QUESTION, Names, is_spelt, names_of
from app.bank.positions import Located, Place
from app.bank.problems import Problem, suggest
from app.bank.rules import mappings_of, strings_of


class Standing(Protocol):
    """A question in its file, sound or not: entry `index`, counted from 0, of the file of `topic`."""

    @property
    def file(self) -> str: ...
    @property
    def topic(self) -> str: ...
    @property
    def index(self) -> int: ...
    @property
    def located(self) -> Located: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A question as its file has it, sound or not."""

    file: str
    topic: str
    index: int
    located: Located


@dataclass(frozen=True, slots=True)
class CourseNames:
    """What a course declares: topics in order, and the topic of each objective ("" when it has no sound one).

    `called` is what a problem calls it by.
    """

    topics: Names
    objectives: Names
    order: tuple[str, ...]
    topic_of: Mapping[str, str]
    called: str = "course.yaml"


def course_names(course: Any) -> CourseNames:
    """The names that course.yaml declares, as it was read."""
    document = course if isinstance(course, Mapping) else {}
    topics = names_of(document.get("topics"))
    topic_of: dict[str, str] = {}
    for _, part in mappings_of(document.get("objectives")):
        name, topic = part.get("id"), part.get("topic")
        if isinstance(name, str):
            topic_of.setdefault(name, topic if isinstance(topic, str) and topic in topics.known else "")
    order = tuple(part["id"] for _, part in mappings_of(document.get("topics")) if isinstance(part.get("id"), str))
    return CourseNames(topics, names_of(document.get("objectives"), OBJECTIVE), order, topic_of)


def check(course: CourseNames | None, entries: Sequence[Standing], questions: Names) -> Iterator[Problem]:
    """Ids used twice, names of objectives and questions that do not exist, objectives of another topic.

    `questions` are those that may be named. Without a course, objectives are not checked.
    """
    first: dict[str, Standing] = {}
    for entry in entries:
        name = _value(entry).get("id")
        if isinstance(name, str) and (earlier := first.setdefault(name, entry)) is not entry:
            line, column = _place(earlier, "id")
            hint = f"{earlier.file}:{line}:{column} has it already"
            yield _problem(entry, ("id",), f"the id “{name}” is used twice", hint)
        yield from _check_references(entry, questions)
        if course:
            yield from _check_objectives(entry, course)


def _check_references(entry: Standing, questions: Names) -> Iterator[Problem]:
    for key in ("see_also", "gives_away"):
        for position, name in strings_of(_value(entry).get(key)):
            if name == _value(entry).get("id"):
                yield _problem(entry, (key, position), "a question does not name itself", "remove it")
            elif is_spelt(name, QUESTION) and questions.lacks(name):
                hint = suggest(name, questions.known)
                yield _problem(entry, (key, position), f"there is no question “{name}”", hint)


def _check_objectives(entry: Standing, course: CourseNames) -> Iterator[Problem]:
    objectives = strings_of(_value(entry).get("objectives"))
    for position, name in objectives:
        if is_spelt(name, OBJECTIVE) and course.objectives.lacks(name):
            hint = suggest(name, course.objectives.known)
            yield _problem(entry, ("objectives", position), f"{course.called} has no objective “{name}”", hint)
    topic = course.topic_of.get(objectives[0][1], "") if objectives and objectives[0][0] == 0 else ""
    if topic and topic != entry.topic and not course.topics.lacks(entry.topic):
        hint = f"move the question to {topic}.yaml, or name an objective of {entry.topic} first"
        yield _problem(entry, ("objectives", 0), f"the objective examined is one of the topic {topic}", hint)


def _value(entry: Standing) -> Mapping[str, Any]:
    value = entry.located.value[entry.index]
    return value if isinstance(value, Mapping) else {}


def _place(entry: Standing, *route: str | int) -> Place:
    return entry.located.place((entry.index, *route))


def _problem(entry: Standing, route: tuple[str | int, ...], message: str, hint: str) -> Problem:
    return Problem(entry.file, *_place(entry, *route), message, hint)
