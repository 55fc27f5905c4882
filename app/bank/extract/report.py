"""What a run of the extraction did, as lines for a person and as JSON values for a script."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from app.bank.extract.earlier import Earlier, Known
from app.bank.extract.extraction import Extraction
from app.bank.extract.merging import Placed


def document(made: Extraction, earlier: Earlier) -> dict[str, Any]:
    """Everything as JSON values: the drafts, and by what became of them the ids of the questions."""
    return {
        "language": made.language.code,
        "drafts": [_draft(one) for one in made.merged.placed],
        "new": [one.id for one in made.merged.placed if one.state == "new"],
        "moved": [_move(one) for one in made.merged.placed if one.state == "moved"],
        "changed": [one.id for one in made.merged.placed if one.state == "changed"],
        "vanished": [_gone(one) for one in made.merged.vanished],
        "dismissed": [one.fact for one in made.merged.dismissed],
        "look_again": list(_look_again(made)),
        "sections": _sections(made, earlier),
        "files": sorted(made.files),
    }


def lines(made: Extraction, earlier: Earlier) -> Iterator[str]:
    """The same for a person: what is new in one line a file, and one line for each thing to look at."""
    placed = made.merged.placed
    yield f"language: {'French' if made.language.code == 'fr' else 'English'}"
    new = Counter(one.topic for one in placed if one.state == "new")
    yield from (f"{topic}.yaml: {_plural(count, 'new draft')}" for topic, count in new.items())
    for one in placed:
        if one.state == "moved" and one.known:
            yield f"moved: {one.id}, from {_section(one.known)} to {one.draft.section.id}"
        elif one.state == "changed" and one.known and one.known.ours:
            yield f"changed: {one.id}, line {one.draft.line}; nobody had edited it, it is written anew"
    for known in made.merged.vanished:
        if known.ours:
            yield f"vanished: {known.question.id}, from {_section(known)}; nobody had edited it, it is taken out"
    for found in _look_again(made):
        yield f"look again: {found['id']}, {found['why']}"
    changes = _sections(made, earlier)
    if earlier.course:
        yield from (f"new section: {one}" for one in changes["new"])
        yield from (f"section gone: {one}" for one in changes["gone"])
    kept = sum(not one.ours for one in earlier.questions)
    yield (
        f"{_plural(len(placed), 'draft')} in the course: {sum(new.values())} new, "
        f"{_plural(kept, 'question')} of yours left as they are, "
        f"{len(made.merged.dismissed)} that you took out left out"
    )


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _draft(one: Placed) -> dict[str, Any]:
    draft = one.draft
    return {
        "id": one.id,
        "state": one.state,
        "file": f"{one.topic}.yaml",
        "type": draft.question["type"],
        "section": draft.section.id,
        "line": draft.line,
        "confidence": float(draft.confidence),
        "fingerprint": draft.fingerprint,
    }


def _move(one: Placed) -> dict[str, str]:
    return {"id": one.id, "from": _section(one.known) if one.known else "", "to": one.draft.section.id}


def _gone(known: Known) -> dict[str, Any]:
    return {"id": known.question.id, "section": _section(known), "removed": known.ours}


def _section(known: Known) -> str:
    return known.question.origin.section if known.question.origin else ""


def _look_again(made: Extraction) -> Iterator[dict[str, Any]]:
    """The questions that a person wrote or edited and whose words in the course are others now, or gone."""
    for one in made.merged.placed:
        if one.state == "changed" and one.known and not one.known.ours:
            why = f"line {one.draft.line} of the course reads otherwise now"
            hint = f"once read, write fingerprint: {one.draft.fingerprint}"
            yield {"id": one.id, "line": one.draft.line, "fingerprint": one.draft.fingerprint, "why": f"{why} ({hint})"}
    for known in made.merged.vanished:
        if not known.ours:
            origin = known.question.origin
            line = origin.line if origin else 0
            why = f"its words are gone from {_section(known)} (they were on line {line})"
            yield {"id": known.question.id, "line": line, "fingerprint": None, "why": why}


def _sections(made: Extraction, earlier: Earlier) -> dict[str, list[str]]:
    now = [section.id for section in made.sections]
    before = [section.id for section in earlier.course.outline] if earlier.course else []
    return {"new": [one for one in now if one not in before], "gone": [one for one in before if one not in now]}
