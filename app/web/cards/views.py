"""The cards of a learner: the list, each card, and what can be done with one outside the review."""

from typing import TypeVar

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.services import browsing, cards, flagging, reviewing
from app.web.account.refusals import page as form_page
from app.web.cards.forms import ActionForm, FlagForm, UndoForm, wanted_of
from app.web.cards.returning import way_back
from app.web.context import db, now
from app.web.i18n import day
from app.web.identity import learner_required
from app.web.limits import slow_down_flags

bp = Blueprint("cards", __name__, url_prefix="/cards")

FormT = TypeVar("FormT", bound=FlaskForm)


@bp.get("/")
@learner_required
def index() -> str:
    """One page of the cards that the address asks for."""
    wanted = wanted_of(request.args)
    with db().reading() as session:
        listing = browsing.browse(session, g.learner, wanted, now())
        flags = flagging.listed(session, g.learner)
    kept = {"words": wanted.words, "topic": wanted.topic, "state": wanted.state or ""}
    query = {name: value for name, value in kept.items() if value}
    return render_template(
        "cards/index.html", listing=listing, wanted=wanted, query=query, states=list(listing.counts), flags=flags
    )


@bp.get("/<int:question_id>")
@learner_required
def card(question_id: int) -> str:
    """One card: its question, where it stands, its history."""
    with db().reading() as session:
        page = browsing.look_at(session, g.learner, question_id, now())
        # What a teacher answered may tell the key: it is shown beside the learner's own answer only.
        flags = flagging.own(session, g.learner, question_id) if page.answer else []
    return render_template("cards/card.html", page=page, flags=flags)


@bp.route("/<int:question_id>/flag", methods=["GET", "POST"])
@learner_required
@slow_down_flags
def flag(question_id: int) -> Response | tuple[str, int]:
    """Report a problem with a question one has answered, or change what one reported."""
    with db().reading() as session:
        page = flagging.form(session, g.learner, question_id)
    form = FlagForm.of(page)
    if form.accepts():
        with form.refusals(), db().writing() as session:
            flagging.flag(session, g.learner, question_id, form.reason.data, form.message.data or "", now())
        if not form.errors:
            flash(
                _("Thank you: what you report is saved. What becomes of it is shown on this question’s card."), "done"
            )
            return _back(url_for("cards.card", question_id=question_id))
    back = way_back(url_for("cards.card", question_id=question_id))
    return form_page("cards/flag.html", form, page=page, back=back)


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
