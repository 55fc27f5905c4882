"""The whole way of an exam, from the invitation to the score in a file, by keyboard alone and in both languages."""

import csv
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Live
from tests.e2e.course import Asked
from tests.e2e.keyboard import ACCEPTED_AFTER_MS, asked_on, press, tab_to, typed_answer, write_in
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
STUDENT = "Zoé Martin-Lefèvre"
TITLE = "Docker n° 1"
ASKED = ("single", "multiple", "true_false", "command", "numerical", "short_answer")
MISSED = "short_answer"
OPENS = datetime(2026, 11, 23, 13, tzinfo=UTC)  # 14:00 in Paris, four hours after the browser tests begin
ENDED = timedelta(hours=2)


@dataclass(frozen=True)
class Words:
    """What the pages say in one language, and what its Excel expects."""

    locale: str
    announced: str
    saved: str
    cut: str
    handed_in: str
    score: str
    delimiter: str


LANGUAGES = {
    "fr": Words("fr-FR", "Annoncé", "Enregistré à", "Pas encore enregistré", "Copie remise", "16,67", ";"),
    "en": Words("en-GB", "Announced", "Saved at", "Not saved yet", "Handed in", "16.67", ","),
}


@pytest.fixture(autouse=True)
def _time_flies_back(live: Live) -> Iterator[None]:
    shift = live.shift
    yield
    live.shift = shift


def move_to(live: Live, instant: datetime) -> None:
    """Let the server's clock say this instant."""
    live.shift += instant - live.now()


def link(page: Page, end: str) -> Locator:
    """The first link of the page's content whose address ends so."""
    return page.locator(f"main a[href$='{end}']").first


def button(page: Page, value: str = "") -> Locator:
    """The page's own button, or the one that sends this value."""
    return page.locator(f"main button[value='{value}']" if value else "main form .button-mark").first


def invite(page: Page) -> str:
    """Make a class; return the link that invites to it."""
    page.goto("/teach/")
    write_in(page, page.locator("#name"), "L3 Informatique")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page.locator("main a[href*='/join/']").inner_text()


def set_up(page: Page) -> None:
    """Set an exam up that asks one question of each type, and publish it."""
    press(page, link(page, "/"))
    press(page, link(page, "/exams/"))
    press(page, link(page, "/exams/new"))
    write_in(page, page.locator("#title"), TITLE)
    for number, kind in enumerate(ASKED, 1):
        if number > 1:
            tab_to(page, page.locator("[data-add]"))
            page.keyboard.press("Enter")
        write_in(page, page.locator(f"#row-{number}-count"), "1")
        choose(page, page.locator(f"#row-{number}-type"), kind)
    tab_to(page, page.locator("#opens_at"))
    page.keyboard.type("11232026")
    page.keyboard.press("Tab")
    page.keyboard.type("0200PM")
    tab_to(page, page.locator("#duration"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    press(page, link(page, "/publish"))
    press(page, button(page))


def choose(page: Page, select: Locator, value: str) -> None:
    """Reach a list by keyboard and go down it to the option with this value."""
    tab_to(page, select)
    for _ in range(20):
        if select.input_value() == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {value}")


def join(page: Page, invitation: str, words: Words) -> None:
    """Follow the link, and find the exam announced on the day's page."""
    page.goto(invitation)
    write_in(page, page.locator("#name"), STUDENT)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto("/")
    expect(page.get_by_role("listitem").filter(has_text=TITLE)).to_contain_text(words.announced)


def sit(page: Page, live: Live, words: Words) -> None:
    """Answer every question, the first one through a cut network; all are right but one."""
    page.goto("/")
    press(page, page.get_by_role("link", name=TITLE))
    press(page, button(page))
    for number in range(1, len(ASKED) + 1):
        expect(page.locator("main .facts b").first).to_contain_text(f"Question {number} ")
        page.wait_for_timeout(ACCEPTED_AFTER_MS)
        page.context.set_offline(number == 1)
        answer(page, asked_on(page, live))
        if number == 1:
            expect(page.get_by_text(words.cut)).to_be_visible()
            page.context.set_offline(False)
        expect(page.locator("[data-words]")).to_have_text(re.compile(f"^{words.saved}"))
        page.keyboard.press("Enter")


def answer(page: Page, asked: Asked) -> None:
    """Choose with digits, or type."""
    document: dict[str, Any] = asked.document
    if "choices" in document:
        role: Any = "radio" if asked.type == "single" else "checkbox"
        for text in [one["text"] for one in document["choices"] if one.get("correct")]:
            box = page.get_by_role(role, name=re.compile(f"{text['fr']}|{text['en']}"))
            page.keyboard.press(box.get_attribute("value") or "")
    elif asked.type == "true_false":
        page.keyboard.press("1" if document["answer"] else "2")
    else:
        write_in(page, page.get_by_role("textbox"), "presque" if asked.type == MISSED else typed_answer(asked))


def hand_in(page: Page, words: Words, folder: Path) -> None:
    """Hand in, and keep the receipt as a file."""
    page.wait_for_url("**/hand-in")
    press(page, button(page))
    expect(page.get_by_role("heading", level=1)).to_have_text(words.handed_in)
    receipt = page.locator("main dd code").inner_text()
    kept = download(page, link(page, "receipt.txt"), folder)
    assert receipt in kept.read_text("utf-8")


def download(page: Page, target: Locator, folder: Path) -> Path:
    """Reach a link or a button that sends a file, take it, return where it is."""
    tab_to(page, target)
    with page.expect_download() as found:
        page.keyboard.press("Enter")
    found.value.save_as(folder / found.value.suggested_filename)
    return folder / found.value.suggested_filename


def cells_of(workbook: Path) -> list[object]:
    """The values beside the student's name in the first sheet."""
    sheet: Any = load_workbook(workbook).worksheets[0]
    return next(list(row) for row in sheet.iter_rows(values_only=True) if STUDENT in row)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_exam_goes_from_the_invitation_to_the_score_in_a_file(
    open_page: OpenPage, live: Live, tmp_path: Path, language: str
) -> None:
    words = LANGUAGES[language]
    teacher, student = open_page(locale=words.locale), open_page(locale=words.locale)
    log_in_as(teacher, live, "teacher", locale=language)
    invitation = invite(teacher)
    set_up(teacher)
    exam = teacher.url
    join(student, invitation, words)
    move_to(live, OPENS)
    sit(student, live, words)
    hand_in(student, words, tmp_path)
    move_to(live, OPENS + ENDED)
    press(student, link(student, "/result"))
    shown = student.locator("h1 mark").inner_text()

    teacher.goto(exam)
    press(teacher, link(teacher, "/marks/"))
    expect(teacher.get_by_role("row").filter(has_text=STUDENT)).to_contain_text(shown)
    press(teacher, link(teacher, "/scores"))
    table = download(teacher, button(teacher, f"scores.{language}"), tmp_path)
    workbook = download(teacher, button(teacher, "book"), tmp_path)

    rows = list(csv.reader(table.read_text("utf-8-sig").splitlines(), delimiter=words.delimiter))
    assert shown == words.score
    assert shown in next(row for row in rows if STUDENT in row)
    assert float(shown.replace(",", ".")) in cells_of(workbook)
