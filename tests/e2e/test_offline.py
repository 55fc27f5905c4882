"""On the train: cards taken along, answered without the network, and sent once it is back, each once."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import waitress
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from app.models import Card, ReviewLog
from tests.e2e.conftest import Live, Watch
from tests.e2e.course import Asked
from tests.e2e.keyboard import answer_by_pointing, asked_on, settle, typed_answer
from tests.e2e.people import announce_exam, log_in_as
from tests.e2e.test_accessibility import findings

OpenPage = Callable[..., Page]
KEPT = "[data-offline-status]"
PATIENCE_S = 10


def take_along(page: Page) -> None:
    """Opt in, and wait until the cards are on the device."""
    page.goto("/review/offline")
    page.get_by_role("button", name="Emporter mes cartes").click()
    expect(page.get_by_role("link", name="Réviser les cartes emportées")).to_be_visible(timeout=20_000)


def answer(page: Page, asked: Asked) -> None:
    """Answer the card on the shell's page, rightly where one type allows it, and go on."""
    _give(page, asked)
    expect(page.get_by_role("heading", level=1)).not_to_have_text(asked.heading)


def _give(page: Page, asked: Asked) -> None:
    page.wait_for_timeout(300)  # the next action is accepted 250 ms after the page changed
    match asked.type:
        case "flashcard":
            page.get_by_role("button", name="Voir la réponse").click()
            page.wait_for_timeout(300)
            page.get_by_role("button", name=re.compile("^Correct")).click()
            return
        case "single":
            page.get_by_role("radio", name="Bon choix").check()
        case "short_answer" | "command" | "numerical":
            page.locator("input.typed").fill(typed_answer(asked))
        case _:
            page.get_by_role("button", name="Je ne sais pas").click()
            go_on(page)
            return
    page.get_by_role("button", name="Valider").click()
    expect(page.get_by_role("heading", level=2, name="Exact")).to_be_visible()
    if asked.type == "single":
        expect(page.get_by_text("Bonne réponse, la vôtre")).to_be_visible()
    go_on(page)


def go_on(page: Page) -> None:
    """From the feedback to the next card."""
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Continuer").click()


def log_of(live: Live, learner: int) -> list[tuple[str, str]]:
    """What is recorded of a learner: the id of each answer and its kind."""
    with live.database.reading() as session:
        rows = session.scalars(select(ReviewLog).join(Card).where(Card.learner_id == learner).order_by(ReviewLog.id))
        return [(str(row.answer_id), row.kind) for row in rows]


def test_cards_are_answered_with_the_network_cut_and_sent_once_it_is_back(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=390)
    learner = log_in_as(page, live, "learner")
    take_along(page)

    page.context.set_offline(True)
    page.goto("/review/")
    for _ in range(4):
        answer(page, asked_on(page, live))
    expect(page.locator(KEPT)).to_have_text("Gardées sur cet appareil\N{NO-BREAK SPACE}: 4 réponses")
    page.reload()
    expect(page.locator(KEPT)).to_have_text("Gardées sur cet appareil\N{NO-BREAK SPACE}: 4 réponses")
    asked_on(page, live)
    assert log_of(live, learner) == []
    page.context.set_offline(False)

    expect(page.locator(KEPT)).to_have_text("Rien n’attend d’être envoyé")
    assert [kind for _, kind in log_of(live, learner)] == ["review"] * 4


def test_every_type_of_question_can_be_asked(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.goto("/offline/fr")
    seen = set()

    for _ in range(15):
        asked = asked_on(page, live)
        seen.add(asked.type)
        answer(page, asked)

    expect(page.get_by_role("heading", level=1)).to_have_text("Plus aucune carte sur cet appareil")
    assert len(seen) == 10
    page.context.set_offline(False)
    expect(page.locator(KEPT)).to_have_text("Rien n’attend d’être envoyé")
    assert len(log_of(live, learner)) == 15


@pytest.fixture
def door(live: Live) -> Iterator["Door"]:
    """A server of the test's own, in front of the same application, that can be shut and opened again."""
    own = Door(live)
    own.open()
    yield own
    own.shut()


class Door:
    """One server on one port: shut, nobody answers there."""

    def __init__(self, live: Live) -> None:
        self.live, self.port, self.server = live, 0, None

    def open(self) -> None:
        """Answer from now on, on the same port as before."""
        app = Watch(self.live.app, self.live)
        self.server: Any = waitress.create_server(app, host="127.0.0.1", port=self.port, threads=4)
        self.port = self.server.effective_port
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def shut(self) -> None:
        """Cut every connection and answer no more."""
        if self.server:
            for channel in list(self.server._map.values()):
                channel.close()
            self.thread.join(timeout=5)
            self.server = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


def test_a_server_that_dies_and_comes_back_has_every_answer_once(open_page: OpenPage, live: Live, door: Door) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    page.goto(f"{door.url}/review/offline")
    page.get_by_role("button", name="Emporter mes cartes").click()
    expect(page.get_by_role("link", name="Réviser les cartes emportées")).to_be_visible(timeout=20_000)

    door.shut()
    page.goto(f"{door.url}/")
    for _ in range(3):
        answer(page, asked_on(page, live))
    page.reload()
    expect(page.locator(KEPT)).to_contain_text("3 réponses")
    page.goto("about:blank")  # the shell would send them as soon as the door is open
    door.open()
    page.goto(f"{door.url}/")

    expect(page.locator("[data-offline-note=sent]")).to_contain_text(
        "3 réponses gardées sur cet appareil sont envoyées"
    )
    assert [kind for _, kind in log_of(live, learner)] == ["review"] * 3


def test_another_account_wipes_the_cards_and_sends_nothing_unasked(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    first = log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.goto("/")
    answer(page, asked_on(page, live))
    expect(page.locator(KEPT)).to_contain_text("1 réponse")
    second = log_in_as(page, live, "learner")
    page.context.set_offline(False)
    expect(page.get_by_text("Un autre compte est connecté sur cet appareil")).to_be_visible(timeout=35_000)

    page.goto("/")
    warning = page.locator("[data-offline-note=foreign]")
    expect(warning).to_contain_text("1 réponse d’un autre compte attend sur cet appareil")
    assert (log_of(live, first), log_of(live, second)) == ([], [])
    warning.get_by_role("button", name="Supprimer ces réponses").click()
    expect(warning).to_have_count(0)
    page.goto("/review/offline")

    expect(page.get_by_text("Aucune carte n’est gardée sur cet appareil.")).to_be_visible()
    assert kept_on(page) == {"cards": 0, "queue": 0, "flag": None}


def test_logging_out_sends_what_waits_and_wipes_the_cards(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.goto("/")
    answer(page, asked_on(page, live))
    page.context.set_offline(False)
    page.goto("/settings/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.get_by_text("La session est fermée")).to_be_visible()

    assert kept_on(page) == {"cards": 0, "queue": 0, "flag": None}
    assert len(log_of(live, learner)) == 1


def test_an_expired_session_loses_nothing(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    own = page.context.cookies()
    take_along(page)
    page.context.set_offline(True)
    page.goto("/")
    answer(page, asked_on(page, live))
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(page.get_by_text("Votre session est terminée")).to_be_visible(timeout=35_000)

    page.goto("/account/log-in")
    expect(page.locator("[data-offline-note=waiting]")).to_contain_text("1 réponse gardée sur cet appareil attend")
    assert kept_on(page)["cards"] == 0
    page.context.add_cookies(own)  # type: ignore[arg-type]
    page.goto("/settings/")

    expect(page.locator("[data-offline-note=sent]")).to_contain_text("1 réponse gardée sur cet appareil est envoyée")
    assert len(log_of(live, learner)) == 1


def test_cards_of_a_week_ago_are_wiped(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    take_along(page)
    page.context.set_offline(True)
    page.clock.set_system_time(8 * 24 * 3600 * 1000 + page.evaluate("Date.now()"))

    page.goto("/")

    expect(page.get_by_role("heading", level=1)).to_have_text("Les cartes sont effacées")
    assert kept_on(page)["cards"] == 0


def test_a_question_put_into_an_exam_leaves_the_device(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    learner = log_in_as(page, live, "learner")
    take_along(page)
    page.goto("/offline/fr")
    before = kept_on(page)["cards"]
    asked = asked_on(page, live)
    while asked.type == "flashcard":  # no exam asks these
        answer(page, asked)
        asked, before = asked_on(page, live), before - 1
    announce_exam(live, learner, str(asked.document["id"]))
    page.reload()

    deadline = time.monotonic() + PATIENCE_S
    while kept_on(page)["cards"] == before and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert kept_on(page)["cards"] == before - 1


def test_the_pages_have_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    take_along(page)
    found = findings(page)
    page.goto("/offline/fr")
    found += findings(page)
    answer_blindly(page)

    assert found + findings(page) == []


def answer_blindly(page: Page) -> None:
    """Whatever it is, up to its feedback."""
    page.wait_for_timeout(300)
    page.locator("[data-offline-actions] button").last.click()
    expect(page.locator("[data-offline-verdict]")).to_be_visible()


def kept_on(page: Page) -> dict[str, Any]:
    """What this browser holds, past the page's own words."""
    return dict(
        page.evaluate("""async () => {
            const request = indexedDB.open("rappel-offline");
            const database = await new Promise((done) => { request.onsuccess = () => done(request.result); });
            const count = (name) => new Promise((done) => {
                const counted = database.transaction(name).objectStore(name).count();
                counted.onsuccess = () => done(counted.result);
            });
            const flag = localStorage.getItem("rappel-offline");
            const found = { cards: await count("cards"), queue: await count("queue"), flag };
            database.close();
            return found;
        }""")
    )


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

    deadline = time.monotonic() + PATIENCE_S
    while kept_on(page)["cards"] == before and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert kept_on(page)["cards"] == before - 1


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
