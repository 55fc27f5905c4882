"""The review: show, answer, grade, undo. The same routes serve pages and the script's fragments."""

from typing import TypeVar
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.services import cards, queueing, reviewing, showing
from app.services.reviewing import Recorded
from app.srs.sm2 import Grade
from app.web.context import db, now, wants_fragment
from app.web.identity import learner_required
from app.web.review.forms import AnswerForm, GradeForm, OverrideForm, UndoForm
from app.web.review.wording import causes, verdict

bp = Blueprint("review", __name__, url_prefix="/review")
bp.add_app_template_filter(causes)
bp.add_app_template_filter(verdict)

FormT = TypeVar("FormT", bound=FlaskForm)
Answer = str | Response | tuple[str, int]


@bp.get("/")
@learner_required
def index() -> Answer:
    """The next question of the day, or what to do when there is none."""
    with db().reading() as session:
        day, page = showing.next_question(session, g.learner, now(), uuid4())
        if page is None:
            last = cards.last_answer(session, g.learner)
            return render_template("review/done.html", day=day, undoable=last, undo_form=UndoForm())
        return render_template("review/question.html", day=day, page=page, form=AnswerForm.blank(page))


@bp.post("/answer")
@learner_required
def answer() -> Answer:
    """Record one response; show its feedback, with the next question already there behind it."""
    form = AnswerForm()
    given = _valid(form).submission()
    with db().writing() as session:
        recorded = reviewing.record(session, g.learner, given, now())
    return _after(recorded)


@bp.post("/reveal")
@learner_required
def reveal() -> Answer:
    """Turn a flashcard: its answer, and the grades the learner may give themself."""
    form = AnswerForm()
    given = _valid(form).submission()
    with db().reading() as session:
        asked = showing.revealed(session, g.learner, given.question_id, given.edition)
        today = g.learner.today(now())
        offered = showing.flashcard_grades(g.learner, asked, today)
        day = None if wants_fragment() else queueing.day_of(session, g.learner, now())
    return render_template(
        "review/revealed.html", asked=asked, offered=offered, today=today, day=day, form=form, Grade=Grade
    )


@bp.post("/grade")
@learner_required
def grade() -> Answer:
    """Record a flashcard's grade, or replace the Good of a right answer."""
    form = _valid(GradeForm())
    chosen = Grade(form.grade.data)
    with db().writing() as session:
        if form.question.data is None:
            recorded = reviewing.regrade(session, g.learner, form.answer_id.uuid, chosen, now())
        else:
            recorded = reviewing.grade_flashcard(session, g.learner, form.submission(), chosen, now())
    return _after(recorded)


@bp.post("/override")
@learner_required
def override() -> Answer:
    """ "My answer was right": count a typed answer as Good, visibly."""
    form = _valid(OverrideForm())
    with db().writing() as session:
        recorded = reviewing.override(session, g.learner, form.answer_id.uuid, now())
    return _after(recorded)


@bp.post("/undo")
@learner_required
def undo() -> Response:
    """Take back one answer; its card is asked again."""
    form = _valid(UndoForm())
    with db().writing() as session:
        reviewing.undo(session, g.learner, form.question.data, form.number.data, now())
    flash(_("The answer is taken back, and its card is where it was before."), "done")
    return redirect(url_for("review.index"), code=303)


@bp.get("/feedback/<uuid:answer_id>")
@learner_required
def feedback(answer_id: UUID) -> Answer:
    """What one answer brought."""
    with db().reading() as session:
        page = showing.feedback(session, g.learner, answer_id, now())
        day = queueing.day_of(session, g.learner, now())
    return render_template("review/feedback.html", page=page, day=day, next=None, **_forms(answer_id))


def _after(recorded: Recorded) -> Answer:
    """To the feedback's own page; the script gets it at once, with the next question."""
    if not wants_fragment():
        return redirect(url_for("review.feedback", answer_id=recorded.answer_id), code=303)
    with db().reading() as session:
        page = showing.feedback(session, g.learner, recorded.answer_id, now())
        day, following = showing.next_question(session, g.learner, now(), uuid4())
    return render_template(
        "review/feedback.html",
        page=page,
        day=day,
        next=following,
        next_form=AnswerForm.blank(following) if following else None,
        **_forms(recorded.answer_id),
    )


def _forms(answer_id: UUID) -> dict[str, object]:
    return {
        "grade_form": GradeForm(formdata=None, answer_id=str(answer_id)),
        "undo_form": UndoForm(formdata=None),
        "Grade": Grade,
    }


def _valid(form: FormT) -> FormT:
    """The form, when what the page itself wrote into it is intact."""
    if not form.validate_on_submit():
        abort(400)
    return form
