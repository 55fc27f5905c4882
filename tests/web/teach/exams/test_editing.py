"""The page that makes and changes an exam: good defaults, all problems at once, nothing typed lost."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.exam.blueprint import Demand
from app.models import Question
from app.services import exams
from tests.web.teach.exams.conftest import FILLED, Office

OPENS = datetime(2026, 12, 16, 13, tzinfo=UTC)


def test_a_title_a_number_and_a_date_make_a_good_exam(office: Office) -> None:
    page = office.client.get(f"/teach/classes/{office.taught.id}/exams/new").text
    sent = dict(re.findall(r'name="(\w+)"[^>]* value="([^"]*)"', page))

    exam_id = office.drafted(title="Partiel", count=[sent["count"]], duration=sent["duration"], scale=sent["scale"])

    draft = office.stored(exam_id).draft
    assert draft.demands == (Demand(4),)
    assert (draft.opens_at, draft.closes_at) == (OPENS, OPENS + timedelta(minutes=75))
    assert (draft.duration_s, draft.scale_hundredths, draft.pass_hundredths) == (3600, 2000, 1000)


def test_a_new_form_says_what_the_bank_has_for_its_row(office: Office) -> None:
    page = office.client.get(f"/teach/classes/{office.taught.id}/exams/new").text

    assert "4 dans la banque, dont 1 réservées" in page


def test_all_problems_are_said_at_once_and_what_was_typed_stays(office: Office) -> None:
    reply = office.create(
        title=" ",
        count=["3", "x"],
        topic=["volumes", ""],
        level=["", ""],
        type=["", ""],
        opens_at="demain",
        scale="vingt",
        pass_mark="12,345",
        duration="0",
        password="sésame ouvre",
    )

    assert reply.status_code == 400
    assert "6 champs" in reply.text.replace("\N{NO-BREAK SPACE}", " ")
    for typed in ('value="demain"', 'value="vingt"', 'value="12,345"', 'value="sésame ouvre"', 'value="x"'):
        assert typed in reply.text
    assert "1 seule question correspond" in reply.text


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"opens_at": "2026-12-16T14:00", "closes_at": "2026-12-16T13:00"}, "closes_at"),
        ({"opens_at": "", "duration": ""}, "closes_at"),
        ({"opens_at": "2027-03-28T02:30"}, "opens_at"),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at"),
        ({"zone": "Mars/Olympe"}, "zone"),
        ({"pass_mark": "21"}, "pass_mark"),
        ({"penalty": "101"}, "penalty"),
        ({"attempts": "-1"}, "attempts"),
        ({"layout": "scroll"}, "layout"),
        ({"count": [""]}, "demands"),
        ({"count": ["201"]}, "demands"),
    ],
)
def test_what_is_refused_is_said_at_its_field(office: Office, changed: dict[str, Any], name: str) -> None:
    reply = office.create(**changed)

    assert reply.status_code == 400
    assert re.findall(r'class="error" id="([a-z_]+)-error"', reply.text) == [name]


def test_of_an_hour_that_comes_twice_the_exam_opens_at_the_first_and_closes_at_the_last(office: Office) -> None:
    exam_id = office.drafted(opens_at="2027-10-31T02:00", closes_at="2027-10-31T02:30")

    draft = office.stored(exam_id).draft
    assert draft.opens_at == datetime(2027, 10, 31, 0, 0, tzinfo=UTC)
    assert draft.closes_at == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)


def test_questions_are_chosen_one_by_one_with_their_points(office: Office) -> None:
    first, second, *_ = office.questions

    exam_id = office.drafted(
        by="questions", questions=[str(second), str(first)], **{f"points-{second}": "3", f"points-{first}": "1"}
    )

    stored = office.stored(exam_id)
    assert (stored.draft.questions, stored.points) == ((second, first), {second: 3, first: 1})


def test_points_that_are_none_are_refused(office: Office) -> None:
    number = office.questions[0]

    reply = office.create(by="questions", questions=[str(number)], **{f"points-{number}": "0"})

    assert reply.status_code == 400
    assert "de 1 à 100" in reply.text


def test_a_search_shows_what_may_be_added_and_keeps_what_is_ticked(office: Office) -> None:
    chosen, *others = office.questions

    page = office.create(by="questions", questions=[str(chosen)], do="search", **{"sought-topic": "network"})

    ticked = re.findall(r'name="questions" value="(\d+)" checked', page.text)
    offered = re.findall(r'name="questions" value="(\d+)">', page.text)
    assert page.status_code == 200
    assert (ticked, set(offered)) == ([str(chosen)], {str(number) for number in others[:2]})
    assert 'value="Partiel"' in page.text


def test_a_question_moves_up_without_a_script(office: Office) -> None:
    first, second, *_ = office.questions

    page = office.create(by="questions", questions=[str(first), str(second)], do=f"up:{second}").text

    assert re.findall(r'name="questions" value="(\d+)" checked', page) == [str(second), str(first)]


@pytest.mark.parametrize(("do", "counts"), [("add", ["2", "1", ""]), ("remove:1", ["1"]), ("count", ["2", "1"])])
def test_rows_come_and_go_without_a_script(office: Office, do: str, counts: list[str]) -> None:
    rows = {"count": ["2", "1"], "topic": ["", "volumes"], "level": ["", ""], "type": ["", ""]}

    page = office.create(**rows, do=do)

    assert page.status_code == 200
    assert re.findall(r'name="count" value="(\d*)"', page.text) == counts


def test_a_practice_exam_needs_no_date_and_shows_everything_once_handed_in(office: Office) -> None:
    draft = office.stored(office.drafted(kind="practice", opens_at="", duration="")).draft

    assert (draft.kind, draft.closes_at, draft.attempts) == ("practice", None, 0)
    assert {draft.show_score, draft.show_answers, draft.show_explanations} == {"submitted"}


def test_a_change_over_somebody_elses_keeps_what_was_typed_and_is_then_a_decision(office: Office) -> None:
    exam_id = office.drafted()
    office.change(exam_id, title="Le sien", penalty="50")

    refused = office.change(exam_id, title="Le mien")
    version = re.findall(r'name="version"[^>]* value="(\d+)"', refused.text)

    assert refused.status_code == 409
    assert 'value="Le mien"' in refused.text
    assert "Titre, Pénalité" in refused.text
    assert office.stored(exam_id).draft.title == "Le sien"
    assert office.change(exam_id, title="Le mien", version=version[0]).status_code == 303
    assert office.stored(exam_id).draft.title == "Le mien"


def test_a_published_exam_changes_its_times_and_nothing_that_was_frozen(office: Office) -> None:
    exam_id = office.published()
    before = office.stored(exam_id)

    reply = office.change(exam_id, version=1, closes_at="2026-12-16T18:00", scale="40", count=["1"])

    after = office.stored(exam_id)
    assert reply.status_code == 303
    assert after.draft.closes_at == OPENS + timedelta(hours=4)
    assert (after.draft.scale_hundredths, after.draft.demands) == (2000, before.draft.demands)


def test_the_page_of_a_published_exam_offers_only_what_may_change(office: Office) -> None:
    page = office.page(office.published(), "edit")

    assert 'name="closes_at"' in page
    for frozen in ("scale", "penalty", "count", "layout", "shuffle_choices", "kind"):
        assert f'name="{frozen}"' not in page


def test_a_stored_exam_comes_back_to_the_page_as_it_was_typed(office: Office) -> None:
    exam_id = office.drafted(scale="12,5", closes_at="2026-12-16T15:30", password="sésame")

    page = office.page(exam_id, "edit")

    for value in ("12.5", "2026-12-16T14:00", "2026-12-16T15:30", "sésame", "60"):
        assert f'value="{value}"' in page
    sent = {name: value for name, value in FILLED.items() if name != "closes_at"}
    again = office.change(exam_id, **{**sent, "scale": "12.5", "closes_at": "2026-12-16T15:30", "password": "sésame"})
    assert again.status_code == 303


def test_a_listed_question_that_the_bank_lost_is_said_and_left_out(office: Office) -> None:
    first, second, *_ = office.questions
    exam_id = office.drafted(by="questions", questions=[str(first), str(second)])
    with office.db.writing() as session:
        session.get_one(Question, first).retired = True

    page = office.page(exam_id, "edit")

    assert "1 question de la liste" in page
    assert office.change(exam_id, by="questions", questions=[str(second)]).status_code == 303
    with office.db.reading() as session:
        assert exams.found(session, office.teacher, exam_id).draft.questions == (second,)
