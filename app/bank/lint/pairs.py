"""Questions beside each other: nearly the same, twins, answers that another question shows."""

import re
from collections.abc import Iterable, Iterator

from app.bank.lint.bank import Bank, Findings
from app.bank.lint.reading import Subject, prose, words
from app.bank.rules import LANGUAGES
from app.bank.schema import FlashcardQuestion, Question

NEARLY_THE_SAME = 0.65
ALIKE = 0.5
TWINS = 0.4
GIVEN_WORDS = 3
GIVEN_PROSE_WORDS = 4
TAKEN_OVER_WORDS = 10
_PART = re.compile(r"[\w./:=@,-]+")


def nearly_the_same(bank: Bank) -> Findings:
    """No two questions ask the same in nearly the same words, unless `see_also` names one of them."""
    for one, other, value in _alike(bank, NEARLY_THE_SAME, 2.0):
        yield other, ("text",), f"nearly the same as “{one.question.id}” (likeness {value:.2f})"


def same_stem(bank: Bank) -> Findings:
    """No two questions have the same words and the same code, whatever their choices."""
    for one, other in _same_words(bank):
        if one.snippet == other.snippet:
            yield other, ("text",), f"the same words as “{one.question.id}”: say what tells them apart"


def same_words(bank: Bank) -> Findings:
    """Two questions with the same words and other code name each other under `see_also`."""
    for one, other in _same_words(bank):
        if one.snippet != other.snippet:
            yield other, ("text",), f"the same words as “{one.question.id}”, with other code"


def _same_words(bank: Bank) -> Iterator[tuple[Subject, Subject]]:
    """Each question whose words, in one language, an earlier one has that it does not name, with that one."""
    first: dict[tuple[str, str], Subject] = {}
    for subject in bank.subjects:
        found = {}
        for language in LANGUAGES:
            earlier = first.setdefault((language, _parts(subject.stem(language))), subject)
            if earlier is not subject and not _linked(earlier.question, subject.question):
                found[earlier.question.id] = earlier
        for earlier in found.values():
            yield earlier, subject


def alike(bank: Bank) -> Findings:
    """Two questions that are much alike name each other under `see_also`."""
    for one, other, value in _alike(bank, ALIKE, NEARLY_THE_SAME):
        yield other, ("text",), f"much like “{one.question.id}” (likeness {value:.2f}): name it under “see_also”?"


def twins(bank: Bank) -> Findings:
    """Two questions of one type that examine one objective in like words name each other under `see_also`."""
    for one, other, value in _alike(bank, TWINS, ALIKE):
        first, second = one.question, other.question
        if first.type == second.type and first.objectives[0] == second.objectives[0]:
            told = f"examines the same objective as “{first.id}” (likeness {value:.2f}): name it under “see_also”?"
            yield other, ("text",), told


def _alike(bank: Bank, low: float, high: float) -> Iterator[tuple[Subject, Subject, float]]:
    """The pairs of questions that do not name each other, with a likeness between `low` and `high`."""
    for (first, second), value in sorted(bank.likeness.items()):
        one, other = bank.subjects[first], bank.subjects[second]
        if low <= value < high and not _linked(one.question, other.question):
            yield one, other, value


def _linked(one: Question, other: Question) -> bool:
    return one.id in (*other.see_also, *other.gives_away) or other.id in (*one.see_also, *one.gives_away)


def given_away(bank: Bank) -> Findings:
    """No question shows the answer of another one, unless `gives_away` says so."""
    shown = [(subject, _parts(f"{subject.stem('en')} {subject.snippet}")) for subject in bank.subjects]
    for subject in bank.subjects:
        wanted = subject.question.id
        showing = {
            one.question.id: one for told in map(_parts, _answers(subject)) for one, text in shown if told in text
        }
        for other in showing.values():
            if other is not subject and wanted not in other.question.gives_away:
                yield other, ("text",), f"this shows the answer of “{wanted}”: name it under “gives_away”"


def _answers(subject: Subject) -> Iterable[str]:
    """The answers that are long enough to be recognised."""
    for _, accepted in subject.accepted:
        yield from (told for told in accepted[:1] if len(told.split()) >= GIVEN_WORDS)
    told = subject.question.answer.en if isinstance(subject.question, FlashcardQuestion) else ""
    if subject.key is not None:
        told = subject.told("en")[subject.key]
    # A choice that is a line of code stands in many a snippet and says nothing there.
    if len(prose(told).split()) >= GIVEN_PROSE_WORDS:
        yield told


def _parts(text: str) -> str:
    return f" {' '.join(_PART.findall(text.replace('`', ' ')))} ".casefold()


def words_of_the_course(bank: Bank) -> Findings:
    """A question has words of its own: it repeats no 10 words in a row of its objectives, or of the course."""
    stated = {one.id: one.text for one in bank.course.objectives} if bank.course else {}
    of_course = _runs(bank.source)
    for subject in bank.subjects:
        for language in LANGUAGES:
            facts = [stated[name].in_(language) for name in subject.question.objectives if name in stated]
            known = of_course.union(*map(_runs, facts))
            if shared := sorted(_runs(subject.stem(language)) & known):
                yield subject, ("text", language), f"the words of the course, taken over: “{' '.join(shared[0])} …”"


def _runs(text: str) -> set[tuple[str, ...]]:
    told = words(prose(text))
    return {tuple(told[start : start + TAKEN_OVER_WORDS]) for start in range(len(told) - TAKEN_OVER_WORDS + 1)}
