"""What a course.yaml would change in a stored course: its own title, its topics, its objectives."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.bank import rewording
from app.bank.course import Course as CourseFile
from app.bank.rewording import Change
from app.bank.schema import Text
from app.models import Course, Objective, Topic

Words = Mapping[str, str]
Document = Mapping[str, Any]

_OF_COURSE = ("language", "licence", "credit")
_OF_OBJECTIVE = ("section", "weight", "complement")


class Kind(StrEnum):
    """What happens to a part of the bank."""

    ADDED = "added"
    CHANGED = "changed"
    RESTORED = "restored"
    RETIRED = "retired"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Entry:
    """What happens to one part: a "course", a "topic", an "objective" or a "question".

    `words` are its text in both languages, `changes` its fields that differ, `version` that of a
    stored question (0 for anything else).
    """

    what: str
    slug: str
    kind: Kind
    words: Words
    changes: tuple[Change, ...] = ()
    version: int = 0


def of_course(
    file: CourseFile, course: Course | None, topics: Mapping[str, Topic], objectives: Mapping[str, Objective]
) -> Iterator[Entry]:
    """What happens to the course (None: not stored yet), its topics and its objectives, stored ones by slug."""
    title = both(file.title)
    told: Document = {"title": title, **{name: getattr(file, name) for name in _OF_COURSE}}
    was = _course_document(course) if course else None
    yield _entry("course", file.id, title, (was, told), course is not None and course.retired)
    for topic in file.topics:
        row = topics.get(topic.id)
        title = both(topic.title)
        was = _topic_document(row) if row else None
        yield _entry("topic", topic.id, title, (was, {"title": title, "core": topic.core}), bool(row and row.retired))
    for slug in _gone(topics, {topic.id for topic in file.topics}):
        yield Entry("topic", slug, Kind.RETIRED, _topic_document(topics[slug])["title"])
    names = {row.id: slug for slug, row in topics.items()}
    for goal in file.objectives:
        known = objectives.get(goal.id)
        words = both(goal.text)
        told = {"topic": goal.topic, **{name: getattr(goal, name) for name in _OF_OBJECTIVE}, "text": words}
        was = _objective_document(known, names) if known else None
        yield _entry("objective", goal.id, words, (was, told), bool(known and known.retired))
    for slug in _gone(objectives, {goal.id for goal in file.objectives}):
        yield Entry("objective", slug, Kind.RETIRED, _objective_document(objectives[slug], names)["text"])


def both(text: Text) -> Words:
    """A text's words by language."""
    return {"fr": text.fr, "en": text.en}


def _entry(what: str, slug: str, words: Words, documents: tuple[Document | None, Document], retired: bool) -> Entry:
    """What happens to one part, by its documents before (None: there was none) and after."""
    was, now = documents
    if was is None:
        return Entry(what, slug, Kind.ADDED, words)
    changes = tuple(rewording.changes(was, now))
    kind = Kind.RESTORED if retired else Kind.CHANGED if changes else Kind.UNCHANGED
    return Entry(what, slug, kind, words, changes)


def _gone(stored: Mapping[str, Topic] | Mapping[str, Objective], kept: Collection[str]) -> list[str]:
    return [slug for slug, row in stored.items() if slug not in kept and not row.retired]


def _course_document(row: Course) -> Document:
    told = {name: row.document.get(name, "") for name in _OF_COURSE}
    return {"title": {"fr": row.title_fr, "en": row.title_en}, **told}


def _topic_document(row: Topic) -> Document:
    return {"title": {"fr": row.title_fr, "en": row.title_en}, "core": row.core}


def _objective_document(row: Objective, topics: Mapping[int, str]) -> Document:
    told = {name: getattr(row, name) for name in _OF_OBJECTIVE}
    return {"topic": topics[row.topic_id], **told, "text": {"fr": row.text_fr, "en": row.text_en}}
