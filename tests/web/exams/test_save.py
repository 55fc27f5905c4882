"""What the page's script sends: each change at once, in order, from one browser; the answers are JSON."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.exam.timing import GRACE
from app.models import Question
from tests.hall import Hall
from tests.web.exams.conftest import Student

Seat = Callable[..., Student]


def test_a_change_is_stored_and_said_with_the_servers_time(alice: Student) -> None:
    attempt = alice.start()

    reply = alice.save(attempt, shown="1", q1_seq="1", q1_choice=alice.choice(attempt, 1))

    assert reply.status_code == 200
    assert reply.json == {
        "state": "saved",
        "words": "Saved at 10:00, Paris time",
        "remaining": 3600,
        "ends": "end at 11:00, Paris time",
        "epoch": 1,
        "over": False,
    }
    assert alice.responses(attempt)[0] == {"choice": "b"}


def test_an_older_change_that_arrives_late_is_said_and_changes_nothing(alice: Student) -> None:
    attempt = alice.start()
    alice.save(attempt, shown="1", q1_seq="2", q1_choice=alice.choice(attempt, 1, "b"))

    reply = alice.save(attempt, shown="1", q1_seq="1", q1_choice=alice.choice(attempt, 1, "a"))

    assert (reply.status_code, reply.json["state"]) == (200, "older")  # type: ignore[index]
    assert alice.responses(attempt)[0] == {"choice": "b"}


def test_several_questions_are_saved_in_one_request(alice: Student) -> None:
    attempt = alice.start()
    chosen = {f"q{place}_choice": alice.choice(attempt, place) for place in (2, 4)}

    alice.save(attempt, shown=["2", "4"], q2_seq="1", q4_seq="2", q4_flag="1", **chosen)

    assert alice.responses(attempt) == [None, {"choice": "b"}, None, {"choice": "b"}]
    assert [item.flagged for item in alice.hall.sheet(alice.who, attempt).items] == [False, False, False, True]


def test_another_browser_is_asked_before_it_takes_over(hall: Hall, alice: Student, seat: Seat) -> None:
    attempt = alice.start()
    other = seat(hall, who=alice.who)

    page = other.page(attempt)

    assert page.status_code == 200 and "Go on here" in page.text and "isolates" not in page.text
    assert hall.events(attempt) == ["started"]


def test_what_the_first_browser_sends_after_the_second_took_over_is_refused(
    hall: Hall, alice: Student, seat: Seat
) -> None:
    attempt = alice.start()
    held = alice.fields(attempt)
    other = seat(hall, who=alice.who)
    assert other.browser.post(f"/attempts/{attempt}/open").location == f"/attempts/{attempt}/"

    saved = alice.save(attempt, shown="1", q1_seq="1", q1_choice="1")
    page = alice.browser.post(f"/attempts/{attempt}/", data=held | {"q1-choice": alice.choice(attempt, 1)})

    assert (saved.status_code, saved.json["state"], saved.json["epoch"]) == (409, "elsewhere", 2)  # type: ignore[index]
    assert page.status_code == 409
    assert "Continued on another device" in page.text and "none" in page.text  # what the page held
    assert alice.responses(attempt)[0] is None
    assert other.page(attempt).status_code == 200 and "isolates" in other.page(attempt).text
    assert "Go on here" in alice.page(attempt).text


def test_the_first_browser_can_take_the_attempt_back(hall: Hall, alice: Student, seat: Seat) -> None:
    attempt = alice.start()
    other = seat(hall, who=alice.who)
    other.start()  # starting again from the exam's page goes on there

    alice.browser.post(f"/attempts/{attempt}/open")

    assert alice.fields(attempt)["epoch"] == "3"
    assert alice.save(attempt, epoch=3, shown="1", q1_seq="1", q1_choice="1").status_code == 200
    assert hall.events(attempt) == ["started", "opened", "opened"]


def test_a_change_that_comes_too_late_is_told_so(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    hall.clock.at += timedelta(hours=1) + GRACE

    in_time = alice.save(attempt, shown="1", q1_seq="1", q1_choice=alice.choice(attempt, 1))
    hall.clock.at += timedelta.resolution
    late = alice.save(attempt, shown="1", q1_seq="2", q1_choice="1")

    assert (in_time.json["state"], in_time.json["remaining"]) == ("saved", 0)  # type: ignore[index]
    assert (late.status_code, late.json["state"]) == (409, "over")  # type: ignore[index]
    assert alice.responses(attempt)[0] == {"choice": "b"}


def test_the_clock_of_the_student_is_never_asked(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    hall.clock.advance(minutes=50)

    reply = alice.save(attempt, shown="1", q1_seq="1", q1_choice="1", now="2001-01-01T00:00:00Z", remaining="9999")

    assert reply.json["remaining"] == 600  # type: ignore[index]


@pytest.fixture
def writer(make_hall: Callable[..., Hall], seat: Seat, make_question: Callable[..., Question]) -> Student:
    """A student whose exam asks three questions on one page, each answered by typing."""
    words = {"fr": "Quel mot ?", "en": "Which word?"}
    body = {"type": "short_answer", "level": 1, "text": words, "accept": ["a"], "explanation": words}
    return seat(make_hall(questions=tuple(make_question(**body).id for _ in range(3)), layout="page"))


def test_an_answer_that_is_too_long_is_refused_alone(writer: Student) -> None:
    attempt = writer.start()
    texts = {"q1_text": "one", "q2_text": "x" * 2001, "q3_text": "three"}

    reply = writer.save(attempt, shown=["1", "2", "3"], q1_seq="1", q2_seq="2", q3_seq="3", **texts)

    assert (reply.status_code, reply.json["state"], reply.json["questions"]) == (400, "refused", [2])  # type: ignore[index]
    assert writer.responses(attempt) == [{"text": "one"}, None, {"text": "three"}]


def test_a_page_with_an_answer_that_is_too_long_keeps_it_typed_and_saves_the_others(writer: Student) -> None:
    attempt = writer.start()

    reply = writer.turn(attempt, shown=["1", "2", "3"], q1_text="one", q2_text="x" * 2001, q3_text="three")  # type: ignore[arg-type]

    assert reply.status_code == 400
    assert "Not everything is saved." in reply.text and 'href="#question-2"' in reply.text
    assert "x" * 2001 in reply.text
    assert writer.responses(attempt) == [{"text": "one"}, None, {"text": "three"}]


def test_signs_that_come_with_a_paste_are_left_out(writer: Student) -> None:
    attempt = writer.start()

    reply = writer.save(attempt, shown="1", q1_seq="1", q1_text="a\x01b")

    assert reply.status_code == 200
    assert writer.responses(attempt)[0] == {"text": "ab"}


@pytest.mark.parametrize("number", ["5000001", "2147483647", "2147483648", "9999999999"])
def test_a_number_that_no_page_counts_to_is_refused(alice: Student, number: str) -> None:
    attempt = alice.start()
    reply = alice.save(attempt, shown="1", q1_seq=number, q1_choice="1")

    assert (reply.status_code, alice.responses(attempt)[0]) == (400, None)
    assert alice.save(attempt, shown=number, q1_seq="1", q1_choice="1").status_code == 400
    assert alice.save(attempt, epoch=int(number), shown="1", q1_seq="1", q1_choice="1").status_code == 400


def test_a_refusal_says_no_time_at_which_something_was_saved(hall: Hall, alice: Student, seat: Seat) -> None:
    attempt = alice.start()
    seat(hall, who=alice.who).start()

    reply = alice.save(attempt, shown="1", q1_seq="1", q1_choice="1")

    assert reply.status_code == 409 and "words" not in reply.json  # type: ignore[operator]


def test_a_long_page_of_accents_is_not_too_large_for_who_works_on_it(writer: Student) -> None:
    attempt = writer.start()
    texts = {f"q{place}_text": "é" * 2000 for place in (1, 2, 3)} | {"padding": "x" * 50_000}

    page = writer.turn(attempt, shown=["1", "2", "3"], **texts)  # type: ignore[arg-type]
    saved = writer.save(attempt, shown=["1"], q1_seq="1", **texts)

    assert (page.status_code, saved.status_code) == (303, 200)
    assert [len(one["text"]) for one in writer.responses(attempt)] == [2000, 2000, 2000]


def test_a_page_larger_than_its_questions_can_fill_is_refused(writer: Student) -> None:
    attempt = writer.start()

    assert writer.save(attempt, shown="1", padding="x" * (64_000 + 3 * 2000 * 9 + 1)).status_code == 413


def test_who_does_not_work_on_an_attempt_may_send_no_more_than_anywhere(writer: Student, seat: Seat) -> None:
    attempt = writer.start()
    chloe = seat(writer.hall, "Chloe")

    assert chloe.save(attempt, shown="1", padding="x" * 64_001).status_code == 413


def test_somebody_elses_attempt_does_not_exist(hall: Hall, alice: Student, seat: Seat) -> None:
    attempt = alice.start()
    chloe = seat(hall, "Chloe")

    assert chloe.save(attempt, shown="1", q1_seq="1", q1_choice="1").status_code == 404
    assert [chloe.page(attempt, path).status_code for path in ("", "clock", "hand-in", "receipt", "result")] == [
        404
    ] * 5


def test_a_page_that_is_sent_whole_after_the_scripts_change_wins(alice: Student) -> None:
    attempt = alice.start()
    alice.save(attempt, shown="1", q1_seq="7", q1_choice=alice.choice(attempt, 1, "a"))

    alice.turn(attempt, q1_choice=alice.choice(attempt, 1, "b"), go="2")

    assert alice.responses(attempt)[0] == {"choice": "b"}
