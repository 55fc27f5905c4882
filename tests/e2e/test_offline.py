"""On the train: cards taken along, answered without the network, and sent once it is back, each once."""

import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from app.models import Card, ReviewLog
from tests.e2e.barriers import findings
from tests.e2e.conftest import Live, Watch
from tests.e2e.course import Asked
from tests.e2e.keyboard import asked_on, typed_answer
from tests.e2e.people import announce_exam, log_in_as
from tests.loopback import Served

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
            _press(page, page.get_by_role("button", name=re.compile("^Correct")))
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
    _press(page, page.get_by_role("button", name="Continuer"))


def _press(page: Page, button: Locator) -> None:
    """Press what the page has just shown: earlier than 250 ms after that, it takes nothing."""
    expect(button).to_be_visible()
    page.wait_for_timeout(300)
    button.click()


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
        self.live, self.port = live, 0
        self.served: Served | None = None

    def open(self) -> None:
        """Answer from now on, on the same port as before."""
        self.served = Served(Watch(self.live.app, self.live), self.port)
        self.port = self.served.port

    def shut(self) -> None:
        """Cut every connection and answer no more."""
        if self.served:
            self.served.stop()
            self.served = None

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
    page.clock.set_system_time(time.time() + (7 * 24 + 1) * 3600)

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

    assert cards_once_fewer(page, before) == before - 1


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


def cards_once_fewer(page: Page, before: int) -> int:
    """How many cards are kept on the device, once it is fewer than before, or after ten seconds."""
    deadline = time.monotonic() + PATIENCE_S
    while (now := int(kept_on(page)["cards"])) >= before and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    return now


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
