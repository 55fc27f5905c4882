"""What a response is worth, as an exact fraction, and what its feedback shows.

Single, true or false, short answer, numerical: 0 or 1. Multiple: right / k - wrong / w, of k right and w wrong
choices. Command: (right - wrong or extra) / expected parts. Cloze: right gaps / gaps. Matching: right pairs /
pairs. Ordering: right neighbours / (n - 1). Never below 0; no response is 0.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.bank.schema import (
    ClozeQuestion,
    CommandQuestion,
    FlashcardQuestion,
    MatchingQuestion,
    MultipleQuestion,
    NumericalQuestion,
    OrderingQuestion,
    Question,
    ShortAnswerQuestion,
    SingleQuestion,
    TrueFalseQuestion,
)
from app.exam import comparison, folding, numerals, presentation
from app.exam.differences import Cause, Diff, Fate, Token, align, cause
from app.exam.responses import Response

_NOTHING = Fraction(0)
_NO_DIFF = Diff()


@dataclass(frozen=True, slots=True)
class ChoiceMark:
    """One choice: whether it was chosen, and whether it had to be."""

    id: str
    chosen: bool
    correct: bool


@dataclass(frozen=True, slots=True)
class BlankMark:
    """One gap, `number` as it was shown: what was typed, the answer shown, and why they differ."""

    id: str
    number: str
    given: str
    expected: str
    right: bool
    diff: Diff


@dataclass(frozen=True, slots=True)
class ItemMark:
    """One line where the learner put it: whether that is its place, and whether it follows the line before it."""

    id: str
    in_place: bool
    follows: bool


@dataclass(frozen=True, slots=True)
class PairMark:
    """One pair: the right-hand side that was chosen ("" for none) and the one that goes with it."""

    id: str
    given: str
    expected: str
    right: bool


@dataclass(frozen=True, slots=True)
class Marked:
    """The credit of a response and what its feedback shows; only the parts of the question's type are there.

    `given` and `expected` are readable answers, for types whose answer is a word, a number or a command.
    """

    credit: Fraction
    dont_know: bool = False
    choices: tuple[ChoiceMark, ...] = ()
    blanks: tuple[BlankMark, ...] = ()
    items: tuple[ItemMark, ...] = ()
    pairs: tuple[PairMark, ...] = ()
    given: str = ""
    expected: str = ""
    diff: Diff = _NO_DIFF


def credit(question: Question, response: Response) -> Fraction:
    """What `response` is worth, from 0 to 1; a flashcard's learner marks it, so that it is worth 0 here."""
    return mark(question, response).credit


def mark(question: Question, response: Response) -> Marked:  # noqa: C901 one line a type
    """Mark a response; one that is malformed is worth 0, and never an error."""
    if response.get("dont_know") is True:
        return _without_credit(mark(question, {}))
    match question:
        case SingleQuestion() | MultipleQuestion():
            return _mark_choices(question, response)
        case TrueFalseQuestion():
            right = response.get("value") is question.answer
            return Marked(Fraction(right), given=_bool(response.get("value")), expected=_bool(question.answer))
        case ShortAnswerQuestion():
            given = _string(response.get("text"))
            right, expected, diff = _match_words(given, question.accept, question.case == "exact")
            return Marked(Fraction(right), given=given, expected=expected, diff=diff)
        case CommandQuestion():
            return _mark_command(question, _string(response.get("text")))
        case NumericalQuestion():
            return _mark_number(question, _string(response.get("text")))
        case ClozeQuestion():
            return _mark_blanks(question, _mapping(response.get("blanks")))
        case OrderingQuestion():
            return _mark_order(question, _strings(response.get("order")))
        case MatchingQuestion():
            return _mark_pairs(question, _mapping(response.get("pairs")))
        case FlashcardQuestion():
            return Marked(_NOTHING)


def misread(question: Question, response: Response) -> Cause | None:
    """Why what was typed is no number in the question's unit; None for any other response, right or wrong.

    It tells nothing of the key, so that it can be said before the answer counts.
    """
    return _unreadable(question, _string(response.get("text"))) if isinstance(question, NumericalQuestion) else None


def _without_credit(marked: Marked) -> Marked:
    return Marked(_NOTHING, True, marked.choices, marked.blanks, marked.items, marked.pairs, expected=marked.expected)


def _mark_choices(question: SingleQuestion | MultipleQuestion, response: Response) -> Marked:
    """Right / k - wrong / w; choosing two of a single question is choosing none."""
    single = isinstance(question, SingleQuestion)
    chosen = {_string(response.get("choice"))} if single else set(_strings(response.get("choices")))
    marks = tuple(ChoiceMark(choice.id, choice.id in chosen, choice.correct) for choice in question.choices)
    right = [each.chosen for each in marks if each.correct]
    wrong = [each.chosen for each in marks if not each.correct]
    if single:  # several choices of a single question are right only after a regrade
        return Marked(Fraction(any(right)), choices=marks)
    earned = Fraction(sum(right), len(right)) - Fraction(sum(wrong), len(wrong))
    return Marked(max(_NOTHING, earned), choices=marks)


def _mark_command(question: CommandQuestion, given: str) -> Marked:
    if not given:
        return Marked(_NOTHING, expected=question.accept[0])
    best = comparison.compare_best(question.accept, given, question.ignore)
    expected = question.accept[0] if best.credit == 1 else best.accepted
    return Marked(best.credit, given=given, expected=expected, diff=best.diff)


def _mark_number(question: NumericalQuestion, given: str) -> Marked:
    expected = f"{question.answer.normalize():f}" if question.answer else "0"
    why = _unreadable(question, given)
    numeral = None if why else numerals.read(given)
    right = numeral is not None and abs(numeral.value - question.answer) <= question.tolerance
    return Marked(Fraction(right), given=given, expected=expected, diff=Diff(causes=(why,) if why else ()))


def _unreadable(question: NumericalQuestion, given: str) -> Cause | None:
    numeral = numerals.read(given)
    units = (question.unit.fr, question.unit.en) if question.unit else ()
    if given and numeral is None:
        return cause("not_a_number", given)
    if numeral and not numerals.is_unit(numeral.unit, units):
        return cause("wrong_unit", numeral.unit, units[0] if units else "")
    return None


def _mark_blanks(question: ClozeQuestion, given: Mapping[str, object]) -> Marked:
    marks = []
    for number, name in enumerate(presentation.place(question, "").blanks, 1):
        blank = question.blanks[name]
        typed = _string(given.get(name))
        right, expected, diff = _match_words(typed, blank.accept, question.case_of(name) == "exact")
        marks.append(BlankMark(name, str(number), typed, expected, right, diff))
    return Marked(Fraction(sum(each.right for each in marks), len(marks)), blanks=tuple(marks))


def _mark_order(question: OrderingQuestion, order: Sequence[str]) -> Marked:
    """Each two lines that are neighbours as they should be earn 1 / (n - 1); all the lines must be there, once."""
    ids = [item.id for item in question.items]
    if sorted(order) != sorted(ids):
        return Marked(_NOTHING)
    after = dict(zip(ids[1:], ids, strict=False))
    before = [None, *order]
    marks = tuple(ItemMark(key, ids[index] == key, after.get(key) == before[index]) for index, key in enumerate(order))
    return Marked(Fraction(sum(each.follows for each in marks[1:]), len(ids) - 1), items=marks)


def _mark_pairs(question: MatchingQuestion, given: Mapping[str, object]) -> Marked:
    """Two right-hand sides with the same words are the same answer."""
    words = {pair.id: pair.right for pair in question.pairs}
    marks = []
    for pair in question.pairs:
        chosen = _string(given.get(pair.id))
        right = chosen == pair.id or words.get(chosen) == pair.right
        marks.append(PairMark(pair.id, chosen, pair.id, right))
    return Marked(Fraction(sum(each.right for each in marks), len(marks)), pairs=tuple(marks))


def _match_words(given: str, accepted: Sequence[str], exact: bool) -> tuple[bool, str, Diff]:
    """Whether `given` is one of `accepted`, the answer to show, and the difference from the nearest one."""
    if not given or folding.first_same(given, accepted, exact) is not None:
        return bool(given), accepted[0], _NO_DIFF
    if (answer := folding.first_same(given, accepted)) is not None:
        return False, answer, _words_diff(given, answer, (cause(_spelling(given, answer), given, answer),))
    return False, accepted[0], _words_diff(given, accepted[0], ())


def _spelling(given: str, answer: str) -> str:
    """Why two answers that are the same when folded are not when exact."""
    accents = folding.without_accents(given) != given or folding.without_accents(answer) != answer
    return "accents_differ" if accents and given.casefold() != answer.casefold() else "case_differs"


def _words_diff(given: str, expected: str, causes: tuple[Cause, ...]) -> Diff:
    ours, theirs = expected.split(), given.split()
    met = align([folding.fold(word) for word in ours], [folding.fold(word) for word in theirs])
    same_ours, same_theirs = {i for i, _ in met}, {j for _, j in met}
    if causes:
        same_ours = {i for i, j in met if ours[i] == theirs[j]}
        same_theirs = {j for i, j in met if ours[i] == theirs[j]}
    return Diff(
        tuple(Token(word, Fate.SAME if j in same_theirs else Fate.DIFFERENT) for j, word in enumerate(theirs)),
        tuple(Token(word, Fate.SAME if i in same_ours else Fate.DIFFERENT) for i, word in enumerate(ours)),
        causes,
    )


def _bool(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else ""


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list | tuple) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
