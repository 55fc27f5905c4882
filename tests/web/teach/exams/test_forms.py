"""Parallel forms on the teacher's pages: asked for, previewed side by side, published, made up for, in the results."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.models import GivenForm, Question
from app.services import attempts
from app.services.identity import Person
from tests.classroom import enrol
from tests.conftest import Clock
from tests.web.teach.exams.conftest import Office

MakeUser = Callable[..., Person]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.fixture
def wide(office: Office, make_question: Callable[..., Question]) -> Office:
    """An office whose course has questions for forms that share none."""
    for _ in range(4):
        make_question()
    return office


def taken(office: Office, make_user: MakeUser, clock: Clock) -> int:
    """The id of an exam with two forms, which Alice has handed in."""
    alice = enrol(office.db, office.taught, make_user("alice"), "Alice", clock())
    exam_id = office.published(draw="forms", forms="2", opens_at="2026-11-23T09:00", closes_at="2026-11-23T23:00")
    with office.db.writing() as session:
        attempt = attempts.start(session, alice, exam_id, "", clock())
        attempts.submit(session, alice, attempt, 1, clock())
    return exam_id


def test_forms_are_asked_for_where_questions_are_drawn(office: Office) -> None:
    exam_id = office.drafted(draw="forms", forms="3")

    stored = office.stored(exam_id).draft
    form = office.page(exam_id, "edit")

    assert (stored.draw, stored.forms) == ("each", 3)
    assert re.search(r'<input[^>]*checked[^>]*value="forms"', form)
    assert re.search(r'<input[^>]*name="forms"[^>]*value="3"', form)
    assert "3 sujets parallèles" in office.page(exam_id)


@pytest.mark.parametrize("draw", ["same", "each"])
def test_their_number_is_without_effect_on_other_draws(office: Office, draw: str) -> None:
    stored = office.stored(office.drafted(draw=draw, forms="3")).draft

    assert (stored.draw, stored.forms) == (draw, 0)


@pytest.mark.parametrize("count", ["1", "9", "", "trois"])
def test_a_number_of_forms_that_cannot_be_is_refused_at_its_field(office: Office, count: str) -> None:
    reply = office.create(draw="forms", forms=count)

    assert reply.status_code == 400
    assert 'id="forms-error"' in reply.text


def test_the_preview_shows_the_forms_side_by_side(wide: Office) -> None:
    exam_id = wide.drafted(draw="forms", forms="3")

    page = words(wide.page(exam_id, "preview"))

    assert "Aucune question n’est dans deux sujets." in page
    assert re.search(r"Le sujet le plus facile devrait rapporter [\d,]+ sur 20 de plus", page)
    assert "Nº Sujet A Sujet B Sujet C 1" in page
    assert "Le hasard du tirage" not in page


def test_forms_that_must_share_questions_say_so(office: Office) -> None:
    page = words(office.page(office.drafted(draw="forms", forms="2", count=["3"]), "preview"))

    assert "Sur les 4 questions, 2 sont dans plusieurs sujets" in page
    assert "2 avec B" in page
    assert "(aussi ailleurs)" in page


def test_another_form_is_looked_at_by_its_letter(wide: Office) -> None:
    exam_id = wide.drafted(draw="forms", forms="2")

    first, second = wide.page(exam_id, "preview?key=1"), wide.page(exam_id, "preview?key=1&draw=2")

    def asked(page: str) -> set[str]:
        return set(re.findall(r'/teach/questions/(\d+)">Dans la banque', page))

    assert "<b>Sujet A</b>" in first and "<b>Sujet B</b>" in second
    assert not asked(first) & asked(second)


def test_publishing_says_what_is_dealt_and_deals_it(wide: Office, make_user: MakeUser, clock: Clock) -> None:
    students = [enrol(wide.db, wide.taught, make_user(name), name, clock()) for name in ("alice", "zoe")]
    exam_id = wide.drafted(draw="forms", forms="2")

    asked = words(wide.page(exam_id, "publish"))
    wide.post(exam_id, "publish", version=0)

    assert "2 sujets parallèles" in asked
    assert "Chaque étudiant de la classe reçoit un sujet, au sort." in asked
    assert "Ce sont les questions de ses sujets, et aucune autre." in asked
    with wide.db.reading() as session:
        dealt = {row.learner_id: row.form for row in session.scalars(select(GivenForm))}
    assert dealt.keys() == {student.id for student in students}
    assert set(dealt.values()) == {1, 2}


def test_a_make_up_may_be_another_form(wide: Office, make_user: MakeUser, clock: Clock) -> None:
    exam_id = taken(wide, make_user, clock)
    with wide.db.reading() as session:
        own = session.scalars(select(GivenForm)).one()
    other = 3 - own.form

    reply = wide.post(
        exam_id, "makeups", learner_id=own.learner_id, form=other, extra_attempts="", reason="A vu le sujet"
    )

    assert reply.status_code == 303
    assert f"Sujet {'AB'[other - 1]}. A vu le sujet" in words(wide.page(exam_id, "makeups"))


def test_a_make_up_of_an_exam_without_forms_offers_none(office: Office, make_user: MakeUser, clock: Clock) -> None:
    enrol(office.db, office.taught, make_user("alice"), "Alice", clock())

    assert 'name="form"' not in office.page(office.published(), "makeups")


@pytest.mark.parametrize(("page", "said"), [("marks", "Sujet"), ("live", "Sujet"), ("items", "Pas de verdict")])
def test_pages_of_results_tell_the_forms(wide: Office, make_user: MakeUser, clock: Clock, page: str, said: str) -> None:
    exam_id = taken(wide, make_user, clock)

    assert said in words(wide.page(exam_id, f"{page}/"))


@pytest.mark.parametrize("page", ["marks", "live", "items"])
def test_pages_of_results_of_other_exams_have_no_forms(
    office: Office, make_user: MakeUser, clock: Clock, page: str
) -> None:
    exam_id = office.published(opens_at="2026-11-23T09:00", closes_at="2026-11-23T23:00")
    enrol(office.db, office.taught, make_user("alice"), "Alice", clock())

    assert "Sujet" not in words(office.page(exam_id, f"{page}/"))
