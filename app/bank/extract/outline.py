"""The headings of a course as sections with stable names, what each holds, and the topics they propose."""

import hashlib
import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from app.bank.course import BETWEEN_TITLES
from app.bank.extract.blocks import Block, Heading
from app.bank.extract.languages import is_aside, is_doubtful

_SLUG_OF_TITLE = 60
_SLUG_OF_PATH = 200
_TOPIC = 40
_NUMBER = re.compile(r"^(?=.*[^\W\d_]{2})(?:\d+(?:\.\d+)+\.?|\d+[.)]|[IVX]+\.)\s+")
_CONTINUED = re.compile(
    r"\s*[(\[](?:\d+\s*/\s*\d+|suite|fin|cont(?:inued|\.|’d|'d)?|\d)[)\]]$|\s+\d+/\d+$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, or what stands before the first; `path` joins the titles above it and its own.

    `aside` says that it, or one above it, is about the course rather than part of it (links, exercises, credits).
    `doubtful`, that what it says may not be what the course holds (errors, hypotheses, the past).
    """

    id: str
    title: str
    level: int
    line: int
    path: str
    root: str
    aside: bool = False
    doubtful: bool = False
    blocks: tuple[Block, ...] = field(default=(), repr=False, compare=False)


def slugify(title: str, longest: int = _SLUG_OF_TITLE) -> str:
    """Lower-case letters, digits and hyphens; cut at a word when longer, "section" when nothing is left."""
    bare = unicodedata.normalize("NFKD", title.replace("œ", "oe").replace("Œ", "oe").replace("æ", "ae"))
    ascii_only = "".join(char for char in bare.lower() if not unicodedata.combining(char))
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    if len(slug) > longest:
        slug = slug[: longest + 1].rpartition("-")[0] or slug[:longest]
    return slug.strip("-") or "section"


def unused(wanted: str, taken: Container[str]) -> str:
    """`wanted`, or the first of wanted-2, wanted-3 … that is not taken."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def sections(blocks: Sequence[Block], course_title: str) -> list[Section]:
    """The sections of a course, in its order.

    A title repeated on the next slide ("Volumes", "Volumes (2/3)") goes on with the same section. What stands
    before the first heading, or in a course without any, is a section called as the course.
    """
    made: list[_Open] = []
    names: set[str] = set()
    above: list[_Open] = []
    for block in blocks:
        if isinstance(block, Heading):
            heading = _heading(block)
            if heading is None or (made and made[-1].goes_on(heading)):
                continue
            above = [one for one in above if one.level < heading.level]
            above.append(_open(heading, above, names))
            names.add(above[-1].id)
            made.append(above[-1])
        else:
            if not made:
                level = next((one.level for one in blocks if isinstance(one, Heading) and _heading(one)), 1)
                made.append(_open(Heading(course_title, level, block.line), [], names))
                names.add(made[-1].id)
            made[-1].blocks.append(block)
    return [one.closed() for one in made]


@dataclass
class _Open:
    id: str
    title: str
    level: int
    line: int
    path: str
    root: str
    aside: bool
    doubtful: bool
    blocks: list[Block] = field(default_factory=list)

    def goes_on(self, heading: Heading) -> bool:
        return self.level == heading.level and slugify(self.title) == slugify(heading.text) and self.title != "section"

    def closed(self) -> Section:
        named = (self.id, self.title, self.level, self.line, self.path, self.root)
        return Section(*named, self.aside, self.doubtful, tuple(self.blocks))


def _heading(block: Heading) -> Heading | None:
    """The heading without "(2/3)" at its end; None when it says nothing."""
    text = _CONTINUED.sub("", block.text).strip()
    return Heading(text, block.level, block.line) if re.search(r"\w", text) else None


def _open(heading: Heading, above: Sequence[_Open], names: Container[str]) -> _Open:
    parent = above[-1] if above else None
    own = slugify(_NUMBER.sub("", heading.text))
    slug = f"{parent.id}/{own}" if parent else own
    if len(slug) > _SLUG_OF_PATH - 4:
        digest = hashlib.sha256(slug.encode()).hexdigest()[:8]
        slug = f"{slug[: _SLUG_OF_PATH - 16].rstrip('-/')}-{digest}"
    name = unused(slug, names)
    path = BETWEEN_TITLES.join([*(one.title for one in above), heading.text])
    aside = is_aside(_NUMBER.sub("", heading.text) or heading.text) or bool(parent and parent.aside)
    doubtful = is_doubtful(heading.text) or bool(parent and parent.doubtful)
    return _Open(
        name, heading.text, heading.level, heading.line, path, parent.root if parent else name, aside, doubtful
    )


@dataclass(frozen=True, slots=True)
class ProposedTopic:
    """A topic made of one heading and all below it, or of what stands under a heading that holds the topics."""

    id: str
    title: str
    sections: frozenset[str]


def topics(found: Sequence[Section]) -> list[ProposedTopic]:
    """The highest headings of which there are several, but those of asides; each section belongs to one topic."""
    proposed: list[ProposedTopic] = []
    names = {"course"}
    for group in _groups([one for one in found if not one.aside]):
        name = unused(_topic_name(group[0].title), names)
        names.add(name)
        proposed.append(ProposedTopic(name, group[0].title, frozenset(one.id for one in group)))
    return proposed


def _topic_name(title: str) -> str:
    return slugify(_NUMBER.sub("", title), _TOPIC)


def _groups(found: Sequence[Section]) -> Iterator[list[Section]]:
    """The trees of headings; one that stands alone is opened, its own text being a topic if it has any."""
    trees: list[list[Section]] = []
    for section in found:
        if trees and section.level > trees[-1][0].level:
            trees[-1].append(section)
        else:
            trees.append([section])
    if len(trees) == 1 and len(trees[0]) > 1:
        head, *rest = trees[0]
        if head.blocks:
            yield [head]
        yield from _groups(rest)
    else:
        yield from trees
