"""The review: show, answer, grade, undo. The same routes serve pages and the script's fragments."""

from dataclasses import replace
from typing import TypeVar
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.services import cards, habits, queueing, reviewing, showing
from app.services.reviewing import Recorded, Refused, Submission
from app.services.showing import FeedbackPage, SealedPage
from app.srs.sm2 import Grade
from app.web.cards.returning import way_back
from app.web.context import db, now, wants_fragment
from app.web.identity import learner_required
from app.web.review.filled import NOTHING_FILLED, Filled
from app.web.review.forms import AnswerForm, GradeForm, OverrideForm, UndoForm
from app.web.review.reasons import why_today
from app.web.review.wording import causes, figure, gap_words, misread, verdict
from app.web.storing import store_sums

bp = Blueprint("review", __name__, url_prefix="/review")
for _filter in (causes, figure, gap_words, misread, verdict, why_today):
    bp.add_app_template_filter(_filter)

_UNDONE = frozenset({"review.feedback", "practice.feedback"})  # the feedback of an undone answer is no more
FormT = TypeVar("FormT", bound=FlaskForm)
Answer = str | Response | tuple[str, int]


@bp.get("/")
@learner_required
def index() -> Answer:
    """The next question of the day, or what to do when there is none."""
    return _next_page()


@bp.post("/answer")
@learner_required
def answer() -> Answer:
    """Record one response; show its feedback, with the next question already there behind it."""
    given = _valid(AnswerForm()).submission()
    with db().writing() as session:
        recorded = reviewing.record(session, g.learner, given, now())
    if isinstance(recorded, Refused):
        return _question_again(given, refused=recorded), 400
    store_sums(recorded.number)
    return _after(recorded)


@bp.post("/arrange")
@learner_required
def arrange() -> Answer:
    """Move one line of an ordering question, for a browser without JavaScript; nothing is recorded."""
    return _question_again(_valid(AnswerForm()).submission(), move=request.form.get("move", ""))


@bp.post("/reveal")
@learner_required
def reveal() -> Answer:
    """Turn a flashcard: its answer, and the grades the learner may give themself."""
    form = _valid(AnswerForm())
    given = form.submission()
    with db().reading() as session:
        day = queueing.day_of(session, g.learner, now())
        page, body, offered = showing.revealed(session, g.learner, given, now())
    return render_template("review/revealed.html", day=day, page=page, body=body, offered=offered, form=form)


@bp.post("/grade")
@learner_required
def grade() -> Answer:
    """Record a flashcard's grade, or replace the Good of a right answer; then the next question."""
    form = _valid(GradeForm())
    chosen = Grade(form.grade.data or 0)
    with db().writing() as session:
        if form.question.data is None:
            recorded = reviewing.regrade(session, g.learner, form.answer_id.uuid, chosen, now())
        else:
            recorded = reviewing.grade_flashcard(session, g.learner, form.submission(), chosen, now())
        often = chosen is Grade.HARD and habits.hard_again(session, g.learner, now())
    store_sums(recorded.number)
    if often:
        flash(_word_on_hard(), "advice")
    return _next_page() if wants_fragment() else redirect(url_for("review.index"), code=303)


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
        reviewing.undo(session, g.learner, form.question.data or 0, form.number.data or 0, now())
    flash(_("The answer is taken back, and its card is where it was before."), "done")
    return redirect(way_back(url_for("review.index"), without=_UNDONE), code=303)


@bp.get("/feedback/<uuid:answer_id>")
@learner_required
def feedback(answer_id: UUID) -> Answer:
    """What one answer brought."""
    with db().reading() as session:
        page = showing.feedback(session, g.learner, answer_id, now())
        day = queueing.day_of(session, g.learner, now())
    return render_template(_template_of(page), page=page, day=day, next=None)


def _word_on_hard() -> str:
    return _(
        "You have graded “Hard” almost every time. Such a card is asked again today, and comes back sooner for "
        "good. If the answer came after a moment’s thought, “Good” is the grade for it."
    )


def _next_page() -> str:
    with db().reading() as session:
        day, page = showing.next_question(session, g.learner, now(), uuid4())
        last = cards.last_answer(session, g.learner)
        next_due = queueing.next_due(session, g.learner, day.today, now()) if page is None else None
    if page is None:
        return render_template("review/done.html", day=day, limits=g.learner.limits, next_due=next_due, undoable=last)
    form = AnswerForm.blank(page)
    return render_template("review/question.html", day=day, page=page, form=form, undoable=last, filled=NOTHING_FILLED)


def _question_again(given: Submission, refused: Refused | None = None, move: str = "") -> str:
    """The same question, with what was filled in kept."""
    filled = Filled(given.fields)
    place = filled.move(move)
    with db().reading() as session:
        day = queueing.day_of(session, g.learner, now())
        page = showing.question_page(session, g.learner, given.question_id, day.today, given.answer_id, given.edition)
    moved = _("Line %(place)s of %(total)s", place=place, total=len(page.shown.items)) if place else None
    form = AnswerForm.blank(replace(page, version=given.version))  # asking again does not make an old page new
    return render_template(
        "review/question.html", day=day, page=page, form=form, filled=filled, refused=refused, moved=moved
    )


def _after(recorded: Recorded) -> Answer:
    """To the feedback's own page; the script gets it at once, with the next question."""
    if not wants_fragment():
        return redirect(url_for("review.feedback", answer_id=recorded.answer_id), code=303)
    with db().reading() as session:
        page = showing.feedback(session, g.learner, recorded.answer_id, now())
        day, following = showing.next_question(session, g.learner, now(), uuid4())
    form = AnswerForm.blank(following) if following else None
    return render_template(
        _template_of(page), page=page, day=day, next=following, next_form=form, filled=NOTHING_FILLED
    )


def _template_of(page: FeedbackPage | SealedPage) -> str:
    return "review/sealed.html" if isinstance(page, SealedPage) else "review/feedback.html"


def _valid(form: FormT) -> FormT:
    """The form, when what the page itself wrote into it is intact."""
    if not form.validate_on_submit():
        abort(400)
    return form
