"""/teach/exams/<id>/live: who is where, and what the teacher can do from there."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient

from app.models import Attempt
from app.services import exams
from app.services.classes import remove_member
from app.services.identity import Person
from tests.hall import Hall, answer_all, item_at, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
LogIn = Callable[..., Person]
WHY = {"message": "Fire alarm."}


@pytest.fixture
def hall(make_hall: MakeHall, client: FlaskClient, log_in: LogIn) -> Hall:
    hall = make_hall(shuffle_questions=False)
    log_in(hall.teacher)
    return hall


def page(client: FlaskClient, hall: Hall, rest: str = "") -> str:
    reply = client.get(f"/teach/exams/{hall.exam_id}/live/{rest}")
    assert reply.status_code == 200
    return words(reply.text)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def row(client: FlaskClient, hall: Hall, name: str) -> str:
    text = client.get(f"/teach/exams/{hall.exam_id}/live/").text
    found = next(part for part in text.split('<tr role="row">') if f'"rowheader">{name}</th>' in part)
    return words(found)


def send(client: FlaskClient, hall: Hall, rest: str, **fields: object) -> str:
    """Send a form that must be accepted; return the page after it."""
    reply = client.post(f"/teach/exams/{hall.exam_id}/live/{rest}", data=fields)
    assert reply.status_code == 303, words(reply.text)
    return words(client.get(reply.location).text)


def names(client: FlaskClient, hall: Hall, sort: str = "") -> list[str]:
    text = client.get(f"/teach/exams/{hall.exam_id}/live/?sort={sort}").text
    return re.findall(r'"rowheader">(\w+)</th>', text)


def test_each_student_is_told_with_state_and_answers(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    sit(hall, make_user, "Boris")
    attempt = hall.start(alice)
    hall.clock.advance(seconds=40)
    hall.answer(alice, attempt, 1, "b")
    hall.clock.advance(seconds=8)

    assert "Alice En cours 1 / 4 il y a 8 secondes 11 h 00" in row(client, hall, "Alice")
    assert "Boris Pas commencé – – – –" in row(client, hall, "Boris")


def test_who_is_cut_off_is_told_with_for_how_long_and_comes_first(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    hall.start(sit(hall, make_user, "Zoé"))
    hall.clock.advance(minutes=3, seconds=20)
    hall.start(sit(hall, make_user))

    assert "Coupé il y a 3 minutes" in row(client, hall, "Zoé")
    assert (names(client, hall), names(client, hall, "name")) == (["Zoé", "Alice"], ["Alice", "Zoé"])


def test_what_happened_is_told(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    hall.take_over(alice, attempt)
    hall.submit(alice, attempt, epoch=1)

    told = row(client, hall, "Alice")

    assert "ouverte de nouveau une fois" in told
    assert "un changement refusé, venu d’une page plus ancienne" in told


def test_the_pages_script_finds_its_parts_in_the_fragment(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    sit(hall, make_user)

    whole = client.get(f"/teach/exams/{hall.exam_id}/live/").text
    fragment = client.get(f"/teach/exams/{hall.exam_id}/live/", headers={"X-Rappel-Fragment": "1"}).text

    ids = re.findall(r'id="([a-z-]+)" data-live', whole)
    assert ids == ["live-counts", "live-at", "live-rows"]
    assert re.findall(r'id="([a-z-]+)" data-live', fragment) == ids
    assert "<html" not in fragment


def test_looking_stores_nothing(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    attempt = hall.start(sit(hall, make_user))
    hall.clock.advance(hours=1, minutes=1)

    assert "Terminé par l" in page(client, hall)

    with hall.db.reading() as session:
        assert session.get_one(Attempt, attempt).submitted_at is None


def test_a_draft_has_nobody_at_work(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    with hall.db.writing() as session:
        draft = exams.found(session, hall.teacher, hall.exam_id).draft
        exam_id = exams.create(session, hall.teacher, hall.taught.id, draft, hall.clock())

    assert "Personne ne peut encore commencer" in words(client.get(f"/teach/exams/{exam_id}/live/").text)


def test_time_is_given_to_everybody(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    hall.start(sit(hall, make_user))

    after = send(client, hall, "time", minutes="10", **WHY)

    assert "1 tentative en cours est prolongée. Qui commencera plus tard aura aussi ce temps." in after
    assert "10 minutes accordées à tous à 10 h 00" in after
    assert "11 h 10 10 minutes en plus" in row(client, hall, "Alice")


def test_time_is_given_to_one_student_who_has_not_started(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)

    after = send(client, hall, f"students/{alice.id}/time", minutes="10", **WHY)

    assert "L’étudiant aura ce temps en commençant." in after


def seen(client: FlaskClient, hall: Hall, path: str = "time") -> str:
    """What the form of time says of what was given before."""
    return _seen_in(client.get(f"/teach/exams/{hall.exam_id}/live/{path}").text)


def _seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    assert found
    return found[1]


def refused(client: FlaskClient, hall: Hall, path: str = "time", **sent: str) -> str:
    """The page that asks again."""
    reply = client.post(f"/teach/exams/{hall.exam_id}/live/{path}", data=sent)
    assert reply.status_code == 400
    return reply.text


@pytest.mark.parametrize(("colleague", "end"), [("", "11 h 10 10"), ("5", "11 h 15 15")])
def test_time_that_is_sent_twice_is_given_once_also_when_a_colleague_gave_some_between(
    client: FlaskClient, hall: Hall, make_user: MakeUser, colleague: str, end: str
) -> None:
    hall.start(sit(hall, make_user))
    sent = {"minutes": "10", "seen": seen(client, hall), **WHY}
    send(client, hall, "time", **sent)
    if colleague:
        send(client, hall, "time", minutes=colleague, message="The room was locked.")

    again = send(client, hall, "time", **sent)

    assert "Ce temps était déjà donné" in again
    assert f"{end} minutes en plus" in row(client, hall, "Alice")


def test_the_same_time_is_given_once_more_after_it_was_said_that_it_was_given_before(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    hall.start(sit(hall, make_user))
    sent = {"minutes": "10", **WHY}
    send(client, hall, "time", **sent, seen=seen(client, hall))

    page = refused(client, hall, **sent, seen=seen(client, hall))  # as the back button brings it

    assert "Vous avez déjà donné ces 10 minutes pour le même motif" in words(page)
    assert "10 minutes accordées à tous à 10 h 00" in words(page)
    assert "11 h 10" in row(client, hall, "Alice")
    hidden = dict(re.findall(r'name="(seen|again)" value="(\d+)"', page))
    for _ in range(2):
        send(client, hall, "time", **sent, **hidden)
    assert "11 h 20 20 minutes en plus" in row(client, hall, "Alice")


def test_the_same_time_is_asked_about_also_when_other_time_was_given_since(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    hall.start(sit(hall, make_user))
    send(client, hall, "time", minutes="5", **WHY)
    send(client, hall, "time", minutes="3", message="The room was locked.")

    page = refused(client, hall, minutes="5", **WHY, seen=seen(client, hall))

    assert "Vous avez déjà donné ces 5 minutes" in words(page)
    assert "11 h 08" in row(client, hall, "Alice")


def test_what_a_colleague_gave_meanwhile_is_no_answer_to_whether_the_same_is_meant_once_more(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    hall.start(sit(hall, make_user))
    send(client, hall, "time", minutes="5", **WHY)
    sent = {"minutes": "5", "seen": seen(client, hall), **WHY}
    send(client, hall, "time", minutes="3", message="The room was locked.")

    told = refused(client, hall, **sent)
    asked = refused(client, hall, **sent | dict(re.findall(r'name="(seen|again)" value="(\d+)"', told)))

    assert "Entre-temps, 3 minutes ont été données" in words(told)
    assert "Vous avez déjà donné ces 5 minutes" in words(asked)


@pytest.mark.parametrize("changed", [{"minutes": "5"}, {"message": "Another alarm."}])
def test_other_time_than_before_is_given_without_a_question(
    client: FlaskClient, hall: Hall, make_user: MakeUser, changed: dict[str, str]
) -> None:
    hall.start(sit(hall, make_user))
    send(client, hall, "time", minutes="10", **WHY)

    assert "est prolongée" in send(client, hall, "time", **{"minutes": "10", **WHY, **changed}, seen=seen(client, hall))


def test_who_gives_a_student_time_sees_what_they_and_everybody_got(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    alice, bob = sit(hall, make_user), sit(hall, make_user, "Bob")
    for path in ("time", f"students/{alice.id}/time", f"students/{bob.id}/time"):
        send(client, hall, path, minutes="3", **WHY)

    page = words(client.get(f"/teach/exams/{hall.exam_id}/live/students/{alice.id}/time").text)

    assert "3 minutes accordées à tous à 10 h 00" in page
    assert "3 minutes accordées à Alice à 10 h 00" in page
    assert "Bob" not in page


def test_what_colleagues_gave_meanwhile_is_told_before_more_is_given(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    hall.start(sit(hall, make_user))
    sent = {"minutes": "10", "seen": seen(client, hall), **WHY}
    for minutes in ("30", "5"):
        send(client, hall, "time", minutes=minutes, message="The room was locked.")

    page = refused(client, hall, **sent)

    assert "Entre-temps, 35 minutes ont été données" in words(page)
    assert 'value="10"' in page
    assert "11 h 35" in row(client, hall, "Alice")
    send(client, hall, "time", **sent | {"seen": _seen_in(page)})
    assert "11 h 45" in row(client, hall, "Alice")


def test_what_everybody_got_meanwhile_is_told_before_one_student_gets_more(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    alice = sit(hall, make_user)
    hall.start(alice)
    path = f"students/{alice.id}/time"
    sent = {"minutes": "10", "seen": seen(client, hall, path), **WHY}
    send(client, hall, "time", minutes="10", **WHY)

    assert "Entre-temps, 10 minutes ont été données" in words(refused(client, hall, path, **sent))
    assert "11 h 10" in row(client, hall, "Alice")


def test_what_one_student_got_meanwhile_is_no_news_to_who_gives_everybody_time(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    alice = sit(hall, make_user)
    hall.start(alice)
    sent = {"minutes": "10", "seen": seen(client, hall), **WHY}
    send(client, hall, f"students/{alice.id}/time", minutes="10", **WHY)

    assert "1 tentative en cours est prolongée" in send(client, hall, "time", **sent)
    assert "11 h 20" in row(client, hall, "Alice")


def test_a_form_that_is_refused_for_another_reason_forgets_nothing_that_was_given_meanwhile(
    client: FlaskClient, hall: Hall, make_user: MakeUser
) -> None:
    hall.start(sit(hall, make_user))
    sent = {"minutes": "10", "seen": seen(client, hall), **WHY}
    send(client, hall, "time", minutes="5", message="The room was locked.")

    page = refused(client, hall, **sent | {"message": ""})

    assert _seen_in(page) == sent["seen"]
    assert "Entre-temps, 5 minutes ont été données" in words(refused(client, hall, **sent))


def test_every_problem_of_given_time_is_said_at_once(client: FlaskClient, hall: Hall) -> None:
    reply = client.post(f"/teach/exams/{hall.exam_id}/live/time", data={"minutes": "601", "message": ""})

    assert reply.status_code == 400
    assert "de 1 à 600" in words(reply.text)
    assert "2 champs" in words(reply.text)


def test_an_attempt_is_ended_then_reopened(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)

    ended = send(client, hall, f"attempts/{attempt}/end", **WHY)
    told = row(client, hall, "Alice")
    asked = client.get(f"/teach/exams/{hall.exam_id}/live/attempts/{attempt}/reopen").text
    reopened = send(client, hall, f"attempts/{attempt}/reopen", until="2026-11-23T10:30", **WHY)

    assert "La tentative est terminée." in ended
    assert "Terminé par un enseignant" in told
    assert 'value="2026-11-23T11:00"' in asked  # until when it had been
    assert "La tentative est rouverte" in reopened
    assert hall.sheet(alice, attempt).deadline == hall.clock() + timedelta(minutes=30)


def test_a_reopening_that_is_refused_says_why(
    client: FlaskClient, make_hall: MakeHall, make_user: MakeUser, log_in: LogIn
) -> None:
    hall = make_hall(show_answers="submitted")
    log_in(hall.teacher)
    attempt = answer_all(hall, sit(hall, make_user), "b")

    reply = client.post(
        f"/teach/exams/{hall.exam_id}/live/attempts/{attempt}/reopen", data={"until": "2026-11-23T10:30", **WHY}
    )

    assert reply.status_code == 409
    assert "Cet étudiant a pu lire ce qui est juste." in words(reply.text)


def test_a_question_is_cancelled_by_way_of_its_preview(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    answer_all(hall, sit(hall, make_user), "b", "b", "a", "b")
    item = item_at(hall, 3)
    offered = client.get(f"/teach/exams/{hall.exam_id}/live/questions").text
    target = f"/teach/exams/{hall.exam_id}/marks/questions/{item}/preview"

    preview = client.post(target, data={"kind": "drop"})
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', preview.text))
    reply = client.post(target.replace("preview", "apply"), data={**fields, **WHY})

    assert f'action="{target}"' in offered
    assert reply.status_code == 303
    assert "Annulée." in page(client, hall, "questions")


def test_what_was_done_is_in_the_log_with_who_and_why(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    attempt = hall.start(sit(hall, make_user))
    send(client, hall, "time", minutes="10", **WHY)
    send(client, hall, f"attempts/{attempt}/end", message="Left the room.")
    send(client, hall, f"attempts/{attempt}/reopen", until="2026-11-23T10:30", message="Came back.")

    log = words(client.get(f"/teach/exams/{hall.exam_id}/marks/log").text)

    for told in ("Temps accordé : 10 minutes", "pour tous", "Fire alarm.", "Left the room.", "Came back."):
        assert told in log
    assert log.count("Fire alarm.") == 1


def test_who_left_the_class_can_still_be_ended(client: FlaskClient, hall: Hall, make_user: MakeUser) -> None:
    alice = sit(hall, make_user)
    attempt = hall.start(alice)
    with hall.db.writing() as session:
        remove_member(session, hall.teacher, hall.taught.id, alice.id, hall.clock())

    assert "La tentative est terminée." in send(client, hall, f"attempts/{attempt}/end", **WHY)


def test_500_students_take_few_statements(
    client: FlaskClient, hall: Hall, make_user: MakeUser, count_statements: Callable[..., object]
) -> None:
    for name in ("Alice", "Boris", "Chloé"):
        hall.start(sit(hall, make_user, name))
    with count_statements(hall.db) as few:  # type: ignore[attr-defined]
        page(client, hall)
    for name in ("Dina", "Emma", "Farid", "Gaëlle"):
        hall.start(sit(hall, make_user, name))
    with count_statements(hall.db) as more:  # type: ignore[attr-defined]
        page(client, hall)

    assert len(few) == len(more)
