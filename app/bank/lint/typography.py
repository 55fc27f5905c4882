"""How a text is set: spaces, quotes, apostrophes, capitals, code between backticks, pictures, colours."""

import re
from collections.abc import Iterable, Iterator

from app.bank.french import MARKS, Mark
from app.bank.lint.language import COLOUR
from app.bank.lint.reading import Finding, Subject, prose
from app.bank.rules import LANGUAGES

_ENGLISH: tuple[Mark, ...] = (
    (re.compile(r"'"), "the apostrophe is ’ (U+2019)"),
    (re.compile(r'"'), "quotation marks are “ ”"),
    (re.compile(r"\.\.\."), "the ellipsis is … (U+2026)"),
    (re.compile(r"[\s\u00a0\u202f][:;?!](?!\S)"), "English has no space before ?, !, a colon or a semicolon"),
    (re.compile(r"(?<=\w)[\s\u00a0\u202f],(?!\S)"), "English has no space before a comma"),
    (re.compile(r"«|»"), "quotation marks are “ ”"),
    (re.compile(r"  |(?<=\S) $"), "a space too many"),
)
# What is not a word: options, paths, files, variables, calls.
_CODE_TERM = re.compile(
    r"(?<![\w–-])--?[a-z][a-z-]*\b(?![’'])"
    r"|(?<![\w/.])~?/(?:[\w.-]+/)*[\w.-]*\w(?<=\w{2})"
    r"|\b[a-z][\w-]*\.(?:ya?ml|json|txt|sh|py|js|env|conf|log|toml|jar|gz|zip)\b"
    r"|\$\{?\w+|\b[a-z]+(?:_[a-z]+)+\b|\b[A-Z]+(?:_[A-Z]+)+\b|\b\w+\(\)"
)
_PICTURE = re.compile(r"!\[\s*\]\(")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")
_FAMILIAR = re.compile(r"\b(?:tu|toi|tes|ton)\b", re.IGNORECASE)
_NAME_WORDS = 3


def french(subject: Subject) -> Iterator[Finding]:
    """Spaces, quotes, apostrophes, capitals and ellipses of French."""
    return _missed(subject, "fr", MARKS)


def english(subject: Subject) -> Iterator[Finding]:
    """Spaces, quotes, apostrophes and ellipses of English."""
    return _missed(subject, "en", _ENGLISH)


def _missed(subject: Subject, wanted: str, marks: Iterable[Mark]) -> Iterator[Finding]:
    for path, language, text in subject.prose:
        for pattern, message in marks:
            if language == wanted and (found := pattern.search(text)):
                yield path, f"{message}: “{_around(text, found)}”"


def _around(text: str, found: re.Match[str]) -> str:
    return text[max(0, found.start() - 15) : found.end() + 10]


def both_languages(subject: Subject) -> Iterator[Finding]:
    """A plain string is for what needs no translation: code, a number, a name of a word or two."""
    for path, text in subject.texts:
        if text.fr == text.en and len(prose(text.fr).split()) > _NAME_WORDS:
            yield path, "the same sentence in both languages"


def between_backticks(subject: Subject) -> Iterator[Finding]:
    """Options, paths, file names, variables and calls are code."""
    for path, _language, text in subject.prose:
        if found := _CODE_TERM.search(text):
            yield path, f"code goes between backticks: {found.group()}"


def described(subject: Subject) -> Iterator[Finding]:
    """A picture has words for those who do not see it."""
    for path, text in subject.texts:
        for language in LANGUAGES:
            if _PICTURE.search(text.in_(language)):
                yield (*path, language), "a picture without a description: ![what it shows](…)"


def without_colour(subject: Subject) -> Iterator[Finding]:
    """Colour is not the only sign."""
    for path, language, text in subject.prose:
        if found := COLOUR[language].search(text):
            yield path, f"“{found.group()}”: not everybody sees colours"


def sober(subject: Subject) -> Iterator[Finding]:
    """No exclamation, no emoji; in French, nobody is called tu."""
    for path, language, text in subject.prose:
        if found := _EMOJI.search(text):
            yield path, f"an emoji: {found.group()}"
        elif text.rstrip().endswith("!"):
            yield path, "an exclamation"
        elif language == "fr" and (found := _FAMILIAR.search(text)):
            yield path, f"“{found.group()}”: students are called vous"
