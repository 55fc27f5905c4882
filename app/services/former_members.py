"""Who left a class: what goes on counting for them, and what waits until they come back.

Somebody who leaves by mistake finds the institution id, the extra time and the roster line that were theirs.
Whoever a teacher removed does not: a wrong person may have had the line. Leaving opens nothing either way
(`app.services.hiding`).
"""

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import FormerMember, Membership, RosterLine
from app.services import join_codes


def take_out(session: Session, class_id: int, user_id: int, now: datetime, removed: bool) -> None:
    """End a membership and write down that it was; raises NotFound for who is no member.

    Their personal code stays spent: it leads back nobody but themself, and nobody whom a teacher removed.
    """
    gone = session.execute(
        delete(Membership)
        .where(Membership.class_id == class_id, Membership.user_id == user_id)
        .returning(Membership.institution_id, Membership.extra_minutes)
    ).one_or_none()
    if gone is None:
        raise NotFound
    line = (RosterLine.class_id == class_id, RosterLine.user_id == user_id)
    line_id = session.scalar(update(RosterLine).where(*line).values(user_id=None).returning(RosterLine.id))
    session.add(
        FormerMember(
            class_id=class_id,
            user_id=user_id,
            left_at=now,
            removed=removed,
            institution_id=None if removed else gone.institution_id,
            extra_minutes=0 if removed else gone.extra_minutes,
            line_id=line_id,
        )
    )
    session.flush()


def come_back(session: Session, class_id: int, user_id: int, now: datetime) -> None:
    """Give a member who had left by themself what was theirs: the line as it is now, or what was noted by hand.

    A line that has somebody else meanwhile, or that its teacher freed, is not theirs any more.
    """
    former = session.get(FormerMember, (class_id, user_id))
    if former is None:
        return
    line = None if former.removed else _own_line(session, former)
    values = {"institution_id": former.institution_id, "extra_minutes": former.extra_minutes}
    if line is not None:
        line.user_id, line.claimed_at = user_id, now
        values = {"name": line.name, "institution_id": line.institution_id, "extra_minutes": line.extra_minutes}
    if _is_taken(session, class_id, values["institution_id"], user_id):
        del values["institution_id"]
        if line is None:  # the id told who they were: extra time goes with it
            values["extra_minutes"] = 0
    session.delete(former)
    session.flush()
    session.execute(
        update(Membership).where(Membership.class_id == class_id, Membership.user_id == user_id).values(**values)
    )


def belongs_again(session: Session, class_id: int, user_id: int) -> None:
    """Forget that somebody had left, who has come back with a line of the roster."""
    session.execute(delete(FormerMember).where(FormerMember.class_id == class_id, FormerMember.user_id == user_id))


def give_up_line(session: Session, line_id: int) -> None:
    """Make a line nobody's to come back to: it is another student's now, or was freed by a teacher."""
    whose = update(FormerMember).where(FormerMember.line_id == line_id)
    session.execute(whose.values(line_id=None, institution_id=None, extra_minutes=0))


def release_lines(session: Session, user_id: int) -> None:
    """Make the lines that somebody claimed nobody's, with new codes, as though nobody ever had: they are erased.

    The list is the school's and stays; that this account was one of its students is the account's.
    """
    had = select(FormerMember.line_id).where(FormerMember.user_id == user_id, FormerMember.line_id.is_not(None))
    for line in session.scalars(select(RosterLine).where(or_(RosterLine.user_id == user_id, RosterLine.id.in_(had)))):
        if line.user_id in (None, user_id):
            line.user_id, line.claimed_at, line.code = None, None, join_codes.new()
    session.flush()


def _own_line(session: Session, former: FormerMember) -> RosterLine | None:
    """The line that somebody had, held so that nobody gets it meanwhile; None once it is not theirs any more."""
    line = session.get(RosterLine, former.line_id, with_for_update=True) if former.line_id is not None else None
    return line if line is not None and line.user_id is None and line.claimed_at is not None else None


def _is_taken(session: Session, class_id: int, institution_id: str | int | None, but: int) -> bool:
    """Whether another member, or the line of another student, has an id."""
    if institution_id is None:
        return False
    held = (Membership.class_id == class_id, Membership.institution_id == institution_id, Membership.user_id != but)
    listed = (
        RosterLine.class_id == class_id,
        RosterLine.institution_id == institution_id,
        or_(RosterLine.user_id.is_(None), RosterLine.user_id != but),
    )
    taken = or_(select(Membership.user_id).where(*held).exists(), select(RosterLine.id).where(*listed).exists())
    return bool(session.scalar(select(taken)))
