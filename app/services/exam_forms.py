"""Parallel forms of an exam: drawn from the bank, frozen with its questions, each student given one of them.

A draft's forms depend on its seed, the bank and what was known of its questions this morning; publishing writes down
which questions each form has, and deals the forms to the class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.exam import forms
from app.exam.blueprint import Candidate, Urn
from app.exam.difficulty import Worth
from app.exam.forms import Compared
from app.models import Attempt, Exam, ExamItem, GivenForm, Membership
from app.services import exam_pool, facilities
from app.services.kept import Kept

_MADE: Kept[tuple[tuple[int, ...], ...]] = Kept(most=64)  # some tenths of a second each


@dataclass(frozen=True, slots=True)
class Forms:
    """The ids of the questions of each form, in its order, and the forms compared; `heard` of them rest on answers."""

    asked: tuple[tuple[int, ...], ...]
    compared: Compared
    heard: int


def drawn(session: Session, exam: Exam, course_id: int, pool: Sequence[Candidate], now: datetime) -> Forms:
    """The forms of a draft with parallel forms, or those that a published exam froze. Raises Unfillable."""
    known = facilities.expected(session, course_id, pool, exam.published_at or now, exam.all_or_nothing)
    worth = Worth(known, penalty=exam.penalty_percent / 100)
    asked = _made(exam, pool, worth) if exam.published_at is None else frozen(session, exam.id, exam.forms)
    met = {number for form in asked for number in form}
    return Forms(asked, forms.compare(asked, worth), sum(known[number].rests_on_answers for number in met))


def frozen(session: Session, exam_id: int, count: int) -> tuple[tuple[int, ...], ...]:
    """The ids of the questions of each form of a published exam."""
    items = select(ExamItem.question_id, ExamItem.forms).where(ExamItem.exam_id == exam_id).order_by(ExamItem.position)
    rows = [(number, held or ()) for number, held in session.execute(items)]
    return tuple(tuple(number for number, held in rows if form in held) for form in range(1, count + 1))


def by_question(asked: Sequence[Sequence[int]]) -> Mapping[int, tuple[int, ...]]:
    """The forms that ask each question, in an order that is each form's own, as `in_one_order` leaves them."""
    held = [set(form) for form in asked]
    return {one: tuple(number for number, form in enumerate(held, 1) if one in form) for one in _order(asked)}


def in_one_order(asked: Sequence[Sequence[int]]) -> tuple[tuple[int, ...], ...]:
    """The same forms, each in one order of all their questions: an exam has a question in one place.

    Forms that share no question stay as they are.
    """
    places = {one: place for place, one in enumerate(_order(asked))}
    return tuple(tuple(sorted(form, key=places.__getitem__)) for form in asked)


def _order(asked: Sequence[Sequence[int]]) -> list[int]:
    """All questions once, place by place; each form's own order is kept where the forms agree."""
    left, found = [list(form) for form in asked], list[int]()
    while heads := [form[0] for form in sorted(filter(None, left), key=len, reverse=True)]:
        behind = {one for form in left for one in form[1:]}
        found.append(next((one for one in heads if one not in behind), heads[0]))
        for form in left:
            if found[-1] in form:
                form.remove(found[-1])
    return found


def deal(session: Session, exam: Exam) -> None:
    """Give each member of the class a form, as the exam's seed says; nothing for an exam without forms."""
    if not exam.forms:
        return
    members = session.scalars(select(Membership.user_id).where(Membership.class_id == exam.class_id))
    luck = Random(f"{exam.seed}:dealt")  # noqa: S311 repeatable on purpose
    for learner_id, number in forms.dealt(members, exam.forms, luck).items():
        session.add(GivenForm(exam_id=exam.id, learner_id=learner_id, form=number))
    session.flush()


def given(session: Session, exam_id: int) -> Mapping[int, int]:
    """The form that each student was given, by the student's id."""
    rows = session.execute(select(GivenForm.learner_id, GivenForm.form).where(GivenForm.exam_id == exam_id))
    return {learner_id: number for learner_id, number in rows}


def take(session: Session, exam_id: int, learner_id: int) -> int:
    """The form of a student who starts; who came after they were dealt gets the one that the fewest have.

    Those count who are in the class or have started: the others leave their form to whoever comes.
    """
    own = select(GivenForm.form).where(GivenForm.exam_id == exam_id, GivenForm.learner_id == learner_id)
    if number := session.scalar(own):
        return number
    # One late joiner after the other; a lock that whoever merely starts (a key share) does not wait for.
    exam = session.scalars(select(Exam).where(Exam.id == exam_id).with_for_update(key_share=True)).one()
    if number := session.scalar(own):  # another request of the same student was quicker
        return number
    started = select(Attempt.learner_id).where(Attempt.exam_id == exam_id)
    members = select(Membership.user_id).where(Membership.class_id == exam.class_id)
    here = or_(GivenForm.learner_id.in_(members), GivenForm.learner_id.in_(started))
    used = session.scalars(select(GivenForm.form).where(GivenForm.exam_id == exam_id, here))
    luck = Random(f"{exam.seed}:late:{learner_id}")  # noqa: S311 repeatable on purpose
    number = forms.least_used(used, exam.forms, luck)
    session.add(GivenForm(exam_id=exam_id, learner_id=learner_id, form=number))
    session.flush()
    return number


def items_of(session: Session, exam_id: int, number: int) -> list[int]:
    """The ids of the exam's items that a form asks, in its order."""
    items = select(ExamItem.id, ExamItem.forms).where(ExamItem.exam_id == exam_id).order_by(ExamItem.position)
    return [item_id for item_id, held in session.execute(items) if number in (held or ())]


def _made(exam: Exam, pool: Sequence[Candidate], worth: Worth) -> tuple[tuple[int, ...], ...]:
    urn = Urn.of(exam_pool.demands(exam), pool)
    key = (exam.seed, exam.forms, urn, tuple(worth.facilities.items()), worth.penalty)
    luck = Random(f"{exam.seed}:forms")  # noqa: S311 repeatable on purpose
    return _MADE.get(key, lambda: in_one_order(forms.parallel(urn, exam.forms, worth, luck)))
