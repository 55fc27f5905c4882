"""Marks in a real browser: a question is regraded by keyboard and restored; no page has a barrier."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.examined import make_exam
from tests.e2e.keyboard import tab_to
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("width", [390, 1280])
def test_a_question_is_regraded_and_restored_by_keyboard(open_page: OpenPage, live: Live, width: int) -> None:
    page = open_page(width=width)
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))
    page.goto(f"/teach/exams/{exam_id}/marks/questions/")
    tab_to(page, page.get_by_role("link", name="Question short-answer-1").first)
    page.keyboard.press("Enter")

    tab_to(page, page.get_by_role("button", name="Accepter aussi").first)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce que la renotation changerait")
    expect(page.get_by_text("2 étudiants gagnent")).to_be_visible()

    page.get_by_label("Motif").focus()
    page.keyboard.type("Dit en cours.")
    tab_to(page, page.get_by_role("button", name="Changer les notes").first)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Les notes sont changées pour tous")).to_be_visible()

    tab_to(page, page.get_by_role("link", name="Revenir en arrière…").first)
    page.keyboard.press("Enter")
    page.get_by_label("Motif").focus()
    page.keyboard.type("Par erreur.")
    tab_to(page, page.get_by_role("button", name="Revenir en arrière").first)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Renotation annulée")).to_be_visible()
    expect(page.get_by_text("2 notes changées")).to_have_count(2)


def test_no_page_about_marks_has_a_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))
    base = f"/teach/exams/{exam_id}/marks/"
    page.goto(f"{base}questions/")
    questions = [link.get_attribute("href") or "" for link in page.locator("ol.risk a").all()]
    page.goto(questions[3])
    with page.expect_navigation():
        page.get_by_role("button", name="Accepter aussi").first.click()
    found = findings(page)
    page.get_by_label("Motif").fill("Dit en cours.")
    with page.expect_navigation():
        page.get_by_role("button", name="Changer les notes").click()
    page.goto(base)
    attempt = page.locator("main table a").last.get_attribute("href") or ""
    page.goto(attempt)
    page.get_by_label("Points").fill("-0,5")
    page.get_by_label("Motif").fill("Retard.")
    with page.expect_navigation():
        page.get_by_role("button", name="Ajuster la note").click()

    single, short, cloze, order, pairs = (questions[at] for at in (0, 3, 6, 7, 8))
    keys = [f"{question}/key" for question in (single, short, order, pairs)]
    for path in [base, f"{base}questions/", f"{base}log", f"{base}bank", attempt, short, cloze, *keys]:
        page.goto(path)
        found += findings(page)

    assert found == []


def test_the_caption_of_a_wide_table_is_read_whole_on_a_phone(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=390)
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))

    for path in ("marks/", "items/", "live/"):
        page.goto(f"/teach/exams/{exam_id}/{path}")
        room = page.locator(".scroll:has(> table > caption)").first
        box, around = room.locator("caption").bounding_box(), room.bounding_box()
        assert box is not None and around is not None
        assert (path, box["width"] <= around["width"]) == (path, True)
