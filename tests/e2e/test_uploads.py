"""A teacher brings a question, finds it in the bank, and takes it back, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.bank.packing import both, question, written
from tests.e2e.conftest import Live
from tests.e2e.people import log_in_as

OpenPage = Callable[..., Page]


def file_of(live: Live, slug: str, **fields: object) -> dict[str, object]:
    """A file with one question for exams, as a person chooses it; what is reserved is asked of nobody."""
    objective = next(iter(live.asked.values())).document["objectives"][0]
    made = question(slug, objective, reserved=True, **fields)
    return {"name": "mes questions.yaml", "mimeType": "application/yaml", "buffer": written([made])}


@pytest.mark.parametrize("js", [True, False], ids=["with JavaScript", "without"])
def test_a_question_is_sent_looked_at_applied_and_withdrawn(open_page: OpenPage, live: Live, js: bool) -> None:
    slug = f"knots-{'with' if js else 'without'}"
    page = open_page(js=js)
    log_in_as(page, live, "teacher")
    main = page.get_by_role("main")

    page.goto("/teach/bank/")
    main.get_by_role("link", name="Apporter vos questions").click()
    page.get_by_label("Fichier", exact=True).set_input_files(file_of(live, slug, explanation=both("Voilà.")))
    page.get_by_role("button", name="Voir ce qui changerait").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("mes questions.yaml")
    expect(main.get_by_text("question à ajouter")).to_be_visible()
    expect(page.get_by_role("region", name="À améliorer")).to_contain_text("une explication de moins de 30 caractères")

    page.get_by_role("button", name="Appliquer à la banque").click()
    expect(page.get_by_role("status")).to_contain_text("1 question ajoutée")
    page.get_by_role("status").get_by_role("link", name="Banque de questions").click()
    page.get_by_label("Mots de la question").fill(slug)
    page.get_by_role("button", name="Chercher").click()
    main.get_by_role("link", name=re.compile(slug)).click()
    expect(main.get_by_text("mes questions.yaml")).to_be_visible()

    main.get_by_role("link", name="Retirer cette question…").click()
    expect(page.get_by_role("checkbox", name=re.compile(slug))).to_be_checked()
    page.get_by_role("button", name="Retirer", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("1 question est retirée.")
    page.goto(f"/teach/bank/?words={slug}")
    expect(main.get_by_role("link", name=re.compile(slug))).to_have_count(0)


def test_a_file_with_an_error_offers_nothing_to_apply(open_page: OpenPage, live: Live) -> None:
    page = open_page()
    log_in_as(page, live, "teacher")
    page.goto("/teach/bank/upload")

    page.get_by_label("Fichier", exact=True).set_input_files(file_of(live, "knots-wrong", colour="bleu"))
    page.get_by_role("button", name="Voir ce qui changerait").click()

    expect(page.get_by_role("region", name="À corriger")).to_contain_text("clé inconnue «\u00a0colour\u00a0»")
    expect(page.get_by_role("button", name="Appliquer à la banque")).to_have_count(0)
