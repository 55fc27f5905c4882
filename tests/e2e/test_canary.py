"""Keys stay on the server until the answer is in; and the watch that says so can see."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Live, Watch
from tests.e2e.keyboard import answer_by_pointing, asked_on, settle
from tests.e2e.people import announce_exam, log_in_as

OpenPage = Callable[..., Page]


@pytest.fixture
def overheard(live: Live) -> Callable[[str], list[str]]:
    """Return a function that lets a made-up page say something to a visitor, and tells what the watch noted."""

    def say(words: str) -> list[str]:
        def page(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
            start_response("200 OK", [("Content-Type", "text/html")])
            return [words.encode()]

        before = len(live.leaks)
        Watch(page, live)({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: None)
        noted, live.leaks[before:] = live.leaks[before:], []
        return noted

    return say


def test_the_watch_notes_a_key_that_comes_before_its_answer(live: Live, overheard: Callable[[str], list[str]]) -> None:
    asked = next(iter(live.asked.values()))

    assert overheard(f"<p>{asked.token}</p>") == [f"GET / tells {asked.heading}"]


def test_the_watch_lets_other_words_pass(overheard: Callable[[str], list[str]]) -> None:
    assert overheard("<p>canari</p>") == []


def test_no_page_a_learner_reads_tells_the_key_of_what_they_have_not_answered(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    page.goto("/review/")
    answer_by_pointing(page, asked_on(page, live))
    settle(page)
    before = live.responses

    for path in (
        "/",
        "/cards/",
        "/cards/?words=canari",
        "/cards/?words=mot",
        "/progress/",
        "/practice/",
        "/account/data",
    ):
        page.goto(path)
    for question in range(1, 21):
        page.goto(f"/cards/{question}/flag")
        page.goto(f"/cards/{question}")
    exported = page.request.post(
        "/account/data", form={"csrf_token": page.get_by_role("main").locator("[name=csrf_token]").first.input_value()}
    )

    assert exported.ok
    assert live.responses - before > 47
    assert live.leaks == []


def test_reporting_a_question_tells_no_key_of_another(open_page: OpenPage, live: Live) -> None:
    page = open_page(js=False)
    log_in_as(page, live, "learner")
    page.goto("/review/")
    while (asked := asked_on(page, live)).type == "flashcard":  # these have no page of feedback
        answer_by_pointing(page, asked)
        page.goto("/review/")
    answer_by_pointing(page, asked)
    page.get_by_role("link", name="Signaler un problème").click()
    page.get_by_role("radio", name="Ce n’est pas clair").check()
    page.get_by_role("textbox", name="Avec vos mots").fill("Que faut-il écrire ?")
    page.get_by_role("button", name="Envoyer le signalement").click()

    expect(page.get_by_role("status").first).to_contain_text("Merci")
    assert "/review/feedback/" in page.url
    page.goto("/cards/")
    expect(page.get_by_role("region", name="Ce que vous avez signalé")).to_contain_text("Pas encore de réponse")
    assert live.leaks == []


def test_the_bank_of_teachers_is_no_leak_and_is_closed_to_learners(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "teacher")
    for question in range(1, 21):
        page.goto(f"/teach/bank/questions/{question}")
    expect(page.get_by_role("heading", name="Le corrigé")).to_be_visible()
    learner = open_page()
    log_in_as(learner, live, "learner")

    refused = learner.goto("/teach/bank/questions/1")

    assert refused is not None
    assert refused.status == 403
    assert live.leaks == []


def test_no_page_tells_the_key_of_an_answered_question_once_it_is_in_an_exam(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    student = log_in_as(page, live, "learner")
    page.goto("/review/")
    while (asked := asked_on(page, live)).type == "flashcard":  # no exam asks these
        answer_by_pointing(page, asked)
        page.goto("/review/")
    answer_by_pointing(page, asked)
    settle(page)
    question = announce_exam(live, student, str(asked.document["id"]))

    heard: list[str] = []
    page.on(
        "response",
        lambda reply: heard.append(reply.text()) if "text/html" in reply.headers.get("content-type", "") else None,
    )
    for path in ("/", "/cards/", f"/cards/?words={asked.token}", f"/cards/{question}", "/practice/", "/progress/"):
        page.goto(path)
    page.goto(f"/cards/{question}")
    expect(page.get_by_text("Cette question fait partie d’un de vos examens").first).to_be_visible()

    echoed = f'value="{asked.token}"'  # what was typed into the search
    assert len(heard) >= 7
    assert not any(asked.token in text.replace(echoed, "") for text in heard)
