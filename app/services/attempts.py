"""A student's taking of an exam: started once, saved at every change, handed in or ended by its deadline.

Nothing is stored by looking. What was saved is what is marked, whether or not the student comes back. Every
device that opens an attempt takes a new epoch; what an older one sends is refused, and logged.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.bank.schema import Question, from_document
from app.errors import Conflict, FieldProblem, Invalid, NotFound
from app.exam import blueprint, marking, responses, timing
from app.exam.blueprint import Demand
from app.exam.responses import Fields, InvalidResponse
from app.exam.timing import Phase
from app.models import Attempt, AttemptItem, ExamItem
from app.services import attempt_rows, exam_forms, exam_pool, exam_standing, extra_time
from app.services.attempt_ends import close_expired, note, store_end
from app.services.exam_standing import Entrance
from app.services.identity import Person
from app.services.names import tidy


class Saved(StrEnum):
    """What became of a change that was sent: stored, older than what is stored, or refused."""

    STORED = "stored"
    OLDER = "older"
    ELSEWHERE = "elsewhere"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Pulse:
    """How an attempt stands this instant, on the server's clock; `deadline` is None where nothing ends it.

    `zone` is the exam's.
    """

    epoch: int
    deadline: datetime | None
    over: bool
    zone: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the changes sent together; one that was `refused` (its field is the place) keeps no other out.

    `stands` is how the attempt stood when they came.
    """

    state: Saved
    stands: Pulse
    refused: tuple[FieldProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What a student changed in one question, the `seq`-th change on this device; `fields` are the form's.

    `seq` is None for what a page without script sends: it comes after whatever is stored. `flagged` is None
    where the mark "to read again" stays as it is.
    """

    position: int
    seq: int | None
    fields: Fields | None = None
    flagged: bool | None = None


@dataclass(frozen=True, slots=True)
class ItemAt:
    """One question of an attempt; `seed` presents it, `response` is what was saved last."""

    position: int
    item_id: int
    points: int
    body: Question
    seed: str
    response: Mapping[str, object] | None
    seq: int
    flagged: bool
    saved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One attempt with its questions, for its student; it holds their keys: pages show `presentation.present`.

    `reached` is the position of the last question that may be seen: where nobody goes back, the only one.
    """

    id: int
    exam_id: int
    title: str
    layout: str
    go_back: bool
    number: int
    epoch: int
    started_at: datetime
    deadline: datetime | None
    extra_minutes: int
    zone: str
    submitted_at: datetime | None
    closed_by: str | None
    receipt: str | None
    over: bool
    items: tuple[ItemAt, ...]
    forward_only: bool = False
    reached: int = 0

    @property
    def left_at(self) -> int:
        """The position of the question that was changed last, where one goes on; at first, the first."""
        changed = [(item.saved_at, item.position) for item in self.items if item.saved_at is not None]
        return self.reached if self.forward_only else max(changed)[1] if changed else 1


def start(session: Session, learner: Person, exam_id: int, password: str, now: datetime) -> int:
    """Start an attempt, or return the one at work: however many ask at once, there is one.

    Raises NotFound; Conflict ("not_open", "closed", "no_attempt_left", "gone" for a class put away or left);
    Invalid for a wrong password.
    """
    return _start(session, learner, exam_id, password, now)[0]


def start_here(session: Session, learner: Person, exam_id: int, password: str, now: datetime) -> tuple[int, int]:
    """Like `start`, on this device: return the attempt and the epoch that this device works in."""
    attempt_id, made = _start(session, learner, exam_id, password, now)
    return attempt_id, 1 if made else take_over(session, learner, attempt_id, now)


def _start(session: Session, learner: Person, exam_id: int, password: str, now: datetime) -> tuple[int, bool]:
    """The attempt at work, and whether this call made it."""
    door = exam_standing.at_the_door(session, learner, exam_id, now)
    stands = door.stands
    if stands.run_out:
        close_expired(session, learner.id, exam_id, now)
    if stands.open_attempt is not None:
        return stands.open_attempt, False
    if stands.gone:
        raise Conflict("gone")
    if not stands.may_start:
        reasons = {Phase.ANNOUNCED: "not_open", Phase.CLOSED: "closed", Phase.OPEN: "no_attempt_left"}
        raise Conflict(reasons[stands.phase])
    if door.password and not secrets.compare_digest(tidy(password).encode(), tidy(door.password).encode()):
        raise Invalid([FieldProblem("password", "wrong")])
    extra = extra_time.held(session, stands.class_id, learner.id)
    values = {
        "exam_id": exam_id,
        "learner_id": learner.id,
        "number": stands.used + 1,
        "started_at": now,
        "deadline": timing.deadline(now, stands.window, timing.extra_time(extra), stands.given),
        "extra_minutes": extra,
        "epoch": 1,
        "seed": secrets.token_hex(16),
        "form": (door.own_form or exam_forms.take(session, exam_id, learner.id)) if door.forms else None,
        "heard_at": now,
    }
    made: int | None = session.execute(attempt_rows.NEW_ATTEMPT[session.get_bind().dialect.name], values).scalar()
    if made is None:  # another request of the same student was quicker
        return exam_standing.standing(session, learner, exam_id, now).open_attempt or 0, False
    _ask(session, door, learner, made, values)
    note(session, made, "started", now, learner)
    return made, True


def take_over(session: Session, learner: Person, attempt_id: int, now: datetime) -> int:
    """Go on with an attempt on this device; return the new epoch. Raises NotFound, Conflict ("over")."""
    attempt = attempt_rows.held(session, learner, attempt_id)
    if timing.is_over(attempt.submitted_at, attempt.deadline, now):
        raise Conflict("over")
    epoch: int = attempt.epoch + 1
    session.execute(attempt_rows.OPENED, {"attempt": attempt_id, "epoch": epoch, "heard_at": now})
    note(session, attempt_id, "opened", now, learner, epoch=epoch)
    return epoch


def save(
    session: Session, learner: Person, attempt_id: int, epoch: int, changes: Sequence[Change], now: datetime
) -> Outcome:
    """Store what changed; a change that is older than what is stored changes nothing, and is fine.

    Returns what became of it rather than raising: a refusal is logged, and a log must be kept. What cannot be
    read as an answer (too long, from no page of ours) is refused alone: the others are stored. Raises NotFound.
    """
    attempt = attempt_rows.held(session, learner, attempt_id)
    stands = _pulse(attempt, now)
    if stands.over:
        note(session, attempt_id, "late", now, learner)
        return Outcome(Saved.OVER, stands)
    if epoch != attempt.epoch:
        note(session, attempt_id, "elsewhere", now, learner, epoch=epoch, current=attempt.epoch)
        return Outcome(Saved.ELSEWHERE, stands)
    items = {item.position: item for item in _items(session, attempt, [one.position for one in changes])}
    here = _only_place(session, attempt)
    if any(change.position not in items or (here and change.position > here) for change in changes):
        raise NotFound
    older, refused = False, []
    for change in changes:
        try:
            left = here and change.position != here
            older |= left or not _store(session, attempt, items[change.position], change, now)
        except InvalidResponse as error:
            refused += [FieldProblem(str(change.position), one.code, one.params) for one in error.problems]
    return Outcome(Saved.OLDER if older else Saved.STORED, stands, tuple(refused))


def advance(session: Session, learner: Person, attempt_id: int, epoch: int, position: int, now: datetime) -> None:
    """Leave the question at `position` for good, where nobody goes back; elsewhere, or twice, it changes nothing.

    Raises NotFound, and Conflict ("over", "elsewhere").
    """
    attempt = attempt_rows.held(session, learner, attempt_id)
    if timing.is_over(attempt.submitted_at, attempt.deadline, now):
        raise Conflict("over")
    if epoch != attempt.epoch:
        raise Conflict("elsewhere")
    if _only_place(session, attempt) == position < asked(session, attempt_id):
        note(session, attempt_id, "advanced", now, learner, position=position + 1)


def pulse(session: Session, learner: Person, attempt_id: int, now: datetime) -> Pulse:
    """How an attempt stands: cheap enough to be asked often. Raises NotFound."""
    attempt = attempt_rows.own(session, learner, attempt_id)
    return _pulse(attempt, now)


def here(session: Session, learner: Person, attempt_id: int, epoch: int, now: datetime) -> Pulse:
    """Hear from the page at work, which says nothing else; an older one, or one that is over, is not heard.

    Returns how the attempt stands, as `pulse`. Raises NotFound.
    """
    stands = pulse(session, learner, attempt_id, now)
    if not stands.over and stands.epoch == epoch:
        theirs = {"attempt": attempt_id, "learner": learner.id, "of_epoch": epoch}
        session.execute(attempt_rows.HEARD, {**theirs, "heard_at": now})
    return stands


def submit(session: Session, learner: Person, attempt_id: int, epoch: int, now: datetime) -> Saved:
    """Hand an attempt in; twice hands it in once. What its deadline ended is over already."""
    attempt = attempt_rows.held(session, learner, attempt_id)
    if attempt.submitted_at is not None:
        return Saved.STORED
    if timing.is_over(None, attempt.deadline, now):
        store_end(session, attempt_id, "time", attempt.deadline or now)
        return Saved.OVER
    if epoch != attempt.epoch:
        note(session, attempt_id, "elsewhere", now, learner, epoch=epoch, current=attempt.epoch)
        return Saved.ELSEWHERE
    store_end(session, attempt_id, "student", now)
    note(session, attempt_id, "submitted", now, learner)
    return Saved.STORED


def sheet(session: Session, learner: Person, attempt_id: int, now: datetime) -> Sheet:
    """One attempt as its student left it; raises NotFound."""
    attempt = attempt_rows.own(session, learner, attempt_id)
    items, here = tuple(_items(session, attempt)), _only_place(session, attempt)
    return Sheet(
        id=attempt.id,
        exam_id=attempt.exam_id,
        title=attempt.title,
        layout=attempt.layout,
        go_back=attempt.go_back,
        number=attempt.number,
        epoch=attempt.epoch,
        started_at=attempt.started_at,
        deadline=attempt.deadline,
        extra_minutes=attempt.extra_minutes,
        zone=attempt.zone,
        submitted_at=attempt.submitted_at,
        closed_by=attempt.closed_by,
        receipt=attempt.receipt,
        over=timing.is_over(attempt.submitted_at, attempt.deadline, now),
        items=items,
        forward_only=here > 0,
        reached=here or len(items),
    )


def asked(session: Session, attempt_id: int) -> int:
    """How many questions an attempt asks, whoever's it is."""
    return session.scalar(select(func.count()).where(AttemptItem.attempt_id == attempt_id)) or 0


def forget(session: Session, learner_id: int) -> None:
    """Leave a student's attempts to their exams' statistics, under a name that leads to nobody."""
    for attempt in session.scalars(select(Attempt).where(Attempt.learner_id == learner_id)):
        attempt.learner_id, attempt.pseudonym = None, secrets.token_hex(8)
    session.flush()


def seed_of(seed: str, item_id: int) -> str:
    """How the choices of one question are shuffled: by the attempt's seed, or the exam's for the whole class."""
    return f"{seed}:{item_id}"


def _ask(session: Session, door: Entrance, learner: Person, attempt_id: int, values: Mapping[str, Any]) -> None:
    """Write down which questions the attempt asks, in its order."""
    if values["form"]:
        asked = exam_forms.items_of(session, door.stands.exam_id, values["form"])
    elif door.demands is not None and door.draw == "each":
        asked = _drawn(session, door, learner, values)
    else:
        asked = list(session.execute(attempt_rows.PLACES, {"exam": door.stands.exam_id}).scalars())
    if door.shuffles:
        Random(f"{values['seed']}:order").shuffle(asked)  # noqa: S311 repeatable on purpose
    session.execute(
        attempt_rows.NEW_ITEMS[session.get_bind().dialect.name], {"attempt": attempt_id, "items": list(asked)}
    )


def _drawn(session: Session, door: Entrance, learner: Person, values: Mapping[str, Any]) -> list[int]:
    """The questions that this student's attempt draws from the exam's."""
    mine = select(ExamItem).where(ExamItem.exam_id == door.stands.exam_id).order_by(ExamItem.position)
    by_question = {item.question_id: item for item in session.scalars(mine)}
    pool = [exam_pool.candidate_of(item) for item in by_question.values()]
    luck = Random(f"{door.seed}:{learner.id}:{values['number']}")  # noqa: S311 repeatable on purpose
    demands = [Demand(**one) for one in door.demands or ()]
    return [by_question[number].id for number in blueprint.draw(demands, pool, luck)]


def _items(session: Session, attempt: Row[Any], positions: Sequence[int] | None = None) -> list[ItemAt]:
    seed = attempt.seed if attempt.shuffle_choices else attempt.exam_seed
    if positions is None:
        rows = session.execute(attempt_rows.ITEMS, {"attempt": attempt.id})
    else:
        rows = session.execute(attempt_rows.ITEMS_AT, {"attempt": attempt.id, "positions": positions})
    return [
        ItemAt(
            position=row.position,
            item_id=row.item_id,
            points=row.points,
            body=from_document(row.body),
            seed=seed_of(seed, row.item_id),
            response=row.response,
            seq=row.seq if row.epoch == attempt.epoch else 0,
            flagged=row.flagged,
            saved_at=row.saved_at,
        )
        for row in rows
    ]


def _only_place(session: Session, attempt: Row[Any]) -> int:
    """The only question that may be seen and answered where nobody goes back; 0 where all may be."""
    if attempt.layout == "page" or attempt.go_back:
        return 0
    return 1 + (session.execute(attempt_rows.LEFT, {"attempt": attempt.id}).scalar() or 0)


def _store(session: Session, attempt: Row[Any], item: ItemAt, change: Change, now: datetime) -> bool:
    """Store one change unless a newer one is there; return whether it was stored."""
    seq = item.seq + 1 if change.seq is None else change.seq
    values: dict[str, Any] = {"epoch": attempt.epoch, "seq": seq, "saved_at": now}
    if change.flagged is not None:
        values["flagged"] = change.flagged
    if change.fields is not None:
        response = responses.parse(item.body, change.fields, item.seed)
        credit = marking.credit(item.body, response)
        values |= {"response": response or None, "credit_parts": credit.numerator, "credit_of": credit.denominator}
    which = {"of_attempt": attempt.id, "at_position": change.position, "with_epoch": attempt.epoch, "with_seq": seq}
    statement = attempt_rows.stored(frozenset(values))
    return session.execute(statement, {**values, **which}).scalar() is not None


def _pulse(attempt: Row[Any], now: datetime) -> Pulse:
    over = timing.is_over(attempt.submitted_at, attempt.deadline, now)
    return Pulse(attempt.epoch, attempt.deadline, over, attempt.zone)
