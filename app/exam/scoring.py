"""From the credits of an attempt to its score: exact fractions, rounded once, half up, to 0.01 of the scale."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

HUNDRED = 100
_NOTHING = Fraction(0)
_HALF = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class ItemCredit:
    """One question of an attempt: its points, the credit (0 to 1) of the response, whether there was one."""

    points: Fraction
    credit: Fraction
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """How an exam counts: its scale (20 for /20), the share of an item's points that a wrong answer costs.

    A wrong answer is one that was given and is worth nothing; no answer and "I don't know" cost nothing.
    With `all_or_nothing`, a credit below 1 counts as 0.
    """

    scale: Fraction = Fraction(20)
    penalty: Fraction = _NOTHING
    all_or_nothing: bool = False


class Keep(StrEnum):
    """Which attempt of several counts."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"
    AVERAGE = "average"


def points(item: ItemCredit, rules: Rules) -> Fraction:
    """What one item brings, in points; negative where a wrong answer costs."""
    credit = _NOTHING if rules.all_or_nothing and item.credit < 1 else item.credit
    if item.answered and credit == 0:
        return -item.points * rules.penalty
    return item.points * credit


def exact(items: Sequence[ItemCredit], rules: Rules, adjustment: Fraction = _NOTHING) -> Fraction:
    """The score in hundredths of the scale before its rounding, `adjustment` (in points of the scale) included.

    It stays between 0 and the scale. An attempt without a point to win has the full score: all its questions were
    cancelled, which is not its student's fault.
    """
    possible = sum((item.points for item in items), _NOTHING)
    won = sum((points(item, rules) for item in items), _NOTHING)
    share = max(won, _NOTHING) / possible if possible else Fraction(1)
    return HUNDRED * min(max(share * rules.scale + adjustment, _NOTHING), rules.scale)


def kept(scores: Sequence[Fraction], policy: Keep) -> int | None:
    """Which score counts, in hundredths, of the finished attempts in the order they were started.

    `scores` are exact, so that a mean is rounded once too, half up.
    """
    if not scores:
        return None
    match policy:
        case Keep.BEST:
            counting = max(scores)
        case Keep.LAST:
            counting = scores[-1]
        case Keep.FIRST:
            counting = scores[0]
        case Keep.AVERAGE:
            counting = sum(scores, _NOTHING) / len(scores)
    return round_half_up(counting)


def round_half_up(value: Fraction) -> int:
    """The nearest integer; a half goes up."""
    return (value + _HALF).__floor__()
