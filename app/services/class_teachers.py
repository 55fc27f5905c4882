"""The teachers of a class: each may do with it all that the others may, and it always keeps one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.models import Class, ClassTeacher, User
from app.services import classes
from app.services.identity import Person
from app.services.names import login_key

_TEACHING = ("teacher", "admin")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A teacher of a class; `name` is what they are shown as, their login name if they chose none."""

    user_id: int
    login: str
    name: str


def colleagues(session: Session, teacher: Person, class_id: int) -> Sequence[Colleague]:
    """The teachers of a class by name; raises NotFound."""
    classes.found(session, teacher, class_id)
    rows = session.execute(
        select(User.id, User.login, User.display_name)
        .join(ClassTeacher, ClassTeacher.user_id == User.id)
        .where(ClassTeacher.class_id == class_id)
    )
    found = [Colleague(key, login or "", name or login or "") for key, login, name in rows]
    return sorted(found, key=lambda one: (one.name.casefold(), one.user_id))


def colleague(session: Session, teacher: Person, class_id: int, user_id: int) -> Colleague:
    """One teacher of a class; raises NotFound."""
    found = [one for one in colleagues(session, teacher, class_id) if one.user_id == user_id]
    if not found:
        raise NotFound
    return found[0]


def add(session: Session, teacher: Person, class_id: int, login: str) -> Colleague:
    """Make the teacher with a login name a teacher of the class too; nothing changes for who is one already.

    Raises NotFound, and Invalid ("no_teacher") when no active teacher has that name: a learner's looks the same.
    """
    classes.found(session, teacher, class_id)
    named = (User.login_key == login_key(login), User.role.in_(_TEACHING), User.active.is_(True))
    user_id = session.scalar(select(User.id).where(*named))
    if user_id is None:
        raise Invalid([FieldProblem("login", "no_teacher")])
    session.execute(_giving_way(session).values(class_id=class_id, user_id=user_id))
    return colleague(session, teacher, class_id, user_id)


def remove(session: Session, teacher: Person, class_id: int, user_id: int) -> None:
    """Take a teacher, or oneself, out of a class; raises NotFound, and Conflict ("last_teacher")."""
    classes.found(session, teacher, class_id)
    # Two teachers who remove each other at once wait here for one another.
    session.execute(select(Class.id).where(Class.id == class_id).with_for_update())
    everyone = session.scalars(select(ClassTeacher.user_id).where(ClassTeacher.class_id == class_id)).all()
    if user_id not in everyone:
        raise NotFound
    if len(everyone) == 1:
        raise Conflict("last_teacher")
    session.execute(delete(ClassTeacher).where(ClassTeacher.class_id == class_id, ClassTeacher.user_id == user_id))


def _giving_way(session: Session) -> Any:
    """An insert that leaves a teacher who is there already as they are, however many arrive at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(ClassTeacher).on_conflict_do_nothing(index_elements=["class_id", "user_id"])
