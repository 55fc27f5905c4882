"""Browsers that are logged in: a random token in the cookie, its hash in a row, so that logout ends it."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from app.models import LoginSession, ReviewLog, User
from app.models.base import table_of
from app.services.identity import PERSON_FIELDS, Person

LIFETIME = timedelta(days=180)
_SEEN_EVERY = timedelta(hours=1)

_USER, _SESSION, _LOG = table_of(User).c, table_of(LoginSession).c, table_of(ReviewLog).c
_LAST_ANSWER = select(func.max(_LOG.answered_at)).where(_LOG.learner_id == _USER.id).scalar_subquery()
_FIND = (
    select(_SESSION.seen_at, _LAST_ANSWER.label("answered_at"), *(_USER[name] for name in PERSON_FIELDS))
    .join_from(table_of(LoginSession), table_of(User), _USER.id == _SESSION.user_id)
    .where(_SESSION.token_hash == bindparam("token_hash"), _USER.active)
)


def start(session: Session, user_id: int, now: datetime) -> str:
    """Open a session for a person; return the token, which is stored nowhere else."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_hash=hashed(token), user_id=user_id, created_at=now, seen_at=now))
    return token


def find(session: Session | Connection, token: str, now: datetime) -> tuple[Person, bool] | None:
    """The active person behind a token, and whether their last visit should be written down again.

    A guest's answers are visits too: whoever only answers never loses the one session they have.
    """
    row = session.execute(_FIND, {"token_hash": hashed(token)}).one_or_none()
    if row is None:
        return None
    seen_at, answered_at, *fields = row
    who = Person(*fields)
    seen = max(seen_at, answered_at or seen_at) if who.is_guest else seen_at
    return None if now - seen > LIFETIME else (who, now - seen_at > _SEEN_EVERY)


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
