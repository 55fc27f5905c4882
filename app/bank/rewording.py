"""What changed between two versions of a question, field by field and word by word."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from app.bank import schema
from app.bank.schema import LANGUAGES

Path = tuple[str, ...]
Differing = tuple[Path, str | None, str | None]

_ORDER = "order"
_WORD = re.compile(r"\s*\S+|\s+$")
_MARKED = re.compile(r"(\s*)(\S(?:.*\S)?)(\s*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, with its spaces and line ends; `changed` when the other version has it otherwise."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs: where it stands ("choices", "a", "text", "fr"), and both texts; () where it was not.

    A field that changed alike in all languages is told once, without its language.
    """

    path: Path
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The differences between two documents of `app.bank.schema.to_document`, in the order of their fields.

    What is neither shown to a learner nor part of the key is left out, as it makes no version.
    """
    old, new = dict(_fields(before)), dict(_fields(after))
    differing = [(path, old.get(path), new.get(path)) for path in dict.fromkeys((*new, *old))]
    kept = [one for one in differing if one[1] != one[2] and not _is_implied(*one)]
    return [Change(path, *_compare(was, now)) for path, was, now in _told_once(kept)]


def _fields(document: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for name, value in document.items():
        if name not in schema._BOOKKEEPING:
            yield from _flat((name,), value)


def _flat(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat((*path, str(name)), inner)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for part in value:
            yield from _flat((*path, str(part["id"])), {name: each for name, each in part.items() if name != "id"})
        yield (*path, _ORDER), "\n".join(str(part["id"]) for part in value)
    elif isinstance(value, list):
        yield path, "\n".join(str(each) for each in value)
    else:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _is_implied(path: Path, was: str | None, now: str | None) -> bool:
    """Whether the change of an order only says that a part came or went."""
    return path[-1] == _ORDER and sorted((was or "").split("\n")) != sorted((now or "").split("\n"))


def _told_once(differing: Sequence[Differing]) -> Iterator[Differing]:
    """The same, a field that changed alike in all languages under its name without a language."""
    for path, was, now in differing:
        alike = [((*path[:-1], language), was, now) for language in LANGUAGES]
        if path[-1] not in LANGUAGES or any(one not in differing for one in alike):
            yield path, was, now
        elif path == alike[0][0]:
            yield path[:-1], was, now


def _compare(before: str | None, after: str | None) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    old, new = _WORD.findall(before or ""), _WORD.findall(after or "")
    met = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    olds = (("".join(old[a:b]), kind != "equal") for kind, a, b, _, _ in met if b > a)
    news = (("".join(new[a:b]), kind != "equal") for kind, _, _, a, b in met if b > a)
    return tuple(_pieces(olds)), tuple(_pieces(news))


def _pieces(stretches: Iterable[tuple[str, bool]]) -> Iterator[Piece]:
    """The stretches, the spaces around a changed one apart: only words are marked, unless there is nothing else."""
    for text, changed in stretches:
        words = _MARKED.fullmatch(text) if changed else None
        if words is None:
            yield Piece(text, changed)
            continue
        before, marked, after = words.groups()
        yield from (Piece(part, part is marked) for part in (before, marked, after) if part)
