"""Regrades: shown before they are made, bound to what was shown, kept for ever, taken back at will."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from app.bank.schema import MOST_ACCEPTED
from app.errors import Conflict, Invalid, NotFound
from app.exam.regrading import Change, Kind
from app.services import exams, marks, regrades
from app.services.exams import Draft
from app.services.identity import Person
from app.services.regrades import Effect, Made, Preview, Wanted
from tests.hall import Hall, answer_all, item_at, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]
DROP, EVERYBODY = Change(Kind.DROP, {}), Change(Kind.EVERYBODY, {})


def preview(hall: Hall, position: int, change: Change) -> Preview:
    with hall.db.reading() as session:
        return regrades.preview(session, hall.teacher, hall.exam_id, item_at(hall, position), change, hall.clock())


def apply(hall: Hall, position: int, change: Change, seen: str | None = None, reason: str = "Ambiguous.") -> int:
    wanted = Wanted(item_at(hall, position), change, reason, seen)
    with hall.db.writing() as session:
        return regrades.apply(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def undo(hall: Hall, regrade_id: int, seen: str | None = None, teacher: Person | None = None) -> None:
    with hall.db.writing() as session:
        regrades.undo(session, teacher or hall.teacher, hall.exam_id, regrade_id, "By mistake.", hall.clock(), seen)


def listed(hall: Hall) -> Sequence[Made]:
    with hall.db.reading() as session:
        return regrades.listed(session, hall.exam_id)


def scores(hall: Hall) -> dict[str, int | None]:
    with hall.db.reading() as session:
        exam = marks.any_exam(session, hall.exam_id)
        return {one.first.name: one.score for one in marks.students(session, exam, hall.clock())}


def rights(*right: str) -> Change:
    """A key by which these choices are right."""
    choices = [{"id": name, "text": f"`{name}`", "correct": name in right} for name in "abc"]
    return Change(Kind.KEY, {"choices": choices})


@pytest.fixture
def hall(make_hall: MakeHall, make_user: MakeUser) -> Hall:
    """Four questions of which "b" is the answer; Alice has 15, Bruno 10, and 12 passes."""
    hall = make_hall(shuffle_questions=False, pass_hundredths=1200)
    answer_all(hall, sit(hall, make_user, "Alice"), "b", "b", "b", "a")
    answer_all(hall, sit(hall, make_user, "Bruno"), "a", "b", "b", "c")
    return hall


def test_a_preview_says_who_gains_and_who_loses_and_stores_nothing(hall: Hall) -> None:
    effect = preview(hall, 1, rights("a")).effect

    assert [(one.name, one.before, one.after) for one in effect.gain] == [("Bruno", 1000, 1500)]
    assert [(one.name, one.before, one.after) for one in effect.lose] == [("Alice", 1500, 1000)]
    assert (effect.before.mean, effect.after.mean) == (1250, 1250)
    assert (effect.before.passed, effect.after.passed) == (1, 1)
    assert listed(hall) == []


def test_what_was_shown_is_what_applying_does(hall: Hall) -> None:
    shown = preview(hall, 4, rights("a", "b"))

    apply(hall, 4, shown.change, shown.seen)

    assert scores(hall) == {"Alice": 2000, "Bruno": 1000}
    assert [one.after for one in shown.effect.gain] == [2000]


def test_who_is_at_work_is_counted_apart(hall: Hall, make_user: MakeUser) -> None:
    hall.answer(chloe := sit(hall, make_user, "Chloe"), hall.start(chloe), 1, "a")

    effect = preview(hall, 1, EVERYBODY).effect

    assert (effect.at_work, effect.before.count, effect.same) == (1, 2, 1)


def test_a_regrade_made_during_the_exam_counts_for_who_is_at_work(hall: Hall, make_user: MakeUser) -> None:
    attempt = hall.start(chloe := sit(hall, make_user, "Chloe"))
    apply(hall, 1, EVERYBODY)

    hall.submit(chloe, attempt)

    assert scores(hall)["Chloe"] == 500


def test_who_made_it_when_and_why_is_kept(hall: Hall) -> None:
    apply(hall, 4, DROP, reason="  Two right answers. ")

    [made] = listed(hall)
    assert (made.change, made.reason, made.by) == (DROP, "Two right answers.", hall.teacher.login)
    assert (made.at, made.undone_at) == (hall.clock(), None)


def test_a_regrade_needs_a_reason(hall: Hall) -> None:
    with pytest.raises(Invalid, match="message: message_missing"):
        apply(hall, 4, DROP, reason="  ")


@pytest.mark.parametrize(
    "change",
    [Change(Kind.ACCEPT, {"text": "none"}), Change(Kind.KEY, {"text": "Another question"}), rights()],
)
def test_a_change_that_does_not_fit_is_refused_before_and_after(hall: Hall, change: Change) -> None:
    for attempt in (preview, apply):
        with pytest.raises(Invalid, match="change: not_applicable"):
            attempt(hall, 1, change)


def test_what_another_teacher_changed_since_the_preview_refuses_it(hall: Hall) -> None:
    shown = preview(hall, 4, DROP)
    apply(hall, 1, EVERYBODY)

    with pytest.raises(Conflict, match="regrades"):
        apply(hall, 4, DROP, shown.seen)


def test_an_undo_since_the_preview_refuses_it_too(hall: Hall) -> None:
    number = apply(hall, 1, EVERYBODY)
    shown = preview(hall, 4, DROP)
    undo(hall, number)

    with pytest.raises(Conflict, match="regrades"):
        apply(hall, 4, DROP, shown.seen)


def test_a_second_click_makes_one_regrade(hall: Hall) -> None:
    shown = preview(hall, 4, DROP)

    numbers = {apply(hall, 4, DROP, shown.seen) for _ in range(2)}

    assert len(numbers) == len(listed(hall)) == 1


@pytest.mark.parametrize("change", [DROP, EVERYBODY, rights("a", "b")])
def test_what_was_changed_already_is_refused_before_and_after(hall: Hall, change: Change) -> None:
    apply(hall, 4, change)

    for step in (preview, apply):
        with pytest.raises(Invalid) as refused:
            step(hall, 4, change)
        assert [problem.code for problem in refused.value.problems] == ["same"]
    assert len(listed(hall)) == 1


def test_taken_back_it_counts_no_more_and_is_kept(hall: Hall) -> None:
    number = apply(hall, 4, DROP)

    undo(hall, number)

    assert scores(hall)["Alice"] == 1500
    assert [(one.undone_by, one.undone_because, one.change) for one in listed(hall)] == [
        (hall.teacher.login, "By mistake.", DROP)
    ]


def test_taking_it_back_twice_takes_it_back_once(hall: Hall) -> None:
    number = apply(hall, 4, DROP)
    undo(hall, number)
    hall.clock.advance(minutes=5)

    undo(hall, number)

    assert listed(hall)[0].undone_at != hall.clock()


def test_the_preview_of_an_undo_is_the_other_way_round(hall: Hall) -> None:
    number = apply(hall, 4, DROP)

    with hall.db.reading() as session:
        effect = regrades.preview_undo(session, hall.teacher, hall.exam_id, number, hall.clock()).effect

    assert [(one.name, one.before, one.after) for one in effect.lose] == [("Alice", 2000, 1500), ("Bruno", 1333, 1000)]


def test_the_undo_of_an_undo_is_a_new_regrade(hall: Hall) -> None:
    undo(hall, apply(hall, 4, DROP))

    apply(hall, 4, listed(hall)[0].change)

    assert [one.undone_at is None for one in listed(hall)] == [False, True]
    assert scores(hall)["Alice"] == 2000


def test_what_a_later_regrade_needs_is_not_taken_back(make_hall: MakeHall, make_question: Callable[..., Any]) -> None:
    words = {"level": 1, "text": "Nom ?", "explanation": "Voir."}
    many = make_question(type="short_answer", accept=[f"nom {number}" for number in range(MOST_ACCEPTED)], **words)
    hall = make_hall(questions=(many.id,))
    number = apply(hall, 1, Change(Kind.KEY, {"accept": ["un"]}))
    apply(hall, 1, Change(Kind.ACCEPT, {"text": "deux"}))

    with pytest.raises(Conflict, match="built_on"):
        undo(hall, number)


def test_a_draft_has_nothing_to_regrade(hall: Hall) -> None:
    with hall.db.writing() as session:
        draft = Draft("Essai", "practice", questions=(1,))
        exam_id = exams.create(session, hall.teacher, hall.taught.id, draft, hall.clock())

    with hall.db.writing() as session, pytest.raises(Conflict, match="not_published"):
        wanted = Wanted(item_at(hall, 1), DROP, "Why not.")
        regrades.apply(session, hall.teacher, exam_id, wanted, hall.clock())


def test_a_question_of_another_exam_is_not_found(hall: Hall, make_hall: MakeHall) -> None:
    other = make_hall()

    with hall.db.reading() as session, pytest.raises(NotFound):
        regrades.preview(session, hall.teacher, hall.exam_id, item_at(other, 1), DROP, hall.clock())


def test_another_teacher_can_neither_see_nor_change_anything(hall: Hall, make_user: MakeUser) -> None:
    stranger = make_user(role="teacher")
    number = apply(hall, 4, DROP)

    with pytest.raises(NotFound):
        undo(hall, number, teacher=stranger)


def test_two_regrades_of_one_question_at_the_same_instant_are_both_kept_in_order(hall: Hall) -> None:
    start = threading.Barrier(2)
    wanted = [Change(Kind.EVERYBODY, {}), rights("a")]

    def work(change: Change) -> None:
        start.wait(timeout=30)
        apply(hall, 1, change)

    threads = [threading.Thread(target=work, args=(change,)) for change in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    made = listed(hall)
    assert len({one.id for one in made}) == len(wanted)
    with hall.db.reading() as session:
        counted = marks.any_exam(session, hall.exam_id).items[item_at(hall, 1)].changes
    assert list(counted) == [one.change for one in made]


def test_of_two_teachers_with_the_same_preview_one_is_told(hall: Hall) -> None:
    shown, told = preview(hall, 1, DROP), []
    start = threading.Barrier(2)

    def work(change: Change) -> None:
        start.wait(timeout=30)
        try:
            apply(hall, 1, change, shown.seen)
        except Conflict as refused:
            told.append(refused.reason)

    threads = [threading.Thread(target=work, args=(change,)) for change in (DROP, EVERYBODY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert (len(listed(hall)), told) == (1, ["regrades"])


def test_the_effect_on_nobody_is_no_mean(make_hall: MakeHall) -> None:
    effect: Effect = preview(make_hall(), 1, DROP).effect

    assert (effect.before.mean, effect.gain, effect.same) == (None, (), 0)
