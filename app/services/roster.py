"""The roster of a class: the students that the school announces, compared with a list, changed by it, read.

A list changes nothing before its teacher has seen what it would change, and then changes exactly that.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.exam.folding import fold
from app.formats import delimited, headers, roster
from app.formats.delimited import FileProblem, Sheet
from app.formats.roster import Entry
from app.models import Class, Membership, RosterLine
from app.services import classes, extra_time, join_codes
from app.services.identity import Person
from app.services.names import name_problem, tidy

_FIELDS = ("name", "institution_id", "email", "extra_minutes")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the roster; `code` is grouped for the eye, `member` the name of who claimed it.

    It is `spent` when its code opens nothing any more, though whoever claimed it has left.
    """

    id: int
    name: str
    institution_id: str | None
    email: str | None
    extra_minutes: int
    code: str
    user_id: int | None
    member: str | None
    spent: bool


@dataclass(frozen=True, slots=True)
class Change:
    """What a list changes of one line: `before` is None for a new one, `after` for one that goes.

    Both map fields to values: name, institution_id, email, extra_minutes.
    """

    line_id: int | None
    before: dict[str, str | int | None] | None
    after: dict[str, str | int | None] | None
    claimed: bool = False

    @property
    def fields(self) -> list[str]:
        """The fields that differ."""
        before, after = self.before or {}, self.after or {}
        return [name for name in _FIELDS if before.get(name) != after.get(name)]


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would change as things stand; it cannot be applied while it has `problems`.

    `gone` are the lines that the list does not have; they are removed only where that was asked.
    """

    sheet: Sheet
    kinds: tuple[str | None, ...]
    problems: tuple[FileProblem, ...]
    new: tuple[Change, ...]
    changed: tuple[Change, ...]
    same: int
    gone: tuple[Change, ...]
    remove_gone: bool

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to apply."""
        return not (self.new or self.changed or (self.gone and self.remove_gone))

    @property
    def fingerprint(self) -> str:
        """What makes two plans the same: their changes."""
        told = [asdict(one) for one in (*self.new, *self.changed, *(self.gone if self.remove_gone else ()))]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def lines(session: Session, teacher: Person, class_id: int) -> Sequence[Line]:
    """The roster by name; raises NotFound."""
    classes.found(session, teacher, class_id)
    named = (Membership.class_id == RosterLine.class_id) & (Membership.user_id == RosterLine.user_id)
    rows = session.execute(
        select(RosterLine, Membership.name).outerjoin(Membership, named).where(RosterLine.class_id == class_id)
    )
    every = [_line(one, member) for one, member in rows]
    return sorted(every, key=lambda one: (fold(one.name), one.id))


def plan(
    session: Session,
    teacher: Person,
    class_id: int,
    content: bytes,
    kinds: Sequence[str | None] | None,
    remove_gone: bool,
) -> Plan:
    """What a list would change; its columns are guessed from their titles where `kinds` is None. Raises NotFound."""
    classes.found(session, teacher, class_id)
    sheet = delimited.read(content)
    width = len(sheet.head.cells)
    chosen = headers.guess(sheet.head.cells) if kinds is None else (*kinds, *[None] * width)[:width]
    chosen = tuple(kind if kind in roster.CHOICES else None for kind in chosen)
    listed = roster.read(sheet, chosen)
    stored = session.scalars(select(RosterLine).where(RosterLine.class_id == class_id).order_by(RosterLine.id)).all()
    pairs = _pairs(listed.entries, stored)
    changes = [_change(entry, pairs.get(entry.line)) for entry in listed.entries]
    problems = [
        *listed.problems,
        *_name_problems(listed.entries, chosen),
        *_taken(session, class_id, pairs, listed.entries),
    ]
    known = {one.id for one in pairs.values()}
    return Plan(
        sheet,
        chosen,
        tuple(sorted(problems, key=lambda one: (one.line, one.column))),
        tuple(one for one in changes if one.before is None),
        tuple(one for one in changes if one.before is not None and one.fields),
        sum(one.before is not None and not one.fields for one in changes),
        tuple(Change(one.id, _values(one), None, one.user_id is not None) for one in stored if one.id not in known),
        remove_gone,
    )


def apply(session: Session, class_id: int, seen: str, wanted: Plan, now: datetime, by: Person | None = None) -> bool:
    """Store what a plan changes, if it is what was seen: a plan's fingerprint. Whether it was stored.

    Who claimed a line has its new name, id and extra time in the class; more time is more for who is at work.
    The plan is of the same transaction, after `hold`.
    """
    if wanted.problems or wanted.fingerprint != seen:
        return False
    if wanted.remove_gone:
        gone = [one.line_id for one in wanted.gone]
        session.execute(delete(RosterLine).where(RosterLine.id.in_(gone), RosterLine.class_id == class_id))
    extras: dict[int, int] = {}
    for one in wanted.changed:
        extras |= _store(session, class_id, one)
    for one in wanted.new:
        session.add(RosterLine(class_id=class_id, code=join_codes.new(), created_at=now, **(one.after or {})))
    session.flush()
    extra_time.follow(session, class_id, extras, by, now)
    return True


def hold(session: Session, class_id: int) -> None:
    """Let nobody else change the roster and the ids of this class until the transaction ends."""
    session.execute(select(Class.id).where(Class.id == class_id).with_for_update(key_share=True))


def _store(session: Session, class_id: int, change: Change) -> dict[int, int]:
    """Write what differs, in the line and in the membership of who claimed it; return whose extra time it is."""
    values = {name: (change.after or {})[name] for name in change.fields}
    row = session.get_one(RosterLine, change.line_id)
    for name, value in values.items():
        setattr(row, name, value)
    values.pop("email", None)  # nothing of a member: their login name is theirs
    if row.user_id is not None and values:
        named = (Membership.class_id == class_id, Membership.user_id == row.user_id)
        session.execute(update(Membership).where(*named).values(**values))
    return {row.user_id: row.extra_minutes} if row.user_id is not None and "extra_minutes" in values else {}


def _pairs(entries: Sequence[Entry], stored: Sequence[RosterLine]) -> dict[int, RosterLine]:
    """Which line of the roster each line of the list is: by id, else by address, else by name.

    The weaker two are believed only where no id speaks against them.
    """
    found: dict[int, RosterLine] = {}
    left = list(stored)
    for kind in ("id", "email", "name"):
        by_key: dict[str, list[RosterLine]] = {}
        for row in left:
            if key := _key(kind, row.name, row.institution_id, row.email):
                by_key.setdefault(key, []).append(row)
        for entry in entries:
            key = _key(kind, entry.name, entry.institution_id, entry.email)
            rows = [one for one in by_key.get(key, []) if _may_be(entry, one, kind)] if key else []
            if entry.line not in found and len(rows) == 1:
                found[entry.line] = rows[0]
                by_key[key].remove(rows[0])
        taken = {one.id for one in found.values()}
        left = [one for one in left if one.id not in taken]
    return found


def _key(kind: str, name: str, institution_id: str | None, email: str | None) -> str:
    return {"id": institution_id or "", "email": (email or "").casefold(), "name": fold(name)}[kind]


def _may_be(entry: Entry, row: RosterLine, kind: str) -> bool:
    if kind != "id" and entry.institution_id and row.institution_id:
        return False
    both = entry.email and row.email
    return not (kind == "name" and both and _key("email", "", None, entry.email) != _key("email", "", None, row.email))


def _change(entry: Entry, row: RosterLine | None) -> Change:
    before = _values(row) if row else None
    old = before or {"institution_id": None, "email": None, "extra_minutes": 0}
    after: dict[str, str | int | None] = {
        "name": tidy(entry.name),
        "institution_id": old["institution_id"] if entry.institution_id is None else entry.institution_id or None,
        "email": old["email"] if entry.email is None else entry.email or None,
        "extra_minutes": old["extra_minutes"] if entry.extra_minutes is None else entry.extra_minutes,
    }
    return Change(row.id if row else None, before, after, row is not None and row.user_id is not None)


def _values(row: RosterLine) -> dict[str, str | int | None]:
    return {name: getattr(row, name) for name in _FIELDS}


def _name_problems(entries: Sequence[Entry], kinds: Sequence[str | None]) -> Iterator[FileProblem]:
    """Names that the class's pages could not show; what begins as a formula was told cell by cell."""
    at = next((at for at, kind in enumerate(kinds) if kind in ("name", "last", "first")), 0)
    for entry in entries:
        for column, text in ((at, entry.name), (0, entry.institution_id or ""), (0, entry.email or "")):
            problem = name_problem(text)
            if problem and problem.code != "name_formula" and (text == entry.name or problem.code == "name_characters"):
                yield FileProblem(entry.line, column + 1, problem.code, problem.params)


def _taken(
    session: Session, class_id: int, pairs: dict[int, RosterLine], entries: Sequence[Entry]
) -> Iterator[FileProblem]:
    """Ids that a claimed line would get while another member of the class has them."""
    statement = select(Membership.institution_id, Membership.user_id, Membership.name)
    rows = session.execute(statement.where(Membership.class_id == class_id, Membership.institution_id.is_not(None)))
    holders = {held: (user_id, name) for held, user_id, name in rows}
    for entry in entries:
        row, holder = pairs.get(entry.line), holders.get(entry.institution_id or "")
        if row is None or row.user_id is None or holder is None or holder[0] == row.user_id:
            continue
        yield FileProblem(entry.line, 0, "id_of_member", (("name", holder[1]), ("id", entry.institution_id or "")))


def _line(row: RosterLine, member: str | None) -> Line:
    spent = row.claimed_at is not None and row.user_id is None
    told = {name: getattr(row, name) for name in (*_FIELDS, "user_id")}
    return Line(id=row.id, code=join_codes.grouped(row.code), member=member, spent=spent, **told)
