"""`db check`: is the database whole, and does every card equal the replay of its log?"""

from collections.abc import Generator, Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import and_, select, text
from sqlalchemy.orm import Session

from app.models import Card, Question, QuestionVersion, ReviewLog
from app.services import journal
from app.srs.answering import Kind
from app.srs.replay import NOTHING, Totals, advance, replay

_BATCH = 500


def problems(session: Session) -> Iterator[str]:
    """One sentence a fault; none when the database is sound."""
    if session.get_bind().dialect.name == "sqlite":
        yield from _integrity(session)
    yield from _versions(session)
    yield from _replays(session)


def _integrity(session: Session) -> Iterator[str]:
    for (line,) in session.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield f"integrity: {line}"
    for table, row, parent, _ in session.execute(text("PRAGMA foreign_key_check")):
        yield f"foreign key: {table} row {row} names a missing {parent}"


def _replays(session: Session) -> Iterator[str]:
    last = 0
    while True:
        cards = session.scalars(select(Card).where(Card.id > last).order_by(Card.id).limit(_BATCH)).all()
        if not cards:
            return
        last = cards[-1].id
        rows = session.scalars(
            select(ReviewLog)
            .where(ReviewLog.card_id.between(cards[0].id, last))
            .order_by(ReviewLog.card_id, ReviewLog.number)
        )
        logs = {card_id: list(group) for card_id, group in groupby(rows, key=lambda row: row.card_id)}
        for card in cards:
            yield from _differences(card, logs.get(card.id, []))
        session.expire_all()


def _differences(card: Card, rows: list[ReviewLog]) -> Iterator[str]:
    numbers = [row.number for row in rows]
    if numbers != list(range(1, len(rows) + 1)) or card.log_length != len(rows):
        yield f"card {card.id}: its log has rows {numbers}, the card counts {card.log_length}"
        return
    if any(row.learner_id != card.learner_id for row in rows):
        yield f"card {card.id}: its log has rows of another learner"
    try:
        totals = yield from _states(card, rows)
    except ValueError as error:
        yield f"card {card.id}: its log cannot be replayed ({error})"
        return
    for name, value in journal.columns(totals).items():
        stored: Any = getattr(card, name)
        if stored != value:
            yield f"card {card.id}: {name} is {stored}, its log gives {value}"


def _states(card: Card, rows: list[ReviewLog]) -> Generator[str, None, Totals]:
    """The faults of the states that the rows keep; the total of the log at the end."""
    entries = [journal.entry_of(row) for row in rows]
    totals = NOTHING
    for row, entry in zip(rows, entries, strict=True):
        undo = entry.kind is Kind.UNDO
        totals = replay(entries[: row.number]) if undo else advance(totals, entry)
        if row.state != totals.state:
            yield f"card {card.id}: row {row.number} keeps {row.state}, the rows up to it give {totals.state}"
    return totals


def _versions(session: Session) -> Iterator[str]:
    """Questions and answers whose words are not there."""
    mine = QuestionVersion.question_id == Question.id
    current = and_(mine, QuestionVersion.number == Question.version)
    missing = select(Question.slug, Question.version).outerjoin(QuestionVersion, current)
    for slug, number in session.execute(missing.where(QuestionVersion.id.is_(None))):
        yield f"question {slug}: its version {number} is missing"
    marked = and_(QuestionVersion.question_id == Card.question_id, QuestionVersion.number == ReviewLog.question_version)
    answered = select(ReviewLog.card_id, ReviewLog.number, ReviewLog.question_version).join(
        Card, Card.id == ReviewLog.card_id
    )
    lost = answered.outerjoin(QuestionVersion, marked).where(QuestionVersion.id.is_(None))
    for card, row, number in session.execute(lost):
        yield f"card {card}: row {row} was marked by version {number}, which is missing"
