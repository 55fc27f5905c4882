"""The rows of the review log as queries choose them: which of them count."""

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, and_, exists
from sqlalchemy.orm import aliased
from sqlalchemy.orm.util import AliasedClass

from app.models import ReviewLog

Log: TypeAlias = type[ReviewLog] | AliasedClass[ReviewLog]


def not_taken_back(log: Log = ReviewLog, before: ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """Whether no row undoes this one; with `before`, none that was written before that instant."""
    undoing = aliased(ReviewLog)
    undoes_it = and_(undoing.card_id == log.card_id, undoing.undoes == log.number)
    return ~exists().where(undoes_it if before is None else and_(undoes_it, undoing.answered_at < before))


# Of the rows of review_log, the answers that count: neither undone nor the undoing of one.
STANDS = and_(ReviewLog.answer_id.is_not(None), not_taken_back())
