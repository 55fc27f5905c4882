"""The questions whose keys an exam hides: from whom, from when, until when."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from app.db import Database
from app.errors import Conflict
from app.exam import disclosure, timing
from app.exam.blueprint import Demand
from app.exam.disclosure import Option, Sitting
from app.models import Allowance, Attempt, Class, Exam, Membership, Question, User
from app.services import browsing, classes, disclosures, exams, hiding, journal, practising, progress, queueing, showing
from app.services.browsing import State, Wanted
from app.services.identity import Person
from app.services.practising import Quiz
from app.services.showing import SealedPage
from app.srs.sm2 import NEW, Grade
from tests.classroom import open_class
from tests.conftest import Clock
from tests.desk import RIGHT, WRONG, Desk
from tests.hall import Hall, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
MakeDesk = Callable[..., Desk]


@pytest.fixture
def hidden(db: Database, clock: Clock) -> Callable[[Person], int]:
    """Return a function that counts the questions hidden from a learner now, asked alone and among everybody."""

    def count(learner: Person) -> int:
        with db.reading() as session:
            found = hiding.hidden_questions(session, learner, clock())
            people, questions = session.scalars(select(User.id)).all(), session.scalars(select(Question.id)).all()
            every = hiding.hidden_by_learner(session, people, questions, clock())
        assert every.get(learner.id, frozenset()) == found
        return len(found)

    return count


Hidden = Callable[[Person], int]


def later(clock: Clock, hours: float) -> Any:
    return clock() + timedelta(hours=hours)


def test_the_questions_of_an_announced_exam_are_hidden_from_its_class(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock, hidden: Hidden
) -> None:
    hall = make_hall(opens_at=later(clock, 24), closes_at=later(clock, 26))

    assert hidden(sit(hall, make_user)) == 4


@pytest.mark.parametrize("who", ["a guest", "the teacher", "a member of another class"])
def test_they_are_hidden_from_nobody_else(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock, hidden: Hidden, who: str
) -> None:
    hall = make_hall()
    stranger = make_user("chloe")
    other = open_class(db, make_user(role="teacher"), clock(), "Other")
    with db.writing() as session:
        classes.join(session, stranger, other.join_code or "", "Chloé", clock())
    people = {"a guest": make_user(), "the teacher": hall.teacher, "a member of another class": stranger}

    assert hidden(people[who]) == 0


def test_a_draft_hides_nothing(make_hall: MakeHall, make_user: MakeUser, db: Database, hidden: Hidden) -> None:
    hall = make_hall()
    with db.writing() as session:
        session.execute(update(Exam).values(published_at=None))

    assert hidden(sit(hall, make_user)) == 0


@pytest.mark.parametrize(
    ("option", "at_work_handed_in_closed"), [("never", [4, 4, 4]), ("submitted", [4, 0, 0]), ("closed", [4, 4, 0])]
)
def test_the_review_options_say_until_when(
    make_hall: MakeHall,
    make_user: MakeUser,
    clock: Clock,
    hidden: Hidden,
    option: str,
    at_work_handed_in_closed: list[int],
) -> None:
    hall = make_hall(show_answers=option)
    alice, absent = sit(hall, make_user), sit(hall, make_user, "Absent")
    attempt = hall.start(alice)

    counts = [hidden(alice)]
    hall.submit(alice, attempt)
    counts.append(hidden(alice))
    clock.advance(hours=2, seconds=16)
    counts.append(hidden(alice))

    assert counts == at_work_handed_in_closed
    assert hidden(absent) == counts[-1]


def test_the_close_is_over_when_its_grace_is(
    make_hall: MakeHall, make_user: MakeUser, clock: Clock, hidden: Hidden
) -> None:
    alice = sit(make_hall(), make_user)

    clock.advance(hours=2, seconds=15)
    before = hidden(alice)
    clock.advance(microseconds=1)

    assert (before, hidden(alice)) == (4, 0)


def test_an_attempt_at_work_hides_from_all_until_its_grace_has_passed(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock, hidden: Hidden
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    with db.writing() as session:  # the teacher gave more time
        session.execute(update(Attempt).where(Attempt.id == attempt).values(deadline=later(clock, 3)))

    bob = sit(hall, make_user, "Bob")
    clock.advance(hours=3, seconds=15)
    in_grace = hidden(alice), hidden(bob)
    clock.advance(microseconds=1)

    assert in_grace == (4, 4)
    assert (hidden(alice), hidden(bob)) == (0, 0)


def test_a_make_up_hides_from_all_until_its_own_close(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock, hidden: Hidden
) -> None:
    hall = make_hall()
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    window = {"opens_at": later(clock, 48), "closes_at": later(clock, 50)}
    with db.writing() as session:
        session.add(Allowance(exam_id=hall.exam_id, learner_id=alice.id, **window))

    clock.advance(hours=3)
    after_the_exam = hidden(alice), hidden(bob)
    clock.advance(hours=47, seconds=16)

    assert after_the_exam == (4, 4)
    assert (hidden(alice), hidden(bob)) == (0, 0)


def test_a_practice_exam_hides_only_while_its_attempt_is_at_work(
    make_hall: MakeHall, make_user: MakeUser, hidden: Hidden
) -> None:
    hall = make_hall(kind="practice", opens_at=None, closes_at=None, duration_s=None, attempts=0)
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    counts = [hidden(alice)]
    attempt = hall.start(alice)
    counts += [hidden(alice), hidden(bob)]
    hall.submit(alice, attempt)

    assert [*counts, hidden(alice)] == [0, 4, 0, 0]


def test_leaving_the_class_opens_nothing_while_an_attempt_is_at_work(
    make_hall: MakeHall, make_user: MakeUser, db: Database, hidden: Hidden
) -> None:
    hall = make_hall()
    alice = sit(hall, make_user)
    hall.start(alice)

    with db.writing() as session:
        classes.leave(session, alice, hall.taught.id, hall.clock())

    assert hidden(alice) == 4


def test_putting_the_class_away_opens_all_that_nobody_is_still_asked(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock, hidden: Hidden
) -> None:
    hall = make_hall(show_answers="never")
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    attempt = hall.start(alice)

    with db.writing() as session:
        session.execute(update(Class).values(archived_at=clock()))
    at_work = hidden(alice), hidden(bob)
    hall.submit(alice, attempt)

    assert at_work == (4, 4)
    assert (hidden(alice), hidden(bob)) == (0, 0)


def test_a_hand_in_opens_what_was_asked_and_not_what_another_draw_may_ask(
    make_hall: MakeHall, make_user: MakeUser, make_question: Callable[..., Question], clock: Clock, hidden: Hidden
) -> None:
    demand = Demand(count=2, topic=None, level=None, type=None)
    hall = make_hall(show_answers="submitted", demands=(demand,), questions=(), draw="each", attempts=2)
    alice = sit(hall, make_user)
    attempt = hall.start(alice)

    hall.submit(alice, attempt)
    open_still = hidden(alice)
    clock.advance(hours=2, seconds=16)

    assert (open_still, hidden(alice)) == (2, 0)


@pytest.mark.parametrize("option", list(Option))
def test_it_is_the_rule_of_the_exams_own_pages(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock, hidden: Hidden, option: Option
) -> None:
    hall = make_hall(show_answers=option.value, duration_s=3601)
    students = [sit(hall, make_user, name) for name in ("Absent", "Unsent", "Sent", "Slow")]
    with db.writing() as session:
        session.execute(update(Membership).where(Membership.name == "Slow").values(extra_minutes=20))
        window = {"opens_at": later(clock, 3), "closes_at": later(clock, 4)}
        session.add(Allowance(exam_id=hall.exam_id, learner_id=students[3].id, **window))
    hall.start(students[1])
    hall.submit(students[2], hall.start(students[2]))

    # The close, the extra third of an hour (20 min 20 s), the make-up's, each with the grace of 15 s.
    found, ruled = [], []
    for at_s in (0, 3617, 7216, 8435, 8436, 14415, 14416, 15635, 15636):
        clock.at = hall_opening(hall) + timedelta(seconds=at_s)
        found.append([hidden(one) == 0 for one in students])
        ruled.append([shown_to(hall, one, option) for one in students])

    assert found == ruled
    assert (True in found[-1]) == (option is not Option.NEVER)


def hall_opening(hall: Hall) -> datetime:
    with hall.db.reading() as session:
        opens_at = session.scalars(select(Exam.opens_at)).one()
    assert opens_at is not None
    return opens_at


def shown_to(hall: Hall, who: Person, option: Option) -> bool:
    """What `app.exam.disclosure` says, for one student."""
    with hall.db.reading() as session:
        closed = disclosures.closings(session, [hall.exam_id])[hall.exam_id]
        own = session.scalars(select(Attempt).where(Attempt.learner_id == who.id)).all()
    over = [timing.is_over(one.submitted_at, one.deadline, hall.clock()) for one in own]
    return disclosure.key_shown(option, Sitting(any(over), not all(over)), closed, hall.clock())


def test_without_a_clock_whatever_might_be_hidden_is(
    make_hall: MakeHall, make_user: MakeUser, db: Database, clock: Clock
) -> None:
    hall = make_hall(show_answers="submitted")
    alice = sit(hall, make_user)
    hall.submit(alice, hall.start(alice))
    clock.advance(hours=9)
    question = next(iter(hall_questions(hall)))

    with db.reading() as session:
        told = [journal.asked(session, alice, question, now=at).hidden for at in (clock(), None)]

    assert told == [False, True]


def hall_questions(hall: Hall) -> list[int]:
    with hall.db.reading() as session:
        return list(exams.found(session, hall.teacher, hall.exam_id).draft.questions)


@pytest.fixture
def exam_of_alice(
    make_hall: MakeHall, make_user: MakeUser, make_desk: MakeDesk, make_question: Callable[..., Question]
) -> tuple[Desk, Question, Callable[[], Hall]]:
    """Alice at her desk, a question, and a function that announces an exam of her class on it for now."""
    question, alice = make_question(text={"fr": "Lequel ?", "en": "Which one?"}), make_user("alice")

    def announce(**changed: Any) -> Hall:
        hall = make_hall(questions=(question.id,), **changed)
        with hall.db.writing() as session:
            classes.join(session, alice, hall.taught.join_code or "", "Alice", hall.clock())
        return hall

    return make_desk(alice), question, announce


Scene = tuple[Desk, Question, Callable[..., Hall]]


def test_the_review_skips_hidden_questions_and_counts_them(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    announce()

    day = desk.day()

    assert question.id not in day.queue.upcoming
    assert day.hidden == 1
    assert day.queue.new == 4  # the hall's own questions are in no exam


def test_a_hidden_card_is_not_announced_as_the_next(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    desk.answer(question)
    with desk.db.reading() as session:
        before = queueing.next_due(session, desk.person, desk.today, desk.clock())
    announce()
    with desk.db.reading() as session:
        after = queueing.next_due(session, desk.person, desk.today, desk.clock())

    assert before is not None
    assert after is None


def test_practice_draws_no_hidden_question(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    quiz = Quiz(seed=practising.seed_of(desk.clock()), size=None)
    announce()

    with desk.db.reading() as session:
        drawn = practising.draw(session, desk.person, quiz, desk.clock())
        offers = practising.offers(session, desk.person, desk.clock())

    assert question.id not in drawn.questions
    assert [(offer.total, offer.hidden) for offer in offers] == [(4, 1)]


@pytest.mark.parametrize("response", [RIGHT, WRONG])
def test_an_answer_under_way_is_recorded_and_its_feedback_is_sealed(exam_of_alice: Scene, response: Any) -> None:
    desk, question, announce = exam_of_alice
    shown = desk.show(question)
    announce()

    recorded = desk.send(desk.submission(shown, response))
    assert recorded is not None
    with desk.db.reading() as session:
        page = showing.feedback(session, desk.person, recorded.answer_id, desk.clock())

    assert isinstance(page, SealedPage)
    assert len(desk.log(question)) == 1


def test_sealed_feedback_is_the_same_for_a_right_and_a_wrong_answer(
    exam_of_alice: Scene, make_question: Callable[..., Question], make_desk: MakeDesk
) -> None:
    desk, question, announce = exam_of_alice
    shown = desk.show(question)
    announce()
    pages = []
    for response in (RIGHT, WRONG):
        recorded = desk.send(desk.submission(shown, response))
        assert recorded is not None
        with desk.db.reading() as session:
            pages.append(showing.feedback(session, desk.person, recorded.answer_id, desk.clock()))
            day = desk.day()
            pages.append((day.done, day.queue, day.hidden))
            pages.append(browsing.browse(session, desk.person, Wanted(), desk.clock()))
            pages.append(progress.overview(session, desk.person, desk.clock()))
        desk.undo(question, recorded.number)
        shown = desk.show(question)

    assert pages[1:4] == pages[5:8]
    assert {type(page) for page in (pages[0], pages[4])} == {SealedPage}


def test_no_grade_can_be_tried_on_a_hidden_answer(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    answer = desk.answer(question)
    announce()

    with pytest.raises(Conflict, match="hidden"):
        desk.regrade(answer.answer_id, Grade.EASY)
    with pytest.raises(Conflict, match="hidden"):
        desk.override(answer.answer_id)


def test_the_page_of_a_hidden_card_holds_its_question_and_nothing_an_answer_brought(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    desk.answer(question, WRONG)
    announce()

    with desk.db.reading() as session:
        page = browsing.look_at(session, desk.person, question.id, desk.clock())

    assert page.shown.text == "Lequel ?"
    assert page.sealed
    assert (page.answer, page.state, page.states) == (None, NEW, {State.ANSWERED})
    assert [(event.grade, event.due) for event in page.events] == [(None, None)]


def test_the_page_of_a_card_without_answer_does_not_tell_that_an_exam_asks_it(
    exam_of_alice: Scene, make_question: Callable[..., Question]
) -> None:
    desk, question, announce = exam_of_alice
    other = make_question(text={"fr": "Lequel ?", "en": "Which one?"})
    announce()

    with desk.db.reading() as session:
        pages = [browsing.look_at(session, desk.person, one.id, desk.clock()) for one in (question, other)]

    hidden, free = (replace(page, question_id=0, shown=pages[0].shown) for page in pages)
    assert hidden == free


@pytest.mark.parametrize("answered", [False, True])
def test_no_filter_count_or_label_of_the_list_tells_what_an_exam_asks(
    exam_of_alice: Scene, make_question: Callable[..., Question], answered: bool
) -> None:
    desk, question, announce = exam_of_alice
    free = make_question()
    if answered:
        desk.answer(question, WRONG)
        desk.answer(free, RIGHT)
    announce()

    with desk.db.reading() as session:
        every = browsing.browse(session, desk.person, Wanted(), desk.clock())
        by_state = {
            state: {line.card.question_id for line in browsing.browse(session, desk.person, wanted, desk.clock()).lines}
            for state in State
            for wanted in [Wanted(state=state)]
        }

    told = {line.card.question_id: replace(line.card, question_id=0) for line in every.lines}
    assert every.discreet
    assert told[question.id] == told[free.id]
    assert all((question.id in found) == (free.id in found) for found in by_state.values())
    assert set(every.counts) == {State.NEW, State.SUSPENDED, State.BURIED, State.ANSWERED}


def test_the_list_tells_all_again_once_the_exam_shows_its_answers(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    desk.answer(question)
    announce()
    desk.clock.advance(hours=2, seconds=16)

    with desk.db.reading() as session:
        listing = browsing.browse(session, desk.person, Wanted(state=State.LEARNING), desk.clock())

    assert [line.card.question_id for line in listing.lines] == [question.id]
    assert not listing.discreet and State.ANSWERED not in listing.counts


def test_a_search_does_not_tell_an_answered_card_from_a_hidden_one(
    exam_of_alice: Scene, make_question: Callable[..., Question]
) -> None:
    desk, question, announce = exam_of_alice
    free = make_question()
    for one in (question, free):
        desk.answer(one)
    announce()

    with desk.db.reading() as session:
        listing = browsing.browse(session, desk.person, Wanted(words="boucle locale"), desk.clock())

    assert listing.found == 0


def test_a_search_does_not_read_the_explanation_of_a_hidden_question(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    desk.answer(question)

    def found() -> int:
        with desk.db.reading() as session:
            listing = browsing.browse(session, desk.person, Wanted(words="boucle locale"), desk.clock())
        return sum(line.card.question_id == question.id for line in listing.lines)

    before = found()
    announce()

    assert (before, found()) == (1, 0)


def test_everything_is_shown_again_when_the_exam_shows_its_answers(exam_of_alice: Scene) -> None:
    desk, question, announce = exam_of_alice
    answer = desk.answer(question)
    announce()

    desk.clock.advance(hours=2, seconds=16)

    assert desk.day().hidden == 0
    assert desk.feedback(answer.answer_id).grade == Grade.GOOD
