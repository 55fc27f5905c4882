"""Who took which file of scores, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.models import Download, User
from app.services.identity import Person

MOST = 50
_COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that was taken; `by` is None for somebody who is gone, and when `command` made it."""

    at: datetime
    by: str | None
    what: str
    details: Mapping[str, Any]

    @property
    def command(self) -> bool:
        """Whether it was made on the command line."""
        return bool(self.details.get(_COMMAND))


@dataclass(frozen=True, slots=True)
class Log:
    """The latest files, and how many there are in all."""

    latest: Sequence[Taken]
    count: int


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
    told = dict(details) if by else {**details, _COMMAND: True}
    new = Download(class_id=class_id, exam_id=exam_id, by_id=by_id, at=now, what=what, details=told)
    session.add(new)


def listed(session: Session, class_id: int, exam_id: int | None, most: int | None = MOST) -> Log:
    """The latest files of an exam, or those of the class that are of no exam; all with None for `most`.

    The caller may see them.
    """
    mine = Download.exam_id.is_(None) if exam_id is None else Download.exam_id == exam_id
    rows = session.execute(
        select(Download.at, User.display_name, User.login, Download.what, Download.details)
        .outerjoin(User, User.id == Download.by_id)
        .where(Download.class_id == class_id, mine)
        .order_by(Download.at.desc(), Download.id.desc())
        .limit(most)
    )
    count = session.scalar(select(func.count()).select_from(Download).where(Download.class_id == class_id, mine)) or 0
    return Log([Taken(at, name or login, what, details) for at, name, login, what, details in rows], count)
