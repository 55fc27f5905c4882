"""The choices of a question: how many, exclusive, ordered, alike in form."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from app.bank.lint.language import ALL_OF_THEM
from app.bank.lint.reading import Finding, Subject, fold, has_code, prose, words
from app.bank.rules import LANGUAGES

FEWEST, MOST = 3, 5
REPEATED_WORDS = 3
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_RANGE = re.compile(r"^\D*?(\d+(?:[.,]\d+)?)\s*(?:à|et|to|and|-|–)\s*(\d+(?:[.,]\d+)?)\D*$")
_SAME_NAME_WORDS = 2


def few(subject: Subject) -> Iterator[Finding]:
    """Three good choices are enough, five are much to read."""
    if subject.choices and not FEWEST <= len(subject.choices) <= MOST:
        yield ("choices",), f"{len(subject.choices)} choices: {FEWEST} to {MOST} are best"


def twins(subject: Subject) -> Iterator[Finding]:
    """No two choices say the same."""
    for language in LANGUAGES:
        seen: set[str] = set()
        for position, told in enumerate(subject.told(language)):
            if (folded := fold(told)) in seen:
                yield ("choices", position, "text", language), "two choices say the same"
            seen.add(folded)


def exclusive(subject: Subject) -> Iterator[Finding]:
    """No choice contains another one, and no two intervals overlap."""
    for language in LANGUAGES:
        told = subject.told(language)
        for one, other in combinations(range(len(told)), 2):
            if _contains(told[one], told[other]):
                yield ("choices", other, "text", language), "one choice contains another"
            elif _overlap(told[one], told[other]):
                yield ("choices", other, "text", language), "two intervals overlap"


def _contains(one: str, other: str) -> bool:
    if has_code(one) or has_code(other):
        return False  # `docker rm -f` is not a case of `docker rm`
    shorter, longer = sorted((words(one), words(other)), key=len)
    if len(shorter) < _SAME_NAME_WORDS or len(shorter) == len(longer):
        return False
    return longer[: len(shorter)] == shorter or longer[-len(shorter) :] == shorter


def _overlap(one: str, other: str) -> bool:
    bounds = [_RANGE.match(told) for told in (one, other)]
    if bounds[0] is None or bounds[1] is None:
        return False
    (low, high), (low_2, high_2) = (sorted(_number(end) for end in found.groups()) for found in bounds if found)
    return low < high_2 and low_2 < high


def _number(told: str) -> Decimal:
    return Decimal(told.replace(",", "."))


def said_once(subject: Subject) -> Iterator[Finding]:
    """What all choices begin or end with belongs into the question."""
    for language in LANGUAGES:
        told = [words(prose(choice)) for choice in subject.told(language)]
        for where, sides in (("begin", told), ("end", [list(reversed(each)) for each in told])):
            count = _common(sides)
            said = sum(word != "x" for word in sides[0][:count]) if sides else 0  # code may well come back
            if said >= REPEATED_WORDS and all(len(each) > count for each in told):
                yield ("choices", 0, "text", language), f"all choices {where} with the same {said} words"


def _common(lists: Sequence[Sequence[str]]) -> int:
    """How many words all the lists begin with."""
    count = 0
    for column in zip(*lists, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count


def numbers_in_order(subject: Subject) -> Iterator[Finding]:
    """Choices that are numbers stand in order, and are not shuffled."""
    if len(subject.choices) < FEWEST:
        return
    found = [_NUMBER.findall(told) for told in subject.told("en")]
    if any(len(each) != 1 for each in found) or len({_NUMBER.sub("", told) for told in subject.told("en")}) > 1:
        return
    values = [_number(each[0]) for each in found]
    if subject.question.shuffle:
        yield ("choices",), "choices that are numbers stand in order: add “shuffle: false”"
    elif values not in (sorted(values), sorted(values, reverse=True)):
        yield ("choices",), "choices that are numbers stand in order"


def no_all_of_them(subject: Subject) -> Iterator[Finding]:
    """No “all of the above”, “none of the above” or “A and B”."""
    for language in LANGUAGES:
        for position, choice in enumerate(subject.choices):
            told = choice.text.in_(language)
            # The same in both languages, it is a name: the network “none”.
            if choice.text.fr != choice.text.en and ALL_OF_THEM[language].match(prose(told).strip()):
                yield ("choices", position, "text", language), "a choice that speaks of the other choices"


def same_end(subject: Subject) -> Iterator[Finding]:
    """All choices end with a full stop, or none does."""
    for language in LANGUAGES:
        stops = [told.rstrip().endswith((".", "!", "?")) for told in subject.told(language)]
        if any(stops) and not all(stops):
            odd = stops.index(sum(stops) * 2 < len(stops))
            yield ("choices", odd, "text", language), "some choices end with a full stop, others do not"


def same_start(subject: Subject) -> Iterator[Finding]:
    """All choices begin with a capital, or none does; names, numbers and code do not count."""
    names = [_first_words(choice.text.fr) & _first_words(choice.text.en) for choice in subject.choices]
    for language in LANGUAGES:
        capitals: dict[int, bool] = {}
        for position, told in enumerate(subject.told(language)):
            first = prose(told).lstrip("«“* \u00a0").split(" ")[0]
            if (
                told[:1] != "`"
                and first[:1].isalpha()
                and first[1:].lower() == first[1:]
                and first not in names[position]
            ):
                capitals[position] = first[0].isupper()
        if len(set(capitals.values())) > 1:
            odd = next(position for position, capital in capitals.items() if capital != capitals[min(capitals)])
            yield ("choices", odd, "text", language), "some choices begin with a capital, others do not"


def _first_words(text: str) -> set[str]:
    """The first word: the same in both languages, it is a name."""
    return set(text.split(" ")[:1])
