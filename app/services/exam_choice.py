"""What an exam may ask of its course: how many questions there are of each kind, and a search to list some by hand.

Retired questions, drafts and flashcards are never asked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank.schema import BLANK
from app.models import Topic
from app.services import question_bank

MOST_FOUND = 30
_FLASHCARD = "flashcard"


@dataclass(frozen=True, slots=True)
class Kind:
    """The questions of one topic (a slug), level and type: how many, and how many of them are reserved for exams."""

    topic: str
    level: int
    type: str
    count: int
    reserved: int


@dataclass(frozen=True, slots=True)
class Sought:
    """What to search; empty texts and a missing level mean all."""

    words: str = ""
    topic: str = ""
    type: str = ""
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One question to choose; `text` is Markdown, its gaps drawn as an ellipsis, `topic` a title."""

    id: int
    slug: str
    text: str
    topic: str
    type: str
    level: int
    reserved: bool


@dataclass(frozen=True, slots=True)
class Offered:
    """A course's questions for an exam: `topics` are titles by slug, `chosen` and `found` lines to list.

    `total` counts all that match the search, of which `found` are the first; `missing` counts the chosen ones
    that may not be asked any more.
    """

    topics: Mapping[str, str]
    kinds: Sequence[Kind]
    chosen: Sequence[Line] = ()
    found: Sequence[Line] = ()
    total: int = 0
    missing: int = 0
    types: Sequence[str] = field(default=())

    def available(self, topic: str = "", level: int | None = None, type: str = "") -> tuple[int, int]:
        """How many questions a demand may choose from, and how many of them are reserved; empty means any."""
        fitting = [
            kind
            for kind in self.kinds
            if topic in ("", kind.topic) and level in (None, kind.level) and type in ("", kind.type)
        ]
        return sum(kind.count for kind in fitting), sum(kind.reserved for kind in fitting)


def offered(
    session: Session, course_id: int, locale: str, chosen: Sequence[int] = (), sought: Sought | None = None
) -> Offered:
    """What an exam of a course may ask; nothing is searched unless `sought` says what."""
    rows = [
        row
        for row in question_bank.questions(session, course_id)
        if not (row.retired or row.draft or row.type == _FLASHCARD)
    ]
    topics = topics_of(session, course_id, locale)
    by_id = {row.id: row for row in rows}
    kept = [by_id[number] for number in dict.fromkeys(chosen) if number in by_id]
    near = _near(session, [row for row in rows if row not in kept], sought) if sought else []
    return Offered(
        topics=topics,
        kinds=_kinds(rows),
        chosen=_lines(session, locale, kept, topics),
        found=_lines(session, locale, near[:MOST_FOUND], topics),
        total=len(near),
        missing=len(set(chosen) - by_id.keys()),
        types=sorted({row.type for row in rows}),
    )


def topics_of(session: Session, course_id: int, locale: str) -> dict[str, str]:
    """The titles of a course's topics by slug, in its order."""
    title = Topic.title_fr if locale == "fr" else Topic.title_en
    listed = select(Topic.slug, title).where(Topic.course_id == course_id, Topic.retired.is_(False))
    return {slug: words for slug, words in session.execute(listed.order_by(Topic.position, Topic.id))}


def _kinds(rows: Iterable[Any]) -> Sequence[Kind]:
    counts: dict[tuple[str, int, str], list[int]] = {}
    for row in rows:
        tally = counts.setdefault((row.topic, row.level, row.type), [0, 0])
        tally[0] += 1
        tally[1] += row.reserved
    return [Kind(*key, *tally) for key, tally in sorted(counts.items())]


def _near(session: Session, rows: Sequence[Any], sought: Sought) -> Sequence[Any]:
    near = [
        row
        for row in rows
        if sought.topic in ("", row.topic) and sought.type in ("", row.type) and sought.level in (None, row.level)
    ]
    if sought.words and near:
        near = question_bank.matching(session, near, sought.words)
    return sorted(near, key=lambda row: not row.reserved)


def _lines(session: Session, locale: str, rows: Sequence[Any], topics: Mapping[str, str]) -> Sequence[Line]:
    words = question_bank.words_of(session, locale, [row.id for row in rows]) if rows else {}
    return [
        Line(
            id=row.id,
            slug=row.slug,
            text=BLANK.sub("…", words[row.id]),
            topic=topics.get(row.topic, row.topic),
            type=row.type,
            level=row.level,
            reserved=row.reserved,
        )
        for row in rows
    ]
