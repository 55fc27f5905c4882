"""From the school's list to a slip of paper to a member of the class, in a browser."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Live
from tests.e2e.people import log_in_as, make_class_with_a_member

OpenPage = Callable[..., Page]
LIST = "Nom;Prénom;N° étudiant;Tiers-temps\nLovelace;Ada;E{0}1;1/3\nMartin;Zoé;E{0}2;\n"


def axe(page: Page) -> list[str]:
    """What axe finds, by rule and element."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_a_list_becomes_slips_and_a_slip_a_member(open_page: OpenPage, live: Live, js: bool) -> None:
    page = open_page(js=js)
    class_id = make_class_with_a_member(live, log_in_as(page, live, "teacher"))
    sent = {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.format(int(js)).encode("cp1252")}

    page.goto(f"/teach/classes/{class_id}/roster")
    page.get_by_label("Fichier", exact=True).set_input_files(sent)
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.get_by_text("20 minutes de plus par heure")).to_be_visible()
    seen = axe(page) if js else []
    page.get_by_role("button", name="Appliquer à la liste").click()
    page.get_by_role("link", name="Billets à imprimer").click()
    slip = page.get_by_role("listitem").filter(has_text="Ada Lovelace")
    code = slip.locator("code").inner_text()
    seen += axe(page) if js else []

    student = open_page(js=js)
    student.goto("/join/")
    student.get_by_label("Code de classe").fill(code.lower())
    student.get_by_role("button", name="Continuer").click()
    expect(student.get_by_role("heading", level=1)).to_contain_text("Ada Lovelace")
    seen += axe(student) if js else []
    student.get_by_role("button", name="Oui, rejoindre la classe").click()
    expect(student.get_by_role("status")).to_contain_text("Ada Lovelace")

    page.goto(f"/teach/classes/{class_id}/roster")
    expect(page.get_by_role("row").filter(has_text="Ada Lovelace")).to_contain_text("a rejoint")
    seen += axe(page) if js else []
    assert seen == []


def test_a_printed_sheet_of_slips_holds_slips_alone(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    class_id = make_class_with_a_member(live, log_in_as(page, live, "teacher"))
    sent = {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST.format(9).encode("cp1252")}
    page.goto(f"/teach/classes/{class_id}/roster")
    page.get_by_label("Fichier", exact=True).set_input_files(sent)
    page.get_by_role("button", name="Voir ce qui changerait").click()
    page.get_by_role("button", name="Appliquer à la liste").click()
    page.get_by_role("link", name="Billets à imprimer").click()

    page.emulate_media(media="print")

    expect(page.get_by_role("listitem").filter(has_text="Ada Lovelace")).to_be_visible()
    expect(page.get_by_role("heading", level=1, include_hidden=True)).to_be_hidden()
