"""Every word of the Docker bank is one of its language, or of the project's own list."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from app.bank.lint.reading import Subject
from app.bank.loader import Loaded, load_course, load_questions
from app.bank.schema import LANGUAGES

QUESTIONS = Path(__file__).parents[2] / "questions"
WORDS = Path(__file__).parent / "data" / "words.txt"
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
# What hangs on a word: l’image, contient-il, a-t-on; it’s, don’t.
_ELIDED = re.compile(r"^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|quelqu|aujourd)'", re.IGNORECASE)
_HANGING = {
    "fr": re.compile(r"(?:-t)?-(?:ils?|elles?|on|ce|je|tu|nous|vous|la|les?|lui|leur|en|y|là|ci)$", re.IGNORECASE),
    "en": re.compile(r"(?:'(?:s|re|ll|ve|d|m)|n't|')$", re.IGNORECASE),
}


@cache
def dictionary(language: str) -> SpellChecker:
    """The words of a language; loading them takes a moment."""
    return SpellChecker(language=language, distance=1)


@cache
def own_words() -> Mapping[str, frozenset[str]]:
    """The project's own words, by language; those above the first heading are of both."""
    found: dict[str, set[str]] = {"": set()}
    heading = ""
    for line in WORDS.read_text("utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
        elif line and not line.startswith("#"):
            found.setdefault(heading, set()).update(line.split())
    return {language: frozenset(found[""] | found.get(language, set())) for language in LANGUAGES}


def parts(text: str, language: str) -> Iterator[str]:
    """The words of a text, without what hangs on them; a compound gives its parts."""
    for whole in _WORD.findall(text.replace("’", "'")):
        word = _HANGING[language].sub("", _ELIDED.sub("", whole) if language == "fr" else whole)
        yield from (part for part in re.split("['-]", word) if len(part) > 1 and part != "xs")  # x stands for code


def is_known(word: str, language: str) -> bool:
    """Whether a word is spelt right; a name is spelt with its capitals."""
    own, plain = own_words()[language], word.lower().replace("œ", "oe")
    return word in own or word.lower() in own or plain in dictionary(language)


def misspelt(questions: tuple[Loaded, ...]) -> list[str]:
    """Each unknown word with its place, as an editor reads it."""
    found = []
    for loaded in questions:
        for path, language, text in Subject(loaded).prose:
            line, column = loaded.place(*path)
            for word in parts(text, language):
                if not is_known(word, language):
                    found.append(f"{loaded.file}:{line}:{column}: “{word}” is not spelt so ({language})")
    return found


def test_every_word_of_the_bank_is_known() -> None:
    assert misspelt(load_course(QUESTIONS / "docker").questions) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("La chaise", "La chèse", "f:8:24: “chèse” is not spelt so (fr)"),
        ("Il ne serre pas.", "L’envirronement n’est-il pas serré.", "f:9:21: “envirronement” is not spelt so (fr)"),
        ("It does not slip.", "It slipps.", "f:9:43: “slipps” is not spelt so (en)"),
        ("It does not slip.", "Its containner slips.", "f:9:43: “containner” is not spelt so (en)"),
    ],
)
def test_a_misspelt_word_is_told_at_its_place(old: str, new: str, told: str, written: Callable[[str], str]) -> None:
    text = written("single").replace(old, new)

    assert misspelt(load_questions("f", text.encode()).questions) == [told]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("L’hôte qu’aujourd’hui contient-il ? A-t-on lancé celui-ci, c’est-à-dire jusqu’à demain ?", "fr"),
        ("Docker’s own: it’s what they’d don’t; the containers’ network isn’t rebuilt.", "en"),
    ],
)
def test_what_hangs_on_a_word_is_no_part_of_it(text: str, language: str) -> None:
    assert [word for word in parts(text, language) if not is_known(word, language)] == []


def test_the_own_words_are_in_order_and_none_is_superfluous() -> None:
    for section in WORDS.read_text("utf-8").split("\n\n")[1:]:
        heading, *rest = section.split()
        words = rest if heading.startswith("[") else [heading, *rest]
        languages = [heading.strip("[]")] if heading.startswith("[") else LANGUAGES

        assert words == sorted(set(words), key=lambda word: (word.lower(), word))
        assert [word for word in words if all(word.lower() in dictionary(one) for one in languages)] == []
