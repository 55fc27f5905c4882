"""The cards of a course as their learner looks them over: listed, searched, one by one.

Nothing here tells an answer that the learner has not given a first answer to: a search reads the
words of the questions, and the explanations of answered cards only; it never reads a key.

While an exam hides keys from the learner, the list must not tell which questions it asks: neither by a word at
these, nor by what is missing there. So it then says of no card what depends on how it was answered. The page of
an answered card whose key is hidden says so, for somebody wonders where the answer went.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.bank.schema import BLANK
from app.errors import NotFound
from app.exam import folding, presentation
from app.models import Card, Question, QuestionVersion, ReviewLog, Topic
from app.services import journal, showing
from app.services.card_rows import ASKABLE
from app.services.hiding import HIDDEN
from app.services.identity import Person
from app.services.queueing import course_of
from app.services.sections import Section
from app.services.showing import FeedbackPage
from app.srs.answering import LEECH_AT, Kind
from app.srs.sm2 import NEW, CardState, Grade
from app.stats.mastery import MATURE_DAYS

PAGE_SIZE = 50

_CARDS = (
    select(
        Question.id,
        Topic.slug,
        Topic.title_fr,
        Topic.title_en,
        Card.due,
        Card.interval_days,
        Card.lapses,
        Card.drill_day,
        Card.reviews,
        Card.suspended,
        Card.buried_until,
        Question.id.in_(HIDDEN).label("hidden"),
    )
    .join(Topic, Topic.id == Question.topic_id)
    .outerjoin(Card, and_(Card.question_id == Question.id, Card.learner_id == bindparam("learner")))
    .where(Question.course_id == bindparam("course"), ASKABLE)
    .order_by(Topic.position, Topic.id, Question.position, Question.id)
)


class State(StrEnum):
    """Where a card stands; it may be in several of these at once, but in `ANSWERED` where no more may be told."""

    NEW = "new"
    DUE = "due"
    LEARNING = "learning"
    MATURE = "mature"
    LEECH = "leech"
    SUSPENDED = "suspended"
    BURIED = "buried"
    ANSWERED = "answered"


_TOLD = frozenset({State.NEW, State.SUSPENDED, State.BURIED, State.ANSWERED})  # however it was answered


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to list; an empty `words` or `topic` (a slug) and a missing `state` mean all. Pages count from 1."""

    words: str = ""
    topic: str = ""
    state: State | None = None
    page: int = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """One card as far as its list needs it; `due` is None while it is new and in a discreet list, `answered` says
    that its explanation may be read."""

    question_id: int
    topic_slug: str
    topic: str
    states: frozenset[State]
    due: date | None
    buried_until: date | None
    answered: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list: a card and its question in Markdown."""

    card: Standing
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of the list.

    `found` counts the cards of all pages, `counts` those of each state that can be asked for, among the same words
    and topic, `course_size` all there are. It is `discreet` while an exam hides the key of any card.
    """

    lines: Sequence[Line]
    found: int
    page: int
    pages: int
    counts: Mapping[State, int]
    topics: Mapping[str, str]
    course_size: int
    today: date
    discreet: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a card's history; `replaced` says of an undo that the answer was then graded anew."""

    number: int
    kind: Kind
    grade: Grade | None
    answered_at: datetime
    study_day: date
    due: date | None
    undoes: int | None
    undone: bool
    replaced: bool
    regraded: bool
    overridden: bool

    def sealed(self) -> "Event":
        """The same row without what tells whether the answer was right."""
        kind = self.kind if self.kind is Kind.UNDO else Kind.REVIEW  # a drill follows a miss
        return replace(self, kind=kind, grade=None, due=None, regraded=False, overridden=False)

    @property
    def may_be_undone(self) -> bool:
        """Whether this is an answer that still counts."""
        return self.kind is not Kind.UNDO and not self.undone


@dataclass(frozen=True, slots=True)
class CardPage:
    """One card: its question without its key, where it stands, its history with the latest row first.

    `answer` is the learner's last answer beside the right one, None before they have given any and while an
    exam hides the key: then the card is `sealed`, `state` is a new card's, and the history has no grades. A card
    without an answer is like any other.
    `reworded` says that the question has changed since. `gaps` are the days between its answers,
    the coming one included.
    """

    question_id: int
    shown: presentation.Shown
    topic: str
    level: int
    section: Section
    states: frozenset[State]
    state: CardState
    reviews: int
    buried_until: date | None
    events: Sequence[Event]
    answer: FeedbackPage | None
    reworded: bool
    today: date
    sealed: bool = False

    @property
    def gaps(self) -> list[int]:
        """The days between one answer of this card and the next."""
        return self.answer.gaps if self.answer else []


def browse(session: Session, person: Person, wanted: Wanted, now: datetime) -> Listing:
    """One page of the learner's cards, in the course's order; a page past the end is the last one."""
    today = person.today(now)
    course = course_of(session, person)
    rows = session.execute(_CARDS, {"learner": person.id, "course": course, "now": now}).all()
    discreet = any(row.hidden for row in rows)
    cards = [_standing(row, person.locale, today, discreet) for row in rows]
    topics = {card.topic_slug: card.topic for card in cards}
    near = [card for card in cards if not wanted.topic or card.topic_slug == wanted.topic]
    if wanted.words:
        near = _matching(session, person, course, near, wanted.words)
    offered = [state for state in State if (state in _TOLD if discreet else state is not State.ANSWERED)]
    counts = {state: sum(state in card.states for card in near) for state in offered}
    found = [card for card in near if wanted.state not in counts or wanted.state in card.states]
    pages = max(1, ceil(len(found) / PAGE_SIZE))
    page = min(max(1, wanted.page), pages)
    there = found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    texts = _texts(session, person.locale, Question.id.in_([card.question_id for card in there])) if there else {}
    lines = [Line(card, BLANK.sub("…", texts[card.question_id].words)) for card in there]
    return Listing(lines, len(found), page, pages, counts, topics, len(cards), today, discreet)


def look_at(session: Session, person: Person, question_id: int, now: datetime) -> CardPage:
    """One card of the learner; raises NotFound outside their course and for a question that is not asked."""
    today = person.today(now)
    asked = journal.asked(session, person, question_id, now=now)
    if asked.withheld:
        raise NotFound
    rows = journal.entries_of(session, person, asked.card_id) if asked.card_id else []
    last = next(reversed(journal.standing(rows)), None)
    answer = showing.feedback(session, person, last.answer_id, now) if last and last.answer_id else None
    sealed = asked.hidden and bool(rows)
    states = _states(asked.totals.state, asked.totals.drill_day, asked.suspended, asked.buried_until, today)
    return CardPage(
        question_id=question_id,
        shown=presentation.present(asked.body, person.locale, str(question_id)),
        topic=asked.topic[person.locale],
        level=asked.body.level,
        section=asked.section,
        states=_told(states) if sealed else states,
        state=NEW if sealed else asked.totals.state,
        reviews=asked.totals.reviews,
        buried_until=asked.buried_until if asked.buried_until and asked.buried_until > today else None,
        events=[event.sealed() for event in _events(rows)] if sealed else _events(rows),
        answer=answer if isinstance(answer, FeedbackPage) else None,
        reworded=last is not None and last.question_version != asked.question_version,
        today=today,
        sealed=sealed,
    )


def _standing(row: Any, locale: str, today: date, discreet: bool) -> Standing:
    state = CardState(0, row.interval_days or 0, 0, row.lapses or 0, row.due)
    states = _states(state, row.drill_day, bool(row.suspended), row.buried_until, today)
    return Standing(
        question_id=row.id,
        topic_slug=row.slug,
        topic=row.title_fr if locale == "fr" else row.title_en,
        states=_told(states) if discreet else states,
        due=None if discreet else row.due,
        buried_until=row.buried_until,
        answered=bool(row.reviews) and not discreet,
    )


def _told(states: frozenset[State]) -> frozenset[State]:
    """Of where a card stands, what does not depend on how it was answered."""
    return states & _TOLD or frozenset({State.ANSWERED})


def _states(
    state: CardState, drill_day: date | None, suspended: bool, buried_until: date | None, today: date
) -> frozenset[State]:
    """A card set aside or put off is neither new, due, being learnt nor settled until it comes back."""
    leech = {State.LEECH} if state.lapses >= LEECH_AT else set()
    if suspended:
        return frozenset({State.SUSPENDED, *leech})
    if buried_until is not None and buried_until > today:
        return frozenset({State.BURIED, *leech})
    if state.due is None:
        return frozenset({State.NEW})
    due = {State.DUE} if state.due <= today or drill_day == today else set()
    return frozenset({State.MATURE if state.interval_days >= MATURE_DAYS else State.LEARNING, *due, *leech})


@dataclass(frozen=True, slots=True)
class _Texts:
    words: str
    code: str
    explanation: str

    def searched(self, answered: bool) -> str:
        """What a search may read: the name of a gap may be its answer, an explanation always tells it."""
        text = BLANK.sub(" ", f"{self.words} {self.code}")
        return searchable(f"{text} {self.explanation}" if answered else text)


def _matching(
    session: Session, person: Person, course: int | None, cards: Collection[Standing], words: str
) -> list[Standing]:
    """The cards whose words hold each of `words`, whatever the case and the accents."""
    wanted = searchable(words).split()
    texts = _texts(session, person.locale, and_(Question.course_id == course, ASKABLE))
    searched = {card.question_id: texts[card.question_id].searched(card.answered) for card in cards}
    return [card for card in cards if all(word in searched[card.question_id] for word in wanted)]


def _texts(session: Session, locale: str, which: ColumnElement[bool]) -> dict[int, _Texts]:
    body = QuestionVersion.body
    statement = (
        select(
            Question.id,
            body[("text", locale)].as_string(),
            func.coalesce(body[("code", "text")].as_string(), ""),
            body[("explanation", locale)].as_string(),
        )
        .join(QuestionVersion, QuestionVersion.question_id == Question.id)
        .where(QuestionVersion.number == Question.version, which)
    )
    return {row[0]: _Texts(*row[1:]) for row in session.execute(statement)}


@lru_cache(maxsize=8192)
def searchable(text: str) -> str:
    """A text as searches compare it: without case, accents and the marks of Markdown."""
    return folding.fold(text.replace("`", "").replace("*", ""))


def _events(rows: Sequence[ReviewLog]) -> list[Event]:
    undone = {row.undoes for row in rows}
    # Grading anew writes two rows at once: the undoing of the old one, then the new one.
    replaced = {row.number for row, following in pairwise(rows) if row.undoes and following.regrades}
    return [
        Event(
            number=row.number,
            kind=Kind(row.kind),
            grade=None if row.grade is None else Grade(row.grade),
            answered_at=row.answered_at,
            study_day=row.study_day,
            due=row.due,
            undoes=row.undoes,
            undone=row.number in undone,
            replaced=row.number in replaced,
            regraded=row.regrades is not None,
            overridden=row.overridden,
        )
        for row in reversed(rows)
    ]
