"""course.yaml: what a course is about, and where it teaches each thing."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.bank import drafts
from app.bank.rules import Fault
from app.bank.schema import Draftable, Level, Many, Model, ObjectiveId, SectionId, Slug, Text, Words

BETWEEN_TITLES = " > "


class Topic(Draftable):
    """A part of the course that is studied, counted and examined on its own; `core` ones go deepest."""

    id: Slug
    title: Text
    core: bool = False


class Section(Model):
    """A heading of the course, in the language the course is taught in; `level` is 1 for the highest."""

    id: SectionId
    title: Words
    level: Annotated[int, Field(ge=1, le=6)]


class Objective(Draftable):
    """One examinable fact; `section` is the path of headings that teaches it, "Title > Subtitle".

    `weight` is 1 marginal, 2 useful, 3 very likely examined. A `complement` is not in the course itself.
    """

    id: ObjectiveId
    topic: Slug
    section: Words
    weight: Level
    text: Text
    complement: bool = False


class Course(Draftable):
    """One course: who wrote it and under which licence, its topics in order, its headings, its facts."""

    id: Slug
    title: Text
    licence: Words
    credit: Words
    topics: Annotated[Many[Topic], Field(min_length=1)]
    outline: Many[Section] = ()
    objectives: Annotated[Many[Objective], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _one_language_will_do(cls, value: Any) -> Any:
        """The mark of the course is about its title; topics and objectives have marks of their own."""
        if drafts.is_draft(value) and "title" in value:
            return {**value, "title": drafts.in_both_languages(value["title"])}
        return value

    @model_validator(mode="after")
    def _is_consistent(self) -> "Course":
        if faults := tuple(_faults(self)):
            raise PydanticCustomError("faults", "{first}", {"first": faults[0].message, "faults": faults})
        return self

    def section_paths(self) -> tuple[str, ...]:
        """The path of each heading of the outline, from the highest above it: "Title > Subtitle"."""
        paths = []
        above: dict[int, str] = {}
        for section in self.outline:
            above = {level: title for level, title in above.items() if level < section.level}
            above[section.level] = section.title
            paths.append(BETWEEN_TITLES.join(above.values()))
        return tuple(paths)


def _faults(course: Course) -> Iterator[Fault]:
    yield from _unique(course.topics, "topics")
    yield from _unique(course.outline, "outline")
    yield from _unique(course.objectives, "objectives")
    topics = {topic.id for topic in course.topics}
    paths = set(course.section_paths())
    for position, objective in enumerate(course.objectives):
        if objective.topic not in topics:
            yield Fault(("objectives", position, "topic"), f"“{objective.topic}” is not one of the topics")
        if paths and objective.section not in paths:
            hint = f"write the titles of the outline, joined by “{BETWEEN_TITLES}”"
            yield Fault(("objectives", position, "section"), f"“{objective.section}” is not in the outline", hint)


def _unique(parts: Sequence[Topic | Section | Objective], field: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, part in enumerate(parts):
        if part.id in seen:
            yield Fault((field, position, "id"), f"“{part.id}” is used twice", "keep one, or give it another id")
        seen.add(part.id)
