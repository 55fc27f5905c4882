"""A learner's first visit and first session, in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.models import Card, Question, ReviewLog
from tests.e2e.conftest import Live
from tests.e2e.course import Asked
from tests.e2e.keyboard import (
    after_one_answer,
    answer_by_keys,
    answer_by_pointing,
    asked_on,
    next_of,
    reach,
    typed_answer,
)
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
FEEDBACK = re.compile("^(Exact|À revoir|Presque)")


def start(page: Page) -> None:
    """From the front door to the first question: two clicks at most."""
    page.goto("/")
    page.get_by_role("button", name="Essayer sans compte").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Question "))


def test_a_visitor_meets_the_first_question_in_one_click(open_page: OpenPage) -> None:
    page = open_page()

    start(page)

    expect(page.get_by_role("progressbar")).to_be_visible()


def test_a_visitor_reaches_the_first_question_by_keyboard_alone(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto("/")
    reach(page, "Essayer sans compte")

    page.keyboard.press("Enter")

    assert asked_on(page, live)


def test_twenty_cards_of_all_types_are_answered_by_keyboard_alone(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner", new_per_day=20)
    page.goto("/review/")
    types = set()

    for _ in range(20):
        asked = asked_on(page, live)
        types.add(asked.type)
        answer_by_keys(page, asked)
        if asked.type != "flashcard":
            expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
            page.wait_for_timeout(300)
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(asked.heading)

    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fini pour aujourd’hui")
    assert len(types) == 10


def test_the_same_session_works_without_javascript(open_page: OpenPage, live: Live) -> None:
    page = open_page(js=False)
    log_in_as(page, live, "learner", new_per_day=20)
    page.goto("/review/")

    for _ in range(20):
        asked = asked_on(page, live)
        answer_by_pointing(page, asked)
        if asked.type != "flashcard":
            expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
            page.get_by_role("link", name=re.compile("^Correct")).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(asked.heading)

    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fini pour aujourd’hui")


def test_progress_is_there_after_the_browser_comes_back(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    start(page)
    first = asked_on(page, live)
    answer_by_pointing(page, first)
    if first.type != "flashcard":
        expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
    page.goto("/review/")

    expect(page.get_by_role("heading", level=1)).not_to_have_text(first.heading)
    expect(page.get_by_text(re.compile("^2 sur 15"))).to_be_visible()


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_answer_is_taken_back_and_its_question_asked_again(open_page: OpenPage, live: Live, js: bool) -> None:
    page = open_page(js=js)
    start(page)
    first = asked_on(page, live)
    answer_by_pointing(page, first)

    page.get_by_role("button", name=re.compile("^Annuler")).click()

    expect(page.get_by_role("status").first).to_contain_text("La réponse est annulée")
    expect(page.get_by_role("heading", level=1)).to_have_text(first.heading)


def test_a_second_tab_is_told_that_the_card_was_answered(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    start(page)
    other = page.context.new_page()
    other.goto("/review/")
    asked = asked_on(page, live)
    answer_by_pointing(page, asked)
    expect(page.get_by_role("heading", level=2).first).to_be_visible()

    answer_by_pointing(other, asked)

    expect(other.get_by_role("heading", level=1)).to_contain_text("déjà")


def set_retired(live: Live, asked: Asked, retired: bool) -> None:
    """Take a question out of the bank, or bring it back."""
    with live.database.writing() as session:
        session.scalars(select(Question).where(Question.slug == asked.document["id"])).one().retired = retired


def test_a_withdrawn_question_says_so_in_a_heading_without_a_frame_around_the_page(
    open_page: OpenPage, live: Live
) -> None:
    page = open_page(width=390)
    start(page)
    asked = next_of(page, live, "short_answer")
    page.get_by_role("textbox").fill("un mot à moi")
    set_retired(live, asked, True)
    try:
        page.keyboard.press("Enter")
        heading = page.get_by_role("heading", level=1, name="Cette question a été retirée")
        expect(heading).to_be_focused()
    finally:
        set_retired(live, asked, False)

    for framed in (heading, page.get_by_role("main")):
        framed.focus()
        expect(framed).to_have_css("outline-style", "none")
        expect(framed).to_have_css("box-shadow", "none")


def answers_to(live: Live, learner: int, asked: Asked) -> list[int]:
    """The grades in the log of a learner's card of a question."""
    statement = (
        select(ReviewLog.grade)
        .join(Card, Card.id == ReviewLog.card_id)
        .join(Question, Question.id == Card.question_id)
        .where(ReviewLog.learner_id == learner, Question.slug == asked.document["id"])
    )
    with live.database.reading() as session:
        return [grade or 0 for grade in session.scalars(statement)]


def test_an_answer_that_could_not_leave_is_kept_and_counts_once(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    asked = next_of(page, live, "short_answer")
    page.context.set_offline(True)
    answer_by_pointing(page, asked)
    expect(page.get_by_role("alert")).to_contain_text("Pas encore enregistré")
    assert answers_to(live, learner, asked) == []

    page.context.set_offline(False)
    page.get_by_role("button", name="Valider").click()

    expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
    assert answers_to(live, learner, asked) == [4]


def test_an_answer_whose_reply_a_proxy_swallowed_is_kept_and_counts_once(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    asked = next_of(page, live, "short_answer")
    broken = {"status": 200, "content_type": "text/html", "body": "<h1>The gateway is resting</h1>"}
    page.route("**/review/answer", lambda route: (route.fetch(), route.fulfill(**broken)))
    answer_by_pointing(page, asked)
    expect(page.get_by_role("alert")).to_contain_text("Pas encore enregistré")
    expect(page.get_by_role("textbox")).to_have_value(typed_answer(asked))
    assert answers_to(live, learner, asked) == [4]

    page.unroute("**/review/answer")
    page.get_by_role("button", name="Valider").click()

    expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
    assert answers_to(live, learner, asked) == [4]


def test_the_key_u_takes_the_last_answer_back(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    start(page)
    first = after_one_answer(page, live)

    page.keyboard.press("u")

    expect(page.get_by_role("heading", level=1)).to_have_text(first.heading)


@pytest.mark.parametrize("key", ["Control+u", "Alt+u"])
def test_no_key_acts_with_a_modifier(open_page: OpenPage, live: Live, key: str) -> None:
    page = open_page()
    start(page)
    first = after_one_answer(page, live)

    page.keyboard.press(key)

    page.wait_for_timeout(400)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(first.heading)


def test_no_key_acts_while_typing(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    start(page)
    after_one_answer(page, live)
    asked = next_of(page, live, "short_answer")

    page.get_by_role("textbox").press_sequentially("u1?")

    page.wait_for_timeout(400)
    expect(page.get_by_role("textbox")).to_have_value("u1?")
    expect(page.get_by_role("heading", level=1)).to_have_text(asked.heading)


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_hints_of_keys_are_shown_only_where_keys_act(open_page: OpenPage, live: Live, js: bool) -> None:
    page = open_page(js=js)
    start(page)
    next_of(page, live, "flashcard")
    asking = page.get_by_text("Raccourcis clavier").is_visible()
    page.get_by_role("button", name="Voir la réponse").click()
    expect(page.get_by_role("heading", level=2, name="La réponse")).to_be_visible()

    hints = page.locator("main kbd")

    assert hints.count() >= 5
    assert [asking, *(hint.is_visible() for hint in hints.all())] == [js] * (hints.count() + 1)


def test_hints_of_keys_move_nothing_when_they_appear(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    start(page)
    next_of(page, live, "flashcard")
    page.get_by_role("button", name="Voir la réponse").click()
    expect(page.get_by_role("heading", level=2, name="La réponse")).to_be_visible()
    boxes = """[...document.querySelectorAll('main *')].filter((one) => one.checkVisibility())
        .map((one) => JSON.stringify(one.getBoundingClientRect()))"""

    shown = page.evaluate(boxes)
    page.evaluate("document.documentElement.classList.remove('has-keys')")

    assert not page.locator("main kbd").first.is_visible()
    assert page.evaluate(boxes) == shown


def test_no_key_acts_where_they_are_switched_off(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    after_one_answer(page, live)
    page.goto("/settings/")
    page.get_by_role("checkbox", name="Raccourcis clavier").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Enregistrer").click()
    page.goto("/review/")
    asked = asked_on(page, live)

    page.wait_for_timeout(300)
    page.keyboard.press("u")

    page.wait_for_timeout(400)
    expect(page.get_by_role("heading", level=1)).to_have_text(asked.heading)
    expect(page.get_by_role("button", name=re.compile("^Annuler"))).to_be_visible()


def test_the_digit_row_of_a_french_keyboard_chooses_without_shift(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    start(page)
    next_of(page, live, "single", "true_false")
    press = "(keys) => document.body.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...keys}))"

    page.wait_for_timeout(300)
    page.evaluate(press, {"key": "é", "code": "Digit2", "shiftKey": True})
    assert not any(box.is_checked() for box in page.get_by_role("radio").all())
    page.evaluate(press, {"key": "&", "code": "Digit1"})

    expect(page.get_by_role("radio").first).to_be_checked()
