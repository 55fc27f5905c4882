"""What is stored beside an answer, so that pages need not add up a long log: after it, and never at its expense."""

import logging

from flask import g

from app.errors import Busy
from app.services import past_store
from app.web.context import db, now

_logger = logging.getLogger("rappel.storing")


def store_sums(number: int = past_store.LONG) -> None:
    """Store what the learner's log comes to if it is time to, after the answer that became its card's row `number`.

    The answer stands already: when the database has no time for this, the next answer tries again, and what else may
    fail is logged and keeps the answer's page from nobody.
    """
    if not past_store.due(g.learner, number, now()):
        return
    try:
        _store()
    except Busy:
        return
    except Exception:
        _logger.exception("the sums of a log were not stored")


def _store() -> None:
    with db().reading() as session:
        row = past_store.to_store(session, g.learner, now())
    if row is not None:
        with db().writing() as session:
            past_store.store(session, row)
        past_store.is_stored(row)
