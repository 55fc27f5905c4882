"""Starts that come all at one instant are dealt out: who must wait learns at once for how long, and does not hang.

The page's script waits and sends its start again, with the turn that it was given, sealed. A page without script is
let in as it comes.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from http import HTTPStatus
from math import ceil, inf
from time import monotonic as _seconds
from typing import Any, TypeVar, cast

from flask import Blueprint, Response, current_app, g, jsonify, make_response, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response as BaseResponse

from app.exam.turnstile import Booking, Turnstile
from app.services import exam_standing
from app.web.context import db, now, wants_fragment

View = TypeVar("View", bound=Callable[..., Any])

_KEY = "rappel-turns"
_SALT = "turn"
_EARLY, _LATE = timedelta(seconds=1), timedelta(minutes=1)  # a turn is good from a little before it until then
_MS = timedelta(milliseconds=1)
_MILLION = 1_000_000
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
        booking, told = _led_elsewhere(exam_id) if wants_fragment() else (Booking(), None)
        return told or _made(exam_id, booking)

    def _made(exam_id: int, booking: Booking) -> Response:
        began, together, is_made = _seconds(), _line().enter(), False
        try:
            page = make_response(view(exam_id))
            is_made = page.status_code < HTTPStatus.BAD_REQUEST
            return page
        finally:
            _line().leave(_seconds() - began, together, booking, is_made=is_made)

    return cast(View, dealt)


def _led_elsewhere(exam_id: int) -> tuple[Booking, BaseResponse | None]:
    """What was booked for a start, and what is answered instead of it, if it may not come at once.

    Nobody waits who comes in their turn, or has started before, nor where the exam could close meanwhile. But
    what the script sends in a turn is no press of a button: what is at work on another page stays there.
    """
    instant, in_turn = now(), _told(request.form.get("turn", ""), exam_id)
    if not in_turn and (at_once := _line().come(_seconds())):
        return at_once, None
    door = db().look_up(lambda asked: exam_standing.in_line(asked, g.learner, exam_id, instant))
    if in_turn:
        back = redirect(url_for("exams.show", exam_id=exam_id), HTTPStatus.SEE_OTHER) if door.at_work else None
        return in_turn, back
    if door.started or not door.is_open:  # not for what would be refused: there may be no attempt left
        return Booking(), None
    most_s = inf if door.closes_at is None else (door.closes_at - _LATE - instant).total_seconds()
    booking = _line().book(_seconds(), _who(exam_id), most_s)
    if not booking.wait_s:
        return booking, None
    at = instant + timedelta(seconds=booking.wait_s)
    booked_us = round(booking.booked_s * _MILLION)
    turn = str(_sealer().dumps([*_who(exam_id), (at - _EPOCH) // _MS, booked_us]))
    told = make_response(jsonify(turn=turn, wait_ms=ceil(booking.wait_s * 1000)), HTTPStatus.ACCEPTED)
    told.headers["Retry-After"] = str(ceil(booking.wait_s))
    return booking, told


def _who(exam_id: int) -> tuple[int, int]:
    return exam_id, g.learner.id


def _told(sealed: str, exam_id: int) -> Booking | None:
    """What was booked for this learner and this exam, if it is now the turn that they were told."""
    try:
        of, learner, at_ms, booked_us = _sealer().loads(sealed)
    except (BadSignature, ValueError):
        return None
    at = _EPOCH + at_ms * _MS
    if (of, learner) != _who(exam_id) or not at - _EARLY <= now() <= at + _LATE:
        return None
    return Booking(booked_s=booked_us / _MILLION, told=True)


def _line() -> Turnstile:
    return cast(Turnstile, current_app.extensions[_KEY])


def _sealer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=_SALT)
