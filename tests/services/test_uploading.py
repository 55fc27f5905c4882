"""What teachers send: shown first, stored as shown or not at all, and never over what is somebody else's."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.errors import Invalid, NotFound
from app.models import Card, Course, Objective, Question, QuestionVersion, Topic, Upload, UploadedQuestion
from app.services import personal_data, syncing, uploading
from app.services.accounts import Claim
from app.services.course_differences import Kind
from app.services.uploading import DryRun
from app.srs.sm2 import Grade
from tests.bank.packing import both, course, question, zipped
from tests.conftest import Clock
from tests.desk import Desk
from tests.sender import Teacher

REEF = question("knots-reef", "knots.reef")
LOOP = question("knots-loop", "knots.bowline")


def stored(db: Database, slug: str = "knots-loop") -> Question:
    with db.reading() as session:
        return session.scalars(select(Question).where(Question.slug == slug)).one()


def versions(db: Database, slug: str = "knots-loop") -> list[list[str]]:
    """The accepted answers of each version."""
    statement = select(QuestionVersion).join(Question, Question.id == QuestionVersion.question_id)
    with db.reading() as session:
        rows = session.scalars(statement.where(Question.slug == slug).order_by(QuestionVersion.number))
        return [row.body["accept"] for row in rows]


def slugs(run: DryRun, kind: Kind) -> list[str]:
    return [entry.slug for entry in run.difference.entries if entry.what == "question" and entry.kind is kind]


def messages(run: DryRun) -> list[str]:
    return [problem.message for problem in run.difference.problems]


def test_a_file_shows_what_it_would_add_and_adds_nothing(db: Database, bruno: Teacher) -> None:
    run = bruno.see(bruno.send([LOOP, REEF]))

    assert slugs(run, Kind.ADDED) == ["knots-loop", "knots-reef"]
    assert (run.difference.course, run.difference.problems) == ("boats", ())
    with db.reading() as session:
        assert session.scalars(select(Question.slug)).all() == ["winds-west"]


def test_a_file_that_is_applied_adds_its_questions(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])

    row = stored(db)
    assert (row.source, row.retired, row.version, row.links["objectives"]) == ("upload", False, 1, ["knots.bowline"])
    assert versions(db) == [["bowline"]]


def test_learners_of_the_course_are_asked_what_was_uploaded(
    bruno: Teacher, boats: Course, make_desk: Callable[..., Desk], db: Database
) -> None:
    bruno.bring([LOOP])

    assert stored(db).id in make_desk(course_id=boats.id).day().queue.upcoming


def test_applied_again_it_changes_nothing_more(db: Database, bruno: Teacher) -> None:
    upload_id = bruno.send([LOOP])
    shown = bruno.see(upload_id).difference.fingerprint

    assert [bruno.apply(upload_id, shown), bruno.apply(upload_id, shown)] == [True, True]

    assert (len(versions(db)), bruno.see(upload_id).upload.outcome[Kind.ADDED]) == (1, 1)


def test_the_same_file_sent_after_it_was_applied_has_nothing_to_change(bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])

    run = bruno.see(bruno.send([LOOP, REEF]))

    assert (run.difference.is_empty, run.difference.counts[Kind.UNCHANGED]) == (True, 2)


def test_an_edit_is_shown_word_by_word_and_makes_a_version(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])

    run = bruno.bring([{**LOOP, "accept": ["bowline", "the bowline"]}, REEF])

    (entry,) = [entry for entry in run.difference.entries if entry.kind is Kind.CHANGED]
    assert [change.path for change in entry.changes] == [("accept",)]
    assert versions(db) == [["bowline"], ["bowline", "the bowline"]]


@pytest.mark.parametrize(
    ("field", "value", "path"),
    [
        ("reserved", True, "reserved"),
        ("status", "draft", "draft"),
        ("see_also", ["winds-west"], "see_also"),
        ("objectives", ["knots.bowline", "knots.reef"], "objectives"),
    ],
)
def test_a_mark_that_changes_is_shown_and_makes_no_version(
    db: Database, bruno: Teacher, field: str, value: Any, path: str
) -> None:
    bruno.bring([LOOP])

    run = bruno.bring([{**LOOP, field: value}])

    (entry,) = run.difference.entries
    assert (entry.kind, [change.path for change in entry.changes]) == (Kind.CHANGED, [(path,)])
    assert len(versions(db)) == 1


def test_an_edit_keeps_what_learners_know(
    db: Database, bruno: Teacher, boats: Course, make_desk: Callable[..., Desk]
) -> None:
    bruno.bring([LOOP])
    desk = make_desk(course_id=boats.id)
    answer = desk.answer(stored(db), {"text": "bowline"})

    bruno.bring([{**LOOP, "accept": ["loop"]}])

    assert (desk.feedback(answer.answer_id).grade, desk.problems()) == (Grade.GOOD, [])


def test_a_question_that_the_file_lacks_stays(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])

    bruno.bring([{**REEF, "accept": ["reef"]}])

    assert stored(db).retired is False


def test_a_question_that_the_file_lacks_is_retired_when_asked(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])

    run = bruno.bring([REEF], retire=True)

    assert (slugs(run, Kind.RETIRED), stored(db).retired) == (["knots-loop"], True)


def test_retiring_leaves_alone_what_others_sent_and_the_folder(db: Database, bruno: Teacher, chloe: Teacher) -> None:
    chloe.bring([LOOP])

    run = bruno.bring([REEF], retire=True)

    assert slugs(run, Kind.RETIRED) == []
    assert [stored(db, slug).retired for slug in ("knots-loop", "winds-west")] == [False, False]


def test_a_retired_question_that_is_sent_again_comes_back_with_its_cards(
    db: Database, bruno: Teacher, boats: Course, make_desk: Callable[..., Desk]
) -> None:
    bruno.bring([LOOP, REEF])
    make_desk(course_id=boats.id).answer(stored(db), {"text": "bowline"})
    bruno.bring([REEF], retire=True)

    run = bruno.bring([LOOP, REEF])

    assert (slugs(run, Kind.RESTORED), stored(db).retired) == (["knots-loop"], False)
    with db.reading() as session:
        assert session.scalars(select(Card.question_id)).all() == [stored(db).id]


def test_an_id_of_the_folder_is_a_problem_that_names_it(db: Database, bruno: Teacher) -> None:
    upload_id = bruno.send([REEF, question("winds-west", "winds.trade", accept=["mine"])])

    (problem,) = bruno.see(upload_id).difference.problems
    assert ("winds-west" in problem.message, "folder" in problem.message) == (True, True)
    assert (problem.file, problem.line) == ("mine.yaml", 14)
    assert bruno.apply(upload_id) is False
    assert (stored(db, "winds-west").source, versions(db, "winds-west")) == ("folder", [["bowline"]])


def test_an_id_that_the_folder_retired_is_still_the_folders(folder: Callable[..., Any], bruno: Teacher) -> None:
    folder(question("winds-gone", "winds.trade"))
    folder()

    assert len(messages(bruno.see(bruno.send([question("winds-gone", "winds.trade")])))) == 1


def test_another_teachers_question_is_not_overwritten(db: Database, bruno: Teacher, chloe: Teacher) -> None:
    bruno.bring([LOOP])
    upload_id = chloe.send([{**LOOP, "accept": ["mine"]}])

    assert ["somebody else" in message for message in messages(chloe.see(upload_id))] == [True]
    assert (chloe.apply(upload_id), versions(db)) == (False, [["bowline"]])


def test_an_admin_mends_a_teachers_question_which_stays_theirs(db: Database, bruno: Teacher, ada: Teacher) -> None:
    bruno.bring([LOOP])

    ada.bring([{**LOOP, "accept": ["mended"]}])

    with db.reading() as session:
        assert session.scalars(select(UploadedQuestion.owner_id)).all() == [bruno.person.id]
    assert slugs(bruno.bring([LOOP]), Kind.CHANGED) == ["knots-loop"]


def test_what_somebody_who_left_had_sent_is_for_admins(
    db: Database, clock: Clock, bruno: Teacher, chloe: Teacher, ada: Teacher
) -> None:
    bruno.bring([LOOP])
    waiting = bruno.send([REEF])
    with db.writing() as session:
        personal_data.erase(session, bruno.person, Claim(bruno.person.id, "unusable"), clock())

    assert len(messages(chloe.see(chloe.send([{**LOOP, "level": 3}])))) == 1
    assert slugs(ada.bring([{**LOOP, "level": 3}]), Kind.CHANGED) == ["knots-loop"]
    with db.reading() as session:
        assert session.get(Upload, waiting) is None


def test_where_a_question_comes_from_is_told(db: Database, bruno: Teacher, clock: Clock) -> None:
    bruno.bring([LOOP], name="C:\\docs\\nœuds.yaml")

    with db.reading() as session:
        origin = uploading.origin_of(session, stored(db).id)
        assert uploading.origin_of(session, stored(db, "winds-west").id) is None
    assert origin is not None
    assert (origin.file_name, origin.by, origin.at) == ("nœuds.yaml", "Bruno", clock())


def test_a_question_left_as_it_was_keeps_the_file_it_came_from(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP], name="first.yaml")
    bruno.bring([LOOP, REEF], name="second.yaml")

    with db.reading() as session:
        found = [uploading.origin_of(session, stored(db, slug).id) for slug in ("knots-loop", "knots-reef")]
    assert [origin and origin.file_name for origin in found] == ["first.yaml", "second.yaml"]


def test_objectives_of_another_course_are_problems_with_their_places(bruno: Teacher) -> None:
    run = bruno.see(bruno.send([question("a", "knots.bowlin"), question("b", "sails.jib")]))

    told = [(problem.line, problem.message, problem.hint) for problem in run.difference.problems]
    assert [line for line, _, _ in told] == [4, 17]
    assert "knots.bowlin" in told[0][1]
    assert told[0][2] == "did you mean “knots.bowline”?"


def test_a_question_may_name_those_of_the_folder(bruno: Teacher) -> None:
    assert messages(bruno.see(bruno.send([{**LOOP, "see_also": ["winds-west"]}]))) == []
    assert len(messages(bruno.see(bruno.send([{**LOOP, "see_also": ["winds-nowhere"]}])))) == 1


def test_every_problem_of_every_file_is_told_at_once(bruno: Teacher) -> None:
    bad = {
        "knots.yaml": [{**LOOP, "colour": "blue"}, {**REEF, "level": 9}],
        "more.yaml": [question("a", "no.such"), question("winds-west", "winds.trade")],
        "winds.yaml": b"- id: [\n",
    }

    run = bruno.see(bruno.send(zipped(bad), name="bank.zip"))

    told = [problem.file for problem in run.difference.problems]
    assert told == ["knots.yaml", "knots.yaml", "more.yaml", "more.yaml", "winds.yaml"]


def test_a_bad_file_cannot_be_applied(db: Database, bruno: Teacher) -> None:
    upload_id = bruno.send([LOOP, {**REEF, "colour": "blue"}])

    assert bruno.apply(upload_id) is False
    with db.reading() as session:
        assert session.scalars(select(Question.slug)).all() == ["winds-west"]
    assert bruno.see(upload_id).upload.applied_at is None


def test_the_writing_is_judged_and_keeps_nothing_out(db: Database, bruno: Teacher) -> None:
    short = {**LOOP, "explanation": both("So.")}

    run = bruno.bring([short])

    told = [(one.file, one.line, one.severity) for one in run.remarks if one.rule == "short-explanation"]
    assert told == [("mine.yaml", 12, "warning"), ("mine.yaml", 13, "warning")]
    assert stored(db).retired is False


def test_the_writing_is_judged_beside_the_errors(bruno: Teacher) -> None:
    run = bruno.see(bruno.send([{**LOOP, "explanation": both("So.")}, {**REEF, "colour": "blue"}]))

    assert [len(run.difference.problems), "short-explanation" in {one.rule for one in run.remarks}] == [1, True]


def test_a_question_may_break_a_rule_for_a_reason(bruno: Teacher) -> None:
    excused = {**LOOP, "explanation": both("So."), "allow": {"short-explanation": "nothing more to say"}}

    assert "short-explanation" not in {one.rule for one in bruno.see(bruno.send([excused])).remarks}


def test_what_was_applied_is_judged_no_more(bruno: Teacher) -> None:
    upload_id = bruno.send([{**LOOP, "explanation": both("So.")}])
    bruno.apply(upload_id)

    assert bruno.see(upload_id).remarks == ()


def test_a_zip_brings_a_course_of_its_own(db: Database, bruno: Teacher) -> None:
    files = {"sea/course.yaml": course("sea"), "sea/knots.yaml": [LOOP, REEF]}

    run = bruno.bring(zipped(files), name="sea.zip")

    assert {(entry.what, entry.kind) for entry in run.difference.entries} == {
        (what, Kind.ADDED) for what in ("course", "topic", "objective", "question")
    }
    with db.reading() as session:
        found = session.scalars(select(Course).where(Course.slug == "sea")).one()
        assert found.document["licence"] == "CC BY-SA 4.0"
        assert len(session.scalars(select(Topic).where(Topic.course_id == found.id)).all()) == 2
        rows = session.scalars(select(Question).where(Question.course_id == found.id).order_by(Question.position))
        assert [row.slug for row in rows] == ["knots-loop", "knots-reef"]


def test_the_same_course_again_changes_nothing(bruno: Teacher) -> None:
    files = zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP]})
    bruno.bring(files)

    assert bruno.see(bruno.send(files)).difference.is_empty


def test_a_course_is_changed_by_its_owner(db: Database, bruno: Teacher) -> None:
    bruno.bring(zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP]}))
    changed = course("sea", ("knots.bowline", "winds.monsoon"))
    changed["topics"][0]["title"] = both("Ropes")

    run = bruno.bring(zipped({"course.yaml": changed, "knots.yaml": [LOOP]}))

    told = {(entry.what, entry.slug, entry.kind) for entry in run.difference.entries if entry.kind != "unchanged"}
    assert told == {
        ("topic", "knots", Kind.CHANGED),
        ("objective", "winds.monsoon", Kind.ADDED),
        ("objective", "knots.reef", Kind.RETIRED),
        ("objective", "winds.trade", Kind.RETIRED),
    }
    with db.reading() as session:
        course_id = session.scalars(select(Course.id).where(Course.slug == "sea")).one()
        gone = select(Objective.slug).where(Objective.course_id == course_id, Objective.retired)
        assert set(session.scalars(gone)) == {"knots.reef", "winds.trade"}


def test_a_course_does_not_lose_an_objective_that_a_question_still_examines(bruno: Teacher, chloe: Teacher) -> None:
    bruno.bring(zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP, REEF]}))
    smaller = zipped({"course.yaml": course("sea", ("knots.bowline",)), "knots.yaml": [LOOP]})

    kept = bruno.see(bruno.send(smaller))
    retired = bruno.see(bruno.send(smaller, retire=True))

    assert ["knots-reef" in message for message in messages(kept)] == [True]
    assert (messages(retired), slugs(retired, Kind.RETIRED)) == ([], ["knots-reef"])


def test_a_course_of_the_folder_is_never_changed(bruno: Teacher, ada: Teacher) -> None:
    files = zipped({"course.yaml": course("boats"), "knots.yaml": [LOOP]})

    for sender in (bruno, ada):
        (problem,) = sender.see(sender.send(files)).difference.problems
        assert (problem.file, "folder" in problem.message) == ("course.yaml", True)


def test_another_teachers_course_is_not_overwritten(bruno: Teacher, chloe: Teacher, ada: Teacher) -> None:
    bruno.bring(zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP]}))
    changed = zipped({"course.yaml": {**course("sea"), "credit": "Me"}, "knots.yaml": [LOOP]})

    assert len(messages(chloe.see(chloe.send(changed)))) == 1
    ada.bring(changed)


def test_another_teacher_adds_questions_to_an_uploaded_course(db: Database, bruno: Teacher, chloe: Teacher) -> None:
    bruno.bring(zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP]}))
    with db.reading() as session:
        chloe.course_id = session.scalars(select(Course.id).where(Course.slug == "sea")).one()

    chloe.bring([REEF])

    again = bruno.bring(zipped({"course.yaml": course("sea"), "knots.yaml": [{**LOOP, "level": 3}]}), retire=True)
    assert slugs(again, Kind.RETIRED) == []


def test_the_folder_leaves_uploads_alone(bruno: Teacher, folder: Callable[..., syncing.SyncReport]) -> None:
    bruno.bring([LOOP])

    assert folder().is_quiet


def test_what_changed_in_the_meantime_is_shown_again(db: Database, bruno: Teacher, ada: Teacher) -> None:
    bruno.bring([LOOP])
    upload_id = bruno.send([{**LOOP, "accept": ["bruno’s"]}])
    shown = bruno.see(upload_id).difference.fingerprint
    ada.bring([{**LOOP, "accept": ["ada’s"]}])

    assert bruno.apply(upload_id, shown) is False
    assert versions(db)[-1] == ["ada’s"]
    assert bruno.apply(upload_id) is True
    assert versions(db)[-1] == ["bruno’s"]


def test_a_mark_that_changed_in_the_meantime_is_noticed(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP])
    upload_id = bruno.send([{**LOOP, "accept": ["mine"]}])
    shown = bruno.see(upload_id).difference.fingerprint
    with db.writing() as session:
        session.execute(update(Question).where(Question.slug == "knots-loop").values(reserved=True))

    assert bruno.apply(upload_id, shown) is False


def test_an_id_that_the_folder_took_in_the_meantime_is_noticed(
    bruno: Teacher, folder: Callable[..., syncing.SyncReport], db: Database
) -> None:
    upload_id = bruno.send([LOOP])
    shown = bruno.see(upload_id).difference.fingerprint
    folder(question("knots-loop", "winds.trade"))

    assert bruno.apply(upload_id, shown) is False
    assert stored(db).source == "folder"


def test_a_course_that_could_not_be_applied_leaves_nothing(db: Database, bruno: Teacher) -> None:
    upload_id = bruno.send(zipped({"course.yaml": course("sea"), "knots.yaml": [LOOP]}))

    assert bruno.apply(upload_id, "0" * 64) is False
    with db.reading() as session:
        assert session.scalars(select(Course.id).where(Course.slug == "sea")).all() == []


@pytest.mark.parametrize("role", ["teacher", "admin"])
def test_a_file_is_its_senders_alone(bruno: Teacher, make_teacher: Callable[..., Teacher], role: str) -> None:
    upload_id = bruno.send([LOOP])
    other = make_teacher(role=role)

    with pytest.raises(NotFound):
        other.see(upload_id)
    with pytest.raises(NotFound):
        other.apply(upload_id, "0" * 64)
    with pytest.raises(NotFound), other.db.writing() as session:
        uploading.discard(session, other.person, upload_id, other.clock())
    assert bruno.see(upload_id).difference.problems == ()


def test_a_file_given_up_is_gone(db: Database, bruno: Teacher, clock: Clock) -> None:
    upload_id = bruno.send([LOOP])

    with db.writing() as session:
        uploading.discard(session, bruno.person, upload_id, clock())

    with pytest.raises(NotFound):
        bruno.see(upload_id)


def test_what_was_applied_cannot_be_given_up(db: Database, bruno: Teacher, clock: Clock) -> None:
    bruno.bring([LOOP])

    with pytest.raises(NotFound), db.writing() as session:
        uploading.discard(session, bruno.person, 1, clock())


def test_a_file_is_forgotten_after_a_day(db: Database, bruno: Teacher, clock: Clock) -> None:
    upload_id = bruno.send([LOOP])
    shown = bruno.see(upload_id).difference.fingerprint
    clock.advance(days=1)

    with pytest.raises(NotFound):
        bruno.apply(upload_id, shown)
    bruno.send([REEF])

    with db.reading() as session:
        assert session.get(Upload, upload_id) is None


def test_what_was_applied_is_not_swept_but_its_bytes_are_gone(db: Database, bruno: Teacher, clock: Clock) -> None:
    bruno.bring([LOOP])
    clock.advance(days=2)

    with db.writing() as session:
        assert uploading.sweep(session, clock()) == 0

    with db.reading() as session:
        assert session.execute(select(Upload.content, Upload.file_name)).all() == [(None, "mine.yaml")]


def test_an_older_file_makes_way_for_the_sixth(db: Database, bruno: Teacher, chloe: Teacher, clock: Clock) -> None:
    other = chloe.send([LOOP])
    sent = []
    for number in range(uploading.MOST_WAITING + 1):
        clock.advance(minutes=1)
        sent.append(bruno.send([question(f"q-{number}")]))

    with db.reading() as session:
        assert session.scalars(select(Upload.id).order_by(Upload.id)).all() == [other, *sent[1:]]


def test_the_same_file_sent_twice_is_kept_once(bruno: Teacher) -> None:
    assert bruno.send([LOOP]) == bruno.send([LOOP])
    assert bruno.send([LOOP]) != bruno.send([LOOP], retire=True)


def test_a_file_over_the_limit_an_empty_one_and_an_unknown_course_are_refused(bruno: Teacher) -> None:
    bruno.course_id = 999

    with pytest.raises(Invalid) as refused:
        bruno.send(b"x" * (uploading.MOST_BYTES + 1))
    assert [problem.code for problem in refused.value.problems] == ["file_large", "not_offered"]
    with pytest.raises(Invalid):
        bruno.send(b"")


def test_questions_without_a_course_are_a_problem(bruno: Teacher) -> None:
    bruno.course_id = None

    run = bruno.see(bruno.send([LOOP]))

    assert len(messages(run)) == 1
    assert bruno.apply(run.upload.id) is False


def test_new_questions_stand_after_the_others(db: Database, bruno: Teacher) -> None:
    bruno.bring([LOOP, REEF])
    bruno.bring([question("knots-late"), {**LOOP, "level": 3}])

    found = {slug: stored(db, slug).position for slug in ("winds-west", "knots-loop", "knots-reef", "knots-late")}
    assert sorted(found, key=lambda slug: found[slug]) == list(found)


def test_a_teachers_list_has_what_waits_and_what_was_applied(db: Database, bruno: Teacher, clock: Clock) -> None:
    bruno.bring([LOOP], name="applied.yaml")
    clock.advance(minutes=5)
    bruno.send([REEF], name="waits.yaml")

    with db.reading() as session:
        found = uploading.listed(session, bruno.person, clock() + timedelta(minutes=1))

    assert [(one.file_name, one.applied_at is None) for one in found] == [("waits.yaml", True), ("applied.yaml", False)]
