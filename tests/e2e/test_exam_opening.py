"""In front of a door: a student waits on the page of an exam that is about to open."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.crowd import gather
from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.keyboard import ACCEPTED_AFTER_MS
from tests.e2e.people import announce_exam, log_in_as

OpenPage = Callable[..., Page]


def waiting(page: Page, live: Live, seconds: int) -> None:
    """On the page of an exam that opens in so many seconds."""
    student = log_in_as(page, live, "learner")
    slug = next(str(one.document["id"]) for one in live.asked.values() if one.type == "single")
    announce_exam(live, student, slug, timedelta(seconds=seconds))
    page.goto("/exams/")
    page.get_by_role("link", name="Partiel").first.click()


def opened(page: Page, live: Live) -> Locator:
    """The start of an exam that has just opened while its page waited."""
    waiting(page, live, seconds=1)
    start = page.get_by_role("button", name="Commencer")
    expect(start).to_be_visible(timeout=15_000)
    return start


def test_the_start_appears_by_itself_and_takes_no_request(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=390)
    waiting(page, live, seconds=6)
    start = page.get_by_role("button", name="Commencer")
    expect(page.get_by_text(re.compile(r"^Encore [1-6]\s+s\.$"))).to_be_visible()
    assert start.count() == 0
    assert findings(page) == []
    answered = live.responses

    expect(start).to_be_visible(timeout=15_000)

    assert live.responses == answered
    expect(start).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="L’examen est ouvert")).to_have_count(1)
    assert findings(page) == []
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    page.keyboard.press("Enter")
    page.wait_for_url("**/attempts/**")


def test_without_javascript_the_page_says_to_load_it_again(open_page: OpenPage, live: Live) -> None:
    page = open_page(js=False)

    waiting(page, live, seconds=600)

    expect(page.get_by_text("Chargez alors cette page à nouveau.")).to_be_visible()
    assert page.get_by_role("button", name="Commencer").count() == 0


def test_in_a_crowd_the_exam_starts_by_itself_when_it_is_ones_turn(
    open_page: OpenPage, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(width=390)
    start = opened(page, live)
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    start.focus()
    gather(monkeypatch, wait_s=3.5)

    page.keyboard.press("Enter")

    told = page.get_by_text("Beaucoup commencent à cet instant")
    expect(page.get_by_role("status").filter(has=told)).to_have_count(1)
    expect(told.last).to_be_in_viewport()
    expect(page.get_by_text("Encore 2 s.").last).to_be_visible()  # it counts down
    assert page.locator("body[aria-busy]").count() == 0  # or nothing would be read out
    assert findings(page) == []
    page.keyboard.press("Enter")  # impatience changes nothing
    page.wait_for_url("**/attempts/**", timeout=10_000)
    expect(page.get_by_role("button", name="Terminer l’examen…")).to_be_visible()


def test_a_turn_that_comes_without_a_network_leaves_nothing_said_of_the_wait(
    open_page: OpenPage, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    start = opened(page, live)
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    gather(monkeypatch, wait_s=3.0)
    start.click()
    said = page.locator("[data-turn-said]")
    expect(said).to_contain_text("commence de lui-même")

    page.context.set_offline(True)

    expect(page.get_by_text("L’examen n’a pas commencé ici").last).to_be_visible(timeout=10_000)
    expect(said).to_be_empty()
    page.context.set_offline(False)
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    start.click()
    expect(said).to_contain_text("commence de lui-même")  # read out once more


def test_a_turn_that_comes_when_the_exam_was_started_in_another_tab_leads_to_it(
    open_page: OpenPage, live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page()
    start = opened(page, live)
    other = page.context.new_page()
    other.goto(page.url)
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    with monkeypatch.context() as crowd:
        gather(crowd, wait_s=4.0)
        start.click()
        expect(page.get_by_text("Beaucoup commencent").last).to_be_visible()

    other.get_by_role("button", name="Commencer").click()
    other.wait_for_url("**/attempts/**")

    expect(page.get_by_role("link", name="Reprendre la tentative")).to_be_visible(timeout=10_000)
    other.reload()
    expect(other.get_by_role("button", name="Terminer l’examen…")).to_be_visible()  # nothing was taken away from it
