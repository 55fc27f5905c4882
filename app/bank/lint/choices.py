"""The choices of a question: how many, how alike, how long."""

from collections.abc import Iterator

from app.bank.lint.reading import Finding, Subject, fold
from app.bank.rules import LANGUAGES

_MUCH_LONGER = 1.6
_LONG = 40


def longest_key(subject: Subject) -> Iterator[Finding]:
    """The right choice is not the longest by far."""
    if (key := subject.key) is None:
        return
    for language in LANGUAGES:
        lengths = [len(told) for told in subject.told(language)]
        others = max(length for position, length in enumerate(lengths) if position != key)
        if lengths[key] > _LONG and lengths[key] > _MUCH_LONGER * others:
            yield ("choices", key, "text", language), "the right choice is the longest by far"


def twins(subject: Subject) -> Iterator[Finding]:
    """No two choices say the same."""
    for language in LANGUAGES:
        seen: set[str] = set()
        for position, told in enumerate(subject.told(language)):
            if (folded := fold(told)) in seen:
                yield ("choices", position, "text", language), "two choices say the same"
            seen.add(folded)
