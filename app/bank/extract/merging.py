"""Which draft of today is which question of an earlier run, and what that question is called for ever."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from app.bank.course import Course
from app.bank.extract.drafting import Draft
from app.bank.extract.earlier import Earlier, Known
from app.bank.extract.outline import ProposedTopic, Section, slugify, unused
from app.bank.schema import to_document

State = Literal["new", "same", "moved", "changed"]

_ALIKE = 0.65
_TOPIC, _SUBJECT = 30, 36


@dataclass(frozen=True, slots=True)
class Placed:
    """A draft with its name and its topic; `known` is the question it is already."""

    draft: Draft
    id: str
    topic: str
    state: State
    known: Known | None = None


@dataclass(frozen=True)
class Merged:
    """The drafts of today; the earlier questions whose words are gone; the drafts that a person took out."""

    placed: tuple[Placed, ...]
    vanished: tuple[Known, ...]
    dismissed: tuple[Draft, ...]


def merge(
    found: Sequence[Draft], topics: Sequence[ProposedTopic], sections: Sequence[Section], earlier: Earlier
) -> Merged:
    """Pair the drafts of today with the questions of the folder; every question keeps its id and its file."""
    extracted = [one for one in earlier.questions if one.question.origin]
    pairs = _pair(found, extracted)
    of_section = _topics_of_sections(found, pairs, topics, sections, earlier)
    taken = {one.question.id for one in earlier.questions} | set(earlier.ledger.drafts)
    placed: list[Placed] = []
    dismissed: list[Draft] = []
    for position, draft in enumerate(found):
        known = pairs.get(position)
        if known is not None:
            placed.append(Placed(draft, known.question.id, _stem(known.file), _state(draft, known), known))
        elif _was_dismissed(draft, earlier):
            dismissed.append(draft)
        else:
            topic = of_section[draft.section.id]
            name = unused(name_of(draft, topic), taken)
            taken.add(name)
            placed.append(Placed(draft, name, topic, "new"))
    gone = {one.question.id for one in extracted} - {one.id for one in placed}
    return Merged(tuple(placed), tuple(one for one in extracted if one.question.id in gone), tuple(dismissed))


def name_of(draft: Draft, topic: str) -> str:
    """The id of a draft that has none yet: its topic, what it is about, its kind."""
    return f"{topic[:_TOPIC].strip('-')}-{slugify(draft.subject, _SUBJECT)}-{draft.kind}"


def _stem(file: str) -> str:
    return file.rpartition(".")[0]


def _state(draft: Draft, known: Known) -> State:
    if known.fingerprint != draft.fingerprint:
        return "changed"
    origin = known.question.origin
    return "moved" if origin and origin.section != draft.section.id else "same"


def _was_dismissed(draft: Draft, earlier: Earlier) -> bool:
    """Whether an earlier run wrote this very draft and a person took it out since."""
    present = {one.question.id for one in earlier.questions}
    return any(
        fingerprint == draft.fingerprint
        for name, (fingerprint, _) in earlier.ledger.drafts.items()
        if name not in present
    )


def _pair(found: Sequence[Draft], known: Sequence[Known]) -> dict[int, Known]:
    """The question of each draft, by position: the same words first, then the same name, then nearly the same words."""
    pairs: dict[int, Known] = {}
    free = list(known)
    for same in (_same_words, _same_name, _similar):
        for position, draft in enumerate(found):
            if position not in pairs and (one := same(draft, free)) is not None:
                pairs[position] = one
                free.remove(one)
    return pairs


def _same_words(draft: Draft, free: Sequence[Known]) -> Known | None:
    """The question made from the same words; of several, the one whose place is nearest."""
    same = [one for one in free if one.fingerprint == draft.fingerprint]
    return min(same, key=lambda one: _distance(draft, one), default=None)


def _distance(draft: Draft, known: Known) -> tuple[bool, int]:
    origin = known.question.origin
    return (origin.section != draft.section.id, abs(origin.line - draft.line)) if origin else (True, draft.line)


def _same_name(draft: Draft, free: Sequence[Known]) -> Known | None:
    """The question of the same section and type that would be called so today."""
    for one in free:
        origin = one.question.origin
        here = origin is not None and origin.section == draft.section.id
        if here and one.question.id == name_of(draft, _stem(one.file)) and one.question.type == draft.question["type"]:
            return one
    return None


def _similar(draft: Draft, free: Sequence[Known]) -> Known | None:
    """The question of the same section and type whose words are most alike, if they are alike enough.

    Flashcards and commands are never taken for one another: those of a section differ by a word, and it is the answer.
    """
    alike = [
        (likeness, position)
        for position, one in enumerate(free)
        if one.question.origin
        and one.question.origin.section == draft.section.id
        and one.question.type == draft.question["type"]
        and (likeness := _likeness(draft.question, to_document(one.question))) >= _ALIKE
    ]
    return free[max(alike, key=lambda found: (found[0], -found[1]))[1]] if alike else None


def _likeness(made: Mapping[str, Any], known: Mapping[str, Any]) -> float:
    """From 0 to 1: of the sentences quoted, or of the entries of a list."""
    language = next(iter(made["explanation"]))
    if made["type"] in ("true_false", "cloze") and "code" not in made:
        quoted, earlier_one = (str(one["explanation"][language]) for one in (made, known))
        return SequenceMatcher(None, quoted, earlier_one, autojunk=False).ratio()
    entries, earlier = (_entries(one, language) for one in (made, known))
    return len(entries & earlier) / len(entries | earlier) if entries else 0


def _entries(document: Mapping[str, Any], language: str) -> set[str]:
    """The texts of the choices, items or pairs of a question."""
    parts = [part for field in ("choices", "items", "pairs") for part in document.get(field, ())]
    texts = (part[field] for part in parts for field in ("text", "left", "right") if field in part)
    return {text if isinstance(text, str) else text[language] for text in texts}


def _topics_of_sections(
    found: Sequence[Draft],
    pairs: Mapping[int, Known],
    topics: Sequence[ProposedTopic],
    sections: Sequence[Section],
    earlier: Earlier,
) -> dict[str, str]:
    """The topic of each section: where the folder has its questions and objectives, or else the one proposed."""
    votes: dict[str, Counter[str]] = {section.id: Counter() for section in sections}
    for position, known in pairs.items():
        votes[found[position].section.id][_stem(known.file)] += 1
    for name, topic in _objectives(sections, earlier.course):
        votes[name][topic] += 1
    proposed = {section: topic.id for topic in topics for section in topic.sections}
    existing = {topic.id for topic in earlier.course.topics} if earlier.course else set()
    chosen: dict[str, str] = {}
    for section in sections:
        parent = section.id.rpartition("/")[0]
        counted = votes[section.id].most_common(1)
        own = proposed.get(section.id, section.root)
        inherited = chosen.get(parent, own) if existing and own not in existing else own
        chosen[section.id] = counted[0][0] if counted else inherited
    return chosen


def _objectives(sections: Sequence[Section], course: Course | None) -> Iterator[tuple[str, str]]:
    """The section and the topic of each objective that the folder has, of those whose section is still there."""
    by_path = {section.path: section.id for section in sections}
    for objective in course.objectives if course else ():
        if objective.section in by_path:
            yield by_path[objective.section], objective.topic
