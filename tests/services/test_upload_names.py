"""The folder takes an id that an upload has: the upload goes on under another one, and its owner finds it again."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select

from app.db import Database
from app.models import Card, Course, Question
from app.services import syncing
from app.services.course_differences import Kind
from app.services.syncing import SyncReport
from tests.bank.packing import course, question, written, zipped
from tests.conftest import Clock
from tests.desk import Desk
from tests.sender import Teacher

Folder = Callable[..., SyncReport]
LOOP = question("knots-loop", "knots.bowline")
OURS = question("knots-loop", "winds.trade", accept=["the folder’s"])


def sources(db: Database) -> Mapping[str, str]:
    """Where each question comes from, by id."""
    with db.reading() as session:
        return {row.slug: row.source for row in session.scalars(select(Question).where(Question.slug != "winds-west"))}


def test_the_folder_takes_the_id_and_the_upload_another_one(db: Database, bruno: Teacher, folder: Folder) -> None:
    bruno.bring([LOOP])

    report = folder(OURS)

    assert (report.problems, report.added, report.renamed) == ((), ["knots-loop"], {"knots-loop": "knots-loop-2"})
    assert sources(db) == {"knots-loop": "folder", "knots-loop-2": "upload"}
    assert "knots-loop is knots-loop-2 now" in report.summary()
    assert folder(OURS).is_quiet


def test_what_learners_know_of_the_upload_stays_its_own(
    db: Database, bruno: Teacher, folder: Folder, boats: Course, make_desk: Callable[..., Desk]
) -> None:
    bruno.bring([LOOP])
    with db.reading() as session:
        asked = session.scalars(select(Question).where(Question.slug == "knots-loop")).one()
    make_desk(course_id=boats.id).answer(asked, {"text": "bowline"})

    folder(OURS)

    with db.reading() as session:
        known = session.scalars(select(Question.slug).join(Card, Card.question_id == Question.id)).all()
    assert known == ["knots-loop-2"]


def test_numbers_that_are_taken_are_passed_over(db: Database, bruno: Teacher, folder: Folder) -> None:
    bruno.bring([LOOP, question("knots-loop-2"), question("k" * 80)])

    report = folder(OURS, question("knots-loop-3", "winds.trade"), question("k" * 80, "winds.trade"))

    assert report.renamed == {"knots-loop": "knots-loop-4", "k" * 80: "k" * 78 + "-2"}


def test_an_id_is_taken_twice(bruno: Teacher, folder: Folder) -> None:
    bruno.bring([LOOP])
    folder(OURS)

    report = folder(OURS, question("knots-loop-2", "winds.trade"))

    assert report.renamed == {"knots-loop-2": "knots-loop-3"}
    assert bruno.see(bruno.send([LOOP])).difference.is_empty


def test_the_same_file_finds_the_renamed_question_again(db: Database, bruno: Teacher, folder: Folder) -> None:
    bruno.bring([LOOP])
    folder(OURS)

    assert bruno.see(bruno.send([LOOP])).difference.is_empty
    bruno.bring([{**LOOP, "accept": ["mended"]}])

    assert sources(db) == {"knots-loop": "folder", "knots-loop-2": "upload"}
    with db.reading() as session:
        versions = {row.slug: row.version for row in session.scalars(select(Question))}
    assert (versions["knots-loop"], versions["knots-loop-2"]) == (1, 2)


def test_the_new_id_finds_it_as_well_but_not_both_in_one_file(bruno: Teacher, folder: Folder) -> None:
    bruno.bring([LOOP])
    folder(OURS)
    again = {**LOOP, "id": "knots-loop-2"}

    assert bruno.see(bruno.send([again])).difference.is_empty
    (problem,) = bruno.see(bruno.send([again, LOOP])).difference.problems
    assert problem.message == "“knots-loop” is one of the folder’s questions"


def test_questions_that_name_it_follow(db: Database, bruno: Teacher, folder: Folder) -> None:
    reef: dict[str, Any] = question("knots-reef", "knots.reef", see_also=["knots-loop"])
    bruno.bring([LOOP, reef])

    folder(OURS)

    with db.reading() as session:
        links = session.scalars(select(Question.links).where(Question.slug == "knots-reef")).one()
    assert links["see_also"] == ["knots-loop-2"]
    assert bruno.see(bruno.send([LOOP, reef])).difference.is_empty


def test_an_id_that_was_another_teachers_is_the_folders_for_everybody_else(
    bruno: Teacher, chloe: Teacher, ada: Teacher, folder: Folder
) -> None:
    bruno.bring([LOOP])
    folder(OURS)

    (problem,) = chloe.see(chloe.send([LOOP])).difference.problems
    assert "folder" in problem.message
    ada.bring([{**LOOP, "accept": ["ada’s"]}])


def test_what_was_shown_before_the_folder_took_the_id_is_shown_again(bruno: Teacher, folder: Folder) -> None:
    bruno.bring([LOOP])
    upload_id = bruno.send([{**LOOP, "accept": ["mended"]}])
    shown = bruno.see(upload_id).difference.fingerprint

    folder(OURS)

    assert bruno.apply(upload_id, shown) is False
    assert bruno.apply(upload_id) is True


def test_the_owner_is_told_and_nobody_else(bruno: Teacher, chloe: Teacher, folder: Folder) -> None:
    theirs = bruno.send([LOOP])
    bruno.apply(theirs)
    folder(OURS)

    assert bruno.see(theirs).renamed.questions == {"knots-loop": "knots-loop-2"}
    assert bruno.see(bruno.send([LOOP])).renamed.questions == {"knots-loop": "knots-loop-2"}
    assert not chloe.see(chloe.send([question("knots-other")])).renamed.questions


def test_the_folder_takes_the_id_of_an_uploaded_course(
    db: Database, bruno: Teacher, tmp_path: Path, clock: Clock
) -> None:
    sea = zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP]})
    bruno.bring(sea)
    path = tmp_path / "sea"
    path.mkdir()
    (path / "course.yaml").write_bytes(written({**course("sea"), "credit": "The folder"}))

    report = syncing.sync_folder(db, path, clock())

    assert (report.problems, report.renamed, report.new) == ((), {"sea": "sea-2"}, True)
    with db.reading() as session:
        credits = {row.slug: row.document.get("credit") for row in session.scalars(select(Course))}
    assert (credits["sea"], credits["sea-2"]) == ("The folder", "A sailor")
    again = bruno.see(bruno.send(sea))
    assert (again.difference.is_empty, again.difference.course) == (True, "sea-2")
    assert again.renamed.courses == {"sea": "sea-2"}
    changed = bruno.bring(zipped({"course.yaml": {**course("sea"), "credit": "Bruno"}, "knots.yaml": [LOOP]}))
    assert changed.difference.counts[Kind.ADDED] == 0
