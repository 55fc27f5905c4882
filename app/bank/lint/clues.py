"""What gives the right choice away to somebody who does not know it."""

import re
from collections.abc import Iterator

from app.bank.lint.language import ABSOLUTE, COMMON, bare
from app.bank.lint.reading import Finding, Subject, has_code, prose, words
from app.bank.rules import LANGUAGES
from app.bank.schema import Text

LONGER = 1.25
LONGER_BY = 12
_FEW = 3
_STEM_LETTERS = 6
_WORD_LETTERS = 5

_ARTICLES = {
    "fr": re.compile(r"(?:le|la|les|un|une|des|du|ce|cet|cette|ces)\b|l[’']", re.IGNORECASE),
    "en": re.compile(r"(?:the|an?|this|these)\b", re.IGNORECASE),
}
_PRONOUNS = {
    "fr": re.compile(r"(?:ils?|elles?|on|c[’']est|ce sont)\b|c[’']", re.IGNORECASE),
    "en": re.compile(r"(?:it|they|he|she|you|there)\b", re.IGNORECASE),
}
_LINKS = {
    "fr": re.compile(
        r"(?:à|au|aux|dans|sur|avec|pour|par|sans|en|de|sous|vers|chez|depuis|parce|si|quand|car)\b|d[’']",
        re.IGNORECASE,
    ),
    "en": re.compile(r"(?:to|in|on|with|for|by|without|of|under|at|from|because|if|when|as|since)\b", re.IGNORECASE),
}


def longest_key(subject: Subject) -> Iterator[Finding]:
    """The right choice is not clearly the longest: not by a quarter and a dozen characters."""
    if (key := subject.key) is None:
        return
    for language in LANGUAGES:
        lengths = [len(told.replace("`", "")) for told in subject.told(language)]
        others = max(length for position, length in enumerate(lengths) if position != key)
        if lengths[key] > LONGER * others and lengths[key] >= others + LONGER_BY:
            message = f"the right choice is the longest: {lengths[key]} characters, {others} at most elsewhere"
            yield ("choices", key, "text", language), message


def code_alike(subject: Subject) -> Iterator[Finding]:
    """The right choice is neither the only one with code nor the only one without."""
    if (key := subject.key) is None or len(subject.choices) < _FEW:
        return
    coded = [has_code(told) for told in subject.told("en")]  # both languages have the same code
    if coded.count(coded[key]) == 1:
        with_or_without = "with" if coded[key] else "without"
        yield ("choices", key, "text"), f"the right choice is the only one {with_or_without} code"


def absolute(subject: Subject) -> Iterator[Finding]:
    """Absolute words stand in the right choice and in wrong ones, or in none."""
    if (key := subject.key) is None or len(subject.choices) < _FEW:
        return
    strong = [is_absolute(choice.text) for choice in subject.choices]
    if strong[key] and strong.count(True) == 1:
        yield ("choices", key, "text"), "an absolute word stands in the right choice alone"
    elif not strong[key] and strong.count(False) == 1:
        yield ("choices", key, "text"), "every choice but the right one has an absolute word"


def is_absolute(text: Text) -> bool:
    """Whether both languages have an absolute word; a French “toujours” may well mean “still”."""
    return all(ABSOLUTE[language].search(prose(text.in_(language))) for language in LANGUAGES)


def echo(subject: Subject) -> Iterator[Finding]:
    """No rare word of the question comes back in the right choice alone."""
    if (key := subject.key) is None:
        return
    for language in LANGUAGES:
        told = [_roots(choice, language) for choice in subject.told(language)]
        others = set[str]().union(*(each for position, each in enumerate(told) if position != key))
        if shared := (told[key] - others) & _roots(subject.stem(language), language):
            # The wrong choices may echo the question as well, each with a word of its own.
            stem = _roots(subject.stem(language), language)
            if not any(each & stem for position, each in enumerate(told) if position != key):
                yield ("choices", key, "text", language), f"the right choice alone echoes the question: {min(shared)}…"


def _roots(text: str, language: str) -> set[str]:
    """The first letters of its longer words, which are alike in singular and plural."""
    found = (word for word in words(prose(text)) if len(word) >= _WORD_LETTERS and word not in COMMON[language])
    return {bare(word.split("'")[-1])[:_STEM_LETTERS] for word in found if len(word.split("'")[-1]) >= _WORD_LETTERS}


def same_grammar(subject: Subject) -> Iterator[Finding]:
    """The right choice is not the only one of its grammar when all wrong ones agree."""
    if (key := subject.key) is None or len(subject.choices) <= _FEW:
        return
    for language in LANGUAGES:
        kinds = [_kind(told, language) for told in subject.told(language)]
        others = {kind for position, kind in enumerate(kinds) if position != key}
        if len(others) == 1 and None not in others and kinds[key] not in (*others, None):
            (other,) = others
            yield (
                ("choices", key, "text", language),
                f"the right choice begins with {kinds[key]}, the others with {other}",
            )


def _kind(text: str, language: str) -> str | None:
    """What a choice begins with, where that is plain."""
    start = text.lstrip("«“* \u00a0")
    if start[:1].isdigit():
        return "a number"
    for kind, patterns in (("an article", _ARTICLES), ("a pronoun", _PRONOUNS), ("a preposition", _LINKS)):
        if patterns[language].match(start):
            return kind
    return None
