"""What is done with an exam as a whole: looked at, published, thrown away, copied, made up for."""

import re
from collections.abc import Callable

import pytest

from app.exam import difficulty
from app.exam.difficulty import RowShare, Spread
from app.models import Attempt, Question
from app.services.identity import Person
from tests.classroom import enrol, open_class
from tests.conftest import Clock
from tests.web.teach.exams.conftest import Office


def test_an_empty_list_leads_to_the_first_exam(office: Office) -> None:
    page = office.client.get(f"/teach/classes/{office.taught.id}/exams/").text

    assert f'href="/teach/classes/{office.taught.id}/exams/new"' in page


def test_the_page_of_an_exam_says_all_that_was_decided(office: Office) -> None:
    page = office.page(office.drafted(penalty="25", topic=["network"], password="sésame"))

    for words in (
        "Brouillon",
        "le mercredi 16 décembre de 14 h 00 à 15 h 15, heure de Paris",
        "2 questions : Network",
        "sésame",
        "25 %",
        "sur 20",
    ):
        assert words in page


def test_publishing_is_asked_first_then_done_once(office: Office) -> None:
    exam_id = office.drafted()

    asked = office.page(exam_id, "publish")
    replies = [office.post(exam_id, "publish", version=0).status_code for _ in range(2)]

    assert "figées" in asked
    assert replies == [303, 303]
    assert office.stored(exam_id).published


def test_publishing_says_how_many_questions_leave_the_revision_and_until_when(office: Office) -> None:
    exam_id = office.drafted()

    page = re.sub(r"<[^>]+>", "", office.page(exam_id, "publish"))

    assert re.search(r"1 question quitte .* sur 3 du cours", page)
    assert "De ce que cet examen peut poser, 1 est réservée." in page
    assert "une fois que tout le monde a fini, après le" in page
    assert "Seules les questions réservées sont secrètes avant l’examen" in page


@pytest.mark.parametrize(("others", "advised"), [(0, True), (40, False)])
def test_a_class_that_would_keep_too_little_is_advised_about(
    office: Office, make_question: Callable[..., Question], others: int, advised: bool
) -> None:
    exam_id = office.drafted()
    for _ in range(others):
        make_question()

    assert ("plus d’un quart" in office.page(exam_id, "publish")) == advised


def test_what_stands_in_the_way_of_publishing_is_said_before_and_after(office: Office, clock: Clock) -> None:
    exam_id = office.drafted(count=["4"])
    with office.db.writing() as session:
        session.get_one(Question, office.questions[0]).retired = True
    clock.advance(days=60)

    asked, sent = office.page(exam_id, "publish"), office.post(exam_id, "publish", version=0)

    for page in (asked, sent.text.replace("\N{NO-BREAK SPACE}", " ")):
        assert "déjà fermé" in page
        assert "Ligne 1 : 3 questions seulement" in page
    assert sent.status_code == 400
    assert office.stored(exam_id).published is None


def test_what_somebody_changed_since_the_page_was_shown_is_not_published(office: Office) -> None:
    exam_id = office.drafted()
    office.change(exam_id, title="Autre")

    reply = office.post(exam_id, "publish", version=0)

    assert reply.status_code == 409
    assert office.stored(exam_id).published is None


def test_a_draft_is_thrown_away(office: Office) -> None:
    exam_id = office.drafted()

    reply = office.post(exam_id, "discard")

    assert reply.status_code == 303
    assert office.client.get(f"/teach/exams/{exam_id}/").status_code == 404


def test_an_exam_that_somebody_started_is_kept(office: Office, clock: Clock, make_user: Callable[..., Person]) -> None:
    exam_id = office.published()
    alice = enrol(office.db, office.taught, make_user("alice"), "Alice", clock())
    with office.db.writing() as session:
        session.add(Attempt(exam_id=exam_id, learner_id=alice.id, number=1, started_at=clock(), seed="s"))

    asked, reply = office.page(exam_id, "discard"), office.post(exam_id, "discard")

    assert "1 tentative a commencé" in asked
    assert "quelqu’un l’a commencé" in reply.text
    assert reply.status_code == 409
    assert office.client.get(f"/teach/exams/{exam_id}/points").status_code == 409


def test_a_copy_opens_as_a_draft_of_the_other_class(office: Office, clock: Clock) -> None:
    exam_id = office.drafted()
    other = open_class(office.db, office.teacher, clock(), name="Groupe 2")

    reply = office.post(exam_id, "copy", class_id=other.id)

    made = int(reply.location.split("/")[-2])
    assert office.stored(made).class_id == other.id
    assert office.stored(made).draft == office.stored(exam_id).draft


def test_a_class_of_another_teacher_gets_no_copy(
    office: Office, clock: Clock, make_user: Callable[..., Person]
) -> None:
    exam_id = office.drafted()
    theirs = open_class(office.db, make_user("diane", role="teacher"), clock())

    reply = office.post(exam_id, "copy", class_id=theirs.id)

    assert reply.status_code == 400


def test_points_of_a_published_exam_change_until_somebody_starts(office: Office) -> None:
    exam_id = office.published()
    first, second = office.stored(exam_id).points

    reply = office.post(exam_id, "points", questions=[first, second], **{f"points-{first}": "2"})

    assert reply.status_code == 303
    assert office.stored(exam_id).points == {first: 2, second: 1}


def test_a_preview_holds_no_key_until_it_is_asked_for(office: Office) -> None:
    exam_id = office.drafted()

    student, teacher = office.page(exam_id, "preview"), office.page(exam_id, "preview?key=1")

    assert "n’a que la boucle locale" not in student
    assert "Bonne réponse" not in student
    assert "n’a que la boucle locale" in teacher
    assert teacher.count("Bonne réponse") == 2


def test_a_preview_asks_one_question_after_the_other(office: Office) -> None:
    exam_id = office.drafted()

    pages = [office.page(exam_id, f"preview?at={at}") for at in (1, 2, 9, "x")]

    assert [re.findall(r"Question (\d) sur 2", page)[0] for page in pages] == ["1", "2", "2", "1"]


def test_a_make_up_is_listed_and_can_be_taken_back(
    office: Office, clock: Clock, make_user: Callable[..., Person]
) -> None:
    exam_id = office.published()
    alice = enrol(office.db, office.taught, make_user("alice"), "Alice", clock())
    window = {"opens_at": "2026-12-18T09:00", "closes_at": "2026-12-18T11:00"}

    reply = office.post(exam_id, "makeups", learner_id=alice.id, reason="Malade", **window)
    listed = office.page(exam_id, "makeups")
    office.post(exam_id, f"makeups/{alice.id}/withdraw")

    assert reply.status_code == 303
    assert "le vendredi 18 décembre de 9 h 00 à 11 h 00" in listed
    assert "Malade" in listed
    assert "Malade" not in office.page(exam_id, "makeups")


def test_before_a_make_up_it_is_said_that_right_answers_may_be_known(
    office: Office, clock: Clock, make_user: Callable[..., Person]
) -> None:
    enrol(office.db, office.taught, make_user("alice"), "Alice", clock())
    exam_id = office.published(opens_at="2026-11-24T14:00", closes_at="2026-11-24T16:00")
    before = office.page(exam_id, "makeups")
    clock.advance(days=2)  # it is closed, and tells its keys

    assert "peut avoir lu les bonnes réponses" not in before
    assert "peut avoir lu les bonnes réponses" in office.page(exam_id, "makeups")


def test_a_make_up_without_a_reason_or_a_window_says_both_at_once(
    office: Office, clock: Clock, make_user: Callable[..., Person]
) -> None:
    exam_id = office.published()
    alice = enrol(office.db, office.taught, make_user("alice"), "Alice", clock())

    reply = office.post(exam_id, "makeups", learner_id=alice.id, opens_at="2026-12-18T09:00", reason=" ")

    assert reply.status_code == 400
    assert re.findall(r'class="error" id="([a-z_]+)-error"', reply.text) == ["closes_at", "extra_attempts", "reason"]


def test_an_exam_of_a_zone_elsewhere_says_whose_time_it_is(office: Office) -> None:
    exam_id = office.drafted(zone="America/New_York")

    assert "de 14 h 00 à 15 h 15, heure de New York" in office.page(exam_id)


@pytest.mark.parametrize("page", ["publish", "preview", "preview?key=1"])
def test_the_luck_of_the_draw_is_said_where_each_student_draws(office: Office, page: str) -> None:
    exam_id = office.drafted(draw="each")

    said = re.sub(r"<[^>]+>", "", office.page(exam_id, page))

    assert "Le hasard du tirage" in said
    assert re.search(r"neuf sur dix peuvent attendre entre [\d,]+ et [\d,]+ sur 20,", said)
    assert "Pas de verdict" in said
    assert "2 questions : tous les thèmes" in said
    assert "estimée d’après son niveau et son type" in said


def test_an_exam_that_asks_everybody_the_same_says_nothing_of_luck(office: Office) -> None:
    exam_id = office.drafted(draw="same")

    assert "Le hasard du tirage" not in office.page(exam_id, "publish") + office.page(exam_id, "preview")


def test_draws_that_differ_much_are_advised_about(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (RowShare(available=4, mean=0.6, deviation=0.1, share=1.0),)
    uneven = Spread(0.6, 0.1, 0.4, 0.8, rows, drawn=4, answered=4, heard=1.0)
    monkeypatch.setattr(difficulty, "spread", lambda *_: uneven)

    page = office.page(office.drafted(draw="each"), "publish")

    assert "C’est beaucoup pour le hasard." in page
    assert "Demandez un niveau dans la ligne qui pèse le plus (2 questions : tous les thèmes)." in page
    assert "Pas de verdict" not in page


@pytest.mark.parametrize(
    ("opens_at", "told"), [("", "Il ouvre aussitôt"), ("2026-12-16T14:00", "le voient annoncé aussitôt")]
)
def test_before_publishing_is_said_whether_the_exam_opens_at_once(office: Office, opens_at: str, told: str) -> None:
    exam_id = office.drafted(opens_at=opens_at, closes_at="2026-12-18T14:00")

    page = office.page(exam_id, "publish")

    assert told in page
    assert ("Il ouvre aussitôt" in page) == (opens_at == "")


@pytest.mark.parametrize("kind", ["exam", "practice"])
def test_of_reserved_questions_alone_none_is_said_to_leave_or_to_be_the_courses_own(office: Office, kind: str) -> None:
    exam_id = office.drafted(kind=kind, by="questions", questions=[str(office.questions[2])])

    page = office.page(exam_id, "publish")

    assert "Aucune question ne quitte les révisions" in page
    assert "Les autres sont celles du cours" not in page


def test_of_an_open_exam_that_is_thrown_away_is_not_said_that_it_is_announced(office: Office) -> None:
    exam_id = office.published(opens_at="", closes_at="2026-12-18T14:00")

    assert "Ses étudiants le voient, et personne ne l’a commencé" in office.page(exam_id, "discard")


@pytest.mark.parametrize("field", ["title", "password", "scale", "zone"])
def test_no_field_of_an_exam_takes_a_character_that_no_text_holds(office: Office, field: str) -> None:
    reply = office.create(**{field: "a\0b"})

    assert reply.status_code == 400
    assert "ne peut pas être conservé" in reply.text
    assert "\0" not in reply.text


def test_what_was_typed_around_such_a_character_is_kept(office: Office) -> None:
    reply = office.create(title="Par\0tiel")

    assert 'value="Partiel"' in reply.text
    assert "ne peut pas être conservé" in reply.text


@pytest.mark.parametrize("longer", [121, 1_001, 20_000])
def test_a_title_that_is_too_long_is_told_how_long_one_is(office: Office, longer: int) -> None:
    reply = office.create(title="x" * longer)

    assert reply.status_code == 400
    assert "Au plus 120 caractères" in reply.text


@pytest.mark.parametrize(
    ("typed", "kept"), [("e\u0301" * 120, "é" * 120), (" " * 130 + "Partiel", "Partiel"), ("👨‍👩‍👧 Fin", "👨‍👩‍👧 Fin")]
)
def test_a_title_is_as_long_as_it_is_kept(office: Office, typed: str, kept: str) -> None:
    assert office.stored(office.drafted(title=typed)).draft.title == kept


def test_a_title_that_nobody_would_see_is_refused_at_its_field(office: Office) -> None:
    assert "Un titre ne contient pas de caractère invisible" in office.create(title="\u200b").text
