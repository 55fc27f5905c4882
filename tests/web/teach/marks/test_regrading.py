"""Regrading in the browser: a change is described, shown, made with a reason, and taken back."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.bank.schema import MOST_ACCEPTED
from app.models import Adjustment, Regrade
from app.services import marks
from app.services.identity import Person
from tests.hall import Hall, item_at, sit
from tests.web.teach.marks.conftest import TYPES

MakeUser = Callable[..., Person]
Take = Callable[[Hall, Person], int]
POSITIONS = {name: at for at, name in enumerate(TYPES, 1)}


@pytest.fixture
def hall(every_type: Hall, make_user: MakeUser, take: Take, client: FlaskClient, log_in: Callable[..., Person]) -> Hall:
    """One question of each type, to which Alice answered RESPONSES."""
    take(every_type, sit(every_type, make_user))
    log_in(every_type.teacher)
    return every_type


def path(hall: Hall, type_: str, step: str) -> str:
    return f"/teach/exams/{hall.exam_id}/marks/questions/{item_at(hall, POSITIONS[type_])}/{step}"


def hidden(text: str) -> list[tuple[str, str]]:
    """The hidden fields of the last form of a page, as a browser sends them."""
    form = text[text.rindex("<form") :] if "decide" not in text else text[text.index('aria-labelledby="decide"') :]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(unescape(name), unescape(value)) for name, value in fields]


def regraded(client: FlaskClient, hall: Hall, type_: str, reason: str = "Deux lectures.", **fields: Any) -> Any:
    """Go through the preview with a browser's fields, then apply; return the last reply."""
    shown = client.post(path(hall, type_, "preview"), data=fields)
    assert shown.status_code == 200, shown.text
    return client.post(path(hall, type_, "apply"), data=MultiDict([*hidden(shown.text), ("message", reason)]))


def credit(hall: Hall, type_: str) -> Any:
    with hall.db.reading() as session:
        attempt = marks.of_attempt(session, marks.any_exam(session, hall.exam_id), 1, hall.clock())
    return attempt.items[POSITIONS[type_] - 1].credit


def stored(hall: Hall) -> list[Regrade]:
    with hall.db.reading() as session:
        return list(session.scalars(select(Regrade).order_by(Regrade.id)))


def test_a_preview_shows_the_means_and_the_student_and_stores_nothing(client: FlaskClient, hall: Hall) -> None:
    text = client.post(path(hall, "single", "preview"), data={"kind": "everybody"}).text

    assert "1 étudiant gagne" in text
    assert '<th scope="row">Alice</th>' in text
    assert stored(hall) == []


@pytest.mark.parametrize(
    ("type_", "fields"),
    [
        ("single", {"right": ["a", "b"]}),
        ("multiple", {"right": ["a", "c"]}),
        ("true_false", {"value": "true"}),
        ("short_answer", {"accept": "none\r\n nul  <b> \r\n"}),
        ("command", {"accept": "docker run nginx", "ignore": "--name"}),
        ("numerical", {"answer": "8080,5", "tolerance": "0.5"}),
        ("cloze", {"blank-1": ".", "exact-1": "1", "blank-2": "/a\r\n/b", "exact-2": "1"}),
        ("ordering", {"place-1": "2", "place-2": "1", "place-3": "3"}),
        ("matching", {"pair-1": "2", "pair-2": "3"}),
    ],
)
def test_the_key_of_each_type_can_be_changed_by_its_form(
    client: FlaskClient, hall: Hall, type_: str, fields: dict[str, Any]
) -> None:
    reply = regraded(client, hall, type_, kind="key", **fields)

    assert reply.status_code == 303
    assert credit(hall, type_) == 1
    assert [one.kind for one in stored(hall)] == ["key"]


@pytest.mark.parametrize("type_", list(TYPES))
def test_the_form_as_it_opens_changes_nothing_and_says_so(client: FlaskClient, hall: Hall, type_: str) -> None:
    text = client.get(path(hall, type_, "key")).text
    form = text[text.index('name="kind"') :]
    fields = re.findall(r'<input type="(?:checkbox|radio)" name="([^"]+)" value="([^"]*)"[^>]* checked', form)
    fields += re.findall(r'<input class="[^"]*" id="[^"]*" name="([^"]+)" value="([^"]*)"', form)
    fields += re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', form)
    for name, options in re.findall(r'<select[^>]* name="([^"]+)">(.*?)</select>', form):
        fields += [(name, value) for value in re.findall(r'value="(\d+)" selected', options)]

    reply = client.post(path(hall, type_, "preview"), data=MultiDict([("kind", "key"), *fields]))

    assert reply.status_code == 400
    assert "changez quelque chose" in reply.text


@pytest.mark.parametrize(
    ("type_", "fields", "words"),
    [
        ("single", {}, "Au moins un choix"),
        ("multiple", {"right": ["a", "b", "c", "d"]}, "Au moins un choix"),
        ("short_answer", {"accept": " \r\n "}, "Ce champ est obligatoire"),
        ("numerical", {"answer": "beaucoup", "tolerance": "-1"}, "Saisissez un nombre"),
        ("ordering", {"place-1": "1", "place-2": "1", "place-3": "3"}, "Chaque place"),
        ("matching", {"pair-1": "9", "pair-2": "1"}, "une des valeurs proposées"),
        ("short_answer", {"accept": "x" * 501}, "ne peut pas être notée"),
    ],
)
def test_a_key_that_is_none_is_refused_at_its_field(
    client: FlaskClient, hall: Hall, type_: str, fields: dict[str, Any], words: str
) -> None:
    reply = client.post(path(hall, type_, "preview"), data={"kind": "key", **fields})

    assert reply.status_code == 400
    assert words in reply.text


def test_the_words_of_a_question_are_not_taken_from_the_form(client: FlaskClient, hall: Hall) -> None:
    regraded(client, hall, "single", kind="key", right=["b"], choices="x", text="x")

    assert [choice["text"]["fr"] for choice in stored(hall)[0].details["choices"]] == ["choix a", "choix b", "choix c"]


def test_a_typed_answer_is_accepted_from_the_page_of_its_question(client: FlaskClient, hall: Hall) -> None:
    regraded(client, hall, "short_answer", kind="accept", text="Nul <b>")

    assert credit(hall, "short_answer") == 1
    assert "Nul &lt;b&gt;" in client.get(f"/teach/exams/{hall.exam_id}/marks/bank").text


def test_a_question_that_can_take_no_more_answers_says_so_on_its_page(client: FlaskClient, hall: Hall) -> None:
    every = "\n".join(f"nom {number}" for number in range(MOST_ACCEPTED))
    regraded(client, hall, "short_answer", kind="key", accept=every)

    refused = client.post(path(hall, "short_answer", "preview"), data={"kind": "accept", "text": "Nul"})

    assert refused.location == path(hall, "short_answer", "").rstrip("/")
    assert "La question accepte déjà 100 réponses" in client.get(refused.location).text
    assert len(stored(hall)) == 1


def test_an_answer_is_accepted_in_its_gap(client: FlaskClient, hall: Hall) -> None:
    regraded(client, hall, "cloze", kind="accept", text="/b", blank="to")

    assert credit(hall, "cloze") == 1


def test_without_a_reason_the_preview_comes_back_and_asks_for_it(client: FlaskClient, hall: Hall) -> None:
    reply = regraded(client, hall, "single", reason=" ", kind="drop")

    assert reply.status_code == 400
    assert "Dire en quelques mots" in reply.text
    assert stored(hall) == []


def test_a_regrade_made_since_the_preview_is_a_page_that_says_so(client: FlaskClient, hall: Hall) -> None:
    shown = client.post(path(hall, "single", "preview"), data={"kind": "drop"}).text
    regraded(client, hall, "multiple", kind="drop")

    reply = client.post(path(hall, "single", "apply"), data=MultiDict([*hidden(shown), ("message", "Deux lectures.")]))

    assert reply.status_code == 409
    assert "entre-temps" in reply.text
    assert "Deux lectures." in reply.text


@pytest.mark.parametrize("fields", [{"kind": "drop"}, {"kind": "everybody"}, {"kind": "key", "right": ["a", "b"]}])
def test_a_second_click_is_answered_as_the_first(client: FlaskClient, hall: Hall, fields: dict[str, Any]) -> None:
    shown = client.post(path(hall, "single", "preview"), data=fields)
    sent = MultiDict([*hidden(shown.text), ("message", "Deux lectures.")])

    replies = [client.post(path(hall, "single", "apply"), data=sent) for _ in range(2)]

    assert [reply.status_code for reply in replies] == [303, 303]
    assert len(stored(hall)) == 1


def test_what_was_changed_already_leads_back_with_a_sentence(client: FlaskClient, hall: Hall) -> None:
    regraded(client, hall, "single", kind="drop")

    reply = client.post(path(hall, "single", "preview"), data={"kind": "drop"}, follow_redirects=True)

    assert "rien ne changerait" in unescape(reply.text)


def test_a_regrade_is_taken_back_after_its_preview_and_can_be_made_again(client: FlaskClient, hall: Hall) -> None:
    regraded(client, hall, "single", kind="everybody")
    undo = f"/teach/exams/{hall.exam_id}/marks/regrades/1/undo"
    shown = client.get(undo).text
    assert "1 perd" in shown

    client.post(undo, data=MultiDict([*hidden(shown), ("message", "Par erreur.")]))
    assert credit(hall, "single") == 0

    late = client.get(undo)
    assert (late.status_code, "déjà été annulée" in late.text) == (409, True)

    regraded(client, hall, "single", again="1")
    assert credit(hall, "single") == 1
    assert [one.undone_at is None for one in stored(hall)] == [False, True]


def test_the_log_tells_who_when_why_and_both_scores(client: FlaskClient, hall: Hall) -> None:
    regraded(client, hall, "single", kind="everybody")

    text = client.get(f"/teach/exams/{hall.exam_id}/marks/log").text

    assert hall.teacher.login in text
    assert "Deux lectures." in text
    assert '<td class="num">+2,22</td>' in text


@pytest.mark.parametrize("fields", [{}, {"kind": "nonsense"}, {"again": "99"}, {"again": "x"}])
def test_what_no_form_sends_changes_nothing(client: FlaskClient, hall: Hall, fields: dict[str, str]) -> None:
    assert client.post(path(hall, "single", "preview"), data=fields).status_code in (400, 404)


def adjusting(
    client: FlaskClient, hall: Hall, points: str, reason: str = "Retard.", seen: str = "0.0", **more: str
) -> Any:
    fields = {"points": points, "message": reason, "seen": seen, **more}
    return client.post(f"/teach/exams/{hall.exam_id}/marks/attempts/1", data=fields)


def test_points_are_given_by_hand_with_a_comma(client: FlaskClient, hall: Hall) -> None:
    assert adjusting(client, hall, "-1,25").status_code == 303

    text = client.get(f"/teach/exams/{hall.exam_id}/marks/attempts/1").text
    assert "−1,25" in text
    assert "Retard." in text


def shown_of(page: str) -> dict[str, str]:
    """What the form of points says of what it has shown."""
    form = page[page.index('name="points"') - 2_000 :]
    return dict(re.findall(r'name="(seen|again)" value="([^"]*)"', form))


def test_points_that_are_sent_again_after_going_back_are_not_given_unasked(client: FlaskClient, hall: Hall) -> None:
    page = f"/teach/exams/{hall.exam_id}/marks/attempts/1"
    adjusting(client, hall, "-1,25")

    fresh = shown_of(client.get(page).text)  # as the back button brings it
    asked = adjusting(client, hall, "-1,25", **fresh)

    assert asked.status_code == 400 and "Vous avez déjà changé la note d’autant" in asked.text
    assert {adjusting(client, hall, "-1,25", **shown_of(asked.text)).status_code for _ in range(2)} == {303}
    with hall.db.reading() as session:
        assert session.query(Adjustment).count() == 2


def test_points_are_asked_about_also_when_a_colleague_gave_others_since(client: FlaskClient, hall: Hall) -> None:
    page = f"/teach/exams/{hall.exam_id}/marks/attempts/1"
    for points in ("-1,25", "2"):
        adjusting(client, hall, points, **shown_of(client.get(page).text))

    assert adjusting(client, hall, "-1,25", **shown_of(client.get(page).text)).status_code == 400


def test_points_that_were_taken_back_are_given_again_without_a_question(client: FlaskClient, hall: Hall) -> None:
    page = f"/teach/exams/{hall.exam_id}/marks/attempts/1"
    adjusting(client, hall, "-1,25")
    client.post(f"/teach/exams/{hall.exam_id}/marks/adjustments/1/undo", data={"message": "Par erreur."})

    assert adjusting(client, hall, "-1,25", **shown_of(client.get(page).text)).status_code == 303


def test_points_that_are_refused_forget_no_adjustment_of_a_colleague(client: FlaskClient, hall: Hall) -> None:
    adjusting(client, hall, "2", "A colleague’s.")

    refused = adjusting(client, hall, "-1,25", "")

    assert shown_of(refused.text)["seen"] == "0.0"
    assert adjusting(client, hall, "-1,25", **shown_of(refused.text)).status_code == 409


def test_points_that_are_none_are_refused_with_all_that_was_typed(client: FlaskClient, hall: Hall) -> None:
    reply = adjusting(client, hall, "1,255", "")

    assert reply.status_code == 400
    assert "au plus deux décimales" in reply.text
    assert "Dire en quelques mots" in reply.text
    assert 'value="1,255"' in reply.text


def test_points_are_taken_back_with_a_reason(client: FlaskClient, hall: Hall) -> None:
    adjusting(client, hall, "2")
    undo = f"/teach/exams/{hall.exam_id}/marks/adjustments/1/undo"

    assert "Reprendre ces points" in client.get(undo).text
    assert client.post(undo, data={"message": ""}).status_code == 400
    assert client.post(undo, data={"message": "Par erreur."}).status_code == 303

    with hall.db.reading() as session:
        assert session.get_one(Adjustment, 1).undone_at == hall.clock()
    assert "repris" in client.get(f"/teach/exams/{hall.exam_id}/marks/log").text
