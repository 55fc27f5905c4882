"""Staying: a guest's progress outlives their browser, and a teacher's class opens by a code."""

import re
from collections.abc import Callable
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.e2e.conftest import Live
from tests.e2e.keyboard import answer_by_pointing, asked_on, settle
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
PASSWORD = "quatre mots sans rapport"


def test_a_guest_keeps_their_progress_under_a_login_name(open_page: OpenPage, live: Live) -> None:
    login = f"amel-{uuid4().hex[:6]}"
    page = open_page()
    page.goto("/")
    page.get_by_role("button", name="Essayer sans compte").click()
    first = asked_on(page, live)
    answer_by_pointing(page, first)
    settle(page)
    page.goto("/account/keep")
    page.get_by_role("textbox", name="Identifiant").fill(login)
    page.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    page.get_by_role("textbox", name="Le même, encore une fois").fill(PASSWORD)
    page.get_by_role("button", name="Garder ma progression").click()
    expect(page.get_by_role("status").first).to_contain_text("progression")

    elsewhere = open_page(js=False)
    elsewhere.goto("/account/log-in")
    elsewhere.get_by_role("textbox", name="Identifiant").fill(login)
    elsewhere.get_by_role("textbox", name="Mot de passe").fill(PASSWORD)
    with elsewhere.expect_navigation():
        elsewhere.get_by_role("main").get_by_role("button", name="Se connecter").click()
    elsewhere.goto("/review/")

    expect(elsewhere.get_by_text(re.compile("^2 sur 15"))).to_be_visible()


def test_a_teacher_opens_a_class_and_a_visitor_joins_it(open_page: OpenPage, live: Live) -> None:
    teacher = open_page()
    log_in_as(teacher, live, "teacher")
    teacher.goto("/teach/")
    teacher.get_by_role("textbox", name=re.compile("^Nom")).fill("L3 Informatique")
    teacher.get_by_role("main").get_by_role("button", name=re.compile("classe")).first.click()
    expect(teacher.get_by_role("heading", level=1)).to_have_text("Inviter des étudiants")
    code = re.findall(r"[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}", teacher.get_by_role("main").inner_text())[0]

    student = open_page(js=False)
    student.goto(f"/join/{code}")
    student.get_by_role("textbox").fill("Zoé Lefèvre")
    with student.expect_navigation():
        student.get_by_role("main").get_by_role("button").first.click()

    teacher.goto("/teach/")
    teacher.get_by_role("link", name="L3 Informatique").first.click()
    expect(teacher.get_by_role("rowheader", name="Zoé Lefèvre").first).to_be_visible()
