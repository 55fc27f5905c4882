"""Habits of grading that work against the learner."""

from collections.abc import Sequence

from app.srs.sm2 import Grade

RECENT = 6
TOO_OFTEN = 5


def hard_again(grades: Sequence[int]) -> bool:
    """Whether the last of a day's grades, oldest first, is the first to make "Hard" a habit.

    It is one when at least TOO_OFTEN of the last RECENT answers were right and graded Hard all the same: each comes
    back the same day, and its intervals stay short for good. True once a day at most, so that nothing needs to
    remember what was said.
    """
    return bool(grades) and grades[-1] == Grade.HARD and _is_habit(grades) and not _was_habit(grades[:-1])


def _was_habit(grades: Sequence[int]) -> bool:
    return any(_is_habit(grades[:end]) for end in range(TOO_OFTEN, len(grades) + 1))


def _is_habit(grades: Sequence[int]) -> bool:
    return sum(grade == Grade.HARD for grade in grades[-RECENT:]) >= TOO_OFTEN
