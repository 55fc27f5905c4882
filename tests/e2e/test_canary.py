"""Keys stay on the server until the answer is in; and the watch that says so can see."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import Live, Watch
from tests.e2e.keyboard import answer_by_pointing, asked_on
from tests.e2e.people import log_in_as

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
    page.wait_for_load_state("networkidle")
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
        page.goto(f"/cards/{question}")
    exported = page.request.post(
        "/account/data", form={"csrf_token": page.get_by_role("main").locator("[name=csrf_token]").first.input_value()}
    )

    assert exported.ok
    assert live.responses - before > 27
    assert live.leaks == []
