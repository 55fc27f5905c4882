"""What the makers of drafts share: a draft, and which words of a course can be asked about."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.bank.extract.blocks import Item, Listing, Paragraph, plain
from app.bank.extract.languages import Language, escaped
from app.bank.extract.outline import Section

LONGEST = 400
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[\x01\x02`«“\"(]?[A-ZÀ-ÖØ-Þ`])")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|cf|ex|etc|vs|resp|env|approx|p|pp|fig|no|n°|M|Mr|Mrs|Dr|St)\.$", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.\w")


@dataclass(frozen=True, slots=True)
class Draft:
    """One question proposed from what the course states.

    `kind` and `subject` make its name; `source` is the text that it depends on, `fact` the sentence of its
    objective, both in the words of the course. `question` holds the fields that its type has of its own, and the text.
    """

    kind: str
    subject: str
    section: Section
    line: int
    confidence: str
    source: str
    fact: str
    level: int
    question: dict[str, Any]

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that stand for the kind of question and the words it was made from."""
        text = f"{self.kind}\n{' '.join(plain(self.source).split())}"
        return hashlib.sha256(text.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the course, or one bullet, with where it stands; `lead` announces its list."""

    text: str
    line: int
    bullet: bool = False
    lead: str = ""


def words(text: str) -> str:
    """The words of a course as Markdown."""
    return escaped(plain(text))


def is_usable(text: str) -> bool:
    """Whether these words can stand in a question: not too long, no address, nothing that looks like a gap."""
    return 0 < len(text) <= LONGEST and "{{" not in text and not _ADDRESS.search(text)


def bare(text: str) -> str:
    """The words, without the colon or stop at their end."""
    return plain(text).rstrip(" .:;,")


def explained(language: Language, section: Section) -> dict[str, str]:
    """The explanation that says where to read."""
    return language.ask("section", path=escaped(section.path))


def quoted(language: Language, sentence: str) -> dict[str, str]:
    """The explanation that quotes the course; quotation marks inside become simple ones."""
    inside = sentence.replace("« ", "“").replace(" »", "”") if language.code == "fr" else sentence.replace('"', "'")
    return language.ask("says", quote=words(inside))


def statements(section: Section) -> Iterator[Statement]:
    """Every sentence and every bullet of a section, in its order."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from (Statement(sentence, line) for sentence, line in sentences(block))
        elif isinstance(block, Listing):
            yield from _bullets(block)


def _bullets(listing: Listing) -> Iterator[Statement]:
    for item in listing.items:
        yield Statement(" ".join(item.text.split("\n")), item.line, True, listing.lead)
        for below in item.below:
            yield from _bullets(below)


def sentences(paragraph: Paragraph) -> Iterator[tuple[str, int]]:
    """The sentences of a paragraph, each with its line; one that goes on over a line break is one sentence."""
    joined = paragraph.text.replace("\n", " ")
    start = 0
    pieces: list[str] = []
    for piece in _SENTENCE_END.split(joined):
        pieces.append(piece)
        if not _ABBREVIATED.search(piece):
            sentence = " ".join(pieces)
            yield sentence, paragraph.line + paragraph.text[:start].count("\n")
            start += len(sentence) + 1
            pieces = []
    if pieces:
        yield " ".join(pieces), paragraph.line + paragraph.text[:start].count("\n")


def listings(section: Section) -> Iterator[Listing]:
    """Every list of a section, those inside others after them."""
    pending = [block for block in section.blocks if isinstance(block, Listing)]
    while pending:
        listing = pending.pop(0)
        yield listing
        pending[:0] = [below for item in listing.items for below in item.below]


def texts(items: Sequence[Item]) -> list[str]:
    """The words of each entry of a list, without its stop."""
    return [bare(item.text.replace("\n", " ")) for item in items]
