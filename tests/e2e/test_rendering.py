"""What a reader sees of code: whole words, even lines, and a sign where there is more."""

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Live
from tests.e2e.edges import edge_of
from tests.e2e.keyboard import answer_by_keys, next_of
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
SMALLEST_TARGET_PX = 24  # WCAG 2.2, 2.5.8
_BROKEN = """(code) => {
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    const broken = [];
    while (texts.nextNode()) {
        for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (new Set([...range.getClientRects()].map((box) => box.top)).size > 1) broken.push(word[0]);
        }
    }
    return broken;
}"""
_BASELINES = """(code) => {
    const lines = new Set();
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(texts.currentNode);
        for (const box of range.getClientRects()) if (box.height) lines.add(Math.round(box.bottom));
    }
    return [...lines].sort((one, other) => one - other);
}"""


def gap_of(page: Page) -> Locator:
    """The gap of the listing."""
    return page.locator("pre .blank")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_word_of_a_long_command_breaks(open_page: OpenPage, live: Live, width: int) -> None:
    page = open_page(width=width)
    log_in_as(page, live, "learner")

    next_of(page, live, "single")

    assert page.locator("code.long").evaluate(_BROKEN) == []
    assert page.locator("code.long").evaluate(_BASELINES) != []


@pytest.mark.parametrize("width", [320, 390])
def test_no_word_of_a_compared_command_breaks(open_page: OpenPage, live: Live, width: int) -> None:
    page = open_page(width=width)
    log_in_as(page, live, "learner")
    next_of(page, live, "command")
    page.get_by_role("textbox").fill("docker run --health-start-interval=30s --no-healthcheck --rm --read-only nginx")

    page.get_by_role("button", name="Valider").click()

    expect(page.locator(".diff").first).to_be_visible()
    assert [word for line in page.locator(".diff dd").all() for word in line.evaluate(_BROKEN)] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_gap_fits_its_line_and_is_large_enough_to_hit(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=390)
    log_in_as(page, live, "learner")

    next_of(page, live, "cloze")

    lines = page.locator("pre code").evaluate(_BASELINES)
    steps = {later - earlier for earlier, later in pairwise(lines)}
    height = gap_of(page).evaluate("(gap) => gap.getBoundingClientRect().height")
    assert len(steps) == 1, f"the lines of the listing are uneven: {lines}"
    assert SMALLEST_TARGET_PX <= height <= steps.pop()


def test_the_gap_that_takes_the_focus_after_an_answer_is_in_sight(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=320)
    log_in_as(page, live, "learner")
    asked = next_of(page, live, "numerical")  # the one before the cloze
    page.wait_for_timeout(300)

    answer_by_keys(page, asked)
    expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")

    expect(gap_of(page)).to_be_focused()
    beyond = "(gap) => gap.getBoundingClientRect().right - gap.closest('pre').getBoundingClientRect().right"
    assert gap_of(page).evaluate(beyond) <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_listing_shows_at_its_edge_that_it_goes_on(open_page: OpenPage, live: Live, dark: bool) -> None:
    page = open_page(width=390, dark=dark)
    log_in_as(page, live, "learner")
    next_of(page, live, "cloze")
    listing = page.get_by_role("region", name="Dockerfile à compléter")
    before = edge_of(page, listing, below=6)

    listing.evaluate("(box) => { box.scrollLeft = box.scrollWidth }")

    assert edge_of(page, listing, below=6) != before


def test_a_listing_moves_by_keyboard(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=390)
    log_in_as(page, live, "learner")
    next_of(page, live, "cloze")
    listing = page.get_by_role("region", name="Dockerfile à compléter")
    listing.focus()

    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)

    assert listing.evaluate("(box) => box.scrollLeft") > 0


@pytest.mark.parametrize("width", [390, 1280])
def test_the_question_does_not_move_when_it_is_answered(open_page: OpenPage, live: Live, width: int) -> None:
    page = open_page(width=width)
    log_in_as(page, live, "learner")
    next_of(page, live, "short_answer")
    top = "(heading) => heading.getBoundingClientRect().top"
    asked = page.get_by_role("heading", level=1).evaluate(top)

    page.get_by_role("button", name="Je ne sais pas").click()

    expect(page.get_by_role("heading", level=2, name="À revoir")).to_be_visible()
    assert page.get_by_role("heading", level=1).evaluate(top) == asked


def test_a_number_in_words_keeps_the_field_and_the_focus(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=390)
    log_in_as(page, live, "learner")
    next_of(page, live, "numerical")
    page.get_by_role("textbox").fill("quarante-deux")

    page.get_by_role("button", name="Valider").click()

    field = page.get_by_role("textbox")
    expect(field).to_have_accessible_description(
        "«\u00a0quarante-deux\u00a0» ne se lit pas comme un nombre. "
        "Écrire le nombre seul, en chiffres, par exemple 1250 ou 0,5. Rien n’est encore compté."
    )
    expect(field).to_have_value("quarante-deux")
    expect(field).to_be_focused()


def test_a_link_in_small_print_is_read_in_ink_while_it_is_pointed_at(open_page: OpenPage, live: Live) -> None:
    page = open_page(dark=True)
    log_in_as(page, live, "learner")
    next_of(page, live, "short_answer")
    page.get_by_role("button", name="Je ne sais pas").click()
    link = page.get_by_role("link", name="Signaler un problème")

    link.hover()

    ink = page.locator("body").evaluate("(body) => getComputedStyle(body).color")
    expect(link).to_have_css("color", ink)
