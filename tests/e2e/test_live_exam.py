"""An exam while it runs, in real browsers: the teacher's page follows it by itself, and no page has a barrier."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.models import Exam, Membership, User
from app.services import attempts, interventions
from app.services.identity import person_of
from app.services.interventions import TimeWanted
from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.examined import make_exam
from tests.e2e.examroom import Room
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
HERE_MS, REFRESH_MS = 25_000, 10_000


def newcomer(live: Live, exam_id: int, name: str) -> int:
    """One more student of the exam's class, who starts it; return the attempt."""
    with live.database.writing() as session:
        user = User(role="learner", created_at=live.now(), seen_at=live.now(), course_id=1)
        session.add(user)
        session.flush()
        class_id = session.get_one(Exam, exam_id).class_id
        session.add(Membership(class_id=class_id, user_id=user.id, name=name, joined_at=live.now()))
        session.flush()
        return attempts.start(session, person_of(user), exam_id, "", live.now())


def test_the_live_page_follows_the_exam_until_it_is_told_to_stop(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))
    page.clock.install()
    page.goto(f"/teach/exams/{exam_id}/live/")
    row = page.get_by_role("row", name="Yves Petit")

    newcomer(live, exam_id, "Yves Petit")
    page.get_by_role("link", name="Rouvrir… Ada Lovelace").focus()
    page.clock.run_for(REFRESH_MS)

    expect(row).to_contain_text("En cours")
    expect(page.get_by_role("link", name="Rouvrir… Ada Lovelace")).to_be_focused()
    page.get_by_role("button", name="Ne plus actualiser").click()
    newcomer(live, exam_id, "Yann Petit")
    page.clock.run_for(3 * REFRESH_MS)
    expect(page.get_by_role("row", name="Yann Petit")).to_have_count(0)


def test_a_live_page_that_hears_nothing_says_so(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))
    page.clock.install()
    page.goto(f"/teach/exams/{exam_id}/live/")
    page.context.set_offline(True)

    page.clock.run_for(REFRESH_MS)
    expect(page.get_by_text("Le serveur ne répond pas")).to_be_visible()

    page.context.set_offline(False)
    page.clock.run_for(REFRESH_MS)
    expect(page.get_by_text("Le serveur ne répond pas")).to_be_hidden()


def test_the_page_at_work_is_heard_though_nothing_is_saved(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    room = Room(live, page)
    page.clock.install()
    room.start()
    with page.expect_response("**/here") as heard:
        page.clock.run_for(HERE_MS)

    assert heard.value.status == 200
    attempt = room.attempt()
    assert attempt.heard_at is not None
    assert attempt.heard_at > attempt.started_at


def test_time_that_is_given_reaches_the_page_at_work(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    room = Room(live, page)
    page.clock.install()
    room.start()
    expect(page.locator("[data-ends]")).to_have_text(re.compile("11"))
    with live.database.writing() as session:
        exam = session.get_one(Exam, room.exam_id)
        teacher = person_of(session.get_one(User, exam.created_by))
        wanted = TimeWanted(90, "Alarme incendie.")
        interventions.give_time(session, teacher, room.exam_id, wanted, live.now())

    page.clock.run_for(HERE_MS)

    expect(page.locator("[data-ends]")).to_have_text(re.compile("12"))


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_time_that_is_sent_again_after_going_back_is_not_given_without_a_question(
    open_page: OpenPage, live: Live, js: bool
) -> None:
    page = open_page(js=js)
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))
    newcomer(live, exam_id, "Yann Petit")
    give = page.get_by_role("button", name="Accorder ce temps")
    page.goto(f"/teach/exams/{exam_id}/live/time")
    page.get_by_label("Minutes").fill("10")
    page.get_by_label("Motif").fill("Panne de réseau.")
    give.click()
    expect(page.get_by_text("10 minutes accordées à tous")).to_have_count(1)

    page.go_back()
    expect(page.get_by_label("Minutes")).to_have_value("10")
    expect(page.get_by_text("10 minutes accordées à tous")).to_be_visible()
    give.click()

    expect(page.get_by_text("Vous avez déjà donné ces 10 minutes")).to_be_visible()
    give.click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Donner du temps à tous")
    expect(page.get_by_text("10 minutes accordées à tous")).to_have_count(2)


def test_no_live_page_has_a_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    exam_id = make_exam(live, log_in_as(page, live, "teacher"))
    attempt = newcomer(live, exam_id, "Yves-Alexandre de Saint-Martin d’Auxigny")
    base = f"/teach/exams/{exam_id}/live/"
    page.goto(base)
    over = page.get_by_role("link", name="Rouvrir… Ada Lovelace").get_attribute("href") or ""

    found = []
    for path in [base, f"{base}time", f"{base}attempts/{attempt}/end", over, f"{base}questions"]:
        page.goto(path)
        found += findings(page)
    page.goto(f"{base}time")
    with page.expect_navigation():
        page.get_by_role("button", name="Accorder ce temps").click()
    found += findings(page)

    assert found == []
