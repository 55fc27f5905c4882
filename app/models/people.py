"""People: accounts, guests, their sessions and their one-time links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Instant


class User(Base):
    """A person. A guest is a learner without a login name; `login_key` is the name folded for comparison."""

    __tablename__ = "user_account"
    __table_args__ = (
        UniqueConstraint("login_key"),
        CheckConstraint("role IN ('learner', 'teacher', 'admin')", name="role"),
        CheckConstraint("(login IS NULL) = (login_key IS NULL)", name="login_has_key"),
        CheckConstraint("login IS NOT NULL OR role = 'learner'", name="guest_is_learner"),
        CheckConstraint("(login IS NULL) = (password_hash IS NULL)", name="guest_has_no_password"),
        CheckConstraint("locale IN ('fr', 'en')", name="locale"),
        CheckConstraint("theme IN ('system', 'light', 'dark')", name="theme"),
        CheckConstraint("grade_scale IN ('four', 'full')", name="grade_scale"),
        CheckConstraint("day_start_hour BETWEEN 0 AND 12", name="day_start_hour"),
        CheckConstraint("new_per_day BETWEEN 0 AND 999", name="new_per_day"),
        CheckConstraint("reviews_per_day BETWEEN 0 AND 9999", name="reviews_per_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str | None]
    login_key: Mapped[str | None]
    display_name: Mapped[str] = mapped_column(default="")
    password_hash: Mapped[str | None]
    role: Mapped[str] = mapped_column(default="learner")
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id", ondelete="SET NULL"))
    locale: Mapped[str] = mapped_column(default="fr")
    zone: Mapped[str] = mapped_column(default="Europe/Paris")
    day_start_hour: Mapped[int] = mapped_column(default=4)
    new_per_day: Mapped[int] = mapped_column(default=15)
    reviews_per_day: Mapped[int] = mapped_column(default=200)
    grade_scale: Mapped[str] = mapped_column(default="four")
    shortcuts: Mapped[bool] = mapped_column(default=True)
    theme: Mapped[str] = mapped_column(default="system")


class LoginSession(Base):
    """One browser that is logged in; the token itself is only in that browser's cookie."""

    __tablename__ = "login_session"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "user_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)


class OneTimeCode(Base):
    """A code that works once: a password link of one person, or the set-up of the first teacher (no person yet)."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        UniqueConstraint("code_hash"),
        Index(None, "user_id"),
        CheckConstraint("purpose IN ('password', 'first_teacher')", name="purpose"),
        CheckConstraint("(purpose = 'password') = (user_id IS NOT NULL)", name="password_has_user"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[str]
    purpose: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"))
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)
