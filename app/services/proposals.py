"""What the regrades of an exam propose to change in the bank: derived from them, and gone once the bank says it too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from app.bank import writing
from app.bank.schema import QUESTION, ClozeQuestion, Question, from_document, to_document
from app.exam import marking, regrading
from app.exam.regrading import KEYS, Change, Kind, NotApplicable
from app.models import Question as QuestionRow
from app.models import QuestionVersion
from app.services import uploading
from app.services.course_rows import FOLDER
from app.services.flag_answers import file_of
from app.services.identity import Person
from app.services.marks import FrozenExam, FrozenItem, frozen
from app.services.uploading import Origin


@dataclass(frozen=True, slots=True)
class Proposal:
    """Fields to replace in one question of the bank, as YAML; "" where its words of today do not take the changes.

    `answers` are the typed answers that were accepted. `refused`: the files' rules take no such key as it stands.
    """

    item: FrozenItem
    file: str
    origin: Origin | None
    answers: Sequence[str]
    yaml: str
    refused: bool


def read(session: Session, teacher: Person, exam_id: int) -> tuple[FrozenExam, Sequence[Proposal]]:
    """The proposals of an exam, in the order of its questions; raises NotFound."""
    exam = frozen(session, teacher, exam_id)
    return exam, of_exam(session, exam)


def of_exam(session: Session, exam: FrozenExam) -> Sequence[Proposal]:
    """What the regrades that count propose, for every question that the bank still has otherwise."""
    changed = [item for item in exam.items.values() if any(one.kind in (Kind.KEY, Kind.ACCEPT) for one in item.changes)]
    current = _current(session, [item.question_id for item in changed])
    return [found for item in changed if (found := _proposal(session, item, *current[item.question_id])) is not None]


def _current(session: Session, question_ids: Sequence[int]) -> Mapping[int, tuple[QuestionRow, Question]]:
    newest = and_(QuestionVersion.question_id == QuestionRow.id, QuestionVersion.number == QuestionRow.version)
    rows = session.execute(
        select(QuestionRow, QuestionVersion.body).join(QuestionVersion, newest).where(QuestionRow.id.in_(question_ids))
    )
    return {row.id: (row, from_document(body)) for row, body in rows}


def _proposal(session: Session, item: FrozenItem, row: QuestionRow, now: Question) -> Proposal | None:
    wanted = [one for one in item.changes if one.kind in (Kind.KEY, Kind.ACCEPT) and not _has(now, one)]
    if not wanted:
        return None
    answers = [str(one.details["text"]) for one in wanted if one.kind is Kind.ACCEPT]
    origin = uploading.origin_of(session, row.id) if row.source != FOLDER else None
    try:
        target = regrading.amended(now, wanted)
    except NotApplicable:
        return Proposal(item, file_of(item.topic), origin, answers, "", False)
    fields = _changed_fields(now, target)
    if not fields:
        return None
    return Proposal(item, file_of(item.topic), origin, answers, writing.part(fields), _refused(target))


def _has(now: Question, change: Change) -> bool:
    """Whether the question of today accepts the answer already."""
    if change.kind is not Kind.ACCEPT:
        return False
    text = change.details["text"]
    if isinstance(now, ClozeQuestion):
        marked = marking.mark(now, {"blanks": {change.details.get("blank"): text}}).blanks
        return any(one.right for one in marked if one.id == change.details.get("blank"))
    return marking.credit(now, {"text": text}) == 1


def _changed_fields(now: Question, target: Question) -> dict[str, Any]:
    """The parts of the key that differ, as a file has them."""
    before, after = (one.model_dump(exclude_none=True, exclude_defaults=True) for one in (now, target))
    names = [name for name in type(now).model_fields if name in KEYS.get(now.type, ())]
    changed = [name for name in names if after.get(name) != before.get(name)]
    return {name: _as_written(after.get(name, getattr(target, name))) for name in changed}


def _as_written(value: Any) -> Any:
    """Lists for tuples, and words that are the same in both languages once."""
    if isinstance(value, Mapping):
        if value.keys() == {"fr", "en"} and value["fr"] == value["en"]:
            return value["fr"]
        return {name: _as_written(one) for name, one in value.items()}
    return [_as_written(one) for one in value] if isinstance(value, list | tuple) else value


def _refused(question: Question) -> bool:
    """Whether the rules for files refuse the question with its new key."""
    try:
        QUESTION.validate_python(to_document(question))
    except ValidationError:
        return True
    return False
