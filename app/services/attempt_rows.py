"""What is read and written of attempts at work, in statements built once: they come by the hundred, at one instant.

The rules are in `attempts`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, JSON, Integer, Row, Select, and_, bindparam, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.errors import NotFound
from app.models import Attempt, AttemptEvent, AttemptItem, Exam, ExamItem, QuestionVersion
from app.models.base import table_of
from app.services.identity import Person

_ATTEMPT, _EXAM, _ITEM = table_of(Attempt).c, table_of(Exam).c, table_of(AttemptItem).c
_FROZEN, _VERSION = table_of(ExamItem).c, table_of(QuestionVersion).c
_OWN = (
    select(
        *(_ATTEMPT[name] for name in ("id", "exam_id", "number", "epoch", "seed", "started_at", "deadline")),
        *(_ATTEMPT[name] for name in ("extra_minutes", "submitted_at", "closed_by", "receipt")),
        *(_EXAM[name] for name in ("title", "layout", "go_back", "zone", "shuffle_choices")),
        _EXAM.seed.label("exam_seed"),
    )
    .join_from(table_of(Attempt), table_of(Exam), _EXAM.id == _ATTEMPT.exam_id)
    .where(_ATTEMPT.id == bindparam("attempt"), _ATTEMPT.learner_id == bindparam("learner"))
)
_HELD = _OWN.with_for_update(of=table_of(Attempt))
ITEMS = (
    select(
        *(_ITEM[name] for name in ("position", "item_id", "response", "epoch", "seq", "flagged", "saved_at")),
        _FROZEN.points,
        _VERSION.body,
    )
    .join_from(table_of(AttemptItem), table_of(ExamItem), _FROZEN.id == _ITEM.item_id)
    .join(table_of(QuestionVersion), _VERSION.id == _FROZEN.version_id)
    .where(_ITEM.attempt_id == bindparam("attempt"))
    .order_by(_ITEM.position)
)
ITEMS_AT = ITEMS.where(_ITEM.position.in_(bindparam("positions", expanding=True)))
LEFT = select(func.count()).where(
    table_of(AttemptEvent).c.attempt_id == bindparam("attempt"), table_of(AttemptEvent).c.kind == "advanced"
)
NEW_ATTEMPT: Mapping[str, Any] = {
    name: made.insert(table_of(Attempt)).on_conflict_do_nothing().returning(_ATTEMPT.id)
    for name, made in (("sqlite", sqlite), ("postgresql", postgresql))
}
_listed_here = func.json_each(bindparam("items", type_=JSON)).table_valued("key", "value")
_listed_there = (
    func.unnest(bindparam("items", type_=ARRAY(Integer))).table_valued("item", with_ordinality="place").render_derived()
)
# The questions of an attempt in their order, from the list `items` of their ids: one statement however many they are.
NEW_ITEMS: Mapping[str, Any] = {
    name: insert(table_of(AttemptItem)).from_select(
        ["attempt_id", "position", "item_id"],
        select(bindparam("attempt", type_=Integer), place, item),
        include_defaults=True,
    )
    for name, place, item in (
        ("sqlite", _listed_here.c.key + 1, _listed_here.c.value),
        ("postgresql", _listed_there.c.place, _listed_there.c.item),
    )
}
OPENED = (
    update(table_of(Attempt))
    .where(_ATTEMPT.id == bindparam("attempt"))
    .values(epoch=bindparam("epoch"), heard_at=bindparam("heard_at"))
)
HEARD = (
    update(table_of(Attempt))
    .where(
        _ATTEMPT.id == bindparam("attempt"),
        _ATTEMPT.learner_id == bindparam("learner"),
        _ATTEMPT.epoch == bindparam("of_epoch"),
    )
    .values(heard_at=bindparam("heard_at"))
)
PLACES = select(_FROZEN.id).where(_FROZEN.exam_id == bindparam("exam")).order_by(_FROZEN.position)


@lru_cache(maxsize=8)  # one for each set of columns that a change may touch
def stored(columns: frozenset[str]) -> Any:
    """Stores these columns of one question, unless a newer change is there; returns the place of what it stored."""
    older = or_(
        _ITEM.epoch < bindparam("with_epoch"),
        and_(_ITEM.epoch == bindparam("with_epoch"), _ITEM.seq < bindparam("with_seq")),
    )
    values: dict[str, Any] = {name: bindparam(name) for name in sorted(columns)}
    if "response" in columns:
        values["changes"] = _ITEM.changes + 1
    return (
        update(table_of(AttemptItem))
        .where(_ITEM.attempt_id == bindparam("of_attempt"), _ITEM.position == bindparam("at_position"), older)
        .values(values)
        .returning(_ITEM.position)
    )


def own(session: Session, learner: Person, attempt_id: int) -> Row[Any]:
    """An attempt of the learner's, with what its exam says; raises NotFound."""
    return _row(session, _OWN, learner, attempt_id)


def held(session: Session, learner: Person, attempt_id: int) -> Row[Any]:
    """Like `own`; nobody else changes the attempt until the transaction ends."""
    return _row(session, _HELD, learner, attempt_id)


def _row(session: Session, statement: Select[Any], learner: Person, attempt_id: int) -> Row[Any]:
    row = session.execute(statement, {"attempt": attempt_id, "learner": learner.id}).one_or_none()
    if row is None:
        raise NotFound
    return row
