"""Codes that work once: the first teacher's set-up code, and links that set a new password.

Only their SHA-256 is stored. They are random (80 bits to type, 256 bits to click), so that a
plain hash cannot be searched.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.orm import Session

from app.errors import Conflict, NotFound
from app.models import ClassTeacher, Membership, OneTimeCode, User
from app.services.identity import Person
from app.services.sessions import end_all, hashed

LINK_LIFETIME = timedelta(hours=1)
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
_GROUPS, _GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Whose password a link sets."""

    user_id: int
    login: str


def setup_code(session: Session, now: datetime) -> str | None:
    """A new code that makes its user the first teacher, or None when there is one already.

    Codes given before stop working.
    """
    session.execute(delete(OneTimeCode).where(OneTimeCode.purpose == "first_teacher"))
    if has_teacher(session):
        return None
    code = "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    session.add(OneTimeCode(code_hash=_typed(code), purpose="first_teacher", user_id=None, created_at=now))
    return code


def has_teacher(session: Session) -> bool:
    """Whether anyone is a teacher or an admin here, deactivated or not."""
    return session.scalar(select(User.id).where(User.role.in_(("teacher", "admin"))).limit(1)) is not None


def fits_setup(session: Session, code: str) -> bool:
    """Whether `code` would work as the set-up code; spaces, hyphens and case do not count."""
    return session.scalar(select(OneTimeCode.id).where(*_setup(code))) is not None and not has_teacher(session)


def use_setup(session: Session, code: str, now: datetime) -> bool:
    """Spend the set-up code; False when it does not work (any more)."""
    if has_teacher(session):
        return False
    # The UPDATE itself finds out who was first: of two at the same instant one changes no row.
    spent = session.execute(update(OneTimeCode).where(*_setup(code)).values(used_at=now).returning(OneTimeCode.id))
    return spent.scalar() is not None


def issue_password_link(session: Session, user_id: int, now: datetime) -> str:
    """The secret of a link that sets a person's password once, within an hour; earlier links stop working.

    The caller decides who may ask. Raises NotFound for nobody, Conflict for a guest ("guest", no
    password to set) or a deactivated account ("inactive").
    """
    user = session.get(User, user_id)
    if user is None:
        raise NotFound
    if user.login is None:
        raise Conflict("guest")
    if not user.active:
        raise Conflict("inactive")
    end_password_links(session, user_id)
    code = secrets.token_urlsafe(32)
    times = {"created_at": now, "expires_at": now + LINK_LIFETIME}
    session.add(OneTimeCode(code_hash=hashed(code), purpose="password", user_id=user_id, **times))
    return code


def issue_password_link_as(session: Session, giver: Person, user_id: int, now: datetime) -> str:
    """As `issue_password_link`, when `giver` may: an admin for anyone, a teacher for the learners of their classes.

    Raises NotFound otherwise: a foreign person and nobody look the same.
    """
    if giver.role != "admin":
        taught = (
            select(User.id)
            .join(Membership, Membership.user_id == User.id)
            .join(ClassTeacher, ClassTeacher.class_id == Membership.class_id)
            .where(User.id == user_id, User.role == "learner", ClassTeacher.user_id == giver.id)
        )
        if not giver.teaches or session.scalar(taught.limit(1)) is None:
            raise NotFound
    return issue_password_link(session, user_id, now)


def find_password_link(session: Session, code: str, now: datetime) -> LinkTarget | None:
    """Whose password a link sets, or None when it was used, is too old or never existed."""
    found = session.execute(
        select(User.id, User.login)
        .join(OneTimeCode, OneTimeCode.user_id == User.id)
        .where(*_link(code, now), User.active)
    ).one_or_none()
    return LinkTarget(found.id, found.login) if found is not None and found.login is not None else None


def use_password_link(session: Session, code: str, password_hash: str, now: datetime) -> None:
    """Set the password a link is for, and end all of the person's sessions and links.

    Raises NotFound when the link does not work (any more).
    """
    spent = session.execute(
        update(OneTimeCode).where(*_link(code, now)).values(used_at=now).returning(OneTimeCode.user_id)
    )
    user_id = spent.scalar()
    if user_id is None:
        raise NotFound
    changed = session.execute(
        update(User).where(User.id == user_id, User.active).values(password_hash=password_hash).returning(User.id)
    )
    if changed.scalar() is None:
        raise NotFound
    end_all(session, user_id)
    end_password_links(session, user_id)


def end_password_links(session: Session, user_id: int) -> None:
    """Make every link that sets this person's password useless."""
    session.execute(delete(OneTimeCode).where(OneTimeCode.user_id == user_id))


def _setup(code: str) -> tuple[ColumnElement[bool], ...]:
    is_setup = OneTimeCode.purpose == "first_teacher"
    return (OneTimeCode.code_hash == _typed(code), is_setup, OneTimeCode.used_at.is_(None))


def _link(code: str, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeCode.code_hash == hashed(code),
        OneTimeCode.purpose == "password",
        OneTimeCode.used_at.is_(None),
        or_(OneTimeCode.expires_at.is_(None), OneTimeCode.expires_at > now),
    )


def _typed(code: str) -> str:
    """The hash of a code that people copy by hand."""
    return hashed("".join(sign for sign in code.upper() if sign in _SIGNS))
