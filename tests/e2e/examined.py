"""An exam that a class has taken, put straight into the live server's database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.exam import responses
from app.models import Membership, Question, User
from app.services import attempts, exams
from app.services.attempts import Change
from app.services.exams import Draft
from app.services.identity import person_of
from tests.e2e.conftest import Live
from tests.e2e.people import make_class_with_a_member

NAMES = ("Ada Lovelace", "Bruno Le Gall", "Jean-Baptiste Emmanuel Zorg de la Tour", "Zoé Martin-Lefèvre")


def make_exam(live: Live, teacher_id: int, names: Sequence[str] = NAMES) -> int:
    """An exam of one question of each type that these students have handed in, each with less right; its id."""
    class_id = make_class_with_a_member(live, teacher_id)
    now = live.now()
    with live.database.writing() as session:
        teacher = person_of(session.get_one(User, teacher_id))
        listed = session.scalars(select(Question.id).where(Question.slug.endswith("-1"), Question.type != "flashcard"))
        rules = {"pass_hundredths": 1000, "questions": tuple(listed), "shuffle_questions": False}
        draft = replace(Draft("Partiel", "exam", now, now + timedelta(hours=2), 3600), **rules)
        exam_id = exams.create(session, teacher, class_id, draft, now)
        exams.publish(session, teacher, exam_id, now)
    for wrong, name in enumerate(names):
        with live.database.writing() as session:
            _take(session, live, exam_id, _member(session, live, class_id, name), wrong * 2)
    return exam_id


def _member(session: Session, live: Live, class_id: int, name: str) -> int:
    found = session.scalar(select(Membership.user_id).where(Membership.class_id == class_id, Membership.name == name))
    if found is not None:
        return found
    now = live.now()
    user = User(role="learner", created_at=now, seen_at=now, course_id=1)
    session.add(user)
    session.flush()
    session.add(Membership(class_id=class_id, user_id=user.id, name=name, joined_at=now))
    session.flush()
    return user.id


def _take(session: Session, live: Live, exam_id: int, user_id: int, wrong: int) -> None:
    """Answer all questions, the first `wrong` of them wrongly, and hand in."""
    who = person_of(session.get_one(User, user_id))
    attempt = attempts.start(session, who, exam_id, "", live.now())
    for at, item in enumerate(attempts.sheet(session, who, attempt, live.now()).items, 1):
        response = _response(item.body.model_dump(mode="json"), at > wrong)
        fields = responses.to_fields(item.body, response, item.seed)
        attempts.save(session, who, attempt, 1, [Change(at, 1, fields)], live.now())
    attempts.submit(session, who, attempt, 1, live.now())


def _response(document: dict[str, Any], right: bool) -> dict[str, object]:
    match document["type"]:
        case "single":
            return {"choice": "a" if right else "b"}
        case "multiple":
            return {"choices": ["a", "c"] if right else ["b"]}
        case "true_false":
            return {"value": document["answer"] is right}
        case "short_answer" | "command":
            return {"text": document["accept"][0] if right else "docker   presque"}
        case "numerical":
            return {"text": "42" if right else "41,5"}
        case "cloze":
            return {
                "blanks": {name: one["accept"][0] if right else "Ailleurs" for name, one in document["blanks"].items()}
            }
        case "ordering":
            ids = [one["id"] for one in document["items"]]
            return {"order": ids if right else ids[::-1]}
    ids = [one["id"] for one in document["pairs"]]
    return {"pairs": dict(zip(ids, ids if right else ids[::-1], strict=True))}
