"""A teacher sets an exam up, looks at it and publishes it, by keyboard alone; no page of it has a barrier."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.keyboard import press, tab_to
from tests.e2e.people import log_in_as, make_class_with_a_member

OpenPage = Callable[..., Page]


def draft(page: Page, class_id: int, title: str = "Examen blanc") -> None:
    """Make a draft of two questions by pointing, up to its own page."""
    page.goto(f"/teach/classes/{class_id}/exams/new")
    page.get_by_label("Titre").fill(title)
    page.get_by_label("Combien").fill("2")
    page.get_by_label("Ouverture").fill("2026-12-16T14:00")
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_an_exam_is_set_up_and_published_by_keyboard(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    class_id = make_class_with_a_member(live, log_in_as(page, live, "teacher"))
    page.goto(f"/teach/classes/{class_id}/")
    press(page, page.locator("main a[href$='/exams/']").first)
    press(page, page.locator("a[href$='/exams/new']").first)

    tab_to(page, page.locator("#title"))
    page.keyboard.type("Examen de décembre")
    tab_to(page, page.locator("#row-1-count"))
    page.keyboard.press("Control+a")
    page.keyboard.type("2")
    tab_to(page, page.locator("[data-add]"))
    page.keyboard.press("Enter")
    page.keyboard.type("1")
    expect(page.locator("[data-total]")).to_have_text("3 questions en tout")
    tab_to(page, page.locator("#opens_at"))
    page.keyboard.type("12162026")
    page.keyboard.press("Tab")
    page.keyboard.type("0200PM")
    tab_to(page, page.locator("#password"))
    page.keyboard.type("sésame")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Examen de décembre")).to_be_visible()
    expect(page.get_by_text("le mercredi 16 décembre de 14")).to_be_visible()
    press(page, page.locator("a[href$='/preview']").first)
    expect(page.get_by_text("Question 1 sur 3")).to_be_visible()
    press(page, page.locator(".side a[href^='/teach/exams/']").first)
    press(page, page.locator("a[href$='/publish']").first)
    press(page, page.locator("main form .button-mark").first)

    expect(page.get_by_text("L’examen est publié")).to_be_visible()
    expect(page.get_by_text(re.compile("Annoncé"))).to_be_visible()


def test_questions_are_chosen_one_by_one(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    class_id = make_class_with_a_member(live, log_in_as(page, live, "teacher"))
    page.goto(f"/teach/classes/{class_id}/exams/new")
    page.get_by_label("Titre").fill("Une liste")
    page.get_by_label("Ouverture").fill("2026-12-16T14:00")
    expect(page.get_by_label("Mots de la question")).to_be_hidden()
    page.get_by_text("choisies une à une").click()
    page.get_by_label("Mots de la question").fill("Question")
    page.keyboard.press("Enter")
    for box in (0, 1):
        page.locator("ul.picked input").nth(box).check()
    page.get_by_role("button", name="Ajouter ce qui est coché").click()
    page.get_by_label("Points de la question 2").fill("3")
    page.get_by_role("button", name="Monter la question 2").click()

    expect(page.get_by_label("Points de la question 1")).to_have_value("3")
    barriers = findings(page)
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()

    expect(page.get_by_text("Elles pèsent 4 points en tout")).to_be_visible()
    assert barriers == []


@pytest.mark.parametrize("path", ["", "edit", "preview", "preview?key=1", "publish", "discard", "copy"])
def test_a_page_of_a_draft_has_no_barrier(open_page: OpenPage, live: Live, path: str) -> None:
    page = open_page()
    draft(page, make_class_with_a_member(live, log_in_as(page, live, "teacher")))
    page.goto(page.url + path)

    assert findings(page) == []


def test_the_list_and_the_pages_of_a_published_exam_have_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    class_id = make_class_with_a_member(live, log_in_as(page, live, "teacher"))
    page.goto(f"/teach/classes/{class_id}/exams/")
    found = findings(page)
    draft(page, class_id)
    home = page.url
    page.goto(home + "publish")
    page.get_by_role("button", name="Publier l’examen").click()
    expect(page.get_by_text("L’examen est publié")).to_be_visible()

    for path in (home, home + "edit", home + "points", home + "makeups", f"/teach/classes/{class_id}/exams/"):
        page.goto(path)
        found += findings(page)

    assert found == []


def test_a_refused_exam_keeps_what_was_typed_and_has_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    class_id = make_class_with_a_member(live, log_in_as(page, live, "teacher"))
    page.goto(f"/teach/classes/{class_id}/exams/new")
    page.get_by_label("Combien").fill("99")
    page.get_by_label("Mot de passe").fill("sésame")
    page.get_by_role("button", name="Enregistrer le brouillon").last.click()

    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Mot de passe")).to_have_value("sésame")
    assert findings(page) == []
