"""Starts that come all at one instant are dealt out: who must wait learns at once for how long, and does not hang.

The page's script waits and sends its start again, with the turn that it was given, sealed. A page without script is
let in as it comes.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from http import HTTPStatus
from math import ceil
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, g, jsonify, make_response, request
from flask.blueprints import BlueprintSetupState
from itsdangerous import BadSignature, URLSafeSerializer

from app.exam.turnstile import Turnstile
from app.services import exam_standing
from app.web.context import db, now, wants_fragment

View = TypeVar("View", bound=Callable[..., Any])

_KEY = "rappel-turns"
_SALT = "turn"
_EARLY, _LATE = timedelta(seconds=1), timedelta(minutes=1)  # a turn is good from a little before it until then
_MS = timedelta(milliseconds=1)
_EPOCH = datetime.fromtimestamp(0, UTC)


def init(bp: Blueprint) -> None:
    """Give each application a line of its own."""

    def make(state: BlueprintSetupState) -> None:
        state.app.extensions[_KEY] = Turnstile()

    bp.record_once(make)


def dealt_out(view: View) -> View:
    """Let so many start at once as can be served, and tell the others when to come."""

    @wraps(view)
    def dealt(exam_id: int) -> Any:
        return (wants_fragment() and _told_to_wait(exam_id)) or _made(exam_id)

    def _made(exam_id: int) -> Any:
        began, together = time.monotonic(), _line().enter()
        try:
            return view(exam_id)
        finally:
            _line().leave(time.monotonic() - began, together)

    return cast(View, dealt)


def _told_to_wait(exam_id: int) -> Response | None:
    """When the start may come, if not at once.

    Nobody waits who comes in their turn, or whose attempt is at work already, nor where waiting could cost the exam.
    """
    instant = now()
    if _is_turn(request.form.get("turn", ""), exam_id, instant):
        return None
    wait_s = _line().book(time.monotonic())
    at = instant + timedelta(seconds=wait_s)
    latest = at + _LATE
    if not wait_s or not db().look_up(lambda asked: exam_standing.may_wait(asked, g.learner, exam_id, latest)):
        return None
    turn = str(_sealer().dumps([exam_id, g.learner.id, (at - _EPOCH) // _MS]))
    told = make_response(jsonify(turn=turn, wait_ms=ceil(wait_s * 1000)), HTTPStatus.ACCEPTED)
    told.headers["Retry-After"] = str(ceil(wait_s))
    return told


def _is_turn(sealed: str, exam_id: int, instant: datetime) -> bool:
    try:
        of, learner, at_ms = _sealer().loads(sealed)
    except (BadSignature, ValueError):
        return False
    at = _EPOCH + at_ms * _MS
    return (of, learner) == (exam_id, g.learner.id) and at - _EARLY <= instant <= at + _LATE


def _line() -> Turnstile:
    return cast(Turnstile, current_app.extensions[_KEY])


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=_SALT)
