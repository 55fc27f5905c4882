"""The files of a course's folder as they should be now: what a person wrote stays as it is, to the byte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.bank import positions, writing
from app.bank.course import BETWEEN_TITLES, Course
from app.bank.extract.earlier import Earlier, Ledger, digest, ours
from app.bank.extract.languages import Language
from app.bank.extract.merging import Merged, Placed
from app.bank.extract.outline import ProposedTopic, Section, slugify, unused
from app.bank.extract.splicing import spliced

COURSE_FILE = "course.yaml"
_TOPIC, _SUBJECT = 40, 34
_MOST_OBJECTIVES = 12


@dataclass(frozen=True)
class About:
    """What the course says of itself, or what stands in for it."""

    id: str
    title: str
    licence: str
    credit: str
    file: str


@dataclass
class _Parts:
    """The objectives and topics that the drafts need, by id; `used` are those that a question of the folder names."""

    objectives: dict[str, dict[str, Any]] = field(default_factory=dict)
    topics: dict[str, dict[str, Any]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)


def rewritten(
    about: About,
    sections: Sequence[Section],
    topics: Sequence[ProposedTopic],
    merged: Merged,
    earlier: Earlier,
    language: Language,
) -> tuple[dict[str, str], Ledger]:
    """The texts of the files that change, by name, and what to remember of them.

    Raises NotAList when a list that must change is written in a way that cannot be changed entry by entry.
    """
    parts = _Parts()
    documents = _documents(merged, parts, earlier, language)
    for topic in topics:
        parts.topics[topic.id] = {"id": topic.id, "title": language.text(topic.title), "status": "draft"}
    if not documents and len(earlier.questions) == sum(known.ours for known in merged.vanished):
        _stand_in(parts, sections, topics, language)
    files = _question_files(documents, merged, earlier)
    files[COURSE_FILE] = _course(about, sections, parts, merged, earlier, language)
    return (
        {name: text for name, text in files.items() if earlier.files.get(name) != text},
        _ledger(documents, merged, parts, earlier),
    )


def _documents(merged: Merged, parts: _Parts, earlier: Earlier, language: Language) -> dict[str, dict[str, Any]]:
    """The drafts to write, by id: the new ones, and those that are still as an earlier run left them."""
    taken = {objective.id for objective in earlier.course.objectives} if earlier.course else set()
    documents: dict[str, dict[str, Any]] = {}
    by_source: dict[str, str] = {}
    for placed in sorted(merged.placed, key=lambda one: one.draft.kind in ("match", "siblings")):
        names = _objectives_of(placed, by_source, taken, parts, language)
        if placed.draft.kind == "card":
            by_source[f"{placed.topic}\n{placed.draft.source}"] = names[0]
        if placed.known is None or placed.known.ours:
            documents[placed.id] = _document(placed, names)
    return {placed.id: documents[placed.id] for placed in merged.placed if placed.id in documents}


def _objectives_of(
    placed: Placed, by_source: Mapping[str, str], taken: set[str], parts: _Parts, language: Language
) -> list[str]:
    """The objectives of a question: those it has, those of the definitions it pairs, or one of its own."""
    draft = placed.draft
    if placed.known is not None:
        names = list(placed.known.question.objectives)
        own = names[0]
    else:
        sources = [f"{placed.topic}\n{line}" for line in draft.source.split("\n")]
        paired = [by_source[source] for source in sources if source in by_source]
        if draft.kind in ("match", "siblings") and len(paired) == len(sources) <= _MOST_OBJECTIVES:
            return list(dict.fromkeys(paired))
        own = unused(f"{placed.topic[:_TOPIC].strip('-')}.{slugify(draft.subject, _SUBJECT)}", taken)
        taken.add(own)
        names = [own]
    parts.objectives.setdefault(
        own,
        {
            "id": own,
            "topic": placed.topic,
            "section": draft.section.path,
            "weight": 2,
            "text": language.text(draft.fact),
            "status": "draft",
        },
    )
    return names


def _document(placed: Placed, objectives: Sequence[str]) -> dict[str, Any]:
    draft = placed.draft
    own = dict(draft.question)
    return {
        "id": placed.id,
        "type": own.pop("type"),
        "objectives": list(objectives),
        "level": draft.level,
        "text": own.pop("text"),
        **{key: value for key, value in own.items() if key != "explanation"},
        "explanation": own["explanation"],
        "status": "draft",
        "origin": {
            "section": draft.section.id,
            "line": draft.line,
            "confidence": Decimal(draft.confidence),
            "fingerprint": draft.fingerprint,
        },
    }


def _stand_in(parts: _Parts, sections: Sequence[Section], topics: Sequence[ProposedTopic], language: Language) -> None:
    """One objective a topic, for a course in which no fact was found: the file is then ready to be filled in."""
    firsts: dict[str, str] = {}
    of_section = {section: topic.id for topic in topics for section in topic.sections}
    for section in sections:
        if section.id in of_section:
            firsts.setdefault(of_section[section.id], section.path)
    for topic in topics:
        name = f"{topic.id}.overview"
        text = language.text(language.sentence(topic.title))
        entry = {
            "id": name,
            "topic": topic.id,
            "section": firsts[topic.id],
            "weight": 1,
            "text": text,
            "status": "draft",
        }
        parts.objectives[name] = entry


def _question_files(documents: Mapping[str, dict[str, Any]], merged: Merged, earlier: Earlier) -> dict[str, str]:
    """The text of each file of questions that has a draft to add, to write anew or to take out."""
    changes: dict[str, dict[int, str | None]] = {}
    added: dict[str, list[str]] = {}
    for placed in merged.placed:
        if placed.id not in documents:
            continue
        document = documents[placed.id]
        if placed.known is None:
            added.setdefault(_file_of(placed.topic, earlier), []).append(writing.question(document))
        elif earlier.ledger.drafts[placed.id][1] != _digest_as_read(document):
            changes.setdefault(placed.known.file, {})[placed.known.index] = writing.question(document)
    for known in merged.vanished:
        if known.ours:
            changes.setdefault(known.file, {})[known.index] = None
    return {
        name: _file(name, changes.get(name, {}), added.get(name, []), earlier) for name in sorted({*changes, *added})
    }


def _file_of(topic: str, earlier: Earlier) -> str:
    return next((name for name in earlier.files if name.rpartition(".")[0] == topic), f"{topic}.yaml")


def _file(name: str, changes: Mapping[int, str | None], added: Sequence[str], earlier: Earlier) -> str:
    text = earlier.files.get(name, "")
    located = positions.read(name, text.encode()) if text else positions.Located([])
    entries = located.value
    if not entries:
        comments = [line for line in text.splitlines(keepends=True) if line.startswith("#")]
        return "\n".join(["".join(comments)] * bool(comments) + list(added))
    if len([change for change in changes.values() if change is None]) == len(entries) and not added:
        return "[]\n"
    return spliced(text, located, (), changes, added, between="\n")


def _course(
    about: About,
    sections: Sequence[Section],
    parts: _Parts,
    merged: Merged,
    earlier: Earlier,
    language: Language,
) -> str:
    outline = [{"id": one.id, "title": one.title, "level": one.level} for one in sections]
    if earlier.course is None:
        head = {
            "id": about.id,
            "title": language.text(about.title),
            "licence": about.licence,
            "credit": about.credit,
            "status": "draft",
        }
        lists = {
            "topics": list(parts.topics.values()),
            "outline": outline,
            "objectives": list(parts.objectives.values()),
        }
        heading = (
            f"# Proposed from {about.file}: titles, topics and objectives are to be read, changed and translated.\n"
        )
        return f"{heading}{writing.part(head)}{writing.part(lists)}"
    text = earlier.files[COURSE_FILE]
    text = _with_topics(text, parts, merged)
    text = _with_objectives(text, parts, merged, earlier)
    return _with_outline(text, outline, earlier.course)


def _with_topics(text: str, parts: _Parts, merged: Merged) -> str:
    """The topics that drafts and objectives need and the folder has not."""
    located = positions.read(COURSE_FILE, text.encode())
    known = {topic["id"] for topic in located.value["topics"]}
    needed = [*(placed.topic for placed in merged.placed), *(one["topic"] for one in parts.objectives.values())]
    wanted = dict.fromkeys(topic for topic in needed if topic not in known)
    return spliced(text, located, ("topics",), {}, [writing.entry(parts.topics[name]) for name in wanted])


def _with_outline(text: str, outline: list[dict[str, Any]], course: Course) -> str:
    """The headings of today; one that is gone stays as long as an objective names it or one below it."""
    located = positions.read(COURSE_FILE, text.encode())
    known = located.value.get("outline", [])
    needed = {objective["section"] for objective in located.value["objectives"]}
    wanted = _with_missing(outline, course, needed)
    if wanted == known:
        return text
    entries = [writing.entry(one) for one in wanted]
    if not known:
        return text.rstrip("\n") + "\noutline:\n" + "".join(entries)
    return spliced(text, located, ("outline",), dict.fromkeys(range(len(known)), None), entries)


def _with_missing(outline: list[dict[str, Any]], course: Course, needed: Iterable[str]) -> list[dict[str, Any]]:
    kept = list(outline)
    present = {one["id"] for one in kept}
    for section, path in zip(course.outline, course.section_paths(), strict=True):
        named = any(one == path or one.startswith(f"{path}{BETWEEN_TITLES}") for one in needed)
        if section.id not in present and named:
            entry = {"id": section.id, "title": section.title, "level": section.level}
            kept.insert(_place_for(section.id, kept), entry)
            present.add(section.id)
    return kept


def _place_for(section: str, outline: Sequence[Mapping[str, Any]]) -> int:
    """Where a heading that is gone goes: after all that stands below what it stood below."""
    parent = section.rpartition("/")[0]
    places = [place for place, one in enumerate(outline) if one["id"] == parent or one["id"].startswith(f"{parent}/")]
    return places[-1] + 1 if parent and places else len(outline)


def _with_objectives(text: str, parts: _Parts, merged: Merged, earlier: Earlier) -> str:
    """New objectives at the end; those nobody touched are written anew, or go with the draft they were made for."""
    located = positions.read(COURSE_FILE, text.encode())
    untouched = ours(earlier.ledger, located, "objectives")
    known = {one["id"] for one in located.value["objectives"]}
    gone = {known.question.id for known in merged.vanished if known.ours}
    named = {name for one in earlier.questions if one.question.id not in gone for name in one.question.objectives}
    changes: dict[int, str | None] = {}
    for name, index in untouched.items():
        if name in parts.objectives:
            fresh = {**parts.objectives[name], "topic": located.value["objectives"][index]["topic"]}
            if digest(fresh) != digest(located.value["objectives"][index]):
                changes[index] = writing.entry(fresh)
        elif name not in named:
            changes[index] = None
    added = [writing.entry(one) for name, one in parts.objectives.items() if name not in known]
    if len([change for change in changes.values() if change is None]) == len(known) and not added:
        changes.pop(min(changes))
    return spliced(text, located, ("objectives",), changes, added)


def _ledger(documents: Mapping[str, Mapping[str, Any]], merged: Merged, parts: _Parts, earlier: Earlier) -> Ledger:
    """What is remembered: what was written now, and the drafts that a person changed or took out."""
    gone = {known.question.id for known in merged.vanished if known.ours}
    drafts = {name: one for name, one in earlier.ledger.drafts.items() if name not in gone}
    for name, document in documents.items():
        drafts[name] = (document["origin"]["fingerprint"], _digest_as_read(document))
    remembered = {**earlier.ledger.parts, **_digests("objectives", parts.objectives.values(), earlier)}
    return Ledger(drafts, remembered)


def _digests(key: str, entries: Iterable[Mapping[str, Any]], earlier: Earlier) -> dict[str, str]:
    """The digests of the entries that are written as they are: those that are new, and those nobody touched."""
    if earlier.course is None:
        return {f"{key}/{entry['id']}": _digest_as_read(entry) for entry in entries}
    located = positions.read(COURSE_FILE, earlier.files[COURSE_FILE].encode())
    untouched = ours(earlier.ledger, located, key)
    topics = {one["id"]: one["topic"] for one in located.value[key]}
    return {
        f"{key}/{entry['id']}": _digest_as_read({**entry, "topic": topics.get(entry["id"], entry["topic"])})
        for entry in entries
        if entry["id"] in untouched or entry["id"] not in topics
    }


def _digest_as_read(document: Mapping[str, Any]) -> str:
    return digest(positions.read("", writing.entry(document).encode()).value[0])
