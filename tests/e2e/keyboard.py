"""A learner who knows the course: answers what is on the page, by keyboard alone or by pointing."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import Live
from tests.e2e.course import Asked

ACCEPTED_AFTER_MS = 300  # a page takes the next action 250 ms after it changed


def asked_on(page: Page, live: Live) -> Asked:
    """The question that the page's heading asks."""
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("|".join(map(re.escape, live.asked))))
    return live.asked[heading.inner_text().strip()]


def settle(page: Page) -> None:
    """Wait until what was sent is answered: the page is busy from the click to its answer."""
    expect(page.locator("body")).not_to_have_attribute("aria-busy", "true")
    page.wait_for_load_state("load")


def next_of(page: Page, live: Live, *types: str) -> Asked:
    """Answer until a question of one of these types is asked; return it."""
    page.goto("/review/")
    while (asked := asked_on(page, live)).type not in types:
        answer_by_pointing(page, asked)
        settle(page)
        page.goto("/review/")
    return asked


def after_one_answer(page: Page, live: Live) -> Asked:
    """Answer the first question and go on to the next, where the first can be taken back; return the first."""
    page.goto("/review/")
    first = asked_on(page, live)
    answer_by_pointing(page, first)
    expect(page.get_by_role("button", name=re.compile("^Annuler"))).to_be_visible()
    page.goto("/review/")
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    return first


def typed_answer(asked: Asked) -> str:
    """What a learner who knows types."""
    document = asked.document
    return str(document["accept"][0]) if "accept" in document else str(document["answer"])


def answer_by_keys(page: Page, asked: Asked) -> None:
    """Give the right answer with the keyboard alone, up to its feedback; a flashcard up to its grade."""
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    match asked.type:
        case "single" | "multiple":
            role, wanted = (
                ("radio", ["Bon choix"]) if asked.type == "single" else ("checkbox", ["Bon choix", "Bon aussi"])
            )
            for name in wanted:
                page.keyboard.press(page.get_by_role(role, name=name).get_attribute("value") or "")
        case "true_false":
            page.keyboard.press("1" if asked.document["answer"] else "2")
        case "short_answer" | "command" | "numerical":
            page.keyboard.type(typed_answer(asked))
        case "cloze":
            page.keyboard.type(asked.document["blanks"]["gap"]["accept"][0])
        case "ordering":
            _order_by_keys(page)
        case "matching":
            _match_by_keys(page)
    page.keyboard.press("Enter")
    if asked.type == "flashcard":
        expect(page.get_by_role("heading", level=2, name="La réponse")).to_be_visible()
        page.wait_for_timeout(ACCEPTED_AFTER_MS)
        page.keyboard.press("4")


def tab_to(page: Page, target: Locator) -> None:
    """Press Tab until the control has the focus, as a hand on the keyboard does."""
    for _ in range(150):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {target}")


def press(page: Page, target: Locator) -> None:
    """Reach a link or a button by keyboard and press Enter on it, up to the page that it leads to."""
    tab_to(page, target)
    page.wait_for_timeout(ACCEPTED_AFTER_MS)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write_in(page: Page, target: Locator, text: str) -> None:
    """Reach a field by keyboard and put a text in the place of what it holds."""
    tab_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def reach(page: Page, name: str) -> None:
    """Press Tab until the control with this accessible name has the focus."""
    for _ in range(60):
        focused = page.evaluate("(document.activeElement.ariaLabel || document.activeElement.innerText || '').trim()")
        if focused == name:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches “{name}”")


def _order_by_keys(page: Page) -> None:
    for _ in range(6):
        lines = page.get_by_role("listitem").all_inner_texts()
        places = [int(line.strip().split()[-1]) for line in lines]
        wrong = next((at for at in range(len(places) - 1) if places[at] > places[at + 1]), None)
        if wrong is None:
            break
        reach(page, f"Descendre la ligne {wrong + 1}")
        page.keyboard.press("Enter")
        page.wait_for_timeout(ACCEPTED_AFTER_MS)
    reach(page, "Valider")


def _match_by_keys(page: Page) -> None:
    for term in (1, 2):
        page.get_by_role("combobox", name=f"Terme {term}").focus()
        page.keyboard.type(f"Sens {term}")
    reach(page, "Valider")


def answer_by_pointing(page: Page, asked: Asked) -> None:
    """Give the right answer without any script, with clicks and typing, up to its feedback."""
    if asked.type == "flashcard":
        page.get_by_role("button", name="Voir la réponse").click()
        page.get_by_role("button", name=re.compile("^Correct")).click()
        return
    fill_in(page, asked)
    page.get_by_role("button", name="Valider").click()


def fill_in(page: Page, asked: Asked) -> None:
    """Put the right answer into the controls of a question, with clicks and typing."""
    match asked.type:
        case "single":
            page.get_by_role("radio", name="Bon choix").check()
        case "multiple":
            page.get_by_role("checkbox", name="Bon choix").check()
            page.get_by_role("checkbox", name="Bon aussi").check()
        case "true_false":
            page.get_by_role("radio", name="Vrai" if asked.document["answer"] else "Faux").check()
        case "short_answer" | "command" | "numerical":
            page.get_by_role("textbox").fill(typed_answer(asked))
        case "cloze":
            page.get_by_role("textbox").fill(asked.document["blanks"]["gap"]["accept"][0])
        case "ordering":
            _order_by_pointing(page)
        case "matching":
            for term in (1, 2):
                page.get_by_role("combobox", name=f"Terme {term}").select_option(label=f"Sens {term}")


def _order_by_pointing(page: Page) -> None:
    for _ in range(6):
        lines = page.locator("ol.order > li")
        places = [int(line.strip().split()[-1]) for line in lines.all_inner_texts()]
        wrong = next((at for at in range(len(places) - 1) if places[at] > places[at + 1]), None)
        if wrong is None:
            return
        page.get_by_role("button", name=f"Descendre la ligne {wrong + 1}").click()
        expect(lines.nth(wrong)).to_contain_text(f"Étape {places[wrong + 1]}")  # or the old page is read again
