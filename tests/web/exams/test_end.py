"""The end: handing in once, the receipt one keeps, and a result that tells no more than it may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.models import Adjustment, Allowance, AttemptItem, Membership, Regrade
from app.services import classes, exams, marks
from tests.hall import Hall
from tests.web.exams.conftest import Student

MakeHall = Callable[..., Hall]
Seat = Callable[..., Student]
KEY = '<span class="tag">Right answer'
WHY = "only has the loopback"


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall(show_explanations="closed")


@pytest.fixture
def alice(hall: Hall, seat: Seat) -> Student:
    return seat(hall)


def taken(student: Student, *choices: str) -> int:
    """Take the exam with these choices and hand it in; return the attempt."""
    attempt = student.start()
    for place, wanted in enumerate(choices, 1):
        student.turn(attempt, f"?question={place}", **{f"q{place}_choice": student.choice(attempt, place, wanted)})
    assert student.submit(attempt).location == f"/attempts/{attempt}/receipt"
    return attempt


def test_handing_in_twice_hands_in_once(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    form = alice.fields(attempt, "hand-in")

    replies = [alice.browser.post(f"/attempts/{attempt}/submit", data=form) for _ in range(2)]

    assert {reply.location for reply in replies} == {f"/attempts/{attempt}/receipt"}
    assert hall.events(attempt) == ["started", "submitted"]


def test_the_receipt_tells_number_time_and_answers_and_no_key(hall: Hall, alice: Student) -> None:
    attempt = taken(alice, "b", "a")

    page = alice.text(f"/attempts/{attempt}/receipt")
    file = alice.browser.get(f"/attempts/{attempt}/receipt.txt")

    receipt = hall.sheet(alice.who, attempt).receipt
    for words in (page, file.text):
        assert receipt and receipt in words
        assert "Monday 23 November at 10:00, Paris time" in words
        assert WHY not in words and KEY not in words
    assert "   none\n" in file.text and "   host\n" in file.text and file.text.count("(no answer)") == 2
    assert file.headers["Content-Disposition"] == f'attachment; filename="rappel-{receipt}.txt"'


def test_the_receipt_names_the_student_as_their_school_does(hall: Hall, seat: Seat) -> None:
    ana = seat(hall, "Ana O’Brien")
    with hall.db.writing() as session:
        member = session.scalars(select(Membership).where(Membership.user_id == ana.who.id)).one()
        member.name, member.institution_id = "Ana O’Brien", "0126"
    attempt = taken(ana, "b")

    assert "<dt>Student</dt><dd>Ana O’Brien (0126)</dd>" in ana.text(f"/attempts/{attempt}/receipt")
    assert "Student: Ana O’Brien (0126)\n" in ana.browser.get(f"/attempts/{attempt}/receipt.txt").text


def test_the_receipt_of_who_has_left_the_class_has_the_name_of_their_account(hall: Hall, alice: Student) -> None:
    attempt = taken(alice, "b")
    with hall.db.writing() as session:
        session.scalars(select(Membership).where(Membership.user_id == alice.who.id)).one().name = "A. Liddell"
        session.flush()
        classes.leave(session, alice.who, hall.taught.id, hall.clock())

    assert "<dt>Student</dt><dd>Alice</dd>" in alice.text(f"/attempts/{attempt}/receipt")


def test_an_attempt_that_its_time_ended_shows_what_counts_and_stores_its_end_on_demand(
    hall: Hall, alice: Student
) -> None:
    attempt = alice.start()
    alice.turn(attempt, q1_choice=alice.choice(attempt, 1))
    hall.clock.advance(hours=1, seconds=16)

    page = alice.text(f"/attempts/{attempt}/receipt")
    assert "The time is over" in page and "none yet" in page
    assert hall.sheet(alice.who, attempt).submitted_at is None  # looking stores nothing

    alice.browser.post(f"/attempts/{attempt}/submit", data={"epoch": "1"})

    sheet = hall.sheet(alice.who, attempt)
    assert sheet.receipt and sheet.submitted_at == sheet.deadline


def test_the_receipt_of_an_attempt_that_its_time_ended_never_says_that_it_was_handed_in(
    hall: Hall, alice: Student
) -> None:
    attempt = alice.start()
    hall.clock.advance(hours=1, seconds=16)
    before = [alice.text(f"/attempts/{attempt}/{path}") for path in ("receipt", "receipt.txt")]
    alice.browser.post(f"/attempts/{attempt}/submit", data={"epoch": "1"})

    after = [alice.text(f"/attempts/{attempt}/{path}") for path in ("receipt", "receipt.txt")]

    for words in before + after:
        assert "Ended by its time" in words and "anded in" not in words


def test_a_receipt_and_a_result_wait_for_the_end(alice: Student) -> None:
    attempt = alice.start()

    assert [alice.page(attempt, path).status_code for path in ("receipt", "result", "receipt.txt")] == [303, 303, 404]


def test_before_the_close_nothing_is_told_and_when_it_will_be(alice: Student) -> None:
    attempt = taken(alice, "b", "a")

    page = alice.text(f"/attempts/{attempt}/result")

    assert "once everybody has finished, after Monday 23 November at 12:00, Paris time" in page
    assert "out of 20" not in page and KEY not in page and WHY not in page and "Points" not in page


def test_after_the_close_score_key_and_reasons_are_there(hall: Hall, alice: Student) -> None:
    attempt = taken(alice, "b", "a", "b")
    hall.clock.advance(hours=3)

    page = alice.text(f"/attempts/{attempt}/result")

    assert "<mark>10</mark> out of 20" in page
    assert "Points: 2 of 4, brought to 20" in page
    assert page.count("Points: 1 of 1") == 2 and page.count("Points: 0 of 1") == 2
    assert KEY in page and WHY in page and "No answer" in page


def test_why_an_attempt_without_a_question_left_has_the_full_score_is_said(hall: Hall, alice: Student) -> None:
    attempt = taken(alice, "a")
    with hall.db.writing() as session:
        for item in marks.any_exam(session, hall.exam_id).items:
            session.add(Regrade(item_id=item, kind="drop", details={}, reason="Unclear.", at=hall.clock()))
    hall.clock.advance(hours=3)

    page = alice.text(f"/attempts/{attempt}/result")

    assert "with nothing to win, it has the full score" in page
    assert "Points: 0 of 0" not in page


@pytest.mark.parametrize("later", ["extra time", "a make-up"])
def test_no_key_is_told_while_another_student_may_still_answer(
    hall: Hall, alice: Student, seat: Seat, later: str
) -> None:
    chloe = seat(hall, "Chloe")
    attempt = taken(alice, "b")
    with hall.db.writing() as session:
        if later == "extra time":
            session.scalars(select(Membership).where(Membership.user_id == chloe.who.id)).one().extra_minutes = 20
        else:
            closes = hall.clock() + timedelta(hours=2, minutes=20)
            session.add(Allowance(exam_id=hall.exam_id, learner_id=chloe.who.id, closes_at=closes))
    hall.clock.advance(hours=2, minutes=20)

    assert KEY not in alice.text(f"/attempts/{attempt}/result")
    hall.clock.advance(minutes=21)
    assert KEY in alice.text(f"/attempts/{attempt}/result")


def test_what_is_never_shown_is_not_shown_and_said(make_hall: MakeHall, seat: Seat) -> None:
    never = dict.fromkeys(("show_score", "show_answers", "show_explanations"), "never")
    alice = seat(make_hall(**never))
    attempt = taken(alice, "b")
    alice.hall.clock.advance(days=30)

    page = alice.text(f"/attempts/{attempt}/result")

    assert page.count("not shown for this exam") == 2
    assert KEY not in page and WHY not in page and "out of 20" not in page


def test_a_score_at_once_tells_no_credit_of_a_question(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(show_score="submitted"))
    attempt = taken(alice, "b", "a")

    page = alice.text(f"/attempts/{attempt}/result")

    assert "<mark>5</mark> out of 20" in page
    assert "Points: 1 of 1" not in page and KEY not in page and "Points" not in page


def test_a_practice_exam_shows_all_at_once_and_hides_the_key_while_one_is_at_work(
    make_hall: MakeHall, seat: Seat
) -> None:
    shown = dict.fromkeys(("show_score", "show_answers", "show_explanations"), "submitted")
    alice = seat(make_hall(kind="practice", attempts=0, opens_at=None, closes_at=None, **shown))
    first = taken(alice, "b")
    assert KEY in alice.text(f"/attempts/{first}/result")

    alice.start()

    page = alice.text(f"/attempts/{first}/result")
    assert KEY not in page and WHY not in page
    assert "shown once no attempt of yours is at work" in page


def regrade(hall: Hall, attempt: int, place: int, kind: str, **details: Any) -> None:
    with hall.db.writing() as session:
        item = session.get_one(AttemptItem, (attempt, place)).item_id
        session.add(Regrade(item_id=item, kind=kind, details=details, reason="", at=hall.clock()))


def test_the_score_explains_what_was_cancelled_given_and_adjusted(hall: Hall, alice: Student) -> None:
    attempt = taken(alice, "b", "a", "a")
    regrade(hall, attempt, 2, "drop")
    regrade(hall, attempt, 3, "everybody")
    with hall.db.writing() as session:
        session.add(Adjustment(attempt_id=attempt, hundredths=-50, reason="Late to the room.", at=hall.clock()))
    hall.clock.advance(hours=3)

    page = alice.text(f"/attempts/{attempt}/result")

    assert "<mark>12.83</mark> out of 20" in page  # 2 of 3 points, less half a point
    assert "Cancelled: it counts for nobody." in page and "given to everybody" in page
    assert "Your teacher changed the score by −0.5: Late to the room." in page


def test_a_french_page_writes_the_score_with_a_comma(hall: Hall, seat: Seat) -> None:
    alice = seat(hall, "Amélie", locale="fr")
    attempt = taken(alice, "b")
    with hall.db.writing() as session:
        session.add(Adjustment(attempt_id=attempt, hundredths=25, reason="Soin.", at=hall.clock()))
    hall.clock.advance(hours=3)

    assert "5,25" in alice.text(f"/attempts/{attempt}/result")


def test_the_pass_mark_is_said(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(show_score="submitted", pass_hundredths=1000))

    assert "Not passed: 10 were needed." in alice.text(f"/attempts/{taken(alice, 'b')}/result")


def test_what_another_exam_asks_is_withheld_and_said(hall: Hall, alice: Student) -> None:
    attempt = taken(alice, "b", "b")
    hall.clock.advance(hours=3)
    before = alice.text(f"/attempts/{attempt}/result")
    with hall.db.writing() as session:
        first = exams.found(session, hall.teacher, hall.exam_id).draft
        again = replace(first, title="Final", opens_at=None, closes_at=hall.clock() + timedelta(days=1))
        exams.publish(
            session,
            hall.teacher,
            exams.create(session, hall.teacher, hall.taught.id, again, hall.clock()),
            hall.clock(),
        )

    page = alice.text(f"/attempts/{attempt}/result")

    assert KEY in before and "withheld here" not in before
    assert KEY not in page and WHY not in page and "Points: 1 of 1" not in page
    assert "Another exam of yours asks some of these questions." in page
    assert page.count("This question is in an exam of yours") == 4
    assert "<mark>10</mark> out of 20" in page
