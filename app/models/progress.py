"""Progress: the log of reviews, and what is added up of it: the card, and the sums of what is over."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, composite, mapped_column

from app.models.base import Base, Instant
from app.srs.sm2 import CardState

_UNDOING = text("undoes IS NOT NULL")  # few rows are: that an answer was not taken back costs no reading
_EASE_FLOOR = "ease_permille >= 1300"


class Card(Base):
    """What one learner knows of one question: the running total of its review log.

    The columns from `drill_day` to `last_number` are `app.srs.replay.Totals`.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("learner_id", "question_id"),
        Index(None, "learner_id", "due"),
        # What tells whether a member did something since: a class asks for that of all its cards, at every look.
        Index(None, "learner_id", "version", "last_answered_at", "log_length"),
        Index(None, "question_id"),
        CheckConstraint(_EASE_FLOOR, name="ease_floor"),
        CheckConstraint("(interval_days = 0) = (due IS NULL)", name="due_once_reviewed"),
        CheckConstraint("version >= 0", name="version_from_0"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    version: Mapped[int] = mapped_column(default=0)  # up at every change, never down
    streak: Mapped[int] = mapped_column(default=0)
    interval_days: Mapped[int] = mapped_column(default=0)
    ease_permille: Mapped[int] = mapped_column(default=2500)
    lapses: Mapped[int] = mapped_column(default=0)
    due: Mapped[date | None]
    drill_day: Mapped[date | None]
    introduced_day: Mapped[date | None]
    last_day: Mapped[date | None]
    last_answered_at: Mapped[datetime | None] = mapped_column(Instant)
    reviews: Mapped[int] = mapped_column(default=0)
    last_number: Mapped[int | None]
    log_length: Mapped[int] = mapped_column(default=0)  # undone rows counted: the next row's number is one more
    suspended: Mapped[bool] = mapped_column(default=False)
    buried_until: Mapped[date | None]
    state: Mapped[CardState] = composite("streak", "interval_days", "ease_permille", "lapses", "due")


class ReviewLog(Base):
    """One graded answer, or the undoing of one. Rows are added, never changed and never deleted."""

    __tablename__ = "review_log"
    __table_args__ = (
        UniqueConstraint("card_id", "number"),
        UniqueConstraint("answer_id"),
        Index(None, "learner_id", "answered_at"),
        Index(None, "card_id", "undoes", sqlite_where=_UNDOING, postgresql_where=_UNDOING),
        Index(None, "learner_id", sqlite_where=text("overridden = 1"), postgresql_where=text("overridden")),
        CheckConstraint("kind IN ('review', 'drill', 'early', 'practice', 'undo')", name="kind"),
        CheckConstraint("(kind = 'undo') = (undoes IS NOT NULL)", name="undo_names_a_row"),
        CheckConstraint("(kind = 'undo') = (answer_id IS NULL)", name="answers_have_an_id"),
        CheckConstraint("(kind = 'undo') = (grade IS NULL)", name="answers_have_a_grade"),
        CheckConstraint("grade BETWEEN 0 AND 5", name="grade"),
        CheckConstraint("credit_parts BETWEEN 0 AND credit_of", name="credit"),
        CheckConstraint(_EASE_FLOOR, name="ease_floor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    number: Mapped[int]
    answer_id: Mapped[UUID | None]
    kind: Mapped[str]
    undoes: Mapped[int | None]
    regrades: Mapped[int | None]  # the number whose response this row grades anew
    overridden: Mapped[bool] = mapped_column(default=False)  # "My answer was right"
    pushed: Mapped[bool] = mapped_column(default=False)  # from an exam, by its teacher: no figure of revision counts it
    question_version: Mapped[int]
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    credit_parts: Mapped[int | None]
    credit_of: Mapped[int | None]
    grade: Mapped[int | None]
    took_ms: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime] = mapped_column(Instant)
    study_day: Mapped[date]
    zone: Mapped[str]
    streak: Mapped[int]  # from here on: the state after
    interval_days: Mapped[int]
    ease_permille: Mapped[int]
    lapses: Mapped[int]
    due: Mapped[date | None]
    state: Mapped[CardState] = composite("streak", "interval_days", "ease_permille", "lapses", "due")


class StudySum(Base):
    """The log of one learner in one course before the Monday `mark`, added up (`app.stats.past`).

    It is there to save time: it holds while `fingerprint` is that of the log, and is made of the log anew otherwise.
    """

    __tablename__ = "study_sum"
    __table_args__ = (Index(None, "course_id"),)

    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[date]
    fingerprint: Mapped[str]
    content: Mapped[bytes]


class MemberSum(Base):
    """What one learner answered in one course before the study day `mark`, for the pages of their classes.

    `firsts` and `ends` are those of `app.stats.answered`. It is there to save time: it holds while the log, that of
    all courses, has `counted` rows before the mark, and is told by the log anew otherwise. No row of the mark or later
    is before the instant `since`.
    """

    __tablename__ = "member_sum"
    __table_args__ = (Index(None, "course_id"),)

    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id", ondelete="CASCADE"), primary_key=True)
    mark: Mapped[date]
    since: Mapped[datetime] = mapped_column(Instant)
    counted: Mapped[int]
    firsts: Mapped[bytes]
    ends: Mapped[bytes]


class CardCopy(Base):
    """The cards of one learner, of all courses, as they were at `read_at` (`app.stats.reached`), for their classes.

    It is there to save time: the cards that were answered since are read beside it, and all of them are when that does
    not make up what their versions come to.
    """

    __tablename__ = "card_copy"

    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(Instant)
    content: Mapped[bytes]
