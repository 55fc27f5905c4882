"""Taking an exam in a browser: saved at once, through a cut network, on two devices, to the last second."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.models import Attempt
from app.services import sessions
from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.examroom import Room
from tests.e2e.keyboard import asked_on, fill_in

OpenPage = Callable[..., Page]
ACCEPTED_AFTER_MS = 300  # the page takes the next action a moment after it changed
ALL = 9  # one question of each type that exams ask
LYING_CLOCK = "Date.now = () => 0; const Real = Date; window.Date = class extends Real { getTime() { return 0; } };"


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    return open_page()


@pytest.fixture(autouse=True)
def _time_flies_back(live: Live) -> Iterator[None]:
    shift = live.shift
    yield
    live.shift = shift


def saved(page: Page) -> None:
    """Wait until the page says that everything is saved."""
    expect(page.locator("[data-words]")).to_have_text(re.compile("^Enregistré à"))
    expect(page.locator("[data-saving]")).to_be_hidden()


def answer(page: Page, live: Live) -> None:
    """Give the right answer to the question on the page; the script saves it."""
    fill_in(page, asked_on(page, live))
    saved(page)
    page.wait_for_timeout(ACCEPTED_AFTER_MS)


def test_every_type_is_answered_saved_at_once_and_handed_in(page: Page, live: Live) -> None:
    room = Room(live, page, show_score="submitted")
    room.start()
    for number in range(1, ALL):
        answer(page, live)
        page.get_by_role("button", name="Question suivante").click()
        expect(page.get_by_text(f"Question {number + 1} sur {ALL}")).to_be_visible()
    answer(page, live)

    assert all(room.stored())
    page.get_by_role("button", name=re.compile("^Relire et terminer")).click()
    expect(page.get_by_text("Chaque question a une réponse")).to_be_visible()
    page.get_by_role("button", name="Remettre maintenant").click()
    expect(page.get_by_role("heading", level=1, name="Copie remise")).to_be_visible()
    page.get_by_role("link", name="Résultat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("20 sur 20")


def test_the_exam_starts_without_leaving_the_page_and_a_reload_stays_in_it(page: Page, live: Live) -> None:
    room = Room(live, page)
    page.goto(f"/exams/{room.exam_id}/")
    loads: list[str] = []
    page.on("request", lambda request: loads.append(f"{request.method} {urlsplit(request.url).path}"))

    page.get_by_role("button", name="Commencer").click()
    page.wait_for_url("**/attempts/**")

    assert [one for one in loads if "/static/" not in one] == [f"POST /exams/{room.exam_id}/start"]
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.get_by_role("contentinfo")).to_have_count(0)
    page.reload()
    expect(page.locator("form[data-attempt]")).to_be_visible()


def test_a_wrong_password_is_told_on_the_page_of_the_exam_and_the_right_one_starts(page: Page, live: Live) -> None:
    room = Room(live, page, password="salle 204")
    page.goto(f"/exams/{room.exam_id}/")
    page.get_by_label("Mot de passe de l’examen").fill("salle 205")
    page.keyboard.press("Enter")
    expect(page.get_by_text("n’est pas le mot de passe")).to_be_visible()
    assert urlsplit(page.url).path == f"/exams/{room.exam_id}/"
    expect(page.get_by_label("Mot de passe de l’examen")).to_be_focused()
    page.wait_for_timeout(ACCEPTED_AFTER_MS)

    page.keyboard.type("salle 204")
    page.keyboard.press("Enter")

    page.wait_for_url("**/attempts/**")


def test_a_start_after_being_logged_out_leads_to_a_page_that_names_nobody(page: Page, live: Live) -> None:
    room = Room(live, page)
    page.goto(f"/exams/{room.exam_id}/")
    with live.database.writing() as session:
        sessions.end_all(session, room.student)

    page.get_by_role("button", name="Commencer").click()

    page.wait_for_url(f"**/account/log-in?next=/exams/{room.exam_id}/&lost=1")
    expect(page.get_by_role("main")).to_contain_text("ce que vous avez envoyé n’a pas été enregistré")
    expect(page.get_by_label("Identifiant")).to_be_visible()
    expect(page.get_by_role("banner")).not_to_contain_text("learner-")


def test_a_start_that_is_refused_keeps_the_foot_of_the_page(page: Page, live: Live) -> None:
    room = Room(live, page)
    page.goto(f"/exams/{room.exam_id}/")
    live.shift += timedelta(hours=3)

    page.get_by_role("button", name="Commencer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Cet examen est fermé.")
    expect(page.get_by_role("contentinfo")).to_be_visible()


def test_a_start_that_no_server_hears_says_so_and_is_made_by_pressing_again(page: Page, live: Live) -> None:
    room = Room(live, page)
    page.goto(f"/exams/{room.exam_id}/")
    page.context.set_offline(True)
    start = page.get_by_role("button", name="Commencer")
    start.click()
    expect(page.get_by_text("L’examen n’a pas commencé ici")).to_be_visible()

    page.context.set_offline(False)
    start.click()

    page.wait_for_url("**/attempts/**")
    assert room.attempt().epoch == 1


def test_a_cut_network_loses_nothing(page: Page, live: Live) -> None:
    room = Room(live, page)
    room.start()
    page.context.set_offline(True)
    page.get_by_role("radio", name="Bon choix").check()
    expect(page.get_by_text("Pas encore enregistré")).to_be_visible()
    page.get_by_role("button", name="Question suivante").click()
    expect(page.get_by_text("La page n’a pas pu changer")).to_be_visible()
    assert room.stored()[0] is None

    page.context.set_offline(False)

    saved(page)
    assert room.stored()[0] == {"choice": "a"}
    expect(page.get_by_text("La page n’a pas pu changer")).to_be_hidden()


def test_a_network_that_swallows_what_is_sent_is_told_and_asked_again(page: Page, live: Live) -> None:
    room = Room(live, page)
    room.start()
    page.clock.install()
    page.route("**/save", lambda route: None)  # never answered
    page.get_by_role("radio", name="Bon choix").check()
    page.clock.run_for(9_000)
    expect(page.locator("[data-saving]")).to_be_visible()

    page.clock.run_for(2_000)

    expect(page.get_by_text("Pas encore enregistré")).to_be_visible()
    page.get_by_role("radio", name="Autre choix").check()  # what comes later is sent too
    page.unroute("**/save")
    page.clock.run_for(12_000)
    saved(page)
    assert room.stored()[0] == {"choice": "c"}


def test_an_answer_that_is_refused_keeps_no_later_one_from_being_saved(page: Page, live: Live) -> None:
    room = Room(live, page, layout="page")
    room.start()
    typed = page.locator("input.typed").first
    typed.evaluate("field => field.removeAttribute('maxlength')")
    typed.fill("x" * 2001)
    expect(page.locator("[data-words]")).to_contain_text("Non enregistré")

    page.get_by_role("radio", name="Bon choix").check()
    page.wait_for_function("() => document.querySelector('[data-saving]').hidden")

    expect(page.locator("[data-words]")).to_contain_text("Non enregistré")
    assert {"choice": "a"} in room.stored()
    typed.fill("court")
    saved(page)


def test_the_newest_change_is_the_one_that_stays_after_a_cut(page: Page, live: Live) -> None:
    room = Room(live, page)
    room.start()
    page.context.set_offline(True)
    for name in ("Bon choix", "Autre choix", "Mauvais choix"):
        page.get_by_role("radio", name=name).check()
    page.context.set_offline(False)

    saved(page)

    assert room.stored()[0] == {"choice": "b"}


def test_what_was_not_saved_survives_a_reload_of_the_tab(page: Page, live: Live) -> None:
    room = Room(live, page)
    room.start()
    page.route("**/save", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("radio", name="Bon choix").check()
    expect(page.get_by_text("Pas encore enregistré")).to_be_visible()
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]
    expect(page.get_by_role("radio", name="Bon choix")).to_be_checked()

    page.unroute("**/save")

    saved(page)
    assert room.stored()[0] == {"choice": "a"}


def take_over(page: Page, open_page: OpenPage, attempt: int) -> None:
    """Go on with the attempt in another browser of the same student."""
    other = open_page(js=False)
    other.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    token = page.locator("[name=csrf_token]").first.input_value()
    assert other.request.post(f"/attempts/{attempt}/open", form={"csrf_token": token}).ok


def test_the_first_device_is_told_when_it_turns_the_page(page: Page, live: Live, open_page: OpenPage) -> None:
    take_over(page, open_page, Room(live, page).start())

    page.get_by_role("button", name="Question suivante").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Épreuve reprise sur un autre appareil")


def test_the_first_device_is_told_at_its_next_change(page: Page, live: Live, open_page: OpenPage) -> None:
    room = Room(live, page)
    attempt = room.start()
    page.goto(f"/attempts/{attempt}/?question=4")
    take_over(page, open_page, attempt)

    page.get_by_role("textbox").fill("mes mots")

    expect(page.get_by_role("alert")).to_contain_text("Épreuve reprise sur un autre appareil")
    expect(page.get_by_role("textbox")).to_be_disabled()
    expect(page.get_by_role("textbox")).to_have_value("mes mots")
    assert findings(page) == []
    page.get_by_role("button", name="Continuer ici").click()
    expect(page.get_by_role("textbox")).to_be_enabled()
    assert room.attempt().epoch == 3


def test_the_servers_clock_counts_whatever_the_machine_says(live: Live, open_page: OpenPage) -> None:
    page = open_page()
    page.context.add_init_script(LYING_CLOCK)
    room = Room(live, page)
    room.start()
    expect(page.locator("[data-left]")).to_have_text("59 min")
    live.shift += timedelta(minutes=57)

    page.get_by_role("radio", name="Bon choix").check()

    saved(page)
    expect(page.locator("[data-left]")).to_have_text(re.compile("^2:"))


def test_when_the_time_is_over_the_page_says_so_and_what_was_saved_counts(page: Page, live: Live) -> None:
    room = Room(live, page)
    room.start()
    page.get_by_role("radio", name="Bon choix").check()
    saved(page)
    live.shift += room.attempt().deadline - live.now() + timedelta(seconds=16)  # type: ignore[operator]

    page.get_by_role("checkbox", name="À relire").check()

    expect(page.get_by_role("alert")).to_contain_text("L’épreuve est terminée pour vous")
    expect(page.get_by_role("radio", name="Bon choix")).to_be_disabled()
    assert findings(page) == []
    page.get_by_role("link", name="Voir le récépissé").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Le temps est écoulé")
    assert room.stored()[0] == {"choice": "a"}


def test_the_countdown_ends_by_itself(page: Page, live: Live) -> None:
    room = Room(live, page, duration_s=5)
    room.start()

    expect(page.get_by_role("alert")).to_contain_text("Le temps est écoulé", timeout=12_000)
    expect(page.get_by_role("radio", name="Bon choix")).to_be_disabled()
    live.shift += timedelta(seconds=20)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(page.get_by_role("alert")).to_contain_text("L’épreuve est terminée pour vous", timeout=12_000)


def test_what_was_typed_to_the_last_moment_is_sent_though_the_fields_are_closed(page: Page, live: Live) -> None:
    room = Room(live, page, duration_s=6)
    room.start()
    page.route("**/save", lambda route: route.abort("internetdisconnected"))
    page.get_by_role("radio", name="Bon choix").check()
    expect(page.get_by_role("radio", name="Bon choix")).to_be_disabled(timeout=10_000)

    page.unroute("**/save")

    saved(page)
    assert room.stored()[0] == {"choice": "a"}


def test_fields_that_the_end_closed_are_open_again_when_time_is_given(page: Page, live: Live) -> None:
    room = Room(live, page, duration_s=4)
    room.start()
    expect(page.get_by_role("radio", name="Bon choix")).to_be_disabled(timeout=10_000)
    with live.database.writing() as session:
        session.execute(update(Attempt).values(deadline=live.now() + timedelta(minutes=5)))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    page.get_by_role("radio", name="Bon choix").check()

    saved(page)


def test_the_overview_follows_what_is_typed(page: Page, live: Live) -> None:
    Room(live, page).start()

    page.get_by_role("radio", name="Bon choix").check()
    page.get_by_role("checkbox", name="À relire").check()

    expect(page.get_by_role("button", name="Question 1, répondue, à relire")).to_be_visible()
    expect(page.locator('[data-count="done"]')).to_have_text("1")


def test_an_exam_is_taken_by_keyboard_alone(page: Page, live: Live) -> None:
    room = Room(live, page)
    room.start()
    page.wait_for_timeout(300)
    value = page.get_by_role("radio", name="Bon choix").get_attribute("value") or ""
    page.keyboard.press(value)
    saved(page)
    page.wait_for_timeout(300)
    page.keyboard.press("Enter")

    expect(page.get_by_text("Question 2 sur 9").first).to_be_visible()
    assert room.stored()[0] == {"choice": "a"}
    assert page.url.endswith("?question=2")


@pytest.mark.parametrize("layout", ["each", "page"])
def test_no_page_of_an_exam_has_a_barrier(page: Page, live: Live, layout: str) -> None:
    room = Room(live, page, layout=layout)
    attempt = room.start()
    questions = range(1, ALL + 1) if layout == "each" else [1]
    found = []

    for path in (*(f"?question={place}" for place in questions), "hand-in"):
        page.goto(f"/attempts/{attempt}/{path}")
        found += findings(page)

    assert found == []


def test_no_page_around_an_exam_has_a_barrier(page: Page, live: Live) -> None:
    room = Room(live, page, show_score="submitted", show_answers="submitted", attempts=2)
    paths = ["/exams/", f"/exams/{room.exam_id}/"]
    attempt = room.start()
    page.goto(f"/attempts/{attempt}/hand-in")
    with page.expect_navigation():
        page.get_by_role("button", name="Remettre maintenant").click()
    found = []

    for path in (*paths, "/", f"/attempts/{attempt}/receipt", f"/attempts/{attempt}/result"):
        page.goto(path)
        found += findings(page)

    assert found == []
