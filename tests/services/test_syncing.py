"""The stored bank follows the course's folder, and no learner loses anything by it."""

import copy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import event, select, update

from app.db import Database
from app.models import Course, Objective, Question, QuestionVersion, Topic
from app.services import syncing
from app.services.syncing import SyncReport
from app.srs.sm2 import Grade
from tests.conftest import MONDAY_MORNING, Clock
from tests.desk import Desk


def both(text: str) -> dict[str, str]:
    return {"fr": text, "en": text}


COURSE: dict[str, Any] = {
    "id": "boats",
    "title": both("Sailing"),
    "licence": "CC BY-SA 4.0",
    "credit": "A sailor",
    "topics": [{"id": "knots", "title": both("Knots"), "core": True}, {"id": "winds", "title": both("Winds")}],
    "outline": [{"id": "rope", "title": "Rope", "level": 1}],
    "objectives": [
        {"id": name, "topic": name.split(".")[0], "section": "Rope", "weight": 2, "text": both("A fact.")}
        for name in ("knots.bowline", "knots.reef", "winds.trade")
    ],
}
QUESTION: dict[str, Any] = {
    "id": "knots-loop",
    "type": "short_answer",
    "objectives": ["knots.bowline"],
    "level": 2,
    "text": both("Which knot makes a loop?"),
    "accept": ["bowline"],
    "explanation": both("It does not slip."),
}
OTHER = {**QUESTION, "id": "knots-two", "objectives": ["knots.reef"], "text": both("Which knot joins two ropes?")}


class Folder:
    """A course's folder that a test edits: `course`, and `files`, the questions of each topic."""

    def __init__(self, path: Path, db: Database) -> None:
        self.path = path
        self.db = db
        self.course = copy.deepcopy(COURSE)
        self.files: dict[str, list[dict[str, Any]]] = {"knots": [copy.deepcopy(QUESTION), copy.deepcopy(OTHER)]}
        self.now = MONDAY_MORNING

    def sync(self) -> SyncReport:
        """Write the folder and bring the stored bank in line with it."""
        self.path.mkdir(exist_ok=True)
        for old in self.path.glob("*.yaml"):
            old.unlink()
        for name, content in {"course": self.course, **self.files}.items():
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
            (self.path / f"{name}.yaml").write_text(text, encoding="utf-8")
        self.now += timedelta(hours=1)
        return syncing.sync_folder(self.db, self.path, self.now)

    @property
    def loop(self) -> dict[str, Any]:
        """The question most tests edit."""
        return self.files["knots"][0]

    def stored(self, slug: str = "knots-loop") -> Question:
        with self.db.reading() as session:
            return session.scalars(select(Question).where(Question.slug == slug)).one()

    def versions(self, slug: str = "knots-loop") -> list[tuple[int, list[str]]]:
        """The numbers and accepted answers of a question's versions."""
        statement = select(QuestionVersion).join(Question, Question.id == QuestionVersion.question_id)
        with self.db.reading() as session:
            rows = session.scalars(statement.where(Question.slug == slug).order_by(QuestionVersion.number))
            return [(row.number, row.body["accept"]) for row in rows]


@pytest.fixture
def folder(tmp_path: Path, db: Database) -> Folder:
    """A course of two questions, not stored yet."""
    return Folder(tmp_path / "boats", db)


@pytest.fixture
def desk(folder: Folder, make_desk: Callable[..., Desk]) -> Desk:
    """A learner of that course, which is stored now."""
    folder.sync()
    with folder.db.reading() as session:
        course = session.scalars(select(Course).where(Course.slug == "boats")).one()
    return make_desk(course_id=course.id)


def test_an_empty_database_takes_the_whole_folder(folder: Folder, db: Database) -> None:
    report = folder.sync()

    assert (report.added, report.summary()) == (["knots-loop", "knots-two"], "2 added")
    with db.reading() as session:
        assert session.scalars(select(Topic.slug).order_by(Topic.position)).all() == ["knots", "winds"]
        assert len(session.scalars(select(Objective)).all()) == 3
    assert folder.versions() == [(1, ["bowline"])]


def test_the_same_folder_again_is_not_even_read(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.sync()
    monkeypatch.setattr(syncing, "load_course", lambda _: pytest.fail("read again"))

    assert folder.sync().summary() == "no change"


def test_another_version_of_the_code_reads_the_same_folder_once(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    real = syncing.load_course
    monkeypatch.setattr(syncing, "load_course", lambda path: (read.append(path), real(path))[1])
    folder.sync()
    monkeypatch.setattr(syncing, "fingerprint", lambda _: "of another version")

    told = [folder.sync().summary(), folder.sync().summary()]

    assert (told, len(read)) == (["no change", "no change"], 2)


def test_a_folder_with_a_mistake_is_told_each_time(folder: Folder) -> None:
    folder.loop["level"] = 9

    assert [len(folder.sync().problems) for _ in range(2)] == [1, 1]


def test_the_same_folder_again_writes_nothing(folder: Folder, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "_stamps", lambda _: set())  # so that it is read again
    folder.sync()
    written: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            written.append(statement)

    event.listen(db.engine, "before_cursor_execute", hear)
    report = folder.sync()

    assert (report.is_quiet, report.summary(), written) == (True, "no change", [])


def test_an_edit_makes_a_second_version_and_keeps_the_first(folder: Folder) -> None:
    folder.sync()
    folder.loop["accept"] = ["bowline", "the bowline"]

    report = folder.sync()

    assert (report.changed, report.summary()) == (["knots-loop"], "1 changed")
    assert folder.versions() == [(1, ["bowline"]), (2, ["bowline", "the bowline"])]
    assert folder.stored().version == 2


def test_an_edit_of_links_alone_is_stored_and_makes_no_version(folder: Folder) -> None:
    folder.sync()
    folder.loop["see_also"] = ["knots-two"]

    report = folder.sync()

    assert report.changed == []
    assert folder.stored().links == {
        "objectives": folder.loop["objectives"],
        "see_also": ["knots-two"],
        "gives_away": [],
    }
    assert folder.stored().version == 1


def test_an_edit_taken_back_is_a_third_version(folder: Folder) -> None:
    for accept in (["bowline"], ["loop"], ["bowline"]):
        folder.loop["accept"] = accept
        folder.sync()

    assert [number for number, _ in folder.versions()] == [1, 2, 3]
    assert folder.stored().version == 3


def test_an_edit_keeps_what_learners_know(folder: Folder, desk: Desk) -> None:
    question = folder.stored()
    answer = desk.answer(question, {"text": "bowline"})
    before = desk.card(question)
    folder.loop["accept"] = ["loop"]

    folder.sync()

    after = desk.card(question)
    assert (after.state, after.version, desk.problems()) == (before.state, before.version, [])
    assert desk.feedback(answer.answer_id).grade == Grade.GOOD


def test_spelling_the_same_question_otherwise_is_no_edit(folder: Folder) -> None:
    folder.sync()
    folder.files["knots"][0] = {**dict(reversed(QUESTION.items())), "case": "fold", "shuffle": True}

    assert folder.sync().is_quiet


def test_a_question_follows_its_objective_and_topic_without_a_new_version(folder: Folder, desk: Desk) -> None:
    desk.answer(folder.stored(), {"text": "bowline"})
    folder.loop["objectives"] = ["winds.trade"]
    folder.files = {"knots": [folder.files["knots"][1]], "winds": [folder.loop]}

    assert folder.sync().changed == []

    with folder.db.reading() as session:
        place = select(Objective.slug, Topic.slug).join(Topic, Topic.id == Objective.topic_id)
        found = session.execute(
            place.join(Question, Question.objective_id == Objective.id).where(
                Question.slug == "knots-loop", Question.topic_id == Topic.id
            )
        ).one()
    assert tuple(found) == ("winds.trade", "winds")
    assert (len(folder.versions()), desk.day().done) == (1, 1)


def test_a_question_follows_its_level(folder: Folder) -> None:
    folder.sync()
    folder.loop["level"] = 3

    folder.sync()

    assert folder.stored().level == 3


@pytest.mark.parametrize(("field", "value", "flag"), [("reserved", True, "reserved"), ("status", "draft", "draft")])
def test_a_question_set_aside_in_the_folder_is_not_asked(
    folder: Folder, desk: Desk, field: str, value: object, flag: str
) -> None:
    folder.loop[field] = value

    folder.sync()

    assert (getattr(folder.stored(), flag), len(folder.versions())) == (True, 1)
    assert folder.stored().id not in desk.day().queue.upcoming


def test_a_question_taken_out_is_retired_and_its_card_kept(folder: Folder, desk: Desk) -> None:
    question = folder.stored()
    desk.answer(question, {"text": "reef"})
    folder.files["knots"].remove(folder.loop)

    report = folder.sync()

    assert (report.retired, report.summary()) == (["knots-loop"], "1 reordered, 1 retired")
    assert question.id not in desk.day().queue.upcoming
    assert (len(desk.log(question)), desk.problems()) == (1, [])


def test_a_question_put_back_is_restored_with_its_card(folder: Folder, desk: Desk) -> None:
    question = folder.stored()
    desk.answer(question, {"text": "reef"})
    taken = folder.files["knots"].pop(0)
    folder.sync()
    folder.files["knots"].append(taken)

    report = folder.sync()

    assert (report.restored, report.changed, report.added) == (["knots-loop"], [], [])
    assert question.id in desk.day().queue.upcoming


@pytest.mark.parametrize(
    ("edit", "kind", "ids", "summary"),
    [
        (lambda of: of.loop.update(reserved=True), "settings", ["knots-loop"], "1 with other settings"),
        (lambda of: of.loop.update(status="draft"), "settings", ["knots-loop"], "1 with other settings"),
        (
            lambda of: of.loop.update(level=3),
            "settings",
            ["knots-loop"],
            "1 changed, 1 with other settings",
        ),
        (lambda of: of.loop.update(objectives=["knots.reef"]), "moved", ["knots-loop"], "1 moved to another objective"),
        (lambda of: of.files["knots"].reverse(), "reordered", ["knots-two", "knots-loop"], "2 reordered"),
        (lambda of: of.course.update(title=both("Boats")), "course", ["boats"], "1 part of course.yaml"),
        (lambda of: of.course.update(credit="Two sailors"), "course", ["boats"], "1 part of course.yaml"),
        (lambda of: of.course["topics"][0].update(core=False), "course", ["knots"], "1 part of course.yaml"),
        (lambda of: of.course["topics"].reverse(), "course", ["knots", "winds"], "2 parts of course.yaml"),
        (lambda of: of.course["objectives"][0].update(weight=3), "course", ["knots.bowline"], "1 part of course.yaml"),
        (lambda of: of.course["objectives"].pop(), "course", ["winds.trade"], "1 part of course.yaml"),
    ],
)
def test_whatever_is_written_is_told(
    edit: Callable[[Folder], object], kind: str, ids: list[str], summary: str, folder: Folder
) -> None:
    folder.sync()
    edit(folder)

    report, again = folder.sync(), folder.sync()

    assert (report.is_quiet, getattr(report, kind), report.summary()) == (False, ids, summary)
    assert report.document()[kind] == ids
    assert (again.is_quiet, again.summary()) == (True, "no change")


def test_a_course_without_a_question_is_told(folder: Folder) -> None:
    folder.files = {"knots": []}

    report = folder.sync()

    assert (report.is_quiet, report.summary()) == (False, "a course without a question")


def test_a_retired_question_is_retired_once(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syncing, "_stamps", lambda _: set())  # so that it is read again
    folder.sync()
    folder.files["knots"].pop()
    folder.sync()

    assert folder.sync().is_quiet


def test_a_bad_file_changes_nothing(folder: Folder) -> None:
    folder.sync()
    folder.loop["accept"] = ["loop"]
    folder.files["knots"][1]["colour"] = "blue"

    report = folder.sync()

    assert [(problem.file.endswith("knots.yaml"), problem.line > 1) for problem in report.problems] == [(True, True)]
    assert report.summary() == "1 problem, nothing was changed"
    assert folder.versions() == [(1, ["bowline"])]


def test_a_bad_course_file_changes_nothing(folder: Folder) -> None:
    folder.sync()
    del folder.course["title"]
    folder.loop["accept"] = ["loop"]

    assert folder.sync().problems
    assert folder.versions() == [(1, ["bowline"])]


def test_a_question_of_another_source_is_not_touched(folder: Folder, db: Database) -> None:
    folder.sync()
    with db.writing() as session:
        session.execute(update(Question).where(Question.slug == "knots-two").values(source="upload"))
    folder.files["knots"].pop()

    assert folder.sync().is_quiet
    assert folder.stored("knots-two").retired is False


def test_a_new_order_of_topics_and_questions_is_followed(folder: Folder, desk: Desk) -> None:
    folder.course["topics"].reverse()
    folder.files["knots"].reverse()

    report = folder.sync()

    assert (report.reordered, report.course) == (["knots-two", "knots-loop"], ["knots", "winds"])
    assert desk.day().queue.upcoming == (folder.stored("knots-two").id, folder.stored().id)


def test_a_topic_taken_out_is_retired_with_its_objectives(folder: Folder, db: Database) -> None:
    folder.sync()
    folder.course["topics"].pop()
    folder.course["objectives"].pop()

    folder.sync()

    with db.reading() as session:
        assert session.scalars(select(Topic.slug).where(Topic.retired)).all() == ["winds"]
        assert session.scalars(select(Objective.slug).where(Objective.retired)).all() == ["winds.trade"]


def test_another_course_is_not_touched(folder: Folder, make_question: Callable[..., Question], clock: Clock) -> None:
    question = make_question()

    folder.sync()

    assert folder.stored(question.slug).retired is False
