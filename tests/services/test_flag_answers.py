"""Teachers answer the reports of their own classes' learners; admins answer all."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.db import Database
from app.errors import Conflict, Invalid, NotFound
from app.models import Course, Question, QuestionFlag, QuestionVersion
from app.services import flag_answers, flagging
from app.services.classes import Taught
from app.services.flag_answers import FlagRow
from app.services.identity import Person
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.desk import Desk

MakeUser = Callable[..., Person]


@dataclass
class Room:
    """A class, its teacher, and a learner who reported a question they answered."""

    db: Database
    clock: Clock
    teacher: Person
    taught: Taught
    desk: Desk
    question: Question

    def report(self, message: str = "It works here.") -> None:
        """Report the question, or change the report that is open."""
        with self.db.writing() as session:
            flagging.flag(session, self.desk.person, self.question.id, "wrong", message, self.clock())

    def read(self, who: Person | None = None) -> list[FlagRow]:
        """The reports of the question that somebody reads."""
        with self.db.reading() as session:
            return list(flag_answers.of_question(session, who or self.teacher, self.question.id))

    def close(self, outcome: str = "mended", message: str = "", seen: int = 1, who: Person | None = None) -> None:
        """Close the first report."""
        flag = self.flag_id()
        with self.db.writing() as session:
            flag_answers.close(session, who or self.teacher, flag, outcome, message, seen, self.clock())

    def reopen(self, seen: int = 2, who: Person | None = None) -> None:
        """Open the first report again."""
        flag = self.flag_id()
        with self.db.writing() as session:
            flag_answers.reopen(session, who or self.teacher, flag, seen)

    def flag_id(self) -> int:
        """The id of the first report."""
        with self.db.reading() as session:
            return session.scalars(select(QuestionFlag.id).order_by(QuestionFlag.id)).first() or 0

    def reword(self) -> None:
        """Give the question a second version."""
        with self.db.writing() as session:
            body = session.scalars(select(QuestionVersion.body)).first()
            more = {"content_hash": "x", "body": body, "created_at": self.clock()}
            session.add(QuestionVersion(question_id=self.question.id, number=2, **more))
            session.get_one(Question, self.question.id).version = 2


@pytest.fixture
def room(
    db: Database,
    clock: Clock,
    make_user: MakeUser,
    make_desk: Callable[..., Desk],
    make_question: Callable[..., Question],
) -> Room:
    """One report in one class."""
    teacher, desk = make_user(role="teacher", locale="en"), make_desk()
    taught = open_class(db, teacher, clock())
    enrol(db, taught, desk.person, "Ada", clock())
    room = Room(db, clock, teacher, taught, desk, make_question())
    desk.answer(room.question)
    room.report()
    return room


def test_a_teacher_reads_the_report_under_the_name_of_the_class(room: Room) -> None:
    [flag] = room.read()

    assert (flag.name, flag.reason, flag.message, flag.question_version) == ("Ada", "wrong", "It works here.", 1)


def test_another_teacher_reads_nothing_and_an_admin_everything(room: Room, make_user: MakeUser) -> None:
    assert room.read(make_user(role="teacher")) == []
    assert [flag.name for flag in room.read(make_user(role="admin"))] == ["Ada"]


def test_nobody_but_an_admin_reads_the_report_of_a_learner_without_a_class(
    room: Room, make_desk: Callable[..., Desk], make_user: MakeUser, db: Database
) -> None:
    alone = make_desk(display_name="Zoé")
    alone.answer(room.question)
    with db.writing() as session:
        flagging.flag(session, alone.person, room.question.id, "typo", "One letter.", room.clock())

    assert [flag.name for flag in room.read()] == ["Ada"]
    assert sorted(flag.name for flag in room.read(make_user(role="admin"))) == ["Ada", "Zoé"]


def test_a_class_of_another_course_does_not_show_its_teacher_the_report(
    room: Room, db: Database, clock: Clock, make_user: MakeUser, make_course: Callable[..., Course]
) -> None:
    other = make_user(role="teacher")
    git = open_class(db, other, clock(), "Git", make_course("git").id)
    enrol(db, git, room.desk.person, "Ada", clock())

    assert room.read(other) == []


def test_a_learner_of_two_classes_of_a_teacher_is_told_once(room: Room, db: Database, clock: Clock) -> None:
    enrol(db, open_class(db, room.teacher, clock(), "Group 2"), room.desk.person, "Ada L.", clock())

    with db.reading() as session:
        counts = flag_answers.open_counts(session, room.teacher, room.taught.course_id)
        assert flag_answers.open_by_course(session, room.teacher) == {"docker": 1}
    assert len(room.read()) == 1
    assert counts == {room.question.id: 1}


def test_a_closed_report_tells_its_learner_the_answer_and_is_not_counted(room: Room, db: Database) -> None:
    room.close("not_a_fault", "The course says so on page 3.")

    with db.reading() as session:
        [own] = flagging.own(session, room.desk.person, room.question.id)
        assert flag_answers.open_by_course(session, room.teacher) == {}
    assert (own.status, own.answer, own.answered_at) == ("not_a_fault", "The course says so on page 3.", room.clock())


def test_a_mend_notes_the_newer_version(room: Room) -> None:
    room.reword()

    room.close("mended")

    assert room.read()[0].mended_version == 2


def test_a_mend_without_a_newer_version_notes_none(room: Room) -> None:
    room.close("mended")

    assert room.read()[0].mended_version is None


@pytest.mark.parametrize("outcome", ["not_a_fault", "other"])
def test_what_is_not_mended_needs_a_word(room: Room, outcome: str) -> None:
    with pytest.raises(Invalid, match="message_missing"):
        room.close(outcome)

    assert room.read()[0].is_open


def test_an_outcome_that_does_not_exist_is_refused(room: Room) -> None:
    with pytest.raises(Invalid, match="not_offered"):
        room.close("open", "Later.")


def test_a_report_changed_since_it_was_read_is_not_closed(room: Room) -> None:
    room.report("Now I see: another thing.")

    with pytest.raises(Conflict, match="flag"):
        room.close(seen=1)

    assert room.read()[0].is_open


def test_a_report_is_closed_once(room: Room) -> None:
    room.close()

    with pytest.raises(Conflict, match="flag"):
        room.close(seen=2)


def test_a_closed_report_can_be_opened_again_and_closed_otherwise(room: Room) -> None:
    room.close("not_a_fault", "No.")

    room.reopen(seen=2)
    room.close("other", "We talked about it.", seen=3)

    assert (room.read()[0].status, room.read()[0].answer) == ("other", "We talked about it.")


def test_a_report_is_not_opened_again_beside_a_newer_one(room: Room) -> None:
    room.close("not_a_fault", "No.")
    room.report("I insist.")

    with pytest.raises(Conflict, match="flag_open"):
        room.reopen(seen=2)

    assert sorted(flag.status for flag in room.read()) == ["not_a_fault", "open"]


def test_another_teacher_can_neither_look_close_nor_reopen(room: Room, db: Database, make_user: MakeUser) -> None:
    other = make_user(role="teacher")
    with db.reading() as session, pytest.raises(NotFound):
        flag_answers.look(session, other, room.flag_id())
    with pytest.raises(NotFound):
        room.close(who=other)
    with pytest.raises(NotFound):
        room.reopen(seen=1, who=other)


def test_a_report_says_where_its_question_is_written(room: Room, db: Database) -> None:
    room.reword()

    with db.reading() as session:
        page = flag_answers.look(session, room.teacher, room.flag_id())

    assert (page.file, page.slug, page.version) == ("network.yaml", room.question.slug, 2)
    assert page.text == "Which network isolates everything?"
