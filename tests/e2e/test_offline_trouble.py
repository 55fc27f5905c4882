"""On the train when something is wrong: the clock, a second tab, the storage, the network, the server."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.models import ReviewLog
from tests.e2e.conftest import Live
from tests.e2e.keyboard import answer_by_pointing, asked_on, settle
from tests.e2e.people import announce_exam, log_in_as
from tests.e2e.test_offline import KEPT, answer, cards_once_fewer, kept_on, log_of, take_along

OpenPage = Callable[..., Page]


@pytest.mark.parametrize("hours", [-72, -1, 10, 150])
def test_the_clock_of_a_device_may_be_moved(open_page: OpenPage, live: Live, hours: int) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.clock.set_system_time(time.time() + hours * 3600)

    page.goto("/")

    asked_on(page, live)


def test_the_first_of_two_tabs_is_kept(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.goto("/")
    while asked_on(page, live).type != "single":
        answer(page, asked_on(page, live))
    other = page.context.new_page()
    other.goto("/")
    asked = asked_on(other, live)
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Je ne sais pas").click()
    expect(page.locator("[data-offline-verdict]")).to_be_visible()

    other.get_by_role("radio", name="Bon choix").check()
    other.get_by_role("button", name="Valider").click()

    expect(other.get_by_text("Cette carte a déjà reçu une réponse dans un autre onglet.")).to_be_visible()
    expect(other.get_by_role("heading", level=1)).not_to_have_text(asked.heading)
    page.context.set_offline(False)
    expect(page.locator(KEPT)).to_have_text("Rien n’attend d’être envoyé")
    with live.database.reading() as session:
        rows = session.scalars(select(ReviewLog).where(ReviewLog.learner_id == learner).order_by(ReviewLog.id))
        assert [row.grade for row in rows][-1] == 0


def test_a_network_that_swallows_everything_is_not_waited_for(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    take_along(page)
    page.clock.install()
    page.goto("/review/offline")
    page.context.route("**/review/offline/state*", lambda _: None)

    with page.expect_request("**/review/offline/state*"):
        page.get_by_role("button", name="Emporter mes cartes").click()
    page.clock.run_for(21_000)

    expect(page.locator(KEPT)).to_contain_text("gardées sur cet appareil")


_REFUSE = "IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); }"


def test_a_browser_that_refuses_its_storage_says_so_and_lets_one_log_out(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    take_along(page)
    page.add_init_script(_REFUSE)

    page.goto("/offline/fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ce navigateur refuse l’accès à ce qu’il garde")
    page.goto("/review/offline")
    page.get_by_role("button", name="Emporter mes cartes").click()
    expect(page.locator(KEPT)).to_contain_text("Ce navigateur refuse de garder les cartes")
    page.goto("/settings/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()

    expect(page.get_by_text("La session est fermée")).to_be_visible()


def test_an_answer_that_finds_no_room_stays_on_the_page(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    take_along(page)
    page.add_init_script("IDBObjectStore.prototype.put = function () { this.transaction.abort(); }")
    page.context.set_offline(True)
    page.goto("/")
    asked = asked_on(page, live)

    page.wait_for_timeout(300)
    page.get_by_role("button", name="Voir la réponse" if asked.type == "flashcard" else "Je ne sais pas").click()
    if asked.type == "flashcard":
        page.wait_for_timeout(300)
        page.get_by_role("button", name=re.compile("^Correct")).click()

    expect(page.get_by_text("Cet appareil n’a pas pu garder la réponse")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(asked.heading)


def test_a_visit_to_any_page_takes_what_an_exam_hides_off_the_device(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    take_along(page)
    before = kept_on(page)["cards"]
    announce_exam(live, learner, "single-1")
    page.clock.set_system_time(time.time() + 600)

    page.goto("/settings/")

    assert cards_once_fewer(page, before) == before - 1


def test_cards_of_the_days_to_come_are_not_said_to_be_missing(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner", new_per_day=1)
    page.goto("/review/")
    answer_by_pointing(page, asked_on(page, live))
    settle(page)
    take_along(page)
    page.context.set_offline(True)

    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text("C’est fini pour aujourd’hui")
    assert kept_on(page)["cards"] == 1


def test_the_browser_is_asked_to_keep_what_waits_when_room_is_short(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    page.add_init_script("navigator.storage.persist = async () => { window.asked = true; return true; }")

    take_along(page)

    assert page.evaluate("window.asked") is True


def test_an_answer_that_the_server_stumbles_over_holds_no_other_back(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.goto("/")
    for _ in range(3):
        answer(page, asked_on(page, live))
    stumbled: list[str] = []

    def stumble(route: Route) -> None:
        stumbled.append(route.request.post_data or "")
        if len(stumbled) == 1:
            route.fulfill(status=400, content_type="text/html", body="<h1>?</h1>")
        else:
            route.continue_()

    page.context.route("**/review/queued", stumble)
    page.context.set_offline(False)
    expect(page.locator(KEPT)).to_contain_text("1 réponse")
    assert len(log_of(live, learner)) == 2
    page.evaluate("dispatchEvent(new Event('online'))")

    expect(page.locator(KEPT)).to_have_text("Rien n’attend d’être envoyé")
    assert len(log_of(live, learner)) == 3
