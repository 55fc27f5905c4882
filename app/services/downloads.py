"""Who took which file of scores, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.models import Download, User
from app.services.identity import Person

MOST = 50


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that was taken; `by` is None for the command line and for somebody who is gone."""

    at: datetime
    by: str | None
    what: str
    details: Mapping[str, Any]


def note(
    session: Session,
    by: Person | None,
    class_id: int,
    exam_id: int | None,
    what: str,
    details: Mapping[str, Any],
    now: datetime,
) -> None:
    """Write down that a file was taken; by nobody known when it was made on the command line."""
    by_id = by.id if by else None
    new = Download(class_id=class_id, exam_id=exam_id, by_id=by_id, at=now, what=what, details=dict(details))
    session.add(new)


def listed(session: Session, class_id: int, exam_id: int | None) -> Sequence[Taken]:
    """The latest 50 files of an exam, or those of the class that are of no exam; the caller may see them."""
    mine = Download.exam_id.is_(None) if exam_id is None else Download.exam_id == exam_id
    rows = session.execute(
        select(Download.at, User.display_name, User.login, Download.what, Download.details)
        .outerjoin(User, User.id == Download.by_id)
        .where(Download.class_id == class_id, mine)
        .order_by(Download.at.desc(), Download.id.desc())
        .limit(MOST)
    )
    return [Taken(at, name or login, what, details) for at, name, login, what, details in rows]
