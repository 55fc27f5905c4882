"""Classes: who teaches them, the code that opens them, who belongs to them.

A class exists for its teachers and for admins only: to anybody else it is not there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam.folding import fold
from app.models import Class, ClassTeacher, Course, Membership, User
from app.services import exam_work, former_members, join_codes
from app.services.codes import end_password_links
from app.services.identity import Person
from app.services.names import name_problem, tidy


@dataclass(frozen=True, slots=True)
class Listed:
    """One class in its teacher's list."""

    id: int
    name: str
    course: str
    members: int
    archived: bool


@dataclass(frozen=True, slots=True)
class Taught:
    """One class as its teachers see it; `join_code` is grouped for the eye, None once revoked."""

    id: int
    name: str
    course_id: int
    course: str
    join_code: str | None
    created_at: datetime
    archived: bool


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a join code opens; `own_name` is the visitor's name in the class once they belong to it."""

    class_id: int
    name: str
    course_id: int
    course: str
    own_name: str | None


@dataclass(frozen=True, slots=True)
class Member:
    """A learner of a class, under the name they have there; `login` is None for a guest.

    `institution_id` is what the school calls them, `extra_minutes` an hour are theirs in every exam.
    """

    user_id: int
    own_name: str
    login: str | None
    institution_id: str | None = None
    extra_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Belonging:
    """A class that a learner belongs to, and the name they have there."""

    class_id: int
    name: str
    own_name: str


def create(session: Session, teacher: Person, name: str, course_id: int, now: datetime) -> int:
    """Open a class of a course, with its join code; return its id. Raises Invalid with every problem."""
    chosen = tidy(name)
    known = session.scalar(select(Course.id).where(Course.id == course_id, Course.retired.is_(False)))
    checked = [_name_problem(chosen), None if known else FieldProblem("course_id", "not_offered")]
    if problems := [problem for problem in checked if problem]:
        raise Invalid(problems)
    made = Class(course_id=course_id, name=chosen, join_code=join_codes.new(), created_at=now)
    session.add(made)
    session.flush()
    session.add(ClassTeacher(class_id=made.id, user_id=teacher.id))
    session.flush()
    return made.id


def rename(session: Session, teacher: Person, class_id: int, name: str) -> None:
    """Give a class another name; raises NotFound, and Invalid for a name that cannot be one."""
    chosen = tidy(name)
    if problem := _name_problem(chosen):
        raise Invalid([problem])
    _change(session, teacher, class_id, name=chosen)


def archive(session: Session, teacher: Person, class_id: int, now: datetime | None) -> None:
    """Put a class away (its join code then opens nothing), or bring it back with `now` None.

    Raises NotFound, and Conflict ("class_at_work") while somebody sits one of its exams: it would go on without teacher
    or door. Whoever must not wait ends those attempts first. A practice exam keeps no class open.
    """
    if now is not None:
        exam_work.hold(session, class_id)
    if now is not None and any(one.kind == "exam" for one in exam_work.at_work(session, class_id, now)):
        found(session, teacher, class_id)
        raise Conflict("class_at_work")
    _change(session, teacher, class_id, archived_at=now)


def renew_code(session: Session, teacher: Person, class_id: int) -> None:
    """Give a class a new join code; the one before opens nothing any more."""
    _change(session, teacher, class_id, join_code=join_codes.new())


def revoke_code(session: Session, teacher: Person, class_id: int) -> None:
    """Close a class to newcomers until its code is renewed."""
    _change(session, teacher, class_id, join_code=None)


def remove_member(session: Session, teacher: Person, class_id: int, user_id: int, now: datetime) -> None:
    """Take a learner out of a class; their progress stays theirs. Raises NotFound, also the second time."""
    found(session, teacher, class_id)
    former_members.take_out(session, class_id, user_id, now, removed=True)
    end_password_links(session, user_id)


def member_name(session: Session, teacher: Person, class_id: int, user_id: int) -> str:
    """The name a learner has in a class; raises NotFound."""
    found(session, teacher, class_id)
    name = _name_in(session, class_id, user_id)
    if name is None:
        raise NotFound
    return name


def members(session: Session, teacher: Person, class_id: int) -> Sequence[Member]:
    """The learners of a class by name; raises NotFound."""
    found(session, teacher, class_id)
    rows = session.execute(
        select(Membership.user_id, Membership.name, User.login, Membership.institution_id, Membership.extra_minutes)
        .join(User, User.id == Membership.user_id)
        .where(Membership.class_id == class_id)
    )
    return sorted((Member(*row) for row in rows), key=lambda one: (fold(one.own_name), one.user_id))


def listed(session: Session, teacher: Person) -> Sequence[Listed]:
    """The classes this teacher has (all of them for an admin), those in use first, then by name."""
    size = select(func.count()).where(Membership.class_id == Class.id).scalar_subquery()
    rows = session.execute(
        select(Class.id, Class.name, title_of(teacher.locale), size, Class.archived_at)
        .join(Course, Course.id == Class.course_id)
        .where(taught_by(teacher))
    )
    every = [Listed(key, name, course, count, archived is not None) for key, name, course, count, archived in rows]
    return sorted(every, key=lambda one: (one.archived, one.name.casefold(), one.id))


def found(session: Session, teacher: Person, class_id: int) -> Taught:
    """One class of this teacher; raises NotFound."""
    return _one(session, teacher.locale, Class.id == class_id, taught_by(teacher))


def any_class(session: Session, class_id: int, locale: str) -> Taught:
    """One class, whoever teaches it: for the command line, whose user can read everything. Raises NotFound."""
    return _one(session, locale, Class.id == class_id)


def _one(session: Session, locale: str, *where: ColumnElement[bool]) -> Taught:
    statement = select(Class, title_of(locale)).join(Course, Course.id == Class.course_id)
    row = session.execute(statement.where(*where)).one_or_none()
    if row is None:
        raise NotFound
    one, course = row
    code = join_codes.grouped(one.join_code) if one.join_code else None
    return Taught(one.id, one.name, one.course_id, course, code, one.created_at, one.archived_at is not None)


def invitation(session: Session, code: str, person: Person | None, locale: str) -> Invitation:
    """What a join code opens; case, spaces and hyphens do not count. Raises NotFound for a code that opens nothing."""
    statement = select(Class.id, Class.name, Class.course_id, title_of(locale)).join(
        Course, Course.id == Class.course_id
    )
    row = session.execute(statement.where(*_opened_by(code))).one_or_none()
    if row is None:
        raise NotFound
    own_name = _name_in(session, row.id, person.id) if person else None
    return Invitation(row.id, row.name, row.course_id, row[3], own_name)


def join(session: Session, person: Person, code: str, name: str, now: datetime) -> Invitation:
    """Make a learner a member of the class that `code` opens, under the name its teachers will see.

    Whoever belongs to it already keeps the name they have; whoever had left finds what the school had noted of
    them, under its name. A newcomer then studies the class's course.
    Raises NotFound for a code that opens nothing, Conflict ("learners_only") for a teacher, and
    Invalid for a name that cannot be shown.
    """
    opened = invitation(session, code, person, person.locale)
    if person.teaches:
        raise Conflict("learners_only")
    chosen = tidy(name)
    if opened.own_name is not None:
        return opened
    if problem := _name_problem(chosen):
        raise Invalid([problem])
    key = {"class_id": opened.class_id, "user_id": person.id}
    session.execute(_giving_way(session).values(**key, name=chosen, joined_at=now))
    former_members.come_back(session, opened.class_id, person.id, now)
    session.execute(update(User).where(User.id == person.id).values(course_id=opened.course_id))
    session.execute(update(User).where(User.id == person.id, User.display_name == "").values(display_name=chosen))
    return opened


def leave(session: Session, person: Person, class_id: int, now: datetime) -> None:
    """Take oneself out of a class; raises NotFound for a class one is not in."""
    former_members.take_out(session, class_id, person.id, now, removed=False)
    end_password_links(session, person.id)


def belongings(session: Session, person: Person) -> Sequence[Belonging]:
    """The classes a learner belongs to, put away ones left out, in the order they joined."""
    rows = session.execute(
        select(Class.id, Class.name, Membership.name)
        .join(Membership, Membership.class_id == Class.id)
        .where(Membership.user_id == person.id, Class.archived_at.is_(None))
        .order_by(Membership.joined_at, Class.id)
    )
    return [Belonging(*row) for row in rows]


def _opened_by(code: str) -> tuple[ColumnElement[bool], ...]:
    return (Class.join_code == join_codes.plain(code), Class.archived_at.is_(None))


def _name_in(session: Session, class_id: int, user_id: int) -> str | None:
    return session.scalar(select(Membership.name).where(Membership.class_id == class_id, Membership.user_id == user_id))


def _name_problem(name: str) -> FieldProblem | None:
    return name_problem(name, "name") if name else FieldProblem("name", "name_missing")


def taught_by(teacher: Person) -> ColumnElement[bool]:
    """Whether a row of `class` is this teacher's; every one is an admin's."""
    if teacher.role == "admin":
        return true()
    is_theirs = (ClassTeacher.class_id == Class.id, ClassTeacher.user_id == teacher.id)
    return exists().where(*is_theirs) if teacher.teaches else ~true()


def title_of(locale: str) -> Any:
    """The column of a course's title in "fr" or "en"."""
    return Course.title_fr if locale == "fr" else Course.title_en


def _change(session: Session, teacher: Person, class_id: int, **values: Any) -> None:
    changed = session.execute(
        update(Class).where(Class.id == class_id, taught_by(teacher)).values(**values).returning(Class.id)
    )
    if changed.scalar() is None:
        raise NotFound


def _giving_way(session: Session) -> Any:
    """An insert of a membership that leaves the one already there as it is, however many arrive at once."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return insert(Membership).on_conflict_do_nothing(index_elements=["class_id", "user_id"])
