"""What a hand and an eye feel: nothing jumps, the focus waits where it is wanted, a thumb finds the buttons."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.keyboard import ACCEPTED_AFTER_MS, answer_by_keys, asked_on, next_of, settle
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
TAP = 44  # CSS pixels: what a finger hits
_WATCH_SHIFTS = """() => { window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((one) =>
        `${one.value} ${one.sources.map((source) => source.node?.outerHTML?.slice(0, 80))}`)))
    .observe({ type: "layout-shift", buffered: true }); }"""


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_jumps_from_a_question_to_its_feedback_to_the_next(open_page: OpenPage, live: Live, width: int) -> None:
    page = open_page(width=width)
    log_in_as(page, live, "learner")
    page.goto("/review/")
    page.evaluate(_WATCH_SHIFTS)

    for _ in range(6):
        asked = asked_on(page, live)
        answer_by_keys(page, asked)
        settle(page)
        if asked.type != "flashcard":
            expect(page.locator("#verdict")).to_be_visible()
            page.wait_for_timeout(ACCEPTED_AFTER_MS)
            page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(asked.heading)

    assert page.evaluate("shifts") == []


def test_the_focus_waits_on_the_recorded_grade_then_on_the_next_question(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    answer_by_keys(page, next_of(page, live, "short_answer"))

    expect(page.get_by_role("link", name="Correct")).to_be_focused()

    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    page.keyboard.press("Enter")
    asked_on(page, live)
    assert page.evaluate("document.activeElement.closest('main form[data-fragment], main .question') !== null")


def assert_within_thumbs_reach(page: Page, target: Locator) -> None:
    """Large enough for a finger, and as wide as the column or below the screen's first quarter."""
    box = target.bounding_box()
    assert box is not None
    assert (box["height"] >= TAP, box["width"] >= TAP) == (True, True), box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize("type_", ["single", "short_answer", "flashcard", "ordering"])
def test_on_a_phone_a_thumb_finds_every_main_button(open_page: OpenPage, live: Live, type_: str) -> None:
    page = open_page(width=390)
    log_in_as(page, live, "learner", new_per_day=20)
    asked = next_of(page, live, type_)

    question = page.locator("main .actions > *, main .choice, main [data-primary], main .order button").all()
    for target in question:
        assert_within_thumbs_reach(page, target)
    primary = page.locator("main [data-primary]").bounding_box()
    answer_by_keys(page, asked) if type_ != "flashcard" else page.keyboard.press("Enter")
    expect(page.locator("main .grade").first).to_be_visible()
    for target in page.locator("main .grade, main .actions button, main .explained summary").all():
        assert_within_thumbs_reach(page, target)

    assert primary is not None
    assert primary["width"] > page.viewport_size["width"] * 0.8, "either hand"  # type: ignore[index]
    assert primary["y"] > page.viewport_size["height"] / 4, "not at the top"  # type: ignore[index]


def test_nothing_moves_for_those_who_ask_for_less_motion(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    page.goto("/review/")

    moving = page.evaluate(
        """() => [...document.querySelectorAll("*")].filter((one) => {
            const style = getComputedStyle(one);
            return style.animationName !== "none" || /[1-9]/.test(style.transitionDuration); }).length"""
    )

    assert moving == 0


@pytest.mark.parametrize("width", [390, 1280])
def test_the_word_on_hard_goes_when_it_is_closed_and_the_hand_is_back_on_the_question(
    open_page: OpenPage, live: Live, width: int
) -> None:
    page = open_page(width=width)
    log_in_as(page, live, "learner", new_per_day=20)
    page.goto("/review/")
    word = page.get_by_text("Vous avez presque toujours choisi")
    for _ in range(20):
        if word.is_visible():
            break
        grade_hard(page, live)

    close = page.get_by_role("link", name="Fermer ce message")
    assert_within_thumbs_reach(page, close)
    assert findings(page) == []
    heading = page.get_by_role("heading", level=1).inner_text()
    close.click()

    expect(word).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert page.evaluate("document.activeElement.closest('main form[data-fragment], main .question') !== null")


def grade_hard(page: Page, live: Live) -> None:
    """Answer the question rightly, and call it hard."""
    asked = asked_on(page, live)
    if asked.type == "flashcard":
        page.keyboard.press("Enter")
        expect(page.locator("main .grade").first).to_be_visible()
    else:
        answer_by_keys(page, asked)
        expect(page.locator("#verdict")).to_be_visible()
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    page.keyboard.press("3")
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    settle(page)
