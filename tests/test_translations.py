"""Every word of the application is there in French, well set, and says what the English says."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

APP = Path(__file__).parent.parent / "app"
TRANSLATIONS = APP / "translations"
KEYWORDS = {**DEFAULT_KEYWORDS, "_": None, "lazy_gettext": None, "lazy_ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%")
MARKUP = re.compile(r"</?\w+[^>]*>")
CODE = re.compile(r"`[^`]*`|https?://\S+|%\(\w+\)[sd]|</?\w+[^>]*>")
# What French typography refuses; figures such as 14:07 and codes are taken out first.
MISSET = {
    "a straight apostrophe": re.compile("'"),
    "straight quotation marks": re.compile('"'),
    "three points instead of …": re.compile(r"\.\.\."),
    "no U+00A0 before a colon": re.compile("(?<!\u00a0):"),
    "no U+202F before ; ? or !": re.compile("(?<!\u202f)[;?!]"),
    "no U+00A0 inside « »": re.compile("«(?!\u00a0)|(?<!\u00a0)»"),
    "a plain space before a mark or %": re.compile("[ \u2009][:;?!»%]"),
}


@cache
def extracted() -> frozenset[str | tuple[str, ...]]:
    """Every string of the code and of the templates that a person may read."""
    with (TRANSLATIONS / "babel.cfg").open(encoding="utf-8") as config:
        methods, options = parse_mapping_cfg(config)  # type: ignore[no-untyped-call]
    found = extract_from_dir(APP, methods, options, keywords=KEYWORDS)
    return frozenset(message if isinstance(message, str) else tuple(message) for _, _, message, _, _ in found)


@cache
def catalogue(locale: str) -> Catalog:
    """The catalogue of one language."""
    content = (TRANSLATIONS / locale / "LC_MESSAGES" / "messages.po").read_bytes()
    return read_po(BytesIO(content), locale=locale, abort_invalid=True)


def messages(locale: str) -> list[Message]:
    """The entries of a catalogue, without its header."""
    return [message for message in catalogue(locale) if message.id]


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """The singular and the plural of an entry, or its only form."""
    return (text,) if isinstance(text, str) else tuple(text or ())


def keys(locale: str) -> set[str | tuple[str, ...]]:
    """What a catalogue has an entry for."""
    return {message.id if isinstance(message.id, str) else tuple(message.id) for message in messages(locale)}


def french() -> Iterator[tuple[str, str]]:
    """Each French form, with the singular it stands for."""
    for message in messages("fr"):
        for form in forms(message.string):
            yield forms(message.id)[0], form


def test_the_extraction_finds_the_words_of_code_and_templates() -> None:
    found = extracted()

    assert "Keep my progress" in found  # a template
    assert any(isinstance(each, tuple) for each in found)  # a plural
    assert len(found) > 300


def test_no_string_is_missing_in_french() -> None:
    assert sorted(map(str, extracted() - keys("fr"))) == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_no_entry_outlives_its_string(locale: str) -> None:
    assert sorted(map(str, keys(locale) - extracted())) == []
    assert list(catalogue(locale).obsolete) == []


def test_no_french_entry_is_empty() -> None:
    assert [english for english, form in french() if not form.strip()] == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_no_entry_is_fuzzy(locale: str) -> None:
    assert [message.id for message in messages(locale) if message.fuzzy] == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_every_plural_has_both_its_forms(locale: str) -> None:
    plurals = [message for message in messages(locale) if message.pluralizable]

    assert plurals
    assert [message.id for message in plurals if len([form for form in forms(message.string) if form]) != 2] == []


def test_every_plural_has_its_english_entry() -> None:
    assert sorted({each for each in extracted() if isinstance(each, tuple)} - keys("en")) == []


@pytest.mark.parametrize("locale", ["fr", "en"])
def test_placeholders_are_those_of_the_english(locale: str) -> None:
    def names(texts: Sequence[str]) -> set[str]:
        return {found[0] for text in texts for found in PLACEHOLDER.finditer(text)}

    lost = [message.id for message in messages(locale) if names(forms(message.id)) != names(forms(message.string))]

    assert lost == []


def test_markup_is_the_one_of_the_english() -> None:
    changed = [
        message.id
        for message in messages("fr")
        for source, form in zip(forms(message.id), forms(message.string), strict=True)
        if sorted(MARKUP.findall(source)) != sorted(MARKUP.findall(form))
    ]

    assert changed == []


@pytest.mark.parametrize("fault", MISSET)
def test_french_is_set_as_french_is(fault: str) -> None:
    misset = [form for _, form in french() if MISSET[fault].search(CODE.sub("x", form))]

    assert misset == []
