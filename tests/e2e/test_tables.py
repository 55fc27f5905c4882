"""Tables and figures: people as blocks on a telephone, tables that say that they go on, labels on one line."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from app.models import Class, Exam, Membership, RosterLine
from tests.e2e.barriers import findings
from tests.e2e.conftest import Live
from tests.e2e.edges import edge_of
from tests.e2e.examined import make_exam
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]
PEOPLE = {
    "the class": "/teach/classes/{class_id}/manage",
    "its roster": "/teach/classes/{class_id}/roster",
    "its exam": "/teach/exams/{exam_id}/live/",
    "the list of classes": "/teach/",
    "one's own classes": "/join/",
}
TABLE_ROLES = ("table", "rowgroup", "row", "columnheader", "rowheader", "cell")
_BEYOND = """(table) => [...table.querySelectorAll("a, button")].filter((one) => {
    const box = one.getBoundingClientRect();
    return box.left < 0 || box.right > window.innerWidth;
}).map((one) => one.textContent)"""
_STRAY_LABELS = """(table) => [...table.querySelectorAll("[data-label]")].filter((cell) =>
    cell.dataset.label !== table.tHead.rows[0].cells[cell.cellIndex].textContent).map((cell) => cell.outerHTML)"""


def paths(live: Live, teacher_id: int) -> dict[str, str]:
    """Pages by name, of a class of this teacher, who is in it too, with an exam under way and a roster."""
    exam_id = make_exam(live, teacher_id)
    with live.database.writing() as session:
        class_id = session.get_one(Exam, exam_id).class_id
        code = session.get_one(Class, class_id).join_code or ""
        for member in session.query(Membership).filter_by(class_id=class_id):
            member.institution_id, member.extra_minutes = f"E{member.user_id}", 20
        session.add(Membership(class_id=class_id, user_id=teacher_id, name="Camille", joined_at=live.now()))
        session.add(
            RosterLine(
                class_id=class_id,
                name="Anne-Charlotte de La Rochefoucauld",
                institution_id="E20240002",
                email="anne-charlotte.de-la-rochefoucauld@etu.universite.example",
                extra_minutes=20,
                code=f"R{code}"[:9],
                created_at=live.now(),
            )
        )
    return {name: path.format(class_id=class_id, exam_id=exam_id) for name, path in PEOPLE.items()}


def table_of(page: Page) -> Locator:
    """The table of people."""
    return page.locator(".table-blocks")


def read_out(page: Page) -> list[tuple[str, str]]:
    """The role and name of each part of the tables of the page, from the tree that a screen reader is given."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]

    def parts(nodes: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        for node in nodes:
            role = node.get("role", {}).get("value", "")
            if not node.get("ignored") and role in TABLE_ROLES:
                yield role, node.get("name", {}).get("value", "")

    return list(parts(tree))


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("width", [320, 390])
def test_what_can_be_done_with_people_is_within_the_screen(
    open_page: OpenPage, live: Live, name: str, width: int
) -> None:
    page = open_page(js=False, width=width)
    page.goto(paths(live, log_in_as(page, live, "teacher"))[name])

    expect(table_of(page).locator("a, button").first).to_be_visible()
    assert table_of(page).evaluate(_BEYOND) == []
    assert page.locator(".scroll").first.evaluate("(box) => box.scrollWidth - box.clientWidth") == 0


@pytest.mark.parametrize("name", PEOPLE)
def test_a_screen_reader_meets_the_same_table_on_a_telephone_as_on_a_desk(
    open_page: OpenPage, live: Live, name: str
) -> None:
    page = open_page(width=1280)
    page.goto(paths(live, log_in_as(page, live, "teacher"))[name])
    on_a_desk = read_out(page)

    page.set_viewport_size({"width": 390, "height": 900})

    assert {role for role, _ in on_a_desk} == set(TABLE_ROLES)
    assert read_out(page) == on_a_desk


@pytest.mark.parametrize("name", PEOPLE)
def test_a_label_in_a_block_is_the_head_of_its_column(open_page: OpenPage, live: Live, name: str) -> None:
    page = open_page(width=390)
    page.goto(paths(live, log_in_as(page, live, "teacher"))[name])

    assert table_of(page).evaluate(_STRAY_LABELS) == []


def test_no_page_of_people_has_a_barrier(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    found = []

    for path in paths(live, log_in_as(page, live, "teacher")).values():
        page.goto(path)
        found += findings(page)

    assert found == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_table_of_figures_shows_at_its_edge_that_it_goes_on(open_page: OpenPage, live: Live, dark: bool) -> None:
    page = open_page(width=390, dark=dark)
    page.goto(f"/teach/exams/{make_exam(live, log_in_as(page, live, 'teacher'))}/items/")
    region = page.get_by_role("region", name="Tableau des questions")
    region.scroll_into_view_if_needed()
    before = edge_of(page, region, below=2)

    region.evaluate("(box) => { box.scrollLeft = box.scrollWidth }")

    assert edge_of(page, region, below=2) != before


def test_labels_of_figures_stand_on_one_line_whether_or_not_an_interval_is_told(
    open_page: OpenPage, live: Live
) -> None:
    page = open_page()
    exam_id = make_exam(live, log_in_as(page, live, "teacher"), [f"Élève {number}" for number in range(15)])
    page.goto(f"/teach/exams/{exam_id}/items/")

    page.locator(".table a[href*='/items/']").last.click()

    expect(page.locator(".figures dd.meta").first).to_have_text(re.compile(r"^\d+ à \d+$"))
    lines = page.locator(".figures dt").evaluate_all("(labels) => labels.map((one) => one.getBoundingClientRect().top)")
    assert len(lines) == 4
    assert len(set(lines)) == 1
