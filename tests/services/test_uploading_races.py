"""Uploads at the same moment, and while the folder is stored: one after the other, each whole or not at all."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sqlalchemy import func, select

from app.db import Database
from app.models import Course, Question, QuestionVersion, Upload, UploadedQuestion
from app.services import syncing, uploading, withdrawing
from app.services.syncing import SyncReport
from tests.bank.packing import course, question, written, zipped
from tests.conftest import Clock
from tests.sender import Teacher
from tests.services.test_races import at_once

MANY = [question(f"knots-{number}") for number in range(20)]


def count(db: Database, *which: object) -> int:
    with db.reading() as session:
        return session.scalar(select(func.count()).select_from(Question).where(*which)) or 0  # type: ignore[arg-type]


def test_one_file_applied_at_once_is_stored_once(db: Database, bruno: Teacher) -> None:
    upload_id = bruno.send(MANY)
    shown = bruno.see(upload_id).difference.fingerprint

    assert at_once([lambda: bruno.apply(upload_id, shown)] * 6) == [True] * 6

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(QuestionVersion)) == len(MANY) + 1
        assert session.scalar(select(func.count()).select_from(UploadedQuestion)) == len(MANY)


def test_one_of_two_teachers_gets_an_id(db: Database, bruno: Teacher, chloe: Teacher) -> None:
    sent = [(one, one.send([question(accept=[one.person.role, str(one.person.id)])])) for one in (bruno, chloe)]
    shown = [one.see(upload_id).difference.fingerprint for one, upload_id in sent]

    calls = [partial(one.apply, upload_id, seen) for (one, upload_id), seen in zip(sent, shown, strict=True)]
    results = at_once(calls)

    assert sorted(results, key=str) == [False, True]
    with db.reading() as session:
        winner = session.scalars(select(UploadedQuestion.owner_id)).one()
    assert winner == (bruno, chloe)[results.index(True)].person.id


def test_one_of_two_teachers_gets_the_id_of_a_course(db: Database, bruno: Teacher, chloe: Teacher) -> None:
    sent = []
    for one in (bruno, chloe):
        files = {"course.yaml": {**course("sea"), "credit": str(one.person.id)}, "knots.yaml": MANY}
        sent.append((one, one.send(zipped(files), name="sea.zip")))
    shown = [one.see(upload_id).difference.fingerprint for one, upload_id in sent]

    calls = [partial(one.apply, upload_id, seen) for (one, upload_id), seen in zip(sent, shown, strict=True)]
    results = at_once(calls)

    assert sorted(results, key=str) == [False, True]
    with db.reading() as session:
        found = session.scalars(select(Course).where(Course.slug == "sea")).one()
    assert found.document["credit"] == str((bruno, chloe)[results.index(True)].person.id)
    assert count(db, Question.course_id == found.id) == len(MANY)


def test_the_folder_stored_at_the_same_moment_and_an_upload_both_go_through(
    db: Database, bruno: Teacher, folder: Callable[..., SyncReport]
) -> None:
    upload_id = bruno.send(MANY)
    shown = bruno.see(upload_id).difference.fingerprint
    new = [question(f"winds-{number}", "winds.trade") for number in range(20)]

    at_once([lambda: bruno.apply(upload_id, shown), lambda: folder(*new)])

    assert (count(db, Question.source == "upload"), count(db, Question.source == "folder")) == (20, 21)
    assert count(db, Question.retired) == 0


def test_of_the_folder_and_an_upload_the_folder_gets_an_id(
    db: Database, bruno: Teacher, folder: Callable[..., SyncReport]
) -> None:
    upload_id = bruno.send([question("winds-new", "winds.trade")])
    shown = bruno.see(upload_id).difference.fingerprint

    applied, report = at_once(
        [lambda: bruno.apply(upload_id, shown), lambda: folder(question("winds-new", "winds.trade"))]
    )

    assert report.problems == ()  # type: ignore[union-attr]
    assert count(db, Question.slug == "winds-new", Question.source == "folder") == 1
    assert count(db, Question.slug == "winds-new-2", Question.source == "upload") == applied


def test_folders_and_an_upload_at_once_share_the_ids_of_a_course(
    db: Database, bruno: Teacher, chloe: Teacher, tmp_path: Path, clock: Clock
) -> None:
    bruno.bring(zipped({"course.yaml": course("sea"), "knots.yaml": MANY}), name="sea.zip")
    path = tmp_path / "sea"
    path.mkdir()
    (path / "course.yaml").write_bytes(written({**course("sea"), "credit": "The folder"}))
    upload_id = chloe.send(zipped({"course.yaml": {**course("sea-2"), "credit": "Chloé"}, "knots.yaml": MANY}))
    shown = chloe.see(upload_id).difference.fingerprint

    results = at_once([lambda: chloe.apply(upload_id, shown), *[lambda: syncing.sync_folder(db, path, clock())] * 3])

    with db.reading() as session:
        credits = {one.slug: one.document.get("credit") for one in session.scalars(select(Course))}
    theirs = {credits[slug] for slug in credits if slug.startswith("sea-")}
    assert (credits["sea"], theirs) == ("The folder", {"A sailor", "Chloé"} if results[0] else {"A sailor"})


def test_files_sent_at_once_stay_within_the_limit(db: Database, bruno: Teacher) -> None:
    at_once([partial(bruno.send, [question(f"q-{number}")]) for number in range(10)])

    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Upload)) == uploading.MOST_WAITING


def test_a_withdrawal_at_once_with_the_same_file_again_leaves_all_or_nothing(db: Database, bruno: Teacher) -> None:
    bruno.bring(MANY)
    upload_id = bruno.send([{**MANY[0], "level": 3}, *MANY[1:]])
    shown = bruno.see(upload_id).difference.fingerprint

    def withdraw() -> int:
        with db.writing() as session:
            return withdrawing.withdraw_questions(session, bruno.person, "boats", None)

    counts = at_once([withdraw, withdraw, lambda: bruno.apply(upload_id, shown)])

    assert sorted(counts[:2]) == [0, len(MANY)]
    assert count(db, Question.source == "upload", Question.retired) == len(MANY)
