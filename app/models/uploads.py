"""Uploads: what teachers sent to the bank, and whose the courses and questions are that came that way."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class Upload(Base):
    """One file that a teacher sent. Its bytes wait here until it is applied, given up or expired.

    `course_id` is the course it was meant for, None when it brings one of its own. `outcome` counts what
    was changed, by kind, once it was applied.
    """

    __tablename__ = "upload"
    __table_args__ = (
        Index(None, "owner_id"),
        CheckConstraint("(applied_at IS NULL) = (content IS NOT NULL)", name="content_until_applied"),
        CheckConstraint("(applied_at IS NULL) = (outcome IS NULL)", name="outcome_once_applied"),
        CheckConstraint("size_bytes BETWEEN 0 AND 2000000", name="size"),
        {"sqlite_autoincrement": True},  # a page left open never names a later file
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="SET NULL"))
    retire_missing: Mapped[bool]
    file_name: Mapped[str]
    sha256: Mapped[str]
    size_bytes: Mapped[int]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, deferred_raiseload=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class UploadedCourse(Base):
    """Whose an uploaded course is (nobody's once they left), and the upload that last changed it.

    `sent_as` is the id it was sent under, when a folder has taken that one since.
    """

    __tablename__ = "uploaded_course"
    __table_args__ = (Index(None, "owner_id"), Index(None, "upload_id"))

    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    sent_as: Mapped[str | None]


class UploadedQuestion(Base):
    """Whose an uploaded question is (nobody's once they left), and the upload that last changed it.

    `sent_as` is the id it was sent under, when the folder has taken that one since.
    """

    __tablename__ = "uploaded_question"
    __table_args__ = (Index(None, "owner_id"), Index(None, "upload_id"))

    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"), primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    upload_id: Mapped[int] = mapped_column(ForeignKey("upload.id"))
    sent_as: Mapped[str | None]
