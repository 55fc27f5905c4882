"""course.yaml: what a course is about, and where it teaches each thing."""

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from app.bank import drafts
from app.bank.french import MARKS
from app.bank.names import names_of
from app.bank.rules import Document, Fault, mappings_of
from app.bank.schema import Draftable, Level, Many, Model, ObjectiveId, SectionId, Slug, Text, Words

BETWEEN_TITLES = " > "
TAUGHT_IN: Literal["fr"] = "fr"  # the language of a course that names none
_DASH = (re.compile(r" - "), "a dash between words is – (U+2013)")


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
    """One course: who wrote it and under which licence, its topics in order, its headings, its facts.

    `language` is the one it is taught in, and so that of its headings.
    """

    id: Slug
    title: Text
    language: Literal["fr", "en"] = TAUGHT_IN
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
        if faults := tuple(faults_of(self.model_dump())):
            raise PydanticCustomError("faults", "{first}", {"first": faults[0].message, "faults": faults})
        return self

    def section_paths(self) -> tuple[str, ...]:
        """The path of each heading of the outline, from the highest above it: "Title > Subtitle"."""
        return tuple(_paths((section.level, section.title) for section in self.outline))


def _paths(headings: Iterable[tuple[int, str]]) -> Iterator[str]:
    above: dict[int, str] = {}
    for level, title in headings:
        above = {higher: one for higher, one in above.items() if higher < level}
        above[level] = title
        yield BETWEEN_TITLES.join(above.values())


def misset_titles(course: Course) -> Iterator[Fault]:
    """The headings of a French course that are not set as French is; the objectives' sections repeat them."""
    for position, section in enumerate(course.outline if course.language == "fr" else ()):
        for pattern, message in (*MARKS, _DASH):
            if pattern.search(section.title):
                yield Fault(("outline", position, "title"), f"{message}: “{section.title}”", "in the sections too")


def faults_of(course: Document) -> Iterator[Fault]:
    """What does not hang together in course.yaml, as the file has it, sound or not; no mistake hides another."""
    for field in ("topics", "outline", "objectives"):
        yield from _unique(course, field)
    topics = names_of(course.get("topics"))
    sections = _known_sections(course)
    for position, objective in mappings_of(course.get("objectives")):
        topic, section = objective.get("topic"), objective.get("section")
        if isinstance(topic, str) and topics.lacks(topic):
            yield Fault(("objectives", position, "topic"), f"“{topic}” is not one of the topics")
        if sections and isinstance(section, str) and section.strip() not in sections:
            hint = f"write the titles of the outline, joined by “{BETWEEN_TITLES}”"
            yield Fault(("objectives", position, "section"), f"“{section}” is not in the outline", hint)


def _unique(course: Document, field: str) -> Iterator[Fault]:
    seen: set[str] = set()
    for position, part in mappings_of(course.get(field)):
        name = part.get("id")
        if isinstance(name, str):
            if name in seen:
                yield Fault((field, position, "id"), f"“{name}” is used twice", "keep one, or give it another id")
            seen.add(name)


def _known_sections(course: Document) -> frozenset[str]:
    """The paths of the outline's headings; none when one cannot be told, which a mistake in the outline explains."""
    headings: list[tuple[int, str]] = []
    for _, section in mappings_of(course.get("outline")):
        level: Any = section.get("level")
        title: Any = section.get("title")
        if not isinstance(level, int) or isinstance(level, bool) or not isinstance(title, str):
            return frozenset()
        headings.append((level, title.strip()))
    return frozenset(_paths(headings))
