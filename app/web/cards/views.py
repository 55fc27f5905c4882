"""The cards of a learner: the list, each card, and what can be done with one outside the review."""

from typing import TypeVar

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.services import browsing, cards, reviewing
from app.services.browsing import State
from app.web.cards.forms import ActionForm, UndoForm, wanted_of
from app.web.cards.returning import way_back
from app.web.context import db, now
from app.web.i18n import day
from app.web.identity import learner_required

bp = Blueprint("cards", __name__, url_prefix="/cards")

FormT = TypeVar("FormT", bound=FlaskForm)


@bp.get("/")
@learner_required
def index() -> str:
    """One page of the cards that the address asks for."""
    wanted = wanted_of(request.args)
    with db().reading() as session:
        listing = browsing.browse(session, g.learner, wanted, now())
    kept = {"words": wanted.words, "topic": wanted.topic, "state": wanted.state or ""}
    query = {name: value for name, value in kept.items() if value}
    return render_template("cards/index.html", listing=listing, wanted=wanted, query=query, states=list(State))


@bp.get("/<int:question_id>")
@learner_required
def card(question_id: int) -> str:
    """One card: its question, where it stands, its history."""
    with db().reading() as session:
        page = browsing.look_at(session, g.learner, question_id, now())
    return render_template("cards/card.html", page=page)


@bp.post("/<int:question_id>/suspend")
@learner_required
def suspend(question_id: int) -> Response:
    """Set a card aside."""
    _check(ActionForm())
    with db().writing() as session:
        cards.suspend(session, g.learner, question_id)
    flash(_("The card is set aside: it is not asked until you take it back, on its own page."), "done")
    return _back(url_for("review.index"))


@bp.post("/<int:question_id>/resume")
@learner_required
def resume(question_id: int) -> Response:
    """Take back a card that was set aside."""
    _check(ActionForm())
    with db().writing() as session:
        cards.resume(session, g.learner, question_id)
    flash(_("The card is back: it is asked again when its day comes."), "done")
    return _back(url_for("cards.card", question_id=question_id))


@bp.post("/<int:question_id>/bury")
@learner_required
def bury(question_id: int) -> Response:
    """Put a card off until tomorrow."""
    _check(ActionForm())
    with db().writing() as session:
        until = cards.bury(session, g.learner, question_id, now())
    flash(_("The card is put off: it is not asked before %(day)s.", day=day(until)), "done")
    return _back(url_for("review.index"))


@bp.post("/<int:question_id>/unbury")
@learner_required
def unbury(question_id: int) -> Response:
    """Let a card come back that was put off."""
    _check(ActionForm())
    with db().writing() as session:
        cards.unbury(session, g.learner, question_id)
    flash(_("The card is back: it is asked again when its day comes."), "done")
    return _back(url_for("cards.card", question_id=question_id))


@bp.post("/<int:question_id>/undo")
@learner_required
def undo(question_id: int) -> Response:
    """Take back one answer of a card's history, and stay on the card."""
    form = _check(UndoForm())
    with db().writing() as session:
        reviewing.undo(session, g.learner, question_id, form.number.data or 0, now())
    flash(_("The answer is taken back, and its card is where it was before."), "done")
    return redirect(url_for("cards.card", question_id=question_id), code=303)


def _check(form: FormT) -> FormT:
    if not form.validate_on_submit():
        abort(400)
    return form


def _back(default: str) -> Response:
    return redirect(way_back(default), code=303)
