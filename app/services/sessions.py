"""Browsers that are logged in: a random token in the cookie, its hash in a row, so that logout ends it."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from app.models import LoginSession, ReviewLog, User
from app.services.identity import Person, person_of

LIFETIME = timedelta(days=180)
_SEEN_EVERY = timedelta(hours=1)

_LAST_ANSWER = select(func.max(ReviewLog.answered_at)).where(ReviewLog.learner_id == User.id).scalar_subquery()
_FIND = (
    select(LoginSession.seen_at, _LAST_ANSWER.label("answered_at"), User)
    .join(User, User.id == LoginSession.user_id)
    .where(LoginSession.token_hash == bindparam("token_hash"), User.active)
)


def start(session: Session, user_id: int, now: datetime) -> str:
    """Open a session for a person; return the token, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=hashed(token), user_id=user_id, created_at=now, seen_at=now))
    return token


def find(session: Session, token: str, now: datetime) -> tuple[Person, bool] | None:
    """The active person behind a token, and whether their last visit should be written down again.

    A guest's answers are visits too: whoever only answers never loses the one session they have.
    """
    row = session.execute(_FIND, {"token_hash": hashed(token)}).one_or_none()
    if row is None:
        return None
    who = person_of(row.User)
    seen = max(row.seen_at, row.answered_at or row.seen_at) if who.is_guest else row.seen_at
    return None if now - seen > LIFETIME else (who, now - row.seen_at > _SEEN_EVERY)


def touch(session: Session, token: str, person: Person, now: datetime) -> None:
    """Write down that this session and its person were seen."""
    session.execute(update(LoginSession).where(LoginSession.token_hash == hashed(token)).values(seen_at=now))
    session.execute(update(User).where(User.id == person.id).values(seen_at=now))


def end(session: Session, token: str) -> None:
    """Close one session; the cookie that held its token is worth nothing from now on."""
    session.execute(delete(LoginSession).where(LoginSession.token_hash == hashed(token)))


def end_all(session: Session, user_id: int, except_token: str | None = None) -> None:
    """Close a person's sessions, all or all but the one of this browser."""
    kept = hashed(except_token) if except_token else ""
    session.execute(delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.token_hash != kept))


def hashed(secret: str) -> str:
    """How a token or one-time code is stored; random enough that a plain hash is safe."""
    return sha256(secret.encode()).hexdigest()
