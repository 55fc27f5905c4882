"""What is stored beside an answer, so that pages need not add up a long log: after it, and never at its expense."""

from contextlib import suppress

from flask import g

from app.errors import Busy
from app.services import past_store
from app.web.context import db, now


def store_sums(number: int = past_store.LONG) -> None:
    """Store what the learner's log comes to if it is time to, after the answer that became its card's row `number`.

    The answer stands already: when the database has no time for this, the next answer tries again.
    """
    if not past_store.due(g.learner, number, now()):
        return
    with suppress(Busy):
        with db().reading() as session:
            row = past_store.to_store(session, g.learner, now())
        if row is not None:
            with db().writing() as session:
                past_store.store(session, row)
            past_store.is_stored(row)
