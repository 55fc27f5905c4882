"""A person's data: one document with all of theirs, or nothing left."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.db import Database
from app.errors import Conflict
from app.models import (
    Adjustment,
    Allowance,
    Attempt,
    AttemptEvent,
    Base,
    CardCopy,
    Class,
    ClassTeacher,
    Course,
    Download,
    Exam,
    ExamEvent,
    ExamItem,
    ExamPlan,
    FormerMember,
    GivenForm,
    Membership,
    MemberSum,
    PlanDayOff,
    PlanLeftOut,
    Question,
    QuestionFlag,
    QuestionVersion,
    Regrade,
    RosterLine,
    StudySum,
    Upload,
    UploadedCourse,
    UploadedQuestion,
    User,
)
from app.services import accounts, codes, personal_data, sessions
from app.services.accounts import Claim
from app.services.identity import Person
from tests.conftest import Clock
from tests.people import add_review


def add_exam(session: Session, person: Person, question: Question, class_id: int, now: datetime) -> None:
    """An exam that the person set, took, regraded and adjusted: a row in each table of exams that knows people."""
    exam = Exam(class_id=class_id, created_by=person.id, created_at=now, title="Partiel", seed="1")
    session.add(exam)
    session.flush()
    version = session.scalars(select(QuestionVersion.id).where(QuestionVersion.question_id == question.id)).first()
    facts = {"topic": "network", "objective": "o", "level": 1, "type": "single", "reserved": False, "gives_away": []}
    item = ExamItem(exam_id=exam.id, question_id=question.id, version_id=version, position=1, **facts)
    over = {"submitted_at": now, "closed_by": "student", "receipt": f"RECEIPT{person.id}"}
    attempt = Attempt(exam_id=exam.id, learner_id=person.id, number=1, started_at=now, seed="1", **over)
    session.add_all([item, attempt, Allowance(exam_id=exam.id, learner_id=person.id, reason="ill")])
    session.add(GivenForm(exam_id=exam.id, learner_id=person.id, form=2))
    line = {"class_id": class_id, "name": "Person", "code": f"code-{person.id}", "created_at": now}
    session.add(RosterLine(**line, institution_id="E001", user_id=person.id, claimed_at=now))
    session.add(Download(class_id=class_id, exam_id=exam.id, by_id=person.id, at=now, what="scores"))
    session.flush()
    done = {"reason": "an error", "at": now, "by_id": person.id, "undone_at": now, "undone_by_id": person.id}
    session.add(AttemptEvent(attempt_id=attempt.id, at=now, kind="started", by_id=person.id))
    session.add(
        ExamEvent(exam_id=exam.id, learner_id=person.id, at=now, kind="allowed", by_id=person.id, reason="was ill")
    )
    session.add(Regrade(item_id=item.id, kind="everybody", **done))
    session.add(Adjustment(attempt_id=attempt.id, hundredths=50, **done))


@pytest.fixture
def live(db: Database, clock: Clock, course: Any) -> Callable[[Person, Question], None]:
    """Return a function that gives a person a row in every table that knows people."""

    def fill(person: Person, question: Question) -> None:
        with db.writing() as session:
            add_review(session, person, question, clock(), response=f"typed by {person.login}")
            sums = {"mark": clock().date(), "fingerprint": "of the log", "content": b"sums"}
            session.add(StudySum(learner_id=person.id, course_id=course.id, **sums))
            told = {"mark": clock().date(), "since": clock(), "counted": 1, "firsts": b"sums", "ends": b"sums"}
            session.add(MemberSum(learner_id=person.id, course_id=course.id, **told))
            session.add(CardCopy(learner_id=person.id, read_at=clock(), content=b"cards"))
            sessions.start(session, person.id, clock())
            if person.login:
                codes.issue_password_link(session, person.id, clock())
            group = Class(course_id=course.id, name=f"class of {person.login}", join_code=None, created_at=clock())
            session.add(group)
            session.flush()
            session.add(Membership(class_id=group.id, user_id=person.id, name=f"{person.login}!", joined_at=clock()))
            session.add(FormerMember(class_id=group.id, user_id=person.id, left_at=clock(), removed=False))
            session.add(ClassTeacher(class_id=group.id, user_id=person.id))
            about = {
                "question_id": question.id,
                "question_version": 1,
                "reason": "typo",
                "message": f"by {person.login}",
            }
            when = {"created_at": clock(), "changed_at": clock()}
            closed = {"status": "mended", "answer": "Thanks.", "answered_by": person.id, "answered_at": clock()}
            session.add(QuestionFlag(learner_id=person.id, **about, **when, **closed))
            add_exam(session, person, question, group.id, clock())
            _plan(session, person, question, clock())
            _upload(session, person, question, clock)

    return fill


def _plan(session: Session, person: Person, question: Question, now: datetime) -> None:
    """A way to an exam, with a day off and a topic left out."""
    own = {"learner_id": person.id, "course_id": question.course_id, "stamp": f"of {person.login}"}
    when = {"exam_on": now.date(), "started_on": now.date(), "created_at": now}
    plan = ExamPlan(minutes_a_day=20, **own, **when)
    session.add(plan)
    session.flush()
    session.add(PlanDayOff(plan_id=plan.id, day=now.date()))
    session.add(PlanLeftOut(plan_id=plan.id, topic_id=question.topic_id))


def _upload(session: Session, person: Person, question: Question, clock: Clock) -> None:
    """A file of this person that waits, and one that brought a course and a question."""
    sent = {"owner_id": person.id, "retire_missing": False, "sha256": "", "size_bytes": 2}
    when = {"created_at": clock(), "expires_at": clock()}
    session.add(Upload(file_name=f"waits-{person.login}.yaml", content=b"[]", **sent, **when))
    applied = {"applied_at": clock(), "outcome": {"added": 1}}
    upload = Upload(file_name=f"from-{person.login}.yaml", course_id=question.course_id, **sent, **when, **applied)
    course = Course(slug=f"course-{person.id}", title_fr="", title_en="", document={})
    session.add_all([upload, course])
    session.flush()
    session.add(UploadedCourse(course_id=course.id, owner_id=person.id, upload_id=upload.id))
    if session.get(UploadedQuestion, question.id) is None:
        session.add(UploadedQuestion(question_id=question.id, owner_id=person.id, upload_id=upload.id))


def rows_about(db: Database, user_id: int) -> Iterator[tuple[str, int]]:
    """How many rows of each table name the person."""
    people = Base.metadata.tables["user_account"]
    with db.reading() as session:
        for table in Base.metadata.sorted_tables:
            columns = [column for column in table.columns if any(key.references(people) for key in column.foreign_keys)]
            for column in [*columns, *([people.c.id] if table is people else [])]:
                about = select(func.count()).select_from(table).where(column == user_id)
                yield f"{table.name}.{column.name}", session.scalar(about) or 0


def test_the_document_holds_all_that_is_stored_about_the_person(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    alice = make_user("alice", display_name="Alice M.", password_hash="secret hash")
    live(alice, make_question("bridge"))

    with db.reading() as session:
        document = personal_data.export(session, alice, clock())

    assert document["account"]["login"] == "alice"
    assert document["settings"]["course"] == "docker"
    assert document["settings"]["zone"] == "Europe/Paris"
    assert [card["question"] for card in document["cards"]] == ["bridge"]
    assert document["cards"][0]["ease_permille"] == 2500
    assert [review["response"] for review in document["reviews"]] == [{"choice": "typed by alice"}]
    assert document["reviews"][0]["answered_at"] == "2026-11-23T09:00:00+00:00"
    assert [(one["course"], one["days_off"], one["topics_left_out"]) for one in document["plans"]] == [
        ("docker", ["2026-11-23"], ["network"])
    ]
    assert [one["as"] for one in document["classes"]] == ["learner", "teacher"]
    assert len(document["sessions"]) == 1
    assert [(flag["question"], flag["message"]) for flag in document["flags"]] == [("bridge", "by alice")]
    assert [answer["answer"] for answer in document["flag_answers"]] == ["Thanks."]
    assert [(one["file_name"], one["course"], one["outcome"]) for one in document["uploads"]] == [
        ("waits-alice.yaml", None, None),
        ("from-alice.yaml", "docker", {"added": 1}),
    ]
    assert [(one["class"], one["institution_id"]) for one in document["roster_lines"]] == [("class of alice", "E001")]
    assert [(one["exam"], one["reason"]) for one in document["allowances"]] == [("Partiel", "ill")]
    assert [(one["kind"], one["reason"]) for one in document["exam_events"]] == [("allowed", "was ill")]
    assert [(one["exam"], one["form"]) for one in document["given_forms"]] == [("Partiel", "B")]
    assert [(one["exam"], one["receipt"]) for one in document["attempts"]] == [("Partiel", f"RECEIPT{alice.id}")]
    assert [(one["exam"], one["what"]) for one in document["downloads"]] == [("Partiel", "scores")]


def test_the_document_is_json_without_secrets_and_without_others(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    alice, bob = make_user("alice", password_hash="secret hash"), make_user("bob")
    question = make_question()
    for person in (alice, bob):
        live(person, question)

    with db.reading() as session:
        text = json.dumps(personal_data.export(session, alice, clock()))

    assert "alice" in text
    assert "bob" not in text
    assert "secret hash" not in text


def test_erasing_leaves_nothing_in_any_table(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    alice = make_user("alice", password_hash="hash")
    live(alice, make_question())
    before = dict(rows_about(db, alice.id))

    with db.writing() as session:
        personal_data.erase(session, alice, Claim(alice.id, "hash"), clock())

    assert min(before.values()) >= 1
    assert set(dict(rows_about(db, alice.id)).values()) == {0}


def test_an_erased_students_attempts_stay_without_their_name(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    alice = make_user("alice", password_hash="hash")
    live(alice, make_question())

    with db.writing() as session:
        personal_data.erase(session, alice, Claim(alice.id, "hash"), clock())

    with db.reading() as session:
        attempt = session.scalars(select(Attempt)).one()
        assert (attempt.learner_id, len(attempt.pseudonym or "")) == (None, 16)


def test_erasing_leaves_everybody_else_alone(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    alice, bob = make_user("alice", password_hash="hash"), make_user("bob")
    question = make_question()
    for person in (alice, bob):
        live(person, question)
    before = list(rows_about(db, bob.id))

    with db.writing() as session:
        personal_data.erase(session, alice, Claim(alice.id, "hash"), clock())

    assert list(rows_about(db, bob.id)) == before


def test_what_an_erased_teacher_answered_stays_without_them(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    alice, teacher = make_user("alice"), make_user("bruno", role="teacher", password_hash="hash")
    live(alice, make_question())
    with db.writing() as session:
        session.execute(update(QuestionFlag).values(answered_by=teacher.id))

    with db.writing() as session:
        personal_data.erase(session, teacher, Claim(teacher.id, "hash"), clock())

    with db.reading() as session:
        flag = session.scalars(select(QuestionFlag)).one()
        assert (flag.answer, flag.answered_by) == ("Thanks.", None)


def test_a_guest_erases_themself_without_a_password(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    guest = make_user()
    live(guest, make_question())

    with db.writing() as session:
        personal_data.erase(session, guest, None, clock())

    assert set(dict(rows_about(db, guest.id)).values()) == {0}


@pytest.mark.parametrize("claimed", [None, Claim(), Claim(1, "another hash"), Claim(404, "hash")])
def test_an_account_is_not_erased_without_its_password(
    db: Database, clock: Clock, make_user: Callable[..., Person], claimed: Claim | None
) -> None:
    alice = make_user("alice", password_hash="hash")

    with pytest.raises(Conflict), db.writing() as session:
        personal_data.erase(session, alice, claimed, clock())

    with db.reading() as session:
        assert accounts.claim(session, "alice") == Claim(alice.id, "hash")


def test_the_last_admin_cannot_erase_themself(db: Database, clock: Clock, make_user: Callable[..., Person]) -> None:
    admin = make_user("root", role="admin", password_hash="hash")

    with pytest.raises(Conflict, match="last_admin"), db.writing() as session:
        personal_data.erase(session, admin, Claim(admin.id, "hash"), clock())

    with db.reading() as session:
        assert session.get(User, admin.id) is not None


def test_what_an_erased_teacher_uploaded_stays_without_their_name_and_their_files(
    db: Database, clock: Clock, make_user: Callable[..., Person], make_question: Any, live: Any
) -> None:
    teacher = make_user("bruno", role="teacher", password_hash="hash")
    question = make_question()
    live(teacher, question)

    with db.writing() as session:
        personal_data.erase(session, teacher, Claim(teacher.id, "hash"), clock())

    with db.reading() as session:
        assert session.execute(select(Upload.owner_id, Upload.file_name, Upload.content)).all() == [(None, "", None)]
        assert session.get_one(UploadedQuestion, question.id).owner_id is None
        assert session.get(Question, question.id) is not None
