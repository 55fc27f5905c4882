"""Classes: who teaches them, who belongs to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Class(Base):
    """A group of learners of one course; `join_code` is readable by its teachers and null once revoked.

    `retention_days` after it was put away, the attempts of its exams are deleted.
    """

    __tablename__ = "class"
    __table_args__ = (
        UniqueConstraint("join_code"),
        Index(None, "course_id"),
        CheckConstraint("retention_days BETWEEN 30 AND 3650", name="retention_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str]
    join_code: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)
    retention_days: Mapped[int] = mapped_column(default=365, server_default="365")


class ClassTeacher(Base):
    """One teacher of one class."""

    __tablename__ = "class_teacher"
    __table_args__ = (Index(None, "user_id"),)

    class_id: Mapped[int] = mapped_column(ForeignKey("class.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)


class Membership(Base):
    """One learner of one class, under the name they typed when they joined.

    `institution_id` is what the school calls them ("E001"). `extra_minutes` an hour are theirs in every exam of
    the class: 20 is a third of the time ("tiers-temps").
    """

    __tablename__ = "membership"
    __table_args__ = (
        Index(None, "user_id"),
        UniqueConstraint("class_id", "institution_id"),
        CheckConstraint("extra_minutes BETWEEN 0 AND 600", name="extra_minutes"),
    )

    class_id: Mapped[int] = mapped_column(ForeignKey("class.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str]
    joined_at: Mapped[datetime] = mapped_column(Instant)
    institution_id: Mapped[str | None]
    extra_minutes: Mapped[int] = mapped_column(default=0, server_default="0")


class FormerMember(Base):
    """One learner who left a class, or was `removed` by a teacher, until they come back.

    Exams announced to them before `left_at` go on hiding their keys from them. What the school noted, and the
    `line_id` of the roster that was theirs, wait for them only where they left by themselves.
    """

    __tablename__ = "former_member"
    __table_args__ = (
        Index(None, "user_id"),
        Index(None, "line_id"),
        CheckConstraint("extra_minutes BETWEEN 0 AND 600", name="extra_minutes"),
    )

    class_id: Mapped[int] = mapped_column(ForeignKey("class.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    left_at: Mapped[datetime] = mapped_column(Instant)
    removed: Mapped[bool]
    institution_id: Mapped[str | None]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("roster_line.id", ondelete="SET NULL"))


class RosterLine(Base):
    """A student that the school announces to a class, until somebody claims the line.

    `code` claims it once; teachers read it, to hand it out on paper. An address is kept to recognise the student
    in other files, and proves nothing: `user_id` is set by the code, or by a teacher's confirmation.
    """

    __tablename__ = "roster_line"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("class_id", "institution_id"),
        UniqueConstraint("class_id", "user_id"),
        Index(None, "user_id"),
        CheckConstraint("extra_minutes BETWEEN 0 AND 600", name="extra_minutes"),
        CheckConstraint("(user_id IS NULL) OR (claimed_at IS NOT NULL)", name="claimed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("class.id", ondelete="CASCADE"))
    name: Mapped[str]
    institution_id: Mapped[str | None]
    email: Mapped[str | None]
    extra_minutes: Mapped[int] = mapped_column(default=0)
    code: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(Instant)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)


class Download(Base):
    """A file of scores that somebody took: who, when, what; `exam_id` is null for files of the class."""

    __tablename__ = "download"
    __table_args__ = (Index(None, "class_id"), Index(None, "exam_id"), Index(None, "by_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("class.id", ondelete="CASCADE"))
    exam_id: Mapped[int | None] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(Instant)
    what: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
