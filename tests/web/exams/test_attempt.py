"""Taking an exam without JavaScript: every page saves, and what was saved is there again."""

import re
from collections.abc import Callable
from datetime import timedelta

from app.exam.timing import GRACE
from app.models import Question
from tests.conftest import Clock
from tests.hall import Hall
from tests.web.exams.conftest import Student

MakeHall = Callable[..., Hall]
Seat = Callable[..., Student]
EPSILON = timedelta.resolution


def test_starting_leads_to_the_first_question(alice: Student) -> None:
    page = alice.page(alice.start())

    assert page.status_code == 200
    assert "Question 1 of 4" in page.text and "Which network isolates everything?" in page.text


def test_a_page_saves_and_the_next_one_comes(alice: Student) -> None:
    attempt = alice.start()

    reply = alice.turn(attempt, q1_choice=alice.choice(attempt, 1), go="2")

    assert (reply.status_code, reply.location) == (303, f"/attempts/{attempt}/?question=2")
    assert alice.responses(attempt) == [{"choice": "b"}, None, None, None]
    assert 'value="' + alice.choice(attempt, 1) + '" checked' in alice.page(attempt).text


def test_one_goes_on_at_the_question_that_was_changed_last(alice: Student, clock: Clock) -> None:
    attempt = alice.start()
    for place in (3, 2):
        clock.advance(minutes=1)
        choice = {f"q{place}_choice": alice.choice(attempt, place)}
        alice.turn(attempt, f"?question={place}", **choice, go="4")

    assert "Question 2 of 4" in alice.text(f"/attempts/{attempt}/")


def test_another_device_goes_on_there_too(alice: Student, seat: Seat) -> None:
    attempt = alice.start()
    alice.turn(attempt, "?question=3", q3_choice=alice.choice(attempt, 3), go="4")
    elsewhere = seat(alice.hall, who=alice.who)

    opened = elsewhere.browser.post(f"/attempts/{attempt}/open", data={}, follow_redirects=True)

    assert "Question 3 of 4" in opened.text


def test_on_one_long_page_another_device_goes_on_there_too(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(layout="page"))
    attempt = alice.start()
    assert alice.save(attempt, shown=3, q3_seq=1, q3_choice=alice.choice(attempt, 3)).status_code == 200
    elsewhere = seat(alice.hall, who=alice.who)

    opened = elsewhere.browser.post(f"/attempts/{attempt}/open", data={})

    assert opened.location == f"/attempts/{attempt}/#question-3"
    assert 'id="question-3"' in elsewhere.page(attempt).text


def test_a_page_that_was_left_alone_stores_nothing(hall: Hall, alice: Student) -> None:
    attempt = alice.start()

    alice.turn(attempt, go="2")

    assert hall.sheet(alice.who, attempt).items[0].saved_at is None


def test_an_answer_can_be_changed_and_taken_away(alice: Student) -> None:
    attempt = alice.start()
    alice.turn(attempt, q1_choice=alice.choice(attempt, 1, "a"), go="2")
    alice.turn(attempt, q1_choice=alice.choice(attempt, 1, "b"), go="2")

    assert alice.responses(attempt)[0] == {"choice": "b"}
    alice.turn(attempt, q1_choice=alice.choice(attempt, 1, "b"), q1_clear="1")

    assert alice.responses(attempt)[0] is None


def test_a_question_is_marked_to_be_read_again_and_listed_before_the_end(alice: Student) -> None:
    attempt = alice.start()
    alice.turn(attempt, q1_choice=alice.choice(attempt, 1), q1_flag="1", go="finish")

    page = alice.text(f"/attempts/{attempt}/hand-in")

    assert "1 question answered of 4." in page
    assert page.count("Question 1<") == 1 and page.count("Question 2<") == 1


def test_lines_that_nobody_moved_are_no_answer(
    make_hall: MakeHall, seat: Seat, make_question: Callable[..., object]
) -> None:
    body = {"fr": "Ordonner.", "en": "Order."}
    items = [{"id": name, "text": {"fr": name, "en": name}} for name in ("one", "two", "three")]
    words = {"type": "ordering", "level": 1, "text": body, "items": items, "explanation": body}
    question = make_question(**words)
    alice = seat(make_hall(questions=(question.id,)))  # type: ignore[attr-defined]
    attempt = alice.start()
    first = alice.fields(attempt)
    untouched = {**first, "q1-order": ["1", "2", "3"]}

    alice.browser.post(f"/attempts/{attempt}/", data=untouched)
    assert alice.responses(attempt) == [None]

    alice.browser.post(f"/attempts/{attempt}/", data={**untouched, "q1-move": "1:down"})
    assert len(alice.responses(attempt)[0]["order"]) == 3


def test_a_single_page_holds_all_the_questions_and_saves_them_together(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(layout="page"))
    attempt = alice.start()
    data = alice.fields(attempt) | {"shown": ["1", "2", "3", "4"], "go": "finish"}
    chosen = {f"q{place}-choice": alice.choice(attempt, place) for place in (1, 3)}

    reply = alice.browser.post(f"/attempts/{attempt}/", data=data | chosen)

    assert reply.location == f"/attempts/{attempt}/hand-in"
    assert alice.responses(attempt) == [{"choice": "b"}, None, {"choice": "b"}, None]


def test_where_nobody_goes_back_a_question_that_was_left_is_closed(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(go_back=False))
    attempt = alice.start()
    wrong = alice.choice(attempt, 1, "a")
    first = alice.fields(attempt) | {"q1-choice": wrong}
    alice.browser.post(f"/attempts/{attempt}/", data=first | {"go": "next"})

    alice.browser.post(f"/attempts/{attempt}/", data=first | {"q1-choice": alice.choice(attempt, 1), "go": "next"})

    assert alice.responses(attempt)[0] == {"choice": "a"}
    assert "Question 2 of 4" in alice.page(attempt, "?question=1").text
    assert "Question 2 of 4" in alice.page(attempt, "?question=4").text
    assert alice.save(attempt, shown="4", q4_seq="9", q4_choice="1").status_code == 404


def test_the_last_question_of_an_exam_without_going_back_leads_to_the_end(make_hall: MakeHall, seat: Seat) -> None:
    alice = seat(make_hall(go_back=False))
    attempt = alice.start()
    for _ in range(3):
        alice.turn(attempt, go="next")

    assert "Look over and finish" in alice.page(attempt).text
    assert alice.turn(attempt, go="next").status_code == 303
    assert "Question 4 of 4" in alice.page(attempt).text


def test_no_page_of_an_attempt_tells_a_key(alice: Student) -> None:
    attempt = alice.start()
    alice.turn(attempt, q1_choice=alice.choice(attempt, 1), go="2")

    pages = [alice.page(attempt, path).text for path in ("", "?question=2", "hand-in")]

    assert not any("only has the loopback" in page or "shares everything" in page for page in pages)


def test_the_clock_is_the_servers_to_the_second(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    hall.clock.advance(minutes=59, seconds=58)

    assert 'data-remaining="2"' in alice.page(attempt).text
    assert alice.page(attempt, "clock").json == {
        "ends": "end at 11:00, Paris time",
        "epoch": 1,
        "over": False,
        "remaining": 2,
    }


def test_the_clock_says_whose_it_is_and_what_the_students_own_shows(hall: Hall, seat: Seat) -> None:
    bob = seat(hall, "Bob", zone="Asia/Tokyo")
    attempt = bob.start()

    reply = bob.save(attempt, shown="1", q1_seq="1", q1_choice="1")

    assert reply.json["ends"] == "end at 11:00, Paris time (19:00, Tokyo time)"  # type: ignore[index]
    assert reply.json["words"] == "Saved at 10:00, Paris time (18:00, Tokyo time)"  # type: ignore[index]
    page = bob.text(f"/attempts/{attempt}/")
    assert "end at 11:00, Paris time (19:00, Tokyo time)" in page
    assert "Saved at 10:00, Paris time (18:00, Tokyo time)" in page


def test_until_15_seconds_after_the_end_a_page_is_saved_and_then_no_more(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    first, second = alice.fields(attempt), alice.fields(attempt, "?question=2")
    right = [alice.choice(attempt, place) for place in (1, 2)]
    hall.clock.at += timedelta(hours=1) + GRACE
    alice.browser.post(f"/attempts/{attempt}/", data=first | {"q1-choice": right[0]})
    hall.clock.at += EPSILON

    reply = alice.browser.post(f"/attempts/{attempt}/", data=second | {"q2-choice": right[1]})

    assert reply.status_code == 409
    assert "This page came too late" in reply.text and "none" in reply.text.partition('class="kept"')[2]
    assert alice.responses(attempt) == [{"choice": "b"}, None, None, None]
    assert alice.page(attempt).location == f"/attempts/{attempt}/receipt"


def test_a_page_without_a_change_that_comes_after_the_end_leads_to_the_receipt(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    held = alice.fields(attempt)
    hall.clock.advance(hours=2)

    reply = alice.browser.post(f"/attempts/{attempt}/", data=held)

    assert reply.location == f"/attempts/{attempt}/receipt"


def test_the_listings_of_one_page_are_told_apart(
    make_hall: MakeHall, seat: Seat, make_question: Callable[..., Question]
) -> None:
    code = {"language": "console", "text": "docker ps"}
    questions = tuple(make_question(code=code).id for _ in range(2))
    alice = seat(make_hall(questions=questions, layout="page"))

    page = alice.page(alice.start()).text

    labels = re.findall(r'<pre tabindex="0" role="region" aria-label="([^"]+)"', page)
    assert len(set(labels)) == 2 and labels[1].endswith(", question 2")


def test_nothing_is_stored_by_looking(hall: Hall, alice: Student) -> None:
    attempt = alice.start()
    for path in ("", "?question=3", "hand-in", "clock"):
        alice.page(attempt, path)

    assert hall.events(attempt) == ["started"]
    assert hall.sheet(alice.who, attempt).epoch == 1


def test_fields_that_no_page_sends_are_refused(alice: Student) -> None:
    attempt = alice.start()

    assert alice.turn(attempt, shown="one").status_code == 400
    assert alice.turn(attempt, q1_choice="9").status_code == 400
    assert alice.responses(attempt)[0] is None
