"""How a text is set: spaces, quotes, apostrophes, code between backticks, pictures, colours."""

import re
from collections.abc import Iterable, Iterator

from app.bank.lint.reading import Finding, Subject, prose

Mark = tuple[re.Pattern[str], str]

# What French typography asks for, and the characters that miss it.
_FRENCH: tuple[Mark, ...] = (
    (re.compile(r"(?<!\u00a0):(?!\S)"), "a no-break space (U+00A0) goes before :"),
    (re.compile(r"(?<!\u202f)[;?!](?!\S)"), "a narrow no-break space (U+202F) goes before ; ? !"),
    (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"), "a no-break space (U+00A0) goes inside « »"),
    (re.compile(r"'"), "the apostrophe is ’ (U+2019)"),
    (re.compile(r'"'), "quotation marks are « »"),
    (re.compile(r"\.\.\."), "the ellipsis is … (U+2026)"),
)
_ENGLISH: tuple[Mark, ...] = (
    (re.compile(r"'"), "the apostrophe is ’ (U+2019)"),
    (re.compile(r'"'), "quotation marks are “ ”"),
    (re.compile(r"\.\.\."), "the ellipsis is … (U+2026)"),
    (re.compile(r"[\u00a0\u202f][:;?!]"), "English has no space before : ; ? !"),
)
_NAME_WORDS = 3


def french(subject: Subject) -> Iterator[Finding]:
    """Spaces, quotes, apostrophes and ellipses of French."""
    return _missed(subject, "fr", _FRENCH)


def english(subject: Subject) -> Iterator[Finding]:
    """Spaces, quotes, apostrophes and ellipses of English."""
    return _missed(subject, "en", _ENGLISH)


def _missed(subject: Subject, wanted: str, marks: Iterable[Mark]) -> Iterator[Finding]:
    for path, language, text in subject.prose:
        for pattern, message in marks:
            if language == wanted and (found := pattern.search(text)):
                around = text[max(0, found.start() - 15) : found.end() + 10]
                yield path, f"{message}: “{around}”"


def both_languages(subject: Subject) -> Iterator[Finding]:
    """A plain string is for what needs no translation: code, a number, a name of a word or two."""
    for path, text in subject.texts:
        if text.fr == text.en and len(prose(text.fr).split()) > _NAME_WORDS:
            yield path, "the same sentence in both languages"
