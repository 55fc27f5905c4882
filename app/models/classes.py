"""Classes: who teaches them, who belongs to them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Class(Base):
    """A group of learners of one course; `join_code` is readable by its teachers and null once revoked."""

    __tablename__ = "class"
    __table_args__ = (UniqueConstraint("join_code"), Index(None, "course_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str]
    join_code: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(Instant)
    archived_at: Mapped[datetime | None] = mapped_column(Instant)


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
