"""Points given or taken by hand: as typed, once, with a reason, and taken back at will."""

from collections.abc import Callable, Sequence

import pytest

from app.errors import Conflict, Invalid, NotFound
from app.services import adjustments, marks
from app.services.adjustments import Given, Wanted, read_points
from app.services.identity import Person
from tests.hall import Hall, answer_all, sit

MakeHall = Callable[..., Hall]
MakeUser = Callable[..., Person]


def adjust(hall: Hall, attempt: int, points: str, reason: str = "Late.", seen: str | None = None) -> int:
    with hall.db.writing() as session:
        wanted = Wanted(attempt, points, reason, seen)
        return adjustments.adjust(session, hall.teacher, hall.exam_id, wanted, hall.clock())


def undo(hall: Hall, number: int, reason: str = "By mistake.") -> int:
    with hall.db.writing() as session:
        return adjustments.undo(session, hall.teacher, hall.exam_id, number, reason, hall.clock())


def listed(hall: Hall) -> Sequence[Given]:
    with hall.db.reading() as session:
        return adjustments.listed(session, hall.exam_id)


def score(hall: Hall, attempt: int) -> int:
    with hall.db.reading() as session:
        return marks.of_attempt(session, marks.any_exam(session, hall.exam_id), attempt, hall.clock()).score


@pytest.fixture
def hall(make_hall: MakeHall) -> Hall:
    return make_hall(shuffle_questions=False)


@pytest.fixture
def attempt(hall: Hall, make_user: MakeUser) -> int:
    """Alice's attempt, worth 15 of 20."""
    return answer_all(hall, sit(hall, make_user), "b", "b", "b", "a")


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("1,25", 125), ("-0.5", -50), ("+2", 200), ("−0,01", -1), (" 1 ", 100), ("0.50", 50), ("1.250", 125)],
)
def test_points_are_read_with_a_comma_or_a_dot(text: str, hundredths: int) -> None:
    assert read_points(text) == hundredths


@pytest.mark.parametrize("text", ["", "one", "1.255", "1,2,3", "2 points", "1e3", "½"])
def test_what_is_no_number_of_two_decimals_is_not_read(text: str) -> None:
    assert read_points(text) is None


def test_points_are_added_to_the_score(hall: Hall, attempt: int) -> None:
    adjust(hall, attempt, "-1,25")
    adjust(hall, attempt, "0.5")

    assert score(hall, attempt) == 1425


def test_the_score_stays_within_the_scale(hall: Hall, attempt: int) -> None:
    adjust(hall, attempt, "20")

    assert score(hall, attempt) == 2000


@pytest.mark.parametrize(
    ("points", "code"), [("a lot", "points_unread"), ("0", "points_range"), ("20,01", "points_range")]
)
def test_every_problem_is_told_at_once(hall: Hall, attempt: int, points: str, code: str) -> None:
    with pytest.raises(Invalid, match=f"points: {code}, message: message_missing"):
        adjust(hall, attempt, points, "")


def test_a_second_click_adjusts_once(hall: Hall, attempt: int) -> None:
    numbers = {adjust(hall, attempt, "1", seen="0.0") for _ in range(2)}

    assert len(numbers) == len(listed(hall)) == 1


def test_another_adjustment_since_the_page_refuses_it(hall: Hall, attempt: int) -> None:
    adjust(hall, attempt, "1")

    with pytest.raises(Conflict, match="adjustments"):
        adjust(hall, attempt, "2", seen="0.0")


def test_taken_back_it_counts_no_more_and_says_why(hall: Hall, attempt: int) -> None:
    number = adjust(hall, attempt, "1")

    assert [undo(hall, number) for _ in range(2)] == [attempt, attempt]

    assert score(hall, attempt) == 1500
    [given] = listed(hall)
    assert (given.undone_by, given.undone_because) == (hall.teacher.login, "By mistake.")
    assert hall.events(attempt).count(adjustments.UNDONE) == 1


def test_taking_back_needs_a_reason(hall: Hall, attempt: int) -> None:
    with pytest.raises(Invalid, match="message_missing"):
        undo(hall, adjust(hall, attempt, "1"), " ")


def test_an_attempt_of_another_exam_is_not_found(hall: Hall, attempt: int, make_hall: MakeHall) -> None:
    with pytest.raises(NotFound):
        adjust(make_hall(), attempt, "1")


def test_an_adjustment_of_another_exam_is_not_found(hall: Hall, attempt: int, make_hall: MakeHall) -> None:
    number = adjust(hall, attempt, "1")

    with pytest.raises(NotFound):
        undo(make_hall(), number)
