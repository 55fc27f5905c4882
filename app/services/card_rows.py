"""A card as a query reads it: its columns, and the total they stand for."""

from typing import Any

from sqlalchemy import and_

from app.models import Card, Question
from app.srs.replay import Totals
from app.srs.sm2 import CardState

# Questions that the review and the practice may ask.
ASKABLE = and_(Question.retired.is_(False), Question.reserved.is_(False), Question.draft.is_(False))

CARD_COLUMNS = (
    Card.id.label("card_id"),
    Card.version.label("card_version"),
    Card.streak,
    Card.interval_days,
    Card.ease_permille,
    Card.lapses,
    Card.due,
    Card.drill_day,
    Card.introduced_day,
    Card.last_day,
    Card.last_answered_at,
    Card.reviews,
    Card.last_number,
    Card.log_length,
    Card.suspended,
    Card.buried_until,
)


def totals_of(row: Any) -> Totals | None:
    """What a row with CARD_COLUMNS says of the card's log; None where the learner has no card."""
    if row.card_id is None:
        return None
    return Totals(
        state=CardState(row.streak, row.interval_days, row.ease_permille, row.lapses, row.due),
        drill_day=row.drill_day,
        introduced_day=row.introduced_day,
        last_day=row.last_day,
        last_answered_at=row.last_answered_at,
        reviews=row.reviews,
        last_number=row.last_number,
    )
