"""Accounts: who may enter, how one is made, what a guest keeps, which role a person has.

A password is never checked or hashed here: hashing is slow and these functions run inside a
transaction. A caller reads a `Claim`, checks it outside (`app.services.passwords`), and comes
back to write; the write verifies that the claim still stands.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.models import Attempt, Course, ReviewLog, User
from app.services import codes, passwords, sessions
from app.services.identity import Person, person_of
from app.services.names import login_key, login_problem, name_problem, tidy

ROLES = ("learner", "teacher", "admin")
GUEST_WITHOUT_ANSWER = timedelta(days=1)
GUEST_UNSEEN = timedelta(days=90)
GUESTS_AT_ONCE = 200  # keeps the transaction of whoever cleans up short

setup_code = codes.setup_code
has_teacher = codes.has_teacher


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person typed to get an account."""

    login: str
    password: str
    display_name: str = ""
    setup_code: str = ""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be made: a name that was checked and a password that was hashed."""

    login: str
    password_hash: str
    display_name: str = ""
    setup_code: str = ""
    locale: str = "fr"
    zone: str = "Europe/Paris"
    role: str = "learner"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a password is checked against; without a person when nobody active has the name."""

    user_id: int | None = None
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class Entered:
    """A person who has just come in, and the token of the session opened for them."""

    person: Person
    token: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One account as the command line lists it."""

    login: str
    display_name: str
    role: str
    active: bool
    seen_at: datetime


def problems(session: Session, wanted: Wanted) -> list[FieldProblem]:
    """Everything that keeps `wanted` from becoming an account: login name, password, shown name, set-up code."""
    found = [
        login_problem(wanted.login) or _taken(session, wanted.login),
        passwords.problem(wanted.password, wanted.login),
        name_problem(wanted.display_name),
        _setup_problem(session, wanted.setup_code),
    ]
    return [problem for problem in found if problem is not None]


def register(session: Session, new: NewAccount, now: datetime) -> int:
    """Make an account; return the person's id. With the set-up code it is the first admin.

    Raises Invalid when the login name was taken, or the code used, in the meantime.
    """
    user = User(
        role=_role(session, new, now),
        created_at=now,
        seen_at=now,
        course_id=default_course(session),
        locale=new.locale,
        zone=new.zone,
    )
    _name(user, new)
    with _unique_login(session):
        session.add(user)
        session.flush()
    return user.id


def create_guest(session: Session, course_id: int | None, locale: str, zone: str, now: datetime) -> int:
    """Make a learner without a login name; return their id."""
    user = User(role="learner", course_id=course_id, locale=locale, zone=zone, created_at=now, seen_at=now)
    session.add(user)
    session.flush()
    return user.id


def keep_guest(session: Session, user_id: int, new: NewAccount, now: datetime) -> None:
    """Give a guest a login name and a password: the same person, with every card they have.

    All of their sessions end; the caller opens a new one. Raises Invalid as `register`, and
    Conflict ("kept") when the guest has a login name already.
    """
    user = session.scalars(select(User).where(User.id == user_id).with_for_update()).one_or_none()
    if user is None:
        raise NotFound
    if user.login is not None:
        raise Conflict("kept")
    role = _role(session, new, now)
    with _unique_login(session):
        _name(user, new)
        user.role = role
        session.flush()
    sessions.end_all(session, user_id)


def claim(session: Session, login: str) -> Claim:
    """What the password typed with a login name is to be checked against."""
    return _claim(session, User.login_key == login_key(login))


def claim_of(session: Session, user_id: int) -> Claim:
    """What the password of a person who is in is to be checked against."""
    return _claim(session, User.id == user_id)


def stands(session: Session, claimed: Claim) -> bool:
    """Whether the account is still active with the password that was checked; its row is locked."""
    if claimed.user_id is None or claimed.password_hash is None:
        return False
    same = (User.id == claimed.user_id, User.password_hash == claimed.password_hash, User.active)
    return session.scalar(select(User.id).where(*same).with_for_update()) is not None


def log_in(
    session: Session, claimed: Claim, rehashed: str | None, now: datetime, leaving: str | None = None
) -> Entered | None:
    """Open a session for a claim whose password was right, or None when it stands no more.

    `rehashed` replaces a hash made with older parameters. `leaving` is the token this browser
    came with: it ends, so that a cookie known from before gives nothing.
    """
    if claimed.user_id is None or not stands(session, claimed):
        return None
    if rehashed is not None:
        session.execute(update(User).where(User.id == claimed.user_id).values(password_hash=rehashed))
    return enter(session, claimed.user_id, now, leaving)


def enter(session: Session, user_id: int, now: datetime, leaving: str | None = None) -> Entered:
    """Open a session for a person whose right to it is established; end the session `leaving`."""
    if leaving is not None:
        sessions.end(session, leaving)
    user = session.get_one(User, user_id)
    user.seen_at = now
    return Entered(person_of(user), sessions.start(session, user_id, now))


def change_password(session: Session, claimed: Claim, password_hash: str, now: datetime) -> Entered:
    """Replace the password of a claim that was checked; every session and password link ends, one session begins.

    Raises Conflict ("password") when the password was changed in the meantime.
    """
    if claimed.user_id is None or not stands(session, claimed):
        raise Conflict("password")
    session.execute(update(User).where(User.id == claimed.user_id).values(password_hash=password_hash))
    sessions.end_all(session, claimed.user_id)
    codes.end_password_links(session, claimed.user_id)
    return enter(session, claimed.user_id, now)


def id_of(session: Session, login: str) -> int:
    """The id of the person with a login name, active or not; raises NotFound for nobody."""
    found = session.scalar(select(User.id).where(User.login_key == login_key(login)))
    if found is None:
        raise NotFound
    return found


def set_role(session: Session, user_id: int, role: str) -> None:
    """Make a person a learner, a teacher or an admin.

    Raises NotFound for nobody, Conflict for a guest ("guest") or for the last admin ("last_admin").
    """
    user = _changeable(session, user_id, stays_admin=role == "admin")
    if user.login is None and role != "learner":
        raise Conflict("guest")
    if user.role != role:  # who gave out a link might not be allowed to any more
        codes.end_password_links(session, user_id)
    user.role = role


def set_active(session: Session, user_id: int, active: bool) -> None:
    """Close an account, or open it again; a closed account is out at once and keeps its progress.

    Raises NotFound for nobody, Conflict ("last_admin") when nobody could open it again.
    """
    user = _changeable(session, user_id, stays_admin=active)
    user.active = active
    if not active:
        sessions.end_all(session, user_id)
        codes.end_password_links(session, user_id)


def is_last_admin(session: Session, user_id: int) -> bool:
    """Whether this person is the only active admin; locks the admins' rows, so ask it before locking others."""
    admins = select(User.id).where(User.role == "admin", User.active).order_by(User.id).with_for_update()
    return list(session.scalars(admins)) == [user_id]


def default_course(session: Session) -> int | None:
    """The course a newcomer studies: the first there is."""
    return session.scalar(select(Course.id).where(Course.retired.is_(False)).order_by(Course.id).limit(1))


def delete_stale_guests(session: Session, now: datetime) -> int:
    """Delete guests who never answered within a day, and guests neither seen nor answering for 90 days.

    A guest who took an exam is kept until the class deletes its attempts. At most 200 a call; cards, log and
    sessions go with them. Returns how many.
    """
    unseen = now - GUEST_UNSEEN
    unanswered = ~exists().where(ReviewLog.learner_id == User.id)
    silent = ~exists().where(ReviewLog.learner_id == User.id, ReviewLog.answered_at >= unseen)
    stale = (
        select(User.id)
        .where(
            User.login.is_(None),
            ~exists().where(Attempt.learner_id == User.id),
            or_(
                and_(User.seen_at < unseen, silent),
                and_(User.created_at < now - GUEST_WITHOUT_ANSWER, unanswered),
            ),
        )
        .limit(GUESTS_AT_ONCE)
    )
    gone = session.execute(delete(User).where(User.id.in_(stale), User.login.is_(None)).returning(User.id))
    return len(gone.all())


def everyone(session: Session) -> Sequence[Listed]:
    """All accounts with a login name, by name."""
    columns = (User.login, User.display_name, User.role, User.active, User.seen_at)
    rows = session.execute(select(*columns).where(User.login.is_not(None)).order_by(User.login_key))
    return [Listed(row.login or "", row.display_name, row.role, row.active, row.seen_at) for row in rows]


def count_guests(session: Session) -> int:
    """How many people study without a login name."""
    return session.scalar(select(func.count()).select_from(User).where(User.login.is_(None))) or 0


@contextmanager
def _unique_login(session: Session) -> Iterator[None]:
    """The table refuses a second login name of the same key; the rest of the transaction survives it."""
    try:
        with session.begin_nested():
            yield
    except IntegrityError as error:
        if "login_key" not in str(error.orig):
            raise
        raise Invalid([FieldProblem("login", "login_taken")]) from error


def _taken(session: Session, login: str) -> FieldProblem | None:
    taken = session.scalar(select(User.id).where(User.login_key == login_key(login)))
    return None if taken is None else FieldProblem("login", "login_taken")


def _setup_problem(session: Session, code: str) -> FieldProblem | None:
    return FieldProblem("setup_code", "setup_code") if code.strip() and not codes.fits_setup(session, code) else None


def _role(session: Session, new: NewAccount, now: datetime) -> str:
    """Whoever sets an installation up must be able to appoint others: the first teacher is an admin."""
    if not new.setup_code.strip():
        return new.role
    if not codes.use_setup(session, new.setup_code, now):
        raise Invalid([FieldProblem("setup_code", "setup_code")])
    return "admin"


def _name(user: User, new: NewAccount) -> None:
    user.login = tidy(new.login)
    user.login_key = login_key(new.login)
    user.password_hash = new.password_hash
    user.display_name = tidy(new.display_name) or user.display_name or ""


def _claim(session: Session, who: ColumnElement[bool]) -> Claim:
    found = session.execute(select(User.id, User.password_hash).where(who, User.active)).one_or_none()
    return Claim(found.id, found.password_hash) if found is not None and found.password_hash else Claim()


def _changeable(session: Session, user_id: int, stays_admin: bool) -> User:
    if not stays_admin and is_last_admin(session, user_id):
        raise Conflict("last_admin")
    user = session.scalars(select(User).where(User.id == user_id).with_for_update()).one_or_none()
    if user is None:
        raise NotFound
    return user
