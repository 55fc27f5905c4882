"""What a whole bank teaches a student who only guesses: where keys stand, how long they are, what is more often true.

Each finding stands at the first question that adds to it.
"""

from collections.abc import Callable

from app.bank.lint.bank import Bank, Findings
from app.bank.lint.clues import is_absolute
from app.bank.lint.reading import Subject
from app.bank.lint.statistics import Positions, key_is_longest, key_is_shortest
from app.bank.schema import TrueFalseQuestion

# Fewer questions than these say nothing about a habit.
ENOUGH = 20
ENOUGH_STATEMENTS = 10
ENOUGH_ABSOLUTE = 8
LONGEST_OVER_CHANCE = 0.10
MOST_OF_ONE_ANSWER = 0.65
MOST_ABSOLUTE = 0.8
FEWEST_APPLIED = 0.3
MOST_OF_ONE_TYPE = 0.4
_APPLY = 3


def _first(bank: Bank, wanted: Callable[[Subject], bool]) -> Subject:
    return next(subject for subject in bank.subjects if wanted(subject))


def pinned_positions(bank: Bank) -> Findings:
    """Where choices are not shuffled, the key stands at every position about equally often."""
    return _uneven(bank, bank.statistics.pinned, lambda subject: not subject.question.shuffle)


def written_positions(bank: Bank) -> Findings:
    """In the file, too, the key stands at every position about equally often."""
    return _uneven(bank, bank.statistics.written, lambda _: True)


def _uneven(bank: Bank, found: Positions, counted: Callable[[Subject], bool]) -> Findings:
    if found.questions >= ENOUGH and found.is_uneven:
        place = found.fullest
        subject = _first(bank, lambda one: one.key == place and counted(one))
        told = f"the right choice is number {place + 1} in {found.counts[place]} of {found.questions} questions"
        expected = f"chance gives about {found.expected[place]:.0f} (chi-square {found.chi_square:.1f})"
        yield subject, ("choices", place), f"{told}, {expected}"


def longest_keys(bank: Bank) -> Findings:
    """The key is the longest choice hardly more often than chance gives."""
    found = bank.statistics.longest
    if found.questions >= ENOUGH and found.share > found.by_chance + LONGEST_OVER_CHANCE:
        subject = _first(bank, key_is_longest)
        told = f"the right choice is the longest in {found.longest} of {found.questions} questions"
        yield subject, ("choices", subject.key or 0), f"{told}, chance gives about {found.by_chance:.0%}"


def shortest_keys(bank: Bank) -> Findings:
    """Nor is it the shortest."""
    found = bank.statistics.shortest
    if found.questions >= ENOUGH and found.share > found.by_chance + LONGEST_OVER_CHANCE:
        subject = _first(bank, key_is_shortest)
        told = f"the right choice is the shortest in {found.shortest} of {found.questions} questions"
        yield subject, ("choices", subject.key or 0), f"{told}, chance gives about {found.by_chance:.0%}"


def true_and_false(bank: Bank) -> Findings:
    """About as many statements are false as true."""
    found = bank.statistics.statements
    total, more = found.true + found.false, found.true > found.false
    if total >= ENOUGH_STATEMENTS and max(found.true, found.false) / total > MOST_OF_ONE_ANSWER:
        subject = _first(bank, lambda one: _is_statement(one, more))
        yield subject, ("answer",), f"{found.true} statements are true, {found.false} false"


def absolute_statements(bank: Bank) -> Findings:
    """A statement with an absolute word is not nearly always false, or true."""
    found = bank.statistics.statements
    total, more = found.absolute_true + found.absolute_false, found.absolute_true > found.absolute_false
    if total >= ENOUGH_ABSOLUTE and max(found.absolute_true, found.absolute_false) / total > MOST_ABSOLUTE:
        subject = _first(bank, lambda one: _is_statement(one, more) and is_absolute(one.question.text))
        told = f"of {total} statements with an absolute word {found.absolute_true} are true"
        yield subject, ("text",), f"{told}: the word gives the answer away"


def _is_statement(subject: Subject, answer: bool) -> bool:
    return isinstance(subject.question, TrueFalseQuestion) and subject.question.answer is answer


def levels(bank: Bank) -> Findings:
    """A fair share of the questions asks to apply."""
    found = bank.statistics
    if found.questions >= ENOUGH and found.levels[_APPLY] < FEWEST_APPLIED * found.questions:
        subject = _first(bank, lambda one: one.question.level != _APPLY)
        yield subject, ("level",), f"{found.levels[_APPLY]} of {found.questions} questions ask to apply (level 3)"


def types(bank: Bank) -> Findings:
    """No type of question outweighs all the others."""
    found = bank.statistics
    kind = max(found.types, key=lambda one: found.types[one])
    if found.questions >= ENOUGH and found.types[kind] > MOST_OF_ONE_TYPE * found.questions:
        subject = _first(bank, lambda one: one.question.type == kind)
        yield subject, ("type",), f"{found.types[kind]} of {found.questions} questions are of the type {kind}"
