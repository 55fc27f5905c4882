"""Exams: what is asked of a class, each student's attempts, and every change of a mark."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant

_OPEN_ATTEMPT = text("submitted_at IS NULL")
_SHOWN = "IN ('never', 'submitted', 'closed')"
_ONE_FORM = "form BETWEEN 1 AND 8"  # 1 is form A


class Exam(Base):
    """An exam of one class; a draft until it is published, which freezes its questions.

    Of `practice` exams the class may start as many as it likes, without a window. `demands` is the blueprint,
    a list of {count, topic, level, type}, or null where a teacher listed the questions; `draw` says whether
    all students get the same questions; where each gets their own, `forms` is 0, or how many parallel forms are
    dealt to them. Scores are in hundredths of the scale. `version` goes up at every change, so that two teachers
    do not overwrite each other. `forgotten_at` is when attempts at it were deleted with the class's retention.
    """

    __tablename__ = "exam"
    __table_args__ = (
        Index(None, "class_id"),
        Index(None, "created_by"),
        CheckConstraint("kind IN ('exam', 'practice')", name="kind"),
        CheckConstraint("draw IN ('same', 'each')", name="draw"),
        CheckConstraint("forms = 0 OR forms BETWEEN 2 AND 8", name="forms"),
        CheckConstraint("keep IN ('best', 'last', 'first', 'average')", name="keep"),
        CheckConstraint("layout IN ('page', 'each')", name="layout"),
        CheckConstraint("duration_s IS NULL OR duration_s > 0", name="duration"),
        CheckConstraint("attempts BETWEEN 0 AND 100", name="attempts"),
        CheckConstraint("scale_hundredths BETWEEN 1 AND 100000", name="scale"),
        CheckConstraint("pass_hundredths BETWEEN 0 AND scale_hundredths", name="pass_mark"),
        CheckConstraint("penalty_percent BETWEEN 0 AND 100", name="penalty"),
        CheckConstraint("closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at", name="window"),
        CheckConstraint(f"show_score {_SHOWN}", name="show_score"),
        CheckConstraint(f"show_answers {_SHOWN}", name="show_answers"),
        CheckConstraint(f"show_explanations {_SHOWN}", name="show_explanations"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("class.id", ondelete="CASCADE"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    version: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(default="exam")
    title: Mapped[str]
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    duration_s: Mapped[int | None]
    zone: Mapped[str] = mapped_column(default="Europe/Paris")
    attempts: Mapped[int] = mapped_column(default=1)  # 0: as many as one likes
    keep: Mapped[str] = mapped_column(default="best")
    password: Mapped[str | None]  # readable by its teachers, who read it out in the room
    demands: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    draw: Mapped[str] = mapped_column(default="same")
    forms: Mapped[int] = mapped_column(default=0, server_default="0")
    seed: Mapped[str]
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_choices: Mapped[bool] = mapped_column(default=True)
    layout: Mapped[str] = mapped_column(default="each")
    go_back: Mapped[bool] = mapped_column(default=True)
    scale_hundredths: Mapped[int] = mapped_column(default=2000)
    pass_hundredths: Mapped[int | None]
    penalty_percent: Mapped[int] = mapped_column(default=0)
    all_or_nothing: Mapped[bool] = mapped_column(default=False)
    show_score: Mapped[str] = mapped_column(default="closed")
    show_answers: Mapped[str] = mapped_column(default="closed")
    show_explanations: Mapped[str] = mapped_column(default="closed")
    forgotten_at: Mapped[datetime | None] = mapped_column(Instant)


class ExamItem(Base):
    """A question that an exam may ask, frozen in the version that it had when the exam was published.

    `points` weighs it. Topic, level, type, objective and `gives_away` (ids of questions) are those of that day,
    for draws and statistics stay what they were. `forms` are the parallel forms that ask it, null without forms.
    """

    __tablename__ = "exam_item"
    __table_args__ = (
        UniqueConstraint("exam_id", "question_id"),
        Index(None, "question_id"),
        CheckConstraint("points BETWEEN 1 AND 100", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_version.id"))
    position: Mapped[int]
    points: Mapped[int] = mapped_column(default=1)
    topic: Mapped[str]
    objective: Mapped[str]
    level: Mapped[int]
    type: Mapped[str]
    reserved: Mapped[bool]
    gives_away: Mapped[list[int]] = mapped_column(JSON)
    forms: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))


class GivenForm(Base):
    """Which parallel form a student is given: dealt when the exam is published, or to a late joiner at their start."""

    __tablename__ = "given_form"
    __table_args__ = (Index(None, "learner_id"), CheckConstraint(_ONE_FORM, name="form"))

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    form: Mapped[int]


class Allowance(Base):
    """What one student gets beyond the others in one exam: more attempts, another window (a make-up).

    `form` is the parallel form of what they start from now on; null is the one they were given.
    """

    __tablename__ = "exam_allowance"
    __table_args__ = (
        Index(None, "learner_id"),
        CheckConstraint("extra_attempts >= 0", name="extra_attempts"),
        CheckConstraint(_ONE_FORM, name="form"),
    )

    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"), primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    extra_attempts: Mapped[int] = mapped_column(default=0)
    opens_at: Mapped[datetime | None] = mapped_column(Instant)
    closes_at: Mapped[datetime | None] = mapped_column(Instant)
    reason: Mapped[str] = mapped_column(default="")
    form: Mapped[int | None]


class Attempt(Base):
    """One student's taking of an exam; at most one is open (not handed in, nor closed by a later write).

    `deadline` is stored when it starts and moved by time given later. Opening it on a device takes the next
    `epoch`. An erased student leaves their attempts under `pseudonym`, so that statistics stay. `form` is the parallel
    form that it asks, null without forms.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("exam_id", "learner_id", "number"),
        UniqueConstraint("receipt"),
        Index(
            "uq_attempt_open",
            "exam_id",
            "learner_id",
            unique=True,
            sqlite_where=_OPEN_ATTEMPT,
            postgresql_where=_OPEN_ATTEMPT,
        ),
        Index(None, "learner_id"),
        CheckConstraint("(learner_id IS NULL) = (pseudonym IS NOT NULL)", name="whose"),
        CheckConstraint("(submitted_at IS NULL) = (closed_by IS NULL)", name="closed"),
        CheckConstraint("closed_by IN ('student', 'time', 'teacher')", name="closed_by"),
        CheckConstraint("epoch >= 1", name="epoch"),
        CheckConstraint("extra_minutes BETWEEN 0 AND 600", name="extra_minutes"),
        CheckConstraint(_ONE_FORM, name="form"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"))
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    pseudonym: Mapped[str | None]
    number: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(Instant)
    deadline: Mapped[datetime | None] = mapped_column(Instant)
    extra_minutes: Mapped[int] = mapped_column(default=0)  # an hour, of extra time
    epoch: Mapped[int] = mapped_column(default=1)
    seed: Mapped[str]
    form: Mapped[int | None]
    submitted_at: Mapped[datetime | None] = mapped_column(Instant)
    closed_by: Mapped[str | None]
    receipt: Mapped[str | None]
    heard_at: Mapped[datetime | None] = mapped_column(Instant)  # of its open page, last; saves have their own times


class AttemptItem(Base):
    """One question of an attempt and the response to it, the newest by (epoch, seq).

    `response` is null until something was saved; the credit of the response, a fraction of `credit_of`, is by
    the frozen key: what regrades make of it is never stored here.
    """

    __tablename__ = "attempt_item"
    __table_args__ = (
        UniqueConstraint("attempt_id", "item_id"),
        Index(None, "item_id"),
        CheckConstraint("credit_parts BETWEEN 0 AND credit_of", name="credit"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("exam_item.id"))
    response: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    epoch: Mapped[int] = mapped_column(default=0)
    seq: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None] = mapped_column(Instant)
    changes: Mapped[int] = mapped_column(default=0)
    flagged: Mapped[bool] = mapped_column(default=False)
    credit_parts: Mapped[int] = mapped_column(default=0)
    credit_of: Mapped[int] = mapped_column(default=1)


class AttemptEvent(Base):
    """What happened to an attempt and who did it: opened, refused on an old device, given time, reopened…"""

    __tablename__ = "attempt_event"
    __table_args__ = (Index(None, "attempt_id"), Index(None, "by_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ExamEvent(Base):
    """What a teacher did to an exam, for everybody or for one `learner_id`: time given, a make-up allowed…

    `time_given` says in `details` how many `minutes`, and whether attempts that start `later` get them too.
    """

    __tablename__ = "exam_event"
    __table_args__ = (
        Index(None, "exam_id"),
        Index(None, "learner_id"),
        Index(None, "by_id"),
        CheckConstraint("kind IN ('time_given', 'allowed', 'withdrawn')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    exam_id: Mapped[int] = mapped_column(ForeignKey("exam.id", ondelete="CASCADE"))
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(Instant)
    kind: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    reason: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Regrade(Base):
    """A change of what responses to one question are worth, for every attempt; undone, it counts no more."""

    __tablename__ = "regrade"
    __table_args__ = (
        Index(None, "item_id"),
        Index(None, "by_id"),
        CheckConstraint("kind IN ('key', 'accept', 'everybody', 'drop')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("exam_item.id", ondelete="CASCADE"))
    kind: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Adjustment(Base):
    """Points of the scale, in hundredths, that a teacher gave or took by hand, with the reason."""

    __tablename__ = "adjustment"
    __table_args__ = (Index(None, "attempt_id"), Index(None, "by_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    hundredths: Mapped[int]
    reason: Mapped[str]
    at: Mapped[datetime] = mapped_column(Instant)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
