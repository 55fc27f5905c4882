"""Which attempts this browser works on, and in which epoch: kept in its signed cookie, so that no page has to ask."""

from flask import session

_KEY = "epochs"
_MOST = 5  # attempts at once; a cookie is small


def epoch_of(attempt_id: int) -> int | None:
    """The epoch in which this browser opened an attempt; None when it never did."""
    found = session.get(_KEY, {}).get(str(attempt_id))
    return found if isinstance(found, int) else None


def hold(attempt_id: int, epoch: int) -> None:
    """Remember that this browser works on the attempt in this epoch."""
    others = {name: value for name, value in session.get(_KEY, {}).items() if name != str(attempt_id)}
    kept = dict(list(others.items())[1 - _MOST :])
    session[_KEY] = {**kept, str(attempt_id): epoch}
