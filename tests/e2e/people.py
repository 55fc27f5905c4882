"""People and classes of the browser tests, put straight into the live server's database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Page

from app.models import Class, ClassTeacher, Course, Membership, Question, QuestionFlag, User
from app.services import classes, exams, sessions, uploading, withdrawing
from app.services.exams import Draft
from app.services.identity import person_of
from app.services.uploading import NewUpload
from tests.bank.packing import course, question, written, zipped
from tests.e2e.conftest import Live


def log_in_as(page: Page, live: Live, role: str | None, new_per_day: int = 15, locale: str = "fr") -> int:
    """Give the page's browser the session of a new person with this role (None: a guest); return their id."""
    login = f"{role}-{uuid4().hex[:8]}" if role else None
    named = {"login": login, "login_key": login, "password_hash": "unusable"} if login else {}
    with live.database.writing() as session:
        course = session.query(Course).one()
        user = User(
            role=role or "learner",
            created_at=live.now(),
            seen_at=live.now(),
            course_id=course.id,
            locale=locale,
            new_per_day=new_per_day,
            **named,
        )
        session.add(user)
        session.flush()
        token = sessions.start(session, user.id, live.now())
        user_id = user.id
    sealer = live.app.session_interface.get_signing_serializer(live.app)  # type: ignore[attr-defined]
    sealed = sealer.dumps({"_user_id": token, "_fresh": True, "_permanent": True})
    page.context.add_cookies([{"name": "rappel", "value": sealed, "url": live.url}])
    return user_id


def make_class_with_a_member(live: Live, teacher_id: int) -> int:
    """A class of this teacher with one learner in it; return the class's id."""
    with live.database.writing() as session:
        course = session.query(Course).one()
        group = Class(course_id=course.id, name="L3 Informatique", join_code=uuid4().hex[:10], created_at=live.now())
        member = User(role="learner", created_at=live.now(), seen_at=live.now(), course_id=course.id)
        session.add_all([group, member])
        session.flush()
        session.add(ClassTeacher(class_id=group.id, user_id=teacher_id))
        session.add(Membership(class_id=group.id, user_id=member.id, name="Zoé Martin-Lefèvre", joined_at=live.now()))
        return group.id


def report_of_a_member(live: Live, class_id: int) -> int:
    """A report of the first question by a member of this class; return its id."""
    with live.database.writing() as session:
        member = session.query(Membership.user_id).filter_by(class_id=class_id).scalar()
        now = live.now()
        flag = QuestionFlag(
            question_id=1,
            learner_id=member,
            question_version=1,
            reason="unclear",
            message="Faut-il écrire toute la commande ?",
            created_at=now,
            changed_at=now,
        )
        session.add(flag)
        session.flush()
        return flag.id


def uploads_of(live: Live, teacher_id: int) -> tuple[int, int]:
    """Two files that this teacher has sent, a sound one that brings a course and one full of problems; their ids."""
    sound = zipped({"course.yaml": course("sea"), "knots.yaml": [question()], "LICENSE": b"", "__MACOSX/._a": b""})
    bad = written([question(colour="blue", level=9), question("A b"), {"type": "sngle"}])
    with live.database.writing() as session:
        teacher = person_of(session.get_one(User, teacher_id))
        sent = (NewUpload("voile.zip", sound, None, False), NewUpload("mes nœuds (2).yaml", bad, None, False))
        first, second = (uploading.keep(session, teacher, one, live.now()) for one in sent)
    return first, second


@contextmanager
def brought_by(live: Live, teacher_id: int) -> Iterator[str]:
    """Store a question for exams that this teacher sends to the course; give the course's name, then withdraw it.

    Left there, it would be the first choice of an exam that another test draws.
    """
    objective = next(iter(live.asked.values())).document["objectives"][0]
    content = written([question(f"knots-{uuid4().hex[:8]}", objective, reserved=True)])
    with live.database.writing() as session:
        course = session.query(Course).one()
        teacher = person_of(session.get_one(User, teacher_id))
        upload_id = uploading.keep(session, teacher, NewUpload("b.yaml", content, course.id, False), live.now())
    shown = uploading.dry_run(live.database, teacher, upload_id, live.now()).difference.fingerprint
    assert uploading.apply(live.database, teacher, upload_id, shown, live.now())
    yield course.slug
    with live.database.writing() as session:
        withdrawing.withdraw_questions(session, teacher, course.slug, None)


def announce_exam(live: Live, student_id: int, slug: str, opens_in: timedelta = timedelta(0)) -> int:
    """Put one question into an exam of a class of this student, open for two hours; return the question's id."""
    now = live.now()
    with live.database.writing() as session:
        course = session.query(Course).one()
        question = session.query(Question).filter_by(slug=slug).one()
        teacher = User(
            role="teacher",
            login=f"t-{uuid4().hex}",
            login_key=uuid4().hex,
            password_hash="unusable",
            created_at=now,
            seen_at=now,
            course_id=course.id,
        )
        session.add(teacher)
        session.flush()
        person = person_of(teacher)
        class_id = classes.create(session, person, "L3", course.id, now)
        session.add(Membership(class_id=class_id, user_id=student_id, name="Zoé", joined_at=now))
        opens = now + opens_in
        draft = Draft("Partiel", "exam", opens, opens + timedelta(hours=2), questions=(question.id,))
        exams.publish(session, person, exams.create(session, person, class_id, draft, now), now)
        return question.id
