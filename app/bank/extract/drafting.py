"""What the makers of drafts share: a draft, and which words of a course can be asked about."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from app.bank.extract.blocks import END, STRONG, Item, Listing, Paragraph, plain
from app.bank.extract.languages import Language, escaped
from app.bank.extract.outline import Section

LONGEST = 400
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[\x01\x02`«“\"(]?[A-ZÀ-ÖØ-Þ`])")
_ABBREVIATED = re.compile(
    r"\b(?:e\.g|i\.e|cf|ex|etc|vs|resp|env|approx|p|pp|fig|no|n°|M|Mr|Mrs|Dr|St)\.$", re.IGNORECASE
)
_STRONG_SENTENCE = re.compile(rf"{STRONG}((?:[^\s{END}]+ ){{4,}}[^\s{END}]+){END}")
_ADDRESS = re.compile(r"https?://|www\.|\S+@\S+\.\w")
# What says where it is said, or that it is still to be said.
_UNSAID = re.compile(
    r"\b(?:see|voir|cf\.?|refer to)\s+(?:also\s+|aussi\s+)?(?:the\s+|next\s+|les?\s+|la\s+|l['’])?"
    r"(?:chapters?|sections?|slides?|parts?|pages?|appendix|figures?|lessons?|lectures?|chapitres?|diapos?(?:itives?)?"
    r"|parties?|annexes?|leçons?|cours|suite|above|below|ci-dess\w+|plus (?:haut|bas|loin)|later)\b"
    r"|(?-i:\b(?:TODO|FIXME|TBD|TBC|TBA|XXX)\b)|^(?:to ?do|à (?:compléter|définir|venir|suivre)|coming soon"
    r"|to be (?:done|written|completed|defined))\b",
    re.IGNORECASE,
)


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
    """The words of a course as Markdown; spaces at both ends are kept."""
    inside = escaped(plain(text))
    return f"{text[: len(text) - len(text.lstrip())]}{inside}{text[len(text.rstrip()) :]}" if inside else text


def is_usable(text: str) -> bool:
    """Whether these words can stand in a question: not too long, no address or reference, no gap."""
    return 0 < len(text) <= LONGEST and "{{" not in text and not (_ADDRESS.search(text) or _UNSAID.search(text))


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


def statements(section: Section, language: Language) -> Iterator[Statement]:
    """Every sentence of a section, in its order, without "Note:" before it; then strong words that are whole ones."""
    for block in section.blocks:
        if isinstance(block, Paragraph):
            yield from (Statement(_told(text, language), line) for text, line in sentences(block))
        elif isinstance(block, Listing):
            yield from _bullets(block, language)


def _bullets(listing: Listing, language: Language) -> Iterator[Statement]:
    for item in listing.items:
        for text, line in sentences(Paragraph(item.text, item.line)):
            yield Statement(_told(text, language), line, True, listing.lead)
            for found in _STRONG_SENTENCE.finditer(text):
                if found[0] != text:
                    yield Statement(language.sentence(found[1]), line, True, listing.lead)
        for below in item.below:
            yield from _bullets(below, language)


def _told(text: str, language: Language) -> str:
    """The sentence after "Note:" or "Attention :", which say nothing themselves."""
    head, colon, rest = text.partition(":")
    if colon and rest.strip() and language.notes.fullmatch(plain(head)):
        return rest.lstrip(f" {END}")
    return text


def depends(statement: Statement, language: Language) -> bool:
    """Whether the list is announced in a way that may say under which condition, or that, its entries hold."""
    lead = statement.lead.rstrip()
    just_a_name = re.fullmatch(r"`[^`]+`\s*:", lead)
    return lead.endswith(":") and not language.copula.match(lead) and not just_a_name


def sentences(paragraph: Paragraph) -> Iterator[tuple[str, int]]:
    """The sentences of a paragraph, each with its line; one that goes on over a line break is one sentence."""
    joined = paragraph.text.replace("\n", " ")
    start, line = 0, paragraph.line
    pieces: list[str] = []
    for piece in [*_SENTENCE_END.split(joined), ""]:
        if pieces and not _ABBREVIATED.search(pieces[-1]):
            sentence = " ".join(pieces)
            yield sentence, line
            end = start + len(sentence) + 1
            line += paragraph.text.count("\n", start, end)
            start, pieces = end, []
        pieces.append(piece)
    if rest := " ".join(pieces).strip():
        yield rest, line


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
