"""What a class answered to a question: gathered, with who, and what each answer is worth by the key as it stands."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from app.exam.regrading import Change, Kind
from app.models import Question, Regrade
from app.services import marks, proposals, regrades, typed_answers
from app.services.identity import Person
from app.services.proposals import Proposal
from app.services.typed_answers import Answers
from tests.hall import Hall, answer_all, item_at, sit, type_all

MakeHall = Callable[..., Hall]
MakeQuestion = Callable[..., Question]
MakeUser = Callable[..., Person]
WORDS: dict[str, Any] = {"level": 1, "text": "Quel réseau ?", "explanation": "Voir le cours."}


def read(hall: Hall, position: int = 1) -> Answers:
    with hall.db.reading() as session:
        exam = marks.any_exam(session, hall.exam_id)
        return typed_answers.read(session, exam, exam.items[item_at(hall, position)])


def apply(hall: Hall, kind: Kind, **details: Any) -> int:
    with hall.db.writing() as session:
        wanted = regrades.Wanted(item_at(hall, 1), Change(kind, details), "Said in class.")
        return regrades.apply(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def proposed(hall: Hall) -> list[Proposal]:
    with hall.db.reading() as session:
        return list(proposals.read(session, hall.teacher, hall.exam_id)[1])


@pytest.fixture
def hall(make_hall: MakeHall, make_question: MakeQuestion, make_user: MakeUser) -> Hall:
    """One question whose answer is "none"; Alice and Bruno typed "nul", Chloe "None"."""
    hall = make_hall(questions=(make_question("isolated", type="short_answer", accept=["none"], **WORDS).id,))
    for name, text in (("Bruno", "Nul"), ("Alice", "nul."), ("Chloe", "None")):
        type_all(hall, sit(hall, make_user, name), text)
    return hall


def test_typed_answers_are_gathered_with_who_typed_them(hall: Hall) -> None:
    found = read(hall)

    assert [(one.text, one.who) for one in found.of("", right=False)] == [("Nul", ("Alice", "Bruno"))]
    assert [(one.text, one.who) for one in found.of("", right=True)] == [("None", ("Chloe",))]
    assert (found.asked, found.answered, found.mean) == (3, 3, Fraction(1, 3))


def test_an_accepted_answer_is_right(hall: Hall) -> None:
    apply(hall, Kind.ACCEPT, text="Nul")

    assert read(hall).of("", right=False) == []
    assert read(hall).mean == 1


def test_the_point_for_everybody_makes_no_answer_right(hall: Hall) -> None:
    apply(hall, Kind.EVERYBODY)

    assert [one.text for one in read(hall).of("", right=False)] == ["Nul"]
    assert read(hall).mean == 1


def test_choices_are_counted(make_hall: MakeHall, make_user: MakeUser) -> None:
    hall = make_hall(shuffle_questions=False)
    for name, choice in (("Alice", "a"), ("Bruno", "a"), ("Chloe", "b")):
        answer_all(hall, sit(hall, make_user, name), choice)

    assert read(hall).chosen == {"a": 2, "b": 1}
    assert read(hall).clusters == ()


def test_an_accepted_answer_is_proposed_to_the_bank_as_lines_to_paste(hall: Hall) -> None:
    apply(hall, Kind.ACCEPT, text="Nul")

    [proposal] = proposed(hall)

    assert (proposal.file, proposal.answers, proposal.refused) == ("network.yaml", ["Nul"], False)
    assert proposal.yaml == "accept: [none, Nul]\n"


def test_taken_back_it_is_proposed_no_more(hall: Hall) -> None:
    number = apply(hall, Kind.ACCEPT, text="Nul")

    with hall.db.writing() as session:
        regrades.undo(session, hall.teacher, hall.exam_id, number, "Not said in class.", hall.clock())

    assert proposed(hall) == []


def test_what_the_bank_accepts_by_now_is_proposed_no_more(hall: Hall) -> None:
    apply(hall, Kind.ACCEPT, text="Nul")
    with hall.db.writing() as session:  # accepted before the bank was: today it would change nothing
        more = {"item_id": item_at(hall, 1), "kind": "accept", "details": {"text": "NONE"}, "reason": "Said in class."}
        session.add(Regrade(**more, at=hall.clock()))

    assert proposed(hall)[0].answers == ["Nul"]


def test_a_new_key_is_proposed_too(make_hall: MakeHall, make_question: MakeQuestion) -> None:
    number = make_question(type="numerical", answer="80", tolerance="1", **WORDS)
    hall = make_hall(questions=(number.id,))

    apply(hall, Kind.KEY, answer="8080", tolerance="0")

    assert proposed(hall)[0].yaml == "answer: 8080\ntolerance: 0\n"


def test_a_key_that_the_bank_cannot_have_is_said_to_be_refused(make_hall: MakeHall) -> None:
    hall = make_hall()
    both = [{"id": name, "text": f"`{name}`", "correct": name != "c"} for name in "abc"]

    apply(hall, Kind.KEY, choices=both)

    assert proposed(hall)[0].refused


def test_a_dropped_question_proposes_nothing(hall: Hall) -> None:
    apply(hall, Kind.DROP)

    assert proposed(hall) == []
