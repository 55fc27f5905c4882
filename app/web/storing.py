"""What is stored beside an answer, so that pages need not add up long logs: after it, and never at its expense."""

import logging
from collections.abc import Callable
from datetime import datetime

from flask import g

from app.errors import Busy
from app.services import card_copies, member_sums, past_store
from app.web.context import db, now

_logger = logging.getLogger("rappel.storing")


def store_sums(number: int = past_store.LONG, answered_at: datetime | None = None) -> None:
    """Store what the learner's log comes to if it is time to, after the answer that became its card's row `number`.

    `answered_at` is when it was given, if it waited on a device.
    The answer stands already: when the database has no time for this, the next answer tries again, and what else may
    fail is logged and keeps the answer's page from nobody.
    """
    if past_store.due(g.learner, number, now()):
        _tried(_store_past)
    if answered_at is not None and g.learner.today(answered_at) < g.learner.today(now()):
        member_sums.look_again(g.learner, now())  # not now: there may be more to come
    elif member_sums.due(g.learner, now()):
        _tried(_store_for_classes)


def _tried(store: Callable[[], None]) -> None:
    try:
        store()
    except Busy:
        return
    except Exception:
        _logger.exception("the sums of a log were not stored")


def _store_past() -> None:
    with db().reading() as session:
        row = past_store.to_store(session, g.learner, now())
    if row is not None:
        with db().writing() as session:
            past_store.store(session, row)
        past_store.is_stored(row)


def _store_for_classes() -> None:
    with db().reading() as session:
        rows = member_sums.to_store(session, g.learner, now())
        wanted = rows or (rows is not None and card_copies.is_due(session, g.learner, now()))
        copy = card_copies.to_store(session, g.learner.id, now()) if wanted else None
    if copy is not None:
        with db().writing() as session:
            member_sums.store(session, rows or ())
            card_copies.store(session, copy)
    member_sums.is_stored(g.learner, now())
