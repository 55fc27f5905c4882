"""Every page, light and dark, on a telephone and on a desk: axe finds nothing, and nothing overflows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.examined import make_exam
from tests.e2e.keyboard import after_one_answer, answer_by_pointing, asked_on, next_of, settle
from tests.e2e.people import brought_by, log_in_as, make_class_with_a_member, report_of_a_member, uploads_of

OpenPage = Callable[..., Page]
VISITOR = ["/", "/account/log-in", "/account/register", "/account/reset/none", "/nowhere"]
LEARNER = [
    "/",
    "/review/",
    "/practice/",
    "/plan/",
    "/plan/?exam_on=2026-12-16",
    "/calendar/",
    "/cards/",
    "/progress/",
    "/progress/sheet",
    "/settings/",
    "/account/data",
    "/account/password",
    "/cards/1",
    "/cards/?words=Question&state=new",
    "/practice/question?n=10",
    "/practice/summary?seed=1&feedback=end",
    "/join/",
]
GUEST = ["/account/keep", "/account/data"]
TEACHER = [
    "/teach/",
    "/teach/classes/{class_id}/",
    "/teach/classes/{class_id}/again",
    "/teach/classes/{class_id}/overrides",
    "/teach/classes/{class_id}/invite",
    "/teach/classes/{class_id}/manage",
    "/teach/classes/{class_id}/teachers",
    "/teach/bank/",
    "/teach/bank/?type=single&words=Question",
    "/teach/bank/?words=nowhere",
    *(f"/teach/bank/questions/{number}" for number in range(1, 11)),  # one of each type
    "/teach/bank/flags/{flag_id}",
    "/teach/bank/upload",
    "/teach/bank/uploads/{upload_id}",
    "/teach/bank/uploads/{bad_upload_id}",
]

ROSTER = "Nom;Prénom;N° étudiant;Tiers-temps\nLovelace;Ada;E001;1/3\nMartin;Zoé;E002;\n".encode()
MOODLE = (
    "Prénom,Nom de famille,Numéro d'identification,Adresse de courriel\nAda,Lovelace,E001,ada@example.org\n".encode()
)


@pytest.mark.parametrize("path", VISITOR)
def test_a_visitors_page_has_no_barrier(open_page: OpenPage, path: str) -> None:
    page = open_page()
    page.goto(path)

    assert findings(page) == []


@pytest.mark.parametrize("path", LEARNER)
def test_a_learners_page_has_no_barrier(open_page: OpenPage, live: Live, path: str) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    page.goto("/review/")
    answer_by_pointing(page, asked_on(page, live))
    settle(page)
    page.goto(path)

    assert findings(page) == []


@pytest.mark.parametrize("path", GUEST)
def test_a_guests_page_has_no_barrier(open_page: OpenPage, live: Live, path: str) -> None:
    page = open_page()
    log_in_as(page, live, None)
    page.goto(path)

    assert findings(page) == []


@pytest.mark.parametrize("path", TEACHER)
def test_a_teachers_page_has_no_barrier(open_page: OpenPage, live: Live, path: str) -> None:
    page = open_page()
    teacher = log_in_as(page, live, "teacher")
    class_id = make_class_with_a_member(live, teacher)
    flag_id = report_of_a_member(live, class_id) if "{flag_id}" in path else 0
    upload_id, bad_upload_id = uploads_of(live, teacher) if "/upload" in path else (0, 0)
    page.goto(path.format(class_id=class_id, flag_id=flag_id, upload_id=upload_id, bad_upload_id=bad_upload_id))

    assert findings(page) == []


def send(page: Page, path: str, content: bytes) -> None:
    """Send a file from a page that asks for one."""
    page.goto(path)
    page.locator("main input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    with page.expect_navigation():
        page.locator("main form .button-mark").first.click()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_about_an_exam_has_a_barrier(open_page: OpenPage, live: Live, language: str) -> None:
    page = open_page()
    base = f"/teach/exams/{make_exam(live, log_in_as(page, live, 'teacher', locale=language))}/"
    page.goto(base)
    tabs = [link.get_attribute("href") or "" for link in page.locator("nav.tabs a").all()]
    found = []

    page.goto(f"{base}items/")
    item = page.locator(".table a[href*='/items/']").last.get_attribute("href") or ""
    for path in (*tabs, item, f"{base}items/mistakes", f"{base}preflight"):
        page.goto(path)
        found += findings(page)
    send(page, f"{base}preflight", MOODLE)
    found += findings(page)

    assert len(tabs) >= 4
    assert found == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_page_about_people_and_files_of_a_class_has_a_barrier(
    open_page: OpenPage, live: Live, language: str
) -> None:
    page = open_page()
    base = f"/teach/classes/{make_class_with_a_member(live, log_in_as(page, live, 'teacher', locale=language))}/"
    send(page, f"{base}roster", ROSTER)
    found = findings(page)
    page.locator("main form .button-mark").first.click()
    expect(page.get_by_text("Ada Lovelace").first).to_be_visible()

    for path in ("roster", "roster/slips", "scores", "retention"):
        page.goto(base + path)
        found += findings(page)

    assert found == []


def test_taking_back_what_was_uploaded_has_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    with brought_by(live, log_in_as(page, live, "teacher")) as course:
        page.goto(f"/teach/bank/withdraw/{course}")
        found = findings(page)

        page.get_by_role("button", name="Retirer", exact=True).click()  # nothing is ticked
        expect(page.get_by_text("Cochez au moins une question.")).to_be_visible()

        assert found + findings(page) == []


def test_a_report_and_what_became_of_it_have_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    asked = after_one_answer(page, live)
    card = next(number for number, one in enumerate(live.asked.values(), 1) if one is asked)
    page.goto(f"/cards/{card}/flag")
    found = findings(page)
    page.get_by_role("radio", name="Une coquille").check()
    page.get_by_role("textbox", name="Avec vos mots").fill("Une lettre de trop.")
    with page.expect_navigation():
        page.get_by_role("button", name="Envoyer le signalement").click()

    for path in (f"/cards/{card}", "/cards/"):
        page.goto(path)
        found += findings(page)

    assert found == []


def test_no_type_of_question_nor_its_feedback_has_a_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    found: dict[str, list[str]] = {}

    for _ in range(10):
        page.goto("/review/")
        asked = asked_on(page, live)
        found[asked.type] = findings(page)
        answer_by_pointing(page, asked)
        settle(page)
        found[asked.type] += findings(page)

    assert len(found) == 10
    assert [line for lines in found.values() for line in lines] == []


def test_no_colour_is_on_its_way_where_motion_is_reduced(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    page.emulate_media(color_scheme="dark")

    assert page.evaluate("document.getAnimations().length") == 0


def test_a_table_of_pairs_fits_a_telephone(open_page: OpenPage, live: Live) -> None:
    page = open_page(width=320)
    log_in_as(page, live, "learner")
    answer_by_pointing(page, next_of(page, live, "matching"))

    region = page.get_by_role("region", name="Paires")
    expect(region).to_be_visible()

    assert region.evaluate("(box) => box.scrollWidth - box.clientWidth") == 0


WIDEN = """document.querySelectorAll(".heat tr").forEach((row) => {
    while (row.cells.length < 21) row.append(row.cells[1].cloneNode(true));
    if (row.closest("thead")) for (const cell of [...row.cells].slice(1))
        cell.textContent = "Les problèmes que les conteneurs résolvent";
})"""
PRINTABLE_PX = (210 - 2 * 16) * 96 / 25.4  # an A4 sheet between the margins of the style sheet


def test_the_table_of_a_class_fits_a_printed_sheet_with_twenty_topics(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"/teach/classes/{make_class_with_a_member(live, log_in_as(page, live, 'teacher'))}/")
    page.evaluate(WIDEN)

    page.emulate_media(media="print")

    assert page.locator(".heat").evaluate("(table) => table.offsetWidth") <= PRINTABLE_PX


def test_the_levels_of_the_table_differ_without_colours(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    page.goto(f"/teach/classes/{make_class_with_a_member(live, log_in_as(page, live, 'teacher'))}/")

    page.emulate_media(forced_colors="active")

    frame = "(box) => getComputedStyle(box).borderTopStyle + getComputedStyle(box).borderTopWidth"
    assert len({box.evaluate(frame) for box in page.locator(".legend i").all()}) == 5


def test_a_wrong_answers_feedback_has_no_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "learner")
    found = []

    for _ in range(10):
        page.goto("/review/")
        asked = asked_on(page, live)
        if asked.type == "flashcard":
            answer_by_pointing(page, asked)
            continue
        page.get_by_role("button", name="Je ne sais pas").click()
        page.get_by_role("heading", level=2, name="À revoir").wait_for()
        found += findings(page)

    assert found == []


def test_the_year_of_answers_prints_whole_on_white_paper(open_page: OpenPage, live: Live) -> None:
    page = open_page(dark=True, width=int(PRINTABLE_PX))
    log_in_as(page, live, "learner")
    after_one_answer(page, live)
    page.goto("/progress/")

    page.emulate_media(media="print")

    year = page.locator(".scroll-end svg")
    assert year.evaluate("(chart) => chart.getBoundingClientRect().width") <= PRINTABLE_PX
    assert year.locator(".c-h0").first.evaluate("(day) => getComputedStyle(day).fill") == "rgb(238, 238, 238)"
