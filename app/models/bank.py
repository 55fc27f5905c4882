"""The bank as stored: courses, topics, objectives, questions and their immutable versions."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Course(Base):
    """One course; `document` holds what pages only show: licence, credit, its language, its sections' paths.

    For `bank sync` it also holds the fingerprint of the folder, as `stamp`.
    """

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str]
    title_fr: Mapped[str]
    title_en: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSON)
    retired: Mapped[bool] = mapped_column(default=False)


class Topic(Base):
    """A topic of a course, in the course's order."""

    __tablename__ = "topic"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    slug: Mapped[str]
    title_fr: Mapped[str]
    title_en: Mapped[str]
    position: Mapped[int]
    core: Mapped[bool]
    retired: Mapped[bool] = mapped_column(default=False)


class Objective(Base):
    """One examinable fact of the course; `section` is where the course teaches it."""

    __tablename__ = "objective"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        Index(None, "topic_id"),
        CheckConstraint("weight BETWEEN 1 AND 3", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    slug: Mapped[str]
    section: Mapped[str]
    weight: Mapped[int]
    text_fr: Mapped[str]
    text_en: Mapped[str]
    complement: Mapped[bool]
    retired: Mapped[bool] = mapped_column(default=False)


class Question(Base):
    """A question's identity: what learners' progress hangs on. Its words are in its versions.

    `links` are names (`objectives`, `see_also`, `gives_away`) as the file has them now: unlike the copies
    in the versions, they follow an edit that leaves the words alone.
    """

    __tablename__ = "question"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        Index(None, "topic_id"),
        Index(None, "objective_id"),
        # A class's cards are added up by topic, in this order; the flags say which of them are asked at all.
        Index(None, "course_id", "topic_id", "retired", "reserved", "draft"),
        CheckConstraint("level BETWEEN 1 AND 3", name="level"),
        CheckConstraint("version >= 1", name="version_from_1"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"))
    slug: Mapped[str]
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id"))
    objective_id: Mapped[int] = mapped_column(ForeignKey("objective.id"))
    type: Mapped[str]
    level: Mapped[int]
    position: Mapped[int]
    reserved: Mapped[bool]
    draft: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(default="folder")
    version: Mapped[int] = mapped_column(default=1)  # the current one
    links: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


class QuestionVersion(Base):
    """The words and key of a question as they stood; never changed, so that old marks can be recomputed."""

    __tablename__ = "question_version"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    number: Mapped[int]
    content_hash: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(Instant)
