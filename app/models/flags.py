"""Flags: what learners report about a question, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant

_OPEN = text("status = 'open'")


class QuestionFlag(Base):
    """One report of one learner about one question; only one of theirs is open at a time.

    `question_version` are the words it was written about, `mended_version` newer ones that a teacher
    knew of when they closed it as mended. `revision` goes up at every change and never down. The
    `answer` of a report that was opened again is kept for whoever answers next.
    """

    __tablename__ = "question_flag"
    __table_args__ = (
        Index(
            "uq_question_flag_open",
            "learner_id",
            "question_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index(None, "learner_id"),
        Index(None, "question_id"),
        CheckConstraint("reason IN ('wrong', 'unclear', 'typo', 'other')", name="reason"),
        CheckConstraint("status IN ('open', 'mended', 'not_a_fault', 'other')", name="status"),
        CheckConstraint("(status = 'open') = (answered_at IS NULL)", name="closed_is_answered"),
        CheckConstraint("mended_version IS NULL OR status = 'mended'", name="mended_version"),
        CheckConstraint("revision >= 1", name="revision_from_1"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    question_version: Mapped[int]
    reason: Mapped[str]
    message: Mapped[str]
    status: Mapped[str] = mapped_column(default="open")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(default="")
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
    mended_version: Mapped[int | None]
