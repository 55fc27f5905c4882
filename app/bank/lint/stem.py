"""The question itself: whole, short enough, worded positively."""

from collections.abc import Iterator

from app.bank.lint.reading import Finding, Subject
from app.bank.rules import LANGUAGES

_LAST = frozenset(".?!:…")


def whole(subject: Subject) -> Iterator[Finding]:
    """A question ends as a sentence does, or with code."""
    for language in LANGUAGES:
        stem = subject.stem(language).rstrip()
        if stem[-1] not in _LAST and not stem.endswith(("`", "}}")):
            yield ("text", language), "the question ends without . ? ! or :"
