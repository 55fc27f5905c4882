"""Who is who on a roster: a line is claimed with its personal code, or linked by a teacher; nothing else links it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam.folding import fold
from app.formats.csv_file import harmless
from app.formats.roster import LONGEST_ID, MOST_EXTRA_MINUTES
from app.models import Class, Course, FormerMember, Membership, RosterLine, User
from app.services import classes, extra_time, former_members, join_codes, roster
from app.services.classes import Invitation
from app.services.identity import Person
from app.services.names import login_key, name_problem, tidy
from app.services.roster import Line


@dataclass(frozen=True, slots=True)
class Slip:
    """What a personal code opens: a line of a class, announced as `name`.

    `own_name` is the visitor's name in the class once they belong to it; `is_mine` whether the line is theirs,
    `other` whether another line of the class is.
    """

    line_id: int
    class_id: int
    class_name: str
    course_id: int
    course: str
    name: str
    own_name: str | None
    is_mine: bool
    other: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member who may be the student of a line; `why` is "id", "email" or "name", empty for no reason."""

    user_id: int
    name: str
    login: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Details:
    """What the school says of a member; extra time is in minutes an hour."""

    name: str
    institution_id: str | None
    extra_minutes: int


def opened(session: Session, code: str, person: Person | None, locale: str) -> Invitation | Slip:
    """What a code opens, a class or a line of its roster; raises NotFound for one that opens nothing."""
    try:
        return classes.invitation(session, code, person, locale)
    except NotFound:
        return slip(session, code, person, locale)


def slip(session: Session, code: str, person: Person | None, locale: str) -> Slip:
    """What a personal code opens; one that was used opens it only to whoever used it. Raises NotFound.

    Who left the class by themself used it too; who was removed from it has no way back by it.
    """
    own_id = person.id if person else -1
    left = (FormerMember.line_id == RosterLine.id, FormerMember.user_id == own_id, FormerMember.removed.is_(False))
    back = and_(RosterLine.user_id.is_(None), exists().where(*left))
    free = or_(RosterLine.claimed_at.is_(None), RosterLine.user_id == own_id, back)
    row = session.execute(
        select(RosterLine, Class.name, Class.course_id, classes.title_of(locale))
        .join(Class, Class.id == RosterLine.class_id)
        .join(Course, Course.id == Class.course_id)
        .where(RosterLine.code == join_codes.plain(code), Class.archived_at.is_(None), free)
    ).one_or_none()
    if row is None:
        raise NotFound
    line, class_name, course_id, course = row
    named = (Membership.class_id == line.class_id, Membership.user_id == own_id)
    own_name = session.scalar(select(Membership.name).where(*named))
    theirs = select(RosterLine.id).where(RosterLine.class_id == line.class_id, RosterLine.user_id == own_id)
    other = session.scalar(theirs.where(RosterLine.id != line.id)) is not None
    is_mine = line.user_id == own_id and own_name is not None
    return Slip(line.id, line.class_id, class_name, course_id, course, line.name, own_name, is_mine, other)


def claim(session: Session, person: Person, code: str, now: datetime) -> Slip:
    """Make a learner the student of the line that `code` opens: a member under its name, with its extra time.

    Again by the same person, it changes nothing. Raises NotFound for a code that opens nothing (any more),
    Conflict ("learners_only") for a teacher and ("line_other") for whom another line of the class is.
    """
    found = slip(session, code, person, person.locale)
    if person.teaches:
        raise Conflict("learners_only")
    roster.hold(session, found.class_id)
    found = slip(session, code, person, person.locale)  # as it is now that nobody else can change it
    if found.other:
        raise Conflict("line_other")
    if not found.is_mine:
        _give(session, found.line_id, person.id, now)
        session.execute(update(User).where(User.id == person.id).values(course_id=found.course_id))
        nameless = (User.id == person.id, User.display_name == "")
        session.execute(update(User).where(*nameless).values(display_name=found.name))
    return found


def link(session: Session, teacher: Person, class_id: int, line_id: int, user_id: int, now: datetime) -> None:
    """Confirm that a member of the class is the student of a line that nobody has.

    Raises NotFound, Invalid for who is no member, and Conflict for a line ("line_taken") or a member
    ("line_other") that is linked already.
    """
    classes.found(session, teacher, class_id)
    roster.hold(session, class_id)
    row = _one(session, class_id, line_id)
    if row.user_id is not None:
        raise Conflict("line_taken")
    if session.get(Membership, (class_id, user_id)) is None:
        raise Invalid([FieldProblem("user_id", "not_offered")])
    if session.scalar(select(RosterLine.id).where(RosterLine.class_id == class_id, RosterLine.user_id == user_id)):
        raise Conflict("line_other")
    _give(session, line_id, user_id, now)


def unlink(session: Session, teacher: Person, class_id: int, line_id: int) -> None:
    """Make a line nobody's again, with a new code; its member stays in the class. Raises NotFound."""
    classes.found(session, teacher, class_id)
    row = _one(session, class_id, line_id)
    row.user_id, row.claimed_at, row.code = None, None, join_codes.new()
    former_members.give_up_line(session, line_id)
    session.flush()


def candidates(session: Session, teacher: Person, class_id: int, line_id: int) -> tuple[Line, Sequence[Candidate]]:
    """A line, and the members that no line has, the likely ones first. Raises NotFound."""
    line = next((one for one in roster.lines(session, teacher, class_id) if one.id == line_id), None)
    if line is None:
        raise NotFound
    linked = select(RosterLine.user_id).where(RosterLine.class_id == class_id, RosterLine.user_id.is_not(None))
    rows = session.execute(
        select(Membership.user_id, Membership.name, User.login, Membership.institution_id)
        .join(User, User.id == Membership.user_id)
        .where(Membership.class_id == class_id, Membership.user_id.not_in(linked))
    )
    found = [Candidate(user_id, name, login, _why(line, name, login, held)) for user_id, name, login, held in rows]
    return line, sorted(found, key=lambda one: (not one.why, fold(one.name), one.user_id))


def details(session: Session, teacher: Person, class_id: int, user_id: int) -> Details:
    """What the school says of a member; raises NotFound."""
    classes.found(session, teacher, class_id)
    row = session.get(Membership, (class_id, user_id))
    if row is None:
        raise NotFound
    return Details(row.name, row.institution_id, row.extra_minutes)


def change_details(
    session: Session, teacher: Person, class_id: int, user_id: int, given: Details, now: datetime
) -> None:
    """Give a member another id and extra time, and the line that is theirs too; the name stays.

    Exams to come follow it, and more time is more for who is at work. Raises NotFound, and Invalid with every
    problem.
    """
    classes.found(session, teacher, class_id)
    roster.hold(session, class_id)
    row = session.get(Membership, (class_id, user_id))
    if row is None:
        raise NotFound
    chosen = tidy(given.institution_id or "") or None
    if problems := _problems(session, class_id, user_id, chosen, given.extra_minutes):
        raise Invalid(problems)
    row.institution_id, row.extra_minutes = chosen, given.extra_minutes
    of_line = (RosterLine.class_id == class_id, RosterLine.user_id == user_id)
    session.execute(update(RosterLine).where(*of_line).values(institution_id=chosen, extra_minutes=given.extra_minutes))
    session.flush()
    extra_time.follow(session, class_id, {user_id: given.extra_minutes}, teacher, now)


def _problems(
    session: Session, class_id: int, user_id: int, institution_id: str | None, extra_minutes: int
) -> list[FieldProblem]:
    found = []
    if institution_id:
        if (
            harmless(institution_id) != institution_id
            or name_problem(institution_id)
            or len(institution_id) > LONGEST_ID
        ):
            found.append(FieldProblem("institution_id", "id_characters", (("longest", LONGEST_ID),)))
        elif _holder(session, class_id, institution_id, user_id) or _line_of(
            session, class_id, institution_id, user_id
        ):
            found.append(FieldProblem("institution_id", "id_taken"))
    if not 0 <= extra_minutes <= MOST_EXTRA_MINUTES:
        found.append(FieldProblem("extra_minutes", "whole", (("least", 0), ("most", MOST_EXTRA_MINUTES))))
    return found


def _give(session: Session, line_id: int, user_id: int, now: datetime) -> None:
    """Write a line's name, id and extra time into its student's membership."""
    row = session.get_one(RosterLine, line_id)
    row.user_id, row.claimed_at = user_id, now
    session.flush()
    values: dict[str, Any] = {"name": row.name, "extra_minutes": row.extra_minutes}
    # An id that another member was given by hand stays theirs until the teacher has sorted it out.
    if row.institution_id and not _holder(session, row.class_id, row.institution_id, user_id):
        values["institution_id"] = row.institution_id
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    key = {"class_id": row.class_id, "user_id": user_id}
    statement = insert(Membership).values(**key, **values, joined_at=now)
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
    former_members.belongs_again(session, row.class_id, user_id)
    former_members.give_up_line(session, line_id)
    extra_time.follow(session, row.class_id, {user_id: row.extra_minutes}, None, now)


def _holder(session: Session, class_id: int, institution_id: str, but: int) -> int | None:
    held = (Membership.class_id == class_id, Membership.institution_id == institution_id, Membership.user_id != but)
    return session.scalar(select(Membership.user_id).where(*held))


def _line_of(session: Session, class_id: int, institution_id: str, but: int) -> int | None:
    """The line of another student that has an id."""
    held = (RosterLine.class_id == class_id, RosterLine.institution_id == institution_id)
    return session.scalar(
        select(RosterLine.id).where(*held, or_(RosterLine.user_id.is_(None), RosterLine.user_id != but))
    )


def _one(session: Session, class_id: int, line_id: int) -> RosterLine:
    row = session.scalar(select(RosterLine).where(RosterLine.id == line_id, RosterLine.class_id == class_id))
    if row is None:
        raise NotFound
    return row


def _why(line: Line, name: str, login: str | None, held: str | None) -> str:
    """Why a member may be the student of a line: only a hint, for an address proves nothing."""
    if held and held == line.institution_id:
        return "id"
    if login and line.email and login_key(login) == login_key(line.email):
        return "email"
    return "name" if sorted(fold(name).split()) == sorted(fold(line.name).split()) else ""
