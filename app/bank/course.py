"""course.yaml: what a course is about, and where it teaches each thing."""

from typing import Annotated

from pydantic import Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError
from typing_extensions import Self

from app.bank.schema import ObjectiveId, Part, Text

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+([-/][a-z0-9]+)*$", max_length=200)]


class Topic(Part):
    """A part of the course that is studied, counted and examined on its own."""

    id: Slug
    title: Text
    core: StrictBool = False


class Section(Part):
    """A heading of the course, in the language it is taught in."""

    id: Slug
    title: str = Field(min_length=1)
    level: int = Field(ge=1, le=6)


class Objective(Part):
    """One examinable fact. `weight` 1 is marginal, 3 very likely examined; a complement is not in the course itself."""

    id: ObjectiveId
    topic: Slug
    section: str = Field(min_length=1)
    weight: int = Field(ge=1, le=3)
    text: Text
    complement: StrictBool = False


class Course(Part):
    """One course; every objective belongs to one of its topics."""

    id: Slug
    title: Text
    licence: str = Field(min_length=1)
    credit: Text
    topics: tuple[Topic, ...] = Field(min_length=1)
    outline: tuple[Section, ...] = ()
    objectives: tuple[Objective, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        for kind, ids in (
            ("topic", [topic.id for topic in self.topics]),
            ("objective", [objective.id for objective in self.objectives]),
        ):
            twins = sorted({name for name in ids if ids.count(name) > 1})
            if twins:
                raise PydanticCustomError("twins", "{kind} {names}: there twice", {"kind": kind, "names": ", ".join(twins)})
        topics = {topic.id for topic in self.topics}
        lost = sorted(objective.id for objective in self.objectives if objective.topic not in topics)
        if lost:
            raise PydanticCustomError("lost", "of no topic of this course: {names}", {"names": ", ".join(lost)})
        return self
