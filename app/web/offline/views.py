"""On the train: take cards along on one device, answer them without the network, send the answers afterwards."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, jsonify, render_template, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from app.services import packing, queued
from app.services.packing import PackedCard
from app.services.queued import Fate
from app.services.reviewing import scale_of
from app.web.context import db, now
from app.web.identity import forget_for_this_request, learner_required
from app.web.offline import tickets, worker
from app.web.offline.forms import QueuedForm
from app.web.storing import store_sums

bp = Blueprint("offline", __name__)
_MILLISECONDS = 1000
_QUESTION = re.compile("[0-9]{1,9}")
_INSTANT = re.compile("[0-9]{1,14}")


def for_everybody(view: Callable[..., Any]) -> Callable[..., Any]:
    """What a view answers is the same for everybody, so that a device may keep it."""

    @wraps(view)
    def impersonal(*args: Any, **kwargs: Any) -> Any:
        forget_for_this_request()
        return view(*args, **kwargs)

    return impersonal


@bp.get("/review/offline")
@learner_required
def index() -> str:
    """What is kept on a device and for how long, and the buttons that take cards along or wipe them."""
    return render_template("offline/index.html", kept_days=packing.KEPT_FOR.days, most=packing.MOST_CARDS)


@bp.post("/review/pack")
@learner_required
def pack() -> Response:
    """The learner's cards of the next days with their keys, for the device that asks; nothing is recorded."""
    with db().reading() as session:
        made = packing.pack(session, g.learner, now())
    return jsonify(
        account=g.learner.id,
        made_at=int(made.made_at.timestamp() * _MILLISECONDS),
        wiped_at=int(made.wiped_at.timestamp() * _MILLISECONDS),
        locale=g.learner.locale,
        theme=g.learner.theme,
        shortcuts=g.learner.shortcuts,
        cards=[_card(card) for card in made.cards],
    )


@bp.get("/review/offline/state")
@learner_required
def state() -> Response:
    """Whose browser this is, a fresh token for what waits, and which of the kept cards have to go."""
    listed = request.args.get("cards", "").split(",")[: packing.MOST_CARDS]
    asked = [int(one) for one in listed if _QUESTION.fullmatch(one)]
    at = now()
    with db().reading() as session:
        gone = packing.gone(session, g.learner, asked, _since(at), at)
    told = {"account": g.learner.id, "now": int(at.timestamp() * _MILLISECONDS), "gone": gone}
    return jsonify(csrf_token=generate_csrf(), **told)


@bp.post("/review/queued")
@learner_required
def send() -> tuple[Response, int]:
    """Record one answer that waited on a device; the reply says what became of it, so that the device may drop it."""
    form = QueuedForm()
    if not form.validate_on_submit():
        return _told(Fate.UNREADABLE), 400
    answer = form.queued()
    if answer.ticket and answer.ticket.learner_id != g.learner.id:
        return jsonify(fate="foreign"), 409  # it stays on the device until its owner is back
    with db().writing() as session:
        fate = queued.record(session, g.learner, answer, now())
    store_sums(answer.ticket.log_length + 1 if answer.ticket else 0, answer.given_at(now()))
    return _told(fate), 200


@bp.get("/offline/<any(fr, en):locale>")
@for_everybody
def shell(locale: str) -> str:
    """The page that a device keeps: it asks the cards of the pack when the server cannot be reached."""
    with force_locale(locale):
        return worker.shell(locale)


@bp.get("/sw.js")
@for_everybody
def service_worker() -> Response:
    """The worker that keeps the shell on devices that opted in; it never keeps a page of a person, nor a key."""
    return Response(worker.script(), mimetype="text/javascript")


@bp.get("/manifest.webmanifest")
@for_everybody
def manifest() -> Response:
    """What a device needs to install the site as an application."""
    return Response(render_template("offline/manifest.json"), mimetype="application/manifest+json")


def _since(at: datetime) -> datetime:
    """When the pack was made that an address speaks of; `at` when it tells no instant before that."""
    told = request.args.get("since", "")
    made_at = int(told) if _INSTANT.fullmatch(told) else 0
    return min(datetime.fromtimestamp(made_at / _MILLISECONDS, UTC), at) if made_at else at


def _card(card: PackedCard) -> dict[str, Any]:
    """One card of the pack: the question as it is shown, and what its feedback is made of."""
    return {
        "answer_id": str(card.answer_id),
        "question": card.question_id,
        "version": card.version,
        "edition": card.edition,
        "ticket": tickets.issue(card, g.learner, now()),
        "from": int(card.asked_from.timestamp() * _MILLISECONDS),
        "type": card.shown.type,
        "key": card.key,
        "html": render_template("offline/card.html", card=card, shown=card.shown),
        "answer": render_template("offline/answer.html", card=card, grades=sorted(scale_of(g.learner))),
    }


def _told(fate: Fate) -> Response:
    words = {
        Fate.RECORDED: "",
        Fate.OVERTAKEN: _("A card was answered elsewhere meanwhile: your answer is kept in its history as practice."),
        Fate.WITHDRAWN: _("A question is not asked any more: your answer to it does not count."),
        Fate.UNREADABLE: _(
            "An answer could not be read, such as a word for a number: it does not count, its card stays due."
        ),
        Fate.TAKEN: _("A card had been answered differently from this device before: the first answer counts."),
    }
    return jsonify(fate=fate.value, words=words[fate])
