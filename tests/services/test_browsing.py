"""The list of cards: its states, its search, its pages; and the page of one card."""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import update

from app.db import Database
from app.errors import NotFound
from app.models import Card, Course, Question
from app.services import browsing, cards
from app.services.browsing import PAGE_SIZE, CardPage, Listing, State, Wanted
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer, undo
from tests.conftest import Clock
from tests.statements import counted

MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
RIGHT: dict[str, Any] = {"response": {"choice": "b"}, "credit": Fraction(1)}
CLOZE: dict[str, Any] = {
    "type": "cloze",
    "level": 2,
    "text": {"fr": "Le réseau {{overlay}} relie les hôtes.", "en": "The {{overlay}} network links hosts."},
    "blanks": {"overlay": {"accept": ["overlay"]}},
    "explanation": {"fr": "Il traverse les machines.", "en": "It crosses machines."},
}


@pytest.fixture
def browse(db: Database, clock: Clock) -> Callable[..., Listing]:
    """Return a function that lists a learner's cards."""

    def listed(learner: Person, **wanted: Any) -> Listing:
        with db.reading() as session:
            return browsing.browse(session, learner, Wanted(**wanted), clock())

    return listed


@pytest.fixture
def look_at(db: Database, clock: Clock) -> Callable[..., CardPage]:
    """Return a function that looks at one card."""

    def looked(learner: Person, question: Question) -> CardPage:
        with db.reading() as session:
            return browsing.look_at(session, learner, question.id, clock())

    return looked


def set_card(db: Database, learner: Person, question: Question, **columns: Any) -> None:
    with db.writing() as session:
        session.execute(
            update(Card).where(Card.learner_id == learner.id, Card.question_id == question.id).values(**columns)
        )


def found_by(browse: Callable[..., Listing], learner: Person, words: str) -> list[int]:
    return [line.card.question_id for line in browse(learner, words=words).lines]


def test_a_question_never_answered_is_new(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    make_question()

    line = browse(make_user()).lines[0]

    assert (line.card.states, line.card.due) == ({State.NEW}, None)


@pytest.mark.parametrize(
    ("columns", "states"),
    [
        ({"interval_days": 20, "due": date(2026, 12, 1)}, {State.LEARNING}),
        ({"interval_days": 21, "due": date(2026, 12, 1)}, {State.MATURE}),
        ({"interval_days": 6, "due": date(2026, 11, 23)}, {State.LEARNING, State.DUE}),
        ({"interval_days": 6, "due": date(2026, 12, 1), "lapses": 8}, {State.LEARNING, State.LEECH}),
        ({"interval_days": 6, "due": date(2026, 11, 1), "suspended": True}, {State.SUSPENDED}),
        ({"interval_days": 6, "due": date(2026, 11, 1), "buried_until": date(2026, 11, 24)}, {State.BURIED}),
        ({"interval_days": 6, "due": date(2026, 12, 1), "buried_until": date(2026, 11, 23)}, {State.LEARNING}),
        ({"interval_days": 1, "due": date(2026, 11, 24), "drill_day": date(2026, 11, 23)}, {State.LEARNING, State.DUE}),
    ],
)
def test_the_states_of_a_card_follow_its_columns(
    db: Database,
    clock: Clock,
    browse: Callable[..., Listing],
    make_user: MakeUser,
    make_question: MakeQuestion,
    columns: dict[str, Any],
    states: set[State],
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    set_card(db, learner, question, **columns)

    line = browse(learner).lines[0]

    assert line.card.states == states


def test_a_state_narrows_the_list_and_leaves_the_counts_whole(
    db: Database, clock: Clock, browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, seen, _ = make_user(), make_question(), make_question()
    answer(db, learner, seen, Grade.GOOD, clock())

    listing = browse(learner, state=State.LEARNING)

    assert [line.card.question_id for line in listing.lines] == [seen.id]
    assert (listing.counts[State.NEW], listing.counts[State.LEARNING]) == (1, 1)


def test_reserved_draft_and_retired_questions_are_not_listed(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    for flag in ("reserved", "draft", "retired"):
        make_question(**{flag: True})

    assert browse(make_user()).course_size == 0


def test_a_topic_narrows_the_list(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    make_question(topic="network")
    volume = make_question(topic="volumes")

    listing = browse(make_user(), topic="volumes")

    assert [line.card.question_id for line in listing.lines] == [volume.id]


@pytest.mark.parametrize("words", ["reseau", "RÉSEAU", "isole réseau", "  Quel  "])
def test_a_search_folds_case_and_accents(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion, words: str
) -> None:
    question = make_question()

    assert found_by(browse, make_user(), words) == [question.id]


def test_a_search_reads_the_learner_s_language(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    question = make_question()

    english, french = make_user(locale="en"), make_user()

    assert (found_by(browse, english, "isolates"), found_by(browse, french, "isolates")) == ([question.id], [])


def test_a_search_never_reads_a_key(
    db: Database, clock: Clock, browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    command = {"type": "command", "level": 3, "accept": ["docker network prune"]}
    texts = {"text": {"fr": "Faire le ménage.", "en": "Clean up."}, "explanation": {"fr": "Voilà.", "en": "There."}}
    question = make_question(**command, **texts)
    answer(db, learner, question, Grade.WRONG, clock(), response={"text": "x"}, credit=Fraction(0))

    assert found_by(browse, learner, "prune") == []


def test_a_search_reads_the_explanation_of_answered_cards_only(
    db: Database, clock: Clock, browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, stranger, question = make_user(), make_user(), make_question()

    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)

    assert (found_by(browse, learner, "boucle"), found_by(browse, stranger, "boucle")) == ([question.id], [])


def test_the_name_of_a_gap_is_neither_found_nor_shown(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    make_question(**CLOZE)

    assert found_by(browse, learner, "overlay") == []
    assert browse(learner).lines[0].text == "Le réseau … relie les hôtes."


def test_pages_are_stable_and_cover_every_card_once(
    browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    ids = [make_question().id for _ in range(PAGE_SIZE + 1)]

    pages = [browse(learner, page=page) for page in (1, 2, 99)]

    assert [line.card.question_id for page in pages[:2] for line in page.lines] == ids
    assert (pages[0].pages, pages[2].page) == (2, 2)


def test_the_list_takes_three_statements_however_many_cards(
    db: Database, clock: Clock, browse: Callable[..., Listing], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner = make_user()
    for _ in range(12):
        answer(db, learner, make_question(), Grade.GOOD, clock())

    with counted(db) as statements:
        browse(learner, words="quel")

    assert len(statements) == 3


def test_a_card_shows_no_answer_before_one_was_given(
    look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    page = look_at(make_user(), make_question())

    assert (page.answer, page.events, page.states) == (None, [], {State.NEW})


def test_a_card_shows_the_last_answer_once_there_is_one(
    db: Database, clock: Clock, look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)

    page = look_at(learner, question)

    assert page.answer is not None
    assert (page.answer.response, page.gaps, page.reworded) == ({"choice": "b"}, [1], False)


def test_a_card_whose_only_answer_was_taken_back_hides_it_again(
    db: Database, clock: Clock, look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    undo(db, learner, question, 1, clock())

    page = look_at(learner, question)

    assert page.answer is None
    assert [(event.number, event.undone, event.may_be_undone) for event in page.events] == [
        (2, False, False),
        (1, True, False),
    ]


def test_a_grade_given_anew_is_told_from_an_answer_taken_back(
    db: Database, clock: Clock, look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
    undo(db, learner, question, 1, clock())
    answer(db, learner, question, Grade.EASY, clock(), regrades=1, **RIGHT)

    page = look_at(learner, question)

    assert [(event.number, event.replaced, event.regraded) for event in page.events] == [
        (3, False, True),
        (2, True, False),
        (1, False, False),
    ]


def test_a_card_says_until_when_it_is_put_off(
    db: Database, clock: Clock, look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    with db.writing() as session:
        cards.bury(session, learner, question.id, clock())

    page = look_at(learner, question)

    assert (page.states, page.buried_until) == ({State.BURIED}, date(2026, 11, 24))


@pytest.mark.parametrize("flag", ["reserved", "draft", "retired"])
def test_a_question_that_is_not_asked_has_no_page(
    look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion, flag: str
) -> None:
    question = make_question(**{flag: True})

    with pytest.raises(NotFound):
        look_at(make_user(), question)


def test_a_question_of_another_course_has_no_page(
    look_at: Callable[..., CardPage],
    make_user: MakeUser,
    make_question: MakeQuestion,
    make_course: Callable[..., Course],
) -> None:
    question = make_question(of=make_course("git"))

    with pytest.raises(NotFound):
        look_at(make_user(), question)


def test_a_card_s_page_tells_nothing_of_another_learner_s_history(
    db: Database, clock: Clock, look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    alice, chloe, question = make_user(), make_user(), make_question()
    answer(db, alice, question, Grade.GOOD, clock(), **RIGHT)

    page = look_at(chloe, question)

    assert (page.events, page.answer, page.reviews) == ([], None, 0)


def test_a_card_s_page_takes_four_statements_however_long_its_history(
    db: Database, clock: Clock, look_at: Callable[..., CardPage], make_user: MakeUser, make_question: MakeQuestion
) -> None:
    learner, question = make_user(), make_question()
    for _ in range(5):
        answer(db, learner, question, Grade.GOOD, clock(), **RIGHT)
        clock.advance(days=1)

    with counted(db) as statements:
        look_at(learner, question)

    assert len(statements) == 4
