"""The plan set up in a browser: the sentences follow what is filled in, or a button asks for them."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]


def test_the_sentences_follow_what_is_filled_in(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner", locale="en")
    page.goto("/plan/")

    page.fill("#exam_on", "2026-12-16")
    expect(page.locator('[data-effect="date"]')).to_contain_text("Days of study until then: 23.")
    expect(page.locator("[data-look]")).to_be_hidden()
    page.fill("#minutes_a_day", "40")
    expect(page.locator('[data-effect="minutes"]')).to_contain_text("120 reviews")
    page.fill("#exam_on", "2026-11-20")
    expect(page.locator("#exam_on-error")).to_contain_text("after today")
    page.fill("#exam_on", "2026-12-16")
    page.get_by_role("button", name="How many minutes a day for 80%?").click()
    expect(page.get_by_role("status")).to_contain_text("lead to 80%")
    page.get_by_role("button", name="Save the plan").click()

    expect(page.locator("main")).to_contain_text("Your plan is kept")
    expect(page.locator(".countdown")).to_contain_text("D−23")


def test_a_button_says_the_same_without_the_script(open_page: OpenPage, live: Live) -> None:
    page = open_page(js=False)
    log_in_as(page, live, "learner", locale="en")
    page.goto("/plan/")

    page.fill("#exam_on", "2026-12-16")
    page.get_by_role("button", name="What does this mean?").click()

    expect(page.locator('[data-effect="date"]')).to_contain_text("Days of study until then: 23.")
    expect(page.locator('[data-effect="all"]')).to_contain_text("On the day you should recall about")
    expect(page.locator("#exam_on")).to_have_value("2026-12-16")


def test_the_pages_of_a_plan_have_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page(locale="en-GB")
    log_in_as(page, live, "learner", locale="en")
    page.goto("/plan/?exam_on=2026-12-16")
    page.get_by_role("button", name="Save the plan").click()
    expect(page.locator(".countdown")).to_contain_text("D−23")

    found = findings(page)
    for path in ("/plan/", "/plan/remove", "/review/"):
        page.goto(path)
        found += findings(page)

    assert found == []
