"""/practice/: choose, answer, see how it went."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.db import Database
from app.models import Card, Course, Question, ReviewLog
from app.services import practising
from app.services.identity import Person
from app.srs.sm2 import Grade
from tests.classroom import answer, settle
from tests.conftest import Clock
from tests.desk import NUMBER

MakeQuestion = Callable[..., Question]
LogIn = Callable[..., Person]
EXPLANATION = "only has the loopback"
FLASHCARD: dict[str, Any] = {
    "type": "flashcard",
    "level": 1,
    "text": {"fr": "Qu’est-ce qu’une image ?", "en": "What is an image?"},
    "answer": {"fr": "Un modèle.", "en": "A template."},
    "explanation": {"fr": "Immuable.", "en": "Immutable."},
}
COMMAND: dict[str, Any] = {
    "type": "command",
    "level": 3,
    "text": {"fr": "Lister les réseaux.", "en": "List the networks."},
    "accept": ["docker network ls"],
    "explanation": {"fr": "C’est tout.", "en": "That is all."},
}
ORDERING: dict[str, Any] = {
    "type": "ordering",
    "level": 2,
    "text": {"fr": "Dans l’ordre ?", "en": "In which order?"},
    "items": [{"id": name, "text": name} for name in ("one", "two", "three")],
    "explanation": {"fr": "Ainsi.", "en": "So."},
}


@pytest.fixture
def address(clock: Clock) -> str:
    """The query of a quiz on everything that begins now."""
    return f"seed={practising.seed_of(clock())}&n=all&which=all"


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of the page's question."""
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return {name: value for name, value in found if name in {"answer_id", "question", "version", "edition"}}


def choose(page: str, words: str) -> str:
    """The value of the choice that reads `words`."""
    found = re.search(rf'name="choice" value="(\d)"[^>]*><span><code>{words}</code>', page)
    assert found is not None
    return found[1]


def said_of_grades(page: str) -> list[str]:
    """What each button of a turned flashcard says will follow, from the lowest grade on."""
    return re.findall(r'name="grade" [^>]*>.*?<span>([^<]*)</span>', page)


def answer_quiz(client: FlaskClient, address: str, words: str, place: int = 1) -> Any:
    """Answer the question at a place by the choice that reads `words`."""
    page = client.get(f"/practice/question?{address}&place={place}").text
    return client.post(
        f"/practice/answer?{address}&place={place}", data={**hidden(page), "choice": choose(page, words)}
    )


def test_a_visitor_is_sent_to_log_in(client: FlaskClient) -> None:
    assert client.get("/practice/").status_code == 303


def test_the_choice_offers_each_topic_with_its_questions(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion
) -> None:
    log_in(locale="en")
    make_question()

    page = client.get("/practice/").text

    assert 'name="topics" value="network"' in page
    assert "1 question" in page


def test_a_course_without_questions_says_so(client: FlaskClient, log_in: LogIn) -> None:
    log_in(locale="en")

    assert "No question yet" in client.get("/practice/").text


def test_a_quiz_begins_with_an_address_that_holds_it(
    client: FlaskClient, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    log_in()
    make_question()

    reply = client.get("/practice/question?topics=network&topics=volumes&n=20&which=weak")

    assert reply.status_code == 303
    assert parse_qs(urlsplit(reply.location).query) == {
        "seed": [str(practising.seed_of(clock()))],
        "topics": ["network", "volumes"],
        "n": ["20"],
        "which": ["weak"],
        "place": ["1"],
    }


def test_a_quiz_without_a_question_goes_back_to_the_choice(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()

    page = client.get(f"/practice/question?{address.replace('which=all', 'which=weak')}").text

    assert "No question is like that at the moment" in page


def test_a_reload_asks_the_same_question(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in()
    for _ in range(5):
        make_question()

    asked = {hidden(client.get(f"/practice/question?{address}&place=2").text)["question"] for _ in range(3)}

    assert len(asked) == 1


def test_no_key_is_on_the_page_of_a_question(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()

    assert EXPLANATION not in client.get(f"/practice/question?{address}").text


def test_practising_a_card_never_reviewed_leaves_it_new(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()

    reply = answer_quiz(client, address, "none")

    assert reply.status_code == 303
    with db.reading() as session:
        assert session.execute(select(ReviewLog.kind, ReviewLog.grade)).all() == [("practice", 4)]
        assert session.scalars(select(Card.due)).one() is None


def test_practising_a_due_card_is_a_review(
    client: FlaskClient, db: Database, clock: Clock, log_in: LogIn, make_question: MakeQuestion
) -> None:
    learner, question = log_in(locale="en"), make_question()
    answer(db, learner, question, Grade.GOOD, clock())
    clock.advance(days=1)
    address = f"seed={practising.seed_of(clock())}&n=all&which=all"

    answer_quiz(client, address, "none")

    with db.reading() as session:
        assert session.scalars(select(ReviewLog.kind).order_by(ReviewLog.number)).all() == ["review", "review"]
        assert session.scalars(select(Card.interval_days)).one() == 6


def test_the_feedback_leads_on_inside_the_quiz(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()
    make_question()

    page = client.get(answer_quiz(client, address, "none").location).text

    assert EXPLANATION in page
    assert f'href="/practice/question?{address.replace("&", "&amp;")}&amp;place=2"' in page


def test_the_script_gets_the_feedback_at_once(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()
    page = client.get(f"/practice/question?{address}").text

    reply = client.post(
        f"/practice/answer?{address}&place=1",
        data={**hidden(page), "choice": choose(page, "none")},
        headers={"X-Rappel-Fragment": "1"},
    )

    assert reply.status_code == 200
    assert "<html" not in reply.text
    assert EXPLANATION in reply.text


def test_the_back_button_finds_the_feedback_and_not_the_question(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()
    answered = answer_quiz(client, address, "none")

    reply = client.get(f"/practice/question?{address}&place=1")

    assert (reply.status_code, urlsplit(reply.location).path) == (303, urlsplit(answered.location).path)


def test_a_double_click_records_one_answer(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()
    page = client.get(f"/practice/question?{address}").text
    form = {**hidden(page), "choice": choose(page, "none")}

    replies = [client.post(f"/practice/answer?{address}&place=1", data=form) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    with db.reading() as session:
        assert len(session.scalars(select(ReviewLog)).all()) == 1


def test_an_empty_answer_is_asked_for_again(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()
    page = client.get(f"/practice/question?{address}").text

    reply = client.post(f"/practice/answer?{address}&place=1", data=hidden(page))

    assert (reply.status_code, hidden(reply.text)) == (400, hidden(page))
    with db.reading() as session:
        assert session.scalars(select(ReviewLog)).all() == []


def test_a_line_moved_without_javascript_stays_in_the_quiz(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question(**ORDERING)
    page = client.get(f"/practice/question?{address}").text

    reply = client.post(
        f"/practice/arrange?{address}&place=1", data={**hidden(page), "order": ["1", "2", "3"], "move": "1:down"}
    )

    assert re.findall(r'name="order" value="(\d)"', reply.text) == ["2", "1", "3"]
    assert f'action="/practice/answer?{address.replace("&", "&amp;")}&amp;place=1"' in reply.text


def test_a_flashcard_is_turned_then_graded_as_practice(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question(**FLASHCARD)
    form = hidden(client.get(f"/practice/question?{address}").text)

    turned = client.post(f"/practice/reveal?{address}&place=1", data=form)
    graded = client.post(f"/practice/grade?{address}&place=1", data={**hidden(turned.text), "grade": 4})

    assert "A template." in turned.text
    assert (graded.status_code, parse_qs(urlsplit(graded.location).query)["place"]) == (303, ["2"])
    with db.reading() as session:
        assert session.execute(select(ReviewLog.kind, ReviewLog.grade)).all() == [("practice", 4)]


def test_no_grade_of_a_new_flashcard_promises_a_day_in_practice(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question(**FLASHCARD)
    form = hidden(client.get(f"/practice/question?{address}").text)

    turned = client.post(f"/practice/reveal?{address}&place=1", data=form).text

    assert said_of_grades(turned) == ["not scheduled, still new"] * 4
    assert "Which grade should I give?" not in turned


def test_a_known_flashcard_missed_in_practice_comes_again_today(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, clock: Clock, address: str
) -> None:
    learner = log_in(locale="en")
    answer(db, learner, make_question(**FLASHCARD), Grade.GOOD, clock() - timedelta(minutes=1))
    form = hidden(client.get(f"/practice/question?{address}").text)

    turned = client.post(f"/practice/reveal?{address}&place=1", data=form).text

    assert [said.split(",")[0] for said in said_of_grades(turned)] == [
        "again today",
        "again today",
        "tomorrow",
        "tomorrow",
    ]


def test_my_answer_was_right_stays_in_the_quiz_and_is_logged(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question(**COMMAND)
    form = hidden(client.get(f"/practice/question?{address}").text)
    client.post(f"/practice/answer?{address}&place=1", data={**form, "text": "docker network show"})

    reply = client.post(f"/practice/override?{address}&place=1", data={"answer_id": form["answer_id"]})

    assert reply.status_code == 303
    assert urlsplit(reply.location).path.startswith("/practice/feedback/")
    with db.reading() as session:
        assert session.scalars(select(ReviewLog.overridden).order_by(ReviewLog.number)).all()[-1] is True


def test_past_the_last_question_comes_the_summary(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()
    answer_quiz(client, address, "host")

    page = client.get(f"/practice/question?{address}&place=2", follow_redirects=True).text

    assert "0 right answers out of 1" in page
    assert 'In the course: <span lang="fr">Réseau</span>' in page
    assert "Go to today’s review" in page


def test_a_quiz_left_early_says_where_to_go_on(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    for _ in range(3):
        make_question()
    answer_quiz(client, address, "none")

    page = client.get(f"/practice/summary?{address}").text

    assert "2 without an answer" in page
    assert "place=2" in page


def test_a_summary_without_a_quiz_goes_to_the_choice(client: FlaskClient, log_in: LogIn) -> None:
    log_in()

    reply = client.get("/practice/summary")

    assert (reply.status_code, reply.location) == (303, "/practice/")


@pytest.mark.parametrize(
    "query", ["seed=x&place=y", "seed=-5", "seed=99999999999999999999&n=-1", "seed=1&place=100001", "seed=1&topics=%00"]
)
def test_an_address_that_makes_no_sense_breaks_nothing(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, query: str
) -> None:
    log_in()
    make_question()

    assert client.get(f"/practice/question?{query}", follow_redirects=True).status_code == 200


def test_a_question_of_another_course_cannot_be_practised(
    client: FlaskClient,
    log_in: LogIn,
    make_question: MakeQuestion,
    make_course: Callable[..., Course],
    address: str,
) -> None:
    log_in()
    make_question()
    form = hidden(client.get(f"/practice/question?{address}").text)
    other = make_question(of=make_course("git"))

    reply = client.post(f"/practice/answer?{address}", data={**form, "question": other.id, "choice": "1"})

    assert reply.status_code == 404


def test_another_learner_s_feedback_is_a_404(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in()
    make_question()
    answered = answer_quiz(client, address, "none")
    log_in()

    assert client.get(answered.location).status_code == 404


@pytest.mark.parametrize("action", ["answer", "arrange", "reveal", "grade", "override"])
def test_a_form_without_its_token_is_refused_first(app: Flask, client: FlaskClient, log_in: LogIn, action: str) -> None:
    log_in()
    app.config["WTF_CSRF_ENABLED"] = True

    assert client.post(f"/practice/{action}").status_code == 400


@pytest.mark.parametrize(
    ("locale", "words"), [("fr", "Dans le cours\u00a0: Réseau<"), ("en", ': <span lang="fr">Réseau<')]
)
def test_a_title_of_the_course_is_marked_where_the_page_speaks_another_language(
    locale: str, words: str, client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, db: Database, clock: Clock
) -> None:
    learner = log_in(locale=locale)
    question = make_question()
    answer(db, learner, question, Grade.GOOD, clock())

    assert words in client.get(f"/cards/{question.id}").text


def test_a_question_withdrawn_while_on_screen_leads_on_in_the_quiz(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, db: Database, address: str
) -> None:
    log_in(locale="en")
    for _ in range(2):
        make_question()
    page = client.get(f"/practice/question?{address}&place=1").text
    shown = int(hidden(page)["question"])
    with db.writing() as session:
        session.get_one(Question, shown).retired = True

    reply = client.post(f"/practice/answer?{address}&place=1", data={**hidden(page), "choice": "1"})

    assert "Answers recorded before are kept." in reply.text
    onward = unescape(re.search(r'href="([^"]*)">Next question', reply.text)[1])  # type: ignore[index]
    assert (reply.status_code, "withdrawn meanwhile" in reply.text) == (404, True)
    assert hidden(client.get(onward).text)["question"] != str(shown)


def test_a_right_answer_on_a_card_never_reviewed_is_told_that_it_stays_new_and_no_more(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    log_in(locale="en")
    make_question()

    feedback = client.get(answer_quiz(client, address, "none").location).text

    assert "still new" in feedback
    assert "the interval and the ease stay as they were" not in feedback


def test_a_right_answer_before_its_day_is_told_that_its_interval_stays(
    client: FlaskClient, db: Database, log_in: LogIn, make_question: MakeQuestion, address: str
) -> None:
    settle(db, log_in(locale="en"), make_question(), interval_days=15, due=date(2026, 12, 1))

    feedback = client.get(answer_quiz(client, address, "none").location).text

    assert "the interval and the ease stay as they were" in feedback


def test_a_number_in_words_is_asked_again_in_digits(
    client: FlaskClient, log_in: LogIn, make_question: MakeQuestion, address: str, db: Database
) -> None:
    log_in(locale="en")
    make_question(**NUMBER)
    page = client.get(f"/practice/question?{address}").text

    reply = client.post(f"/practice/answer?{address}", data={**hidden(page), "text": "deux"})

    assert (reply.status_code, "cannot be read as a number" in reply.text) == (400, True)
    with db.reading() as session:
        assert session.scalars(select(ReviewLog)).all() == []
