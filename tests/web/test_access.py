"""Who may do what: one table of route x role -> status. A route that is not in it fails the test."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import Database
from app.models import (
    Adjustment,
    Attempt,
    Class,
    ClassTeacher,
    Course,
    ExamItem,
    Membership,
    Question,
    QuestionFlag,
    Regrade,
    RosterLine,
    Upload,
    UploadedQuestion,
    User,
)
from app.services import attempts, exams, flagging, reviewing, sessions, uploading
from app.services.exams import Draft
from app.services.identity import Person
from app.services.reviewing import Recorded, Submission
from app.services.uploading import NewUpload
from tests.conftest import Clock
from tests.shelf import Shelf

ROLES = ("anonymous", "guest", "learner", "stranger", "teacher", "other teacher", "admin", "deactivated")


def always(status: int) -> tuple[int, ...]:
    """The same for everybody."""
    return (status,) * len(ROLES)


def known(status: int) -> tuple[int, ...]:
    """Anybody who is logged in, guests too; a visitor, or a deactivated person, is sent to log in."""
    return (303, status, status, status, status, status, status, 303)


def own(status: int) -> tuple[int, ...]:
    """Only the learner whose it is: to every other person it does not exist."""
    return (303, 404, status, 404, 404, 404, 404, 303)


def taught(status: int) -> tuple[int, ...]:
    """The teachers of the class and admins; to other teachers it does not exist, learners are refused."""
    return (303, 403, 403, 403, status, 404, status, 303)


def teachers(status: int) -> tuple[int, ...]:
    """Any teacher, and admins."""
    return (303, 403, 403, 403, status, status, status, 303)


def sent(status: int) -> tuple[int, ...]:
    """The teacher who sent the file; to everybody else it does not exist, admins too, and learners are refused."""
    return (303, 403, 403, 403, status, 404, 404, 303)


ACCESS: dict[str, tuple[int, ...]] = {
    "GET /": always(200),
    "GET /account/data": known(200),
    "GET /account/keep": (303, 200, 303, 303, 303, 303, 303, 303),
    "GET /account/log-in": (200, 200, 303, 303, 303, 303, 303, 200),
    "GET /account/password": (303, 303, 200, 200, 200, 200, 200, 303),
    "GET /account/register": (200, 303, 303, 303, 303, 303, 303, 200),
    "GET /account/reset/<code>": always(404),
    "GET /attempts/<int:attempt_id>/": own(200),
    "GET /attempts/<int:attempt_id>/clock": own(200),
    "GET /attempts/<int:attempt_id>/hand-in": own(200),
    "GET /attempts/<int:attempt_id>/receipt": own(303),
    "GET /attempts/<int:attempt_id>/receipt.txt": (303, 404, 404, 404, 404, 404, 404, 303),
    "GET /attempts/<int:attempt_id>/result": own(303),
    "GET /calendar/": known(200),
    "GET /calendar/<code>.ics": always(404),
    "GET /cards/": known(200),
    "GET /cards/<int:question_id>": known(200),
    "GET /cards/<int:question_id>/flag": own(200),
    "GET /exams/": known(200),
    "GET /exams/<int:exam_id>/": own(200),
    "GET /healthz": always(200),
    "GET /join/": always(200),
    "GET /join/<code>": always(404),
    "GET /manifest.webmanifest": always(200),
    "GET /offline/<any(fr, en):locale>": always(200),
    "GET /plan/": known(200),
    "GET /plan/effect": known(200),
    "GET /plan/remove": known(404),
    "GET /practice/": known(200),
    "GET /practice/feedback/<uuid:answer_id>": own(200),
    "GET /practice/question": always(303),
    "GET /practice/summary": always(303),
    "GET /privacy": always(200),
    "GET /progress/": known(200),
    "GET /progress/sheet": known(200),
    "GET /readyz": always(200),
    "GET /review/": known(200),
    "GET /review/feedback/<uuid:answer_id>": own(200),
    "GET /review/offline": known(200),
    "GET /review/offline/state": known(200),
    "GET /settings/": known(200),
    "GET /sw.js": always(200),
    "GET /static/<path:filename>": always(200),
    "GET /teach/": teachers(200),
    "GET /teach/bank/": teachers(200),
    "GET /teach/bank/flags/<int:flag_id>": taught(200),
    "GET /teach/bank/questions/<int:question_id>": teachers(200),
    "GET /teach/bank/upload": teachers(200),
    "GET /teach/bank/uploads/<int:upload_id>": sent(200),
    "GET /teach/bank/withdraw/<course>": taught(200),
    "GET /teach/classes/<int:class_id>/": taught(200),
    "GET /teach/classes/<int:class_id>/again": taught(200),
    "GET /teach/classes/<int:class_id>/exams/": taught(200),
    "GET /teach/classes/<int:class_id>/exams/new": taught(200),
    "GET /teach/classes/<int:class_id>/invite": taught(200),
    "GET /teach/classes/<int:class_id>/manage": taught(200),
    "GET /teach/classes/<int:class_id>/members/<int:user_id>": taught(200),
    "GET /teach/classes/<int:class_id>/members/<int:user_id>/remove": taught(200),
    "GET /teach/classes/<int:class_id>/overrides": taught(200),
    "GET /teach/classes/<int:class_id>/roster": taught(200),
    "GET /teach/classes/<int:class_id>/roster/<int:line_id>": taught(200),
    "GET /teach/classes/<int:class_id>/roster/slips": taught(200),
    "GET /teach/classes/<int:class_id>/retention": taught(200),
    "GET /teach/classes/<int:class_id>/scores": taught(200),
    "GET /teach/classes/<int:class_id>/teachers": taught(200),
    "GET /teach/classes/<int:class_id>/teachers/<int:teacher_id>/remove": taught(200),
    "GET /teach/exams/<int:exam_id>/": taught(200),
    "GET /teach/exams/<int:exam_id>/copy": taught(200),
    "GET /teach/exams/<int:exam_id>/discard": taught(200),
    "GET /teach/exams/<int:exam_id>/edit": taught(200),
    "GET /teach/exams/<int:exam_id>/preflight": taught(200),
    "GET /teach/exams/<int:exam_id>/live/": taught(200),
    "GET /teach/exams/<int:exam_id>/live/attempts/<int:attempt_id>/end": taught(200),
    "GET /teach/exams/<int:exam_id>/live/attempts/<int:attempt_id>/reopen": taught(200),
    "GET /teach/exams/<int:exam_id>/live/questions": taught(200),
    "GET /teach/exams/<int:exam_id>/live/students/<int:user_id>/time": taught(200),
    "GET /teach/exams/<int:exam_id>/live/time": taught(200),
    "GET /teach/exams/<int:exam_id>/makeups": taught(200),
    "GET /teach/exams/<int:exam_id>/points": taught(200),
    "GET /teach/exams/<int:exam_id>/preview": taught(200),
    "GET /teach/exams/<int:exam_id>/publish": taught(303),
    "GET /teach/exams/<int:exam_id>/items/": taught(200),
    "GET /teach/exams/<int:exam_id>/items/<int:item_id>": taught(200),
    "GET /teach/exams/<int:exam_id>/items/mistakes": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/adjustments/<int:adjustment_id>/undo": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/attempts/<int:attempt_id>": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/bank": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/log": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/questions/": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/questions/<int:item_id>": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/questions/<int:item_id>/key": taught(200),
    "GET /teach/exams/<int:exam_id>/marks/regrades/<int:regrade_id>/undo": taught(200),
    "GET /teach/exams/<int:exam_id>/scores": taught(200),
    "POST /account/data": known(200),
    "POST /account/erase": known(400),
    "POST /account/guest": always(303),
    "POST /account/keep": (303, 400, 303, 303, 303, 303, 303, 303),
    "POST /account/log-in": (400, 400, 303, 303, 303, 303, 303, 400),
    "POST /account/log-out": always(303),
    "POST /account/password": (303, 303, 400, 400, 400, 400, 400, 303),
    "POST /account/register": (400, 303, 303, 303, 303, 303, 303, 400),
    "POST /account/reset/<code>": always(404),
    "POST /attempts/<int:attempt_id>/": own(409),
    "POST /attempts/<int:attempt_id>/here": own(409),
    "POST /attempts/<int:attempt_id>/open": own(303),
    "POST /attempts/<int:attempt_id>/save": own(409),
    "POST /attempts/<int:attempt_id>/submit": own(409),
    "POST /calendar/": known(404),
    "POST /calendar/revoke": known(303),
    "POST /cards/<int:question_id>/bury": always(303),
    "POST /cards/<int:question_id>/flag": own(303),
    "POST /cards/<int:question_id>/resume": always(303),
    "POST /cards/<int:question_id>/suspend": always(303),
    "POST /cards/<int:question_id>/unbury": always(303),
    "POST /cards/<int:question_id>/undo": own(303),
    "POST /exams/<int:exam_id>/start": own(303),
    "POST /join/<code>": always(404),
    "POST /join/leave/<int:class_id>": own(303),
    "POST /language": always(303),
    "POST /plan/": known(400),
    "POST /plan/more": known(404),
    "POST /plan/remove": known(404),
    "POST /practice/answer": known(400),
    "POST /practice/arrange": known(400),
    "POST /practice/grade": known(400),
    "POST /practice/override": own(400),
    "POST /practice/reveal": known(400),
    "POST /review/answer": known(400),
    "POST /review/arrange": known(400),
    "POST /review/grade": own(400),
    "POST /review/override": own(400),
    "POST /review/pack": known(200),
    "POST /review/queued": known(400),
    "POST /review/reveal": known(400),
    "POST /review/undo": own(303),
    "POST /settings/": known(400),
    "POST /teach/": teachers(400),
    "POST /teach/bank/flags/<int:flag_id>": (303, 403, 403, 403, 303, 404, 409, 303),
    "POST /teach/bank/flags/<int:flag_id>/reopen": (303, 403, 403, 403, 409, 404, 409, 303),
    "POST /teach/bank/upload": teachers(400),
    "POST /teach/bank/uploads/<int:upload_id>/apply": sent(409),
    "POST /teach/bank/uploads/<int:upload_id>/discard": sent(303),
    "POST /teach/bank/withdraw/<course>": taught(400),
    "POST /teach/classes/<int:class_id>/archive": taught(303),
    "POST /teach/classes/<int:class_id>/close": taught(303),
    "POST /teach/classes/<int:class_id>/code": taught(303),
    "POST /teach/classes/<int:class_id>/exams/new": taught(400),
    "POST /teach/classes/<int:class_id>/manage": taught(303),
    "POST /teach/classes/<int:class_id>/members/<int:user_id>": taught(400),
    "POST /teach/classes/<int:class_id>/members/<int:user_id>/password-link": taught(200),
    "POST /teach/classes/<int:class_id>/members/<int:user_id>/remove": (303, 403, 403, 403, 303, 404, 404, 303),
    "POST /teach/classes/<int:class_id>/roster": taught(400),
    "POST /teach/classes/<int:class_id>/roster/<int:line_id>": taught(400),
    "POST /teach/classes/<int:class_id>/roster/<int:line_id>/unlink": taught(303),
    "POST /teach/classes/<int:class_id>/roster/apply": taught(400),
    "POST /teach/exams/<int:exam_id>/copy": taught(303),
    "POST /teach/exams/<int:exam_id>/discard": (303, 403, 403, 403, 303, 404, 404, 303),
    "POST /teach/exams/<int:exam_id>/edit": taught(400),
    "POST /teach/exams/<int:exam_id>/items/mistakes": taught(303),
    "POST /teach/exams/<int:exam_id>/live/attempts/<int:attempt_id>/end": taught(409),
    "POST /teach/exams/<int:exam_id>/live/attempts/<int:attempt_id>/reopen": taught(400),
    "POST /teach/exams/<int:exam_id>/live/students/<int:user_id>/time": taught(400),
    "POST /teach/exams/<int:exam_id>/live/time": taught(400),
    "POST /teach/exams/<int:exam_id>/makeups": taught(400),
    "POST /teach/exams/<int:exam_id>/makeups/<int:user_id>/withdraw": taught(404),
    "POST /teach/exams/<int:exam_id>/points": taught(303),
    "POST /teach/exams/<int:exam_id>/preflight": taught(400),
    "POST /teach/exams/<int:exam_id>/preflight/file": taught(400),
    "POST /teach/exams/<int:exam_id>/publish": taught(303),
    "POST /teach/classes/<int:class_id>/retention": taught(400),
    "POST /teach/exams/<int:exam_id>/marks/adjustments/<int:adjustment_id>/undo": taught(400),
    "POST /teach/exams/<int:exam_id>/marks/attempts/<int:attempt_id>": taught(400),
    "POST /teach/exams/<int:exam_id>/marks/questions/<int:item_id>/apply": taught(409),
    "POST /teach/exams/<int:exam_id>/marks/questions/<int:item_id>/preview": taught(200),
    "POST /teach/exams/<int:exam_id>/marks/regrades/<int:regrade_id>/undo": taught(409),
    "POST /teach/classes/<int:class_id>/scores": taught(200),
    "POST /teach/classes/<int:class_id>/teachers": taught(400),
    "POST /teach/classes/<int:class_id>/teachers/<int:teacher_id>/remove": taught(409),
    "POST /teach/exams/<int:exam_id>/scores": taught(200),
}


@dataclass
class World:
    """Two classes of two teachers, the things of the first one's learner, an exam of tomorrow, one at work."""

    people: dict[str, Person]
    class_id: int
    question_id: int
    answer_id: UUID
    number: int
    member_id: int
    flag_id: int
    upload_id: int
    exam_id: int
    line_id: int
    practice_exam_id: int
    attempt_id: int
    marked: dict[str, int]


@pytest.fixture
def world(
    shelf: Shelf,
    db: Database,
    clock: Clock,
    course: Course,
    make_user: Callable[..., Person],
    make_question: Callable[..., Question],
) -> World:
    """The cast; the learner belongs to the teacher's class and has answered one question."""
    return shelf.take("world", db, clock, lambda: _world(db, clock, course, make_user, make_question))


def _world(
    db: Database,
    clock: Clock,
    course: Course,
    make_user: Callable[..., Person],
    make_question: Callable[..., Question],
) -> World:
    people = {
        "guest": make_user(),
        "learner": make_user("alice"),
        "stranger": make_user("chloe"),
        "teacher": make_user("bruno", role="teacher"),
        "other teacher": make_user("diane", role="teacher"),
        "admin": make_user("ada", role="admin"),
        "deactivated": make_user("zoe"),
    }
    question = make_question()
    examined = make_question()
    sent = make_question()
    answer_id = uuid4()
    with db.writing() as session:
        groups = []
        for teacher, member in (("teacher", "learner"), ("other teacher", "stranger")):
            group = Class(course_id=course.id, name=f"Class of {teacher}", join_code=uuid4().hex, created_at=clock())
            session.add(group)
            session.flush()
            session.add(ClassTeacher(class_id=group.id, user_id=people[teacher].id))
            session.add(
                Membership(class_id=group.id, user_id=people[member].id, name=member.title(), joined_at=clock())
            )
            groups.append(group.id)
        given = Submission(answer_id, question.id, 0, 1, {"dont_know": ["1"]}, 1000)
        recorded = reviewing.record(session, people["learner"], given, clock())
        assert isinstance(recorded, Recorded)
        flagging.flag(session, people["learner"], question.id, "typo", "One letter.", clock())
        flag_id = session.query(QuestionFlag.id).scalar()
        upload_id = uploading.keep(session, people["teacher"], NewUpload("a.yaml", b"[]", course.id, False), clock())
        opens = clock() + timedelta(days=1)
        draft = Draft("Partiel", opens_at=opens, closes_at=opens + timedelta(hours=1), questions=(examined.id,))
        exam_id = exams.create(session, people["teacher"], groups[0], draft, clock())
        exams.publish(session, people["teacher"], exam_id, clock())
        rehearsal = Draft("Practice", "practice", attempts=0, questions=(examined.id,))
        practice_exam_id = exams.create(session, people["teacher"], groups[0], rehearsal, clock())
        exams.publish(session, people["teacher"], practice_exam_id, clock())
        attempt_id = attempts.start(session, people["learner"], practice_exam_id, "", clock())
        marked = _marked(session, people, groups[0], draft, clock())
        _bring(session, people["teacher"], sent.id, clock())
        line = RosterLine(class_id=groups[0], name="Éva", code="ABCDEFGHJ", created_at=clock())
        session.add(line)
        session.flush()
        line_id = line.id
    return World(
        people=people,
        class_id=groups[0],
        question_id=question.id,
        answer_id=answer_id,
        number=recorded.number,
        member_id=people["learner"].id,
        flag_id=flag_id,
        upload_id=upload_id,
        exam_id=exam_id,
        line_id=line_id,
        practice_exam_id=practice_exam_id,
        attempt_id=attempt_id,
        marked=marked,
    )


def _bring(session: Session, teacher: Person, question_id: int, at: datetime) -> None:
    """Make a question one that the teacher has uploaded."""
    told: dict[str, Any] = {"file_name": "b.yaml", "sha256": "0" * 64, "size_bytes": 1, "outcome": {"added": 1}}
    dates = {"created_at": at, "expires_at": at, "applied_at": at}
    session.add(upload := Upload(owner_id=teacher.id, retire_missing=False, **told, **dates))
    session.flush()
    session.get_one(Question, question_id).source = "upload"
    session.add(UploadedQuestion(question_id=question_id, owner_id=teacher.id, upload_id=upload.id))


def _marked(session: Session, people: dict[str, Person], class_id: int, draft: Draft, now: datetime) -> dict[str, int]:
    """An exam that was taken, and what there is to change of its marks, by the names that its routes have for it."""
    exam_id = exams.create(session, people["teacher"], class_id, draft, now)
    exams.publish(session, people["teacher"], exam_id, now)
    item_id = session.scalars(select(ExamItem.id).where(ExamItem.exam_id == exam_id)).one()
    ended = {"submitted_at": now, "closed_by": "student", "seed": ""}
    attempt = Attempt(exam_id=exam_id, learner_id=people["learner"].id, number=1, started_at=now, **ended)
    regrade = Regrade(item_id=item_id, kind="everybody", reason="Unclear.", at=now, by_id=people["teacher"].id)
    session.add_all([attempt, regrade])
    session.flush()
    given = Adjustment(attempt_id=attempt.id, hundredths=50, reason="Late.", at=now, by_id=people["teacher"].id)
    session.add(given)
    session.flush()
    changes = {"regrade_id": regrade.id, "adjustment_id": given.id}
    return {"exam_id": exam_id, "item_id": item_id, "attempt_id": attempt.id, **changes}


@pytest.fixture
def visit(app: Flask, db: Database, clock: Callable[[], Any], world: World) -> Callable[[str, str, str], int]:
    """Return a function that calls a route as a role, each time in a new browser."""

    def call(role: str, method: str, rule: str) -> int:
        browser = app.test_client()
        if role != "anonymous":
            _enter(browser, role)
        values: dict[str, Any] = {
            "class_id": world.class_id,
            "question_id": world.question_id,
            "flag_id": world.flag_id,
            "upload_id": world.upload_id,
            "exam_id": world.practice_exam_id if rule.startswith("/exams/") else world.exam_id,
            "line_id": world.line_id,
            "answer_id": world.answer_id,
            "attempt_id": world.attempt_id,
            "user_id": world.member_id,
            "teacher_id": world.people["teacher"].id,
            "code": "no-such-code",
            "course": "docker",
            "extension": "csv",
            "locale": "fr",
            "filename": "favicon.svg",
            **(world.marked if "/marks/" in rule or "/items/" in rule else {}),
            **(world.marked if "/marks/" in rule or "/live/" in rule else {}),
        }
        path = rule
        for name, value in values.items():
            for spelled in ("", "int:", "uuid:", "path:", "any(csv, xlsx):", "any(fr, en):"):
                path = path.replace(f"<{spelled}{name}>", str(value))
        form = FORMS.get(rule, lambda _: {})(world)
        with browser.open(path, method=method, data=form if method == "POST" else None) as response:
            return response.status_code

    def _enter(browser: FlaskClient, role: str) -> None:
        with db.writing() as session:
            token = sessions.start(session, world.people[role].id, clock())
            if role == "deactivated":
                session.get_one(User, world.people[role].id).active = False
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = token

    return call


FORMS: dict[str, Callable[[World], dict[str, Any]]] = {
    "/review/undo": lambda world: {"question": world.question_id, "number": world.number},
    "/review/grade": lambda world: {"answer_id": world.answer_id, "grade": 5},
    "/review/override": lambda world: {"answer_id": world.answer_id},
    "/practice/grade": lambda world: {"answer_id": world.answer_id, "grade": 5},
    "/practice/override": lambda world: {"answer_id": world.answer_id},
    "/cards/<int:question_id>/flag": lambda world: {"reason": "typo", "message": "Two letters."},
    "/teach/bank/flags/<int:flag_id>": lambda world: {"outcome": "mended", "revision": 1},
    "/teach/bank/flags/<int:flag_id>/reopen": lambda world: {"revision": 1},
    "/teach/bank/uploads/<int:upload_id>/apply": lambda world: {"shown": "0" * 64},
    "/teach/exams/<int:exam_id>/marks/questions/<int:item_id>/preview": lambda world: {"kind": "drop"},
    "/teach/exams/<int:exam_id>/marks/questions/<int:item_id>/apply": lambda world: {"kind": "drop", "message": "Why."},
    "/teach/exams/<int:exam_id>/live/attempts/<int:attempt_id>/end": lambda world: {"message": "Why."},
    "/teach/exams/<int:exam_id>/marks/regrades/<int:regrade_id>/undo": lambda world: {"message": "Why."},
    "/teach/classes/<int:class_id>/scores": lambda world: {"file": "progress.fr"},
    "/teach/exams/<int:exam_id>/scores": lambda world: {"file": "scores.fr"},
    "/cards/<int:question_id>/undo": lambda world: {"number": world.number},
    "/teach/exams/<int:exam_id>/copy": lambda world: {"class_id": world.class_id},
}


def routes(app: Flask) -> list[str]:
    """Every route and method of the application."""
    return sorted(
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    )


def test_every_route_is_in_the_table_and_nothing_else(app: Flask) -> None:
    assert set(routes(app)) == set(ACCESS)


@pytest.mark.parametrize("route", sorted(ACCESS))
def test_each_role_gets_what_the_table_says(visit: Callable[[str, str, str], int], route: str) -> None:
    method, rule = route.split(" ", 1)

    found = {role: visit(role, method, rule) for role in ROLES}

    assert found == dict(zip(ROLES, ACCESS[route], strict=True))


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63, 10**30])
def test_a_number_that_names_nothing_is_a_page_that_does_not_exist(
    client: FlaskClient, log_in: Callable[..., Person], number: int
) -> None:
    log_in(role="teacher")

    found = [client.get(f"{path}{number}").status_code for path in ("/cards/", "/teach/bank/flags/", "/teach/classes/")]

    assert found[:2] == [404, 404]
    assert found[2] in (308, 404)


def test_a_post_without_its_token_is_refused_before_anything_else(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    posts = [route.split(" ", 1)[1] for route in routes(app) if route.startswith("POST")]

    found = {rule: app.test_client().post(_filled(rule)).status_code for rule in posts}

    assert found == dict.fromkeys(posts, 400)


def _filled(rule: str) -> str:
    return re.sub(r"<[^>]*>", "1", rule)
