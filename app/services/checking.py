"""`db check`: is the database whole, and does every card equal the replay of its log?"""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from app.models import Card, ReviewLog
from app.services import journal

_BATCH = 500


def problems(session: Session) -> Iterator[str]:
    """One sentence a fault; none when the database is sound."""
    if session.get_bind().dialect.name == "sqlite":
        yield from _integrity(session)
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
    try:
        totals = journal.replayed(rows)
    except ValueError as error:
        yield f"card {card.id}: its log cannot be replayed ({error})"
        return
    for name, value in journal.columns(totals).items():
        stored: Any = getattr(card, name)
        if stored != value:
            yield f"card {card.id}: {name} is {stored}, its log gives {value}"
