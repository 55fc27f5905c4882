"""What nobody has read yet: a part marked `status: draft` may be in one language, and no learner sees it."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.bank.positions import Located, Path
from app.bank.problems import Problem
from app.bank.rules import LANGUAGES

DRAFT = "draft"


def is_draft(value: Any) -> bool:
    """Whether a part of a file, as read, is marked as a draft."""
    return isinstance(value, Mapping) and value.get("status") == DRAFT


def in_both_languages(value: Any) -> Any:
    """The same part of a file, with the words of the one language where those of the other are missing."""
    if isinstance(value, Mapping):
        if missing := _missing(value):
            return {**value, missing: next(iter(value.values()))}
        return {key: in_both_languages(one) for key, one in value.items()}
    if isinstance(value, list):
        return [in_both_languages(one) for one in value]
    return value


def untranslated(name: str, located: Located) -> Iterator[Problem]:
    """What the drafts of the file `name` say in one language only: once a draft, at its first such text."""
    for route, draft in _drafts(located.value):
        if missing := list(_incomplete(draft, route)):
            first, language = missing[0]
            texts = "one text" if len(missing) == 1 else f"{len(missing)} texts"
            hint = "write it, read the whole, then remove “status: draft”"
            yield Problem(name, *located.place(first), f"a draft: “{language}” is missing in {texts}", hint, "info")


def _drafts(value: Any) -> Iterator[tuple[Path, Any]]:
    """What is marked as a draft in a list of questions or in a course; of the course itself, its title."""
    if isinstance(value, list):
        yield from (((position,), part) for position, part in enumerate(value) if is_draft(part))
    elif isinstance(value, Mapping):
        if is_draft(value):
            yield ("title",), value.get("title")
        for key in ("topics", "objectives"):
            yield from (((key, *route), part) for route, part in _drafts(value.get(key)))


def _incomplete(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Each text in one language only, by its path, and the language to write."""
    if isinstance(value, Mapping):
        if missing := _missing(value):
            yield path, missing
        else:
            for key, one in value.items():
                yield from _incomplete(one, (*path, key))
    elif isinstance(value, list):
        for position, one in enumerate(value):
            yield from _incomplete(one, (*path, position))


def _missing(value: Mapping[Any, Any]) -> str:
    """The language that a text in the other one lacks; nothing for what is no such text."""
    if len(value) != 1:
        return ""
    only, words = next(iter(value.items()))
    if not isinstance(words, str):
        return ""
    return next((language for language in LANGUAGES if language != only), "") if only in LANGUAGES else ""
