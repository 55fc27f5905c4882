"""Practice: choose, answer, see how it went. The quiz is in the address, so that reload and back work."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from app.services import plans, practising, reviewing, showing
from app.services.practising import EVENINGS, LEVELS, SIZES, USUAL_SIZE, Draw, Quiz
from app.services.reviewing import Refused, Submission
from app.services.showing import FeedbackPage
from app.srs.sm2 import Grade
from app.web.context import db, now, wants_fragment
from app.web.identity import learner_required
from app.web.practice.forms import address_of, place_of, quiz_of
from app.web.review.filled import NOTHING_FILLED, Filled
from app.web.review.forms import AnswerForm, GradeForm, OverrideForm
from app.web.storing import store_sums

bp = Blueprint("practice", __name__, url_prefix="/practice")

FormT = TypeVar("FormT", bound=FlaskForm)
Answer = str | Response | tuple[str, int]


@bp.get("/")
@learner_required
def index() -> str:
    """Choose what to practise."""
    return _choices(_quiz())


@bp.get("/question")
@learner_required
def question() -> Answer:
    """One question of the quiz; an answered one leads to its feedback, a place past the end to the summary."""
    quiz, place = _quiz(), place_of(request.args)
    if "seed" not in request.args:
        return _to("practice.question", quiz, place=1)
    with db().reading() as session:
        drawn = practising.draw(session, g.learner, quiz, now())
        place = drawn.open_from(place) if quiz.later else place
        asked = drawn.questions[place - 1] if place <= len(drawn.questions) else None
        if asked is None or asked in drawn.answers:
            page = None
        else:
            page = showing.question_page(session, g.learner, asked, g.learner.today(now()), uuid4())
    if not drawn.questions:
        return _choices(quiz, nothing=True)
    if asked is None:
        return _to("practice.summary", quiz)
    if page is None:
        return _to("practice.feedback", quiz, answer_id=drawn.answers[asked].answer_id)
    form = AnswerForm.blank(page)
    around = _around(quiz, drawn, place)
    return render_template("practice/question.html", page=page, form=form, filled=NOTHING_FILLED, **around)


@bp.post("/answer")
@learner_required
def answer() -> Answer:
    """Record one response as practice and show its feedback, or the next question when that comes at the end."""
    given, quiz = _valid(AnswerForm()).submission(practice=True), _quiz()
    with db().writing() as session:
        recorded = reviewing.record(session, g.learner, given, now())
    if isinstance(recorded, Refused):
        return _question_again(given, refused=recorded), 400
    store_sums(recorded.number)
    return _on_from(given.question_id, quiz) if quiz.later else _after(recorded.answer_id)


@bp.post("/arrange")
@learner_required
def arrange() -> Answer:
    """Move one line of an ordering question, for a browser without JavaScript; nothing is recorded."""
    return _question_again(_valid(AnswerForm()).submission(practice=True), move=request.form.get("move", ""))


@bp.post("/reveal")
@learner_required
def reveal() -> Answer:
    """Turn a flashcard: its answer, and the grades the learner may give themself."""
    form = _valid(AnswerForm())
    given, quiz = form.submission(practice=True), _quiz()
    with db().reading() as session:
        drawn = practising.draw(session, g.learner, quiz, now())
        page, body, offered = showing.revealed(session, g.learner, given, now())
    around = _around(quiz, drawn)
    return render_template(
        "practice/revealed.html",
        page=page,
        body=body,
        offered=offered,
        form=form,
        target=around["grade_target"],
        **around,
    )


@bp.post("/grade")
@learner_required
def grade() -> Answer:
    """Record a flashcard's grade as practice, then the next question."""
    form = _valid(GradeForm())
    if form.question.data is None:
        abort(400)
    given, quiz = form.submission(practice=True), _quiz()
    with db().writing() as session:
        recorded = reviewing.grade_flashcard(session, g.learner, given, Grade(form.grade.data or 0), now())
    store_sums(recorded.number)
    return _on_from(given.question_id, quiz)


@bp.post("/override")
@learner_required
def override() -> Answer:
    """ "My answer was right": count a typed answer as Good, visibly."""
    form = _valid(OverrideForm())
    with db().writing() as session:
        recorded = reviewing.override(session, g.learner, form.answer_id.uuid, now())
    return _after(recorded.answer_id)


@bp.get("/feedback/<uuid:answer_id>")
@learner_required
def feedback(answer_id: UUID) -> Answer:
    """What one answer of the quiz brought."""
    return _feedback(answer_id)


@bp.get("/summary")
@learner_required
def summary() -> Answer:
    """How the quiz went, and what to read again; one told of at the end is told of when it is over, or `ended`."""
    quiz = _quiz()
    if "seed" not in request.args:
        return redirect(url_for("practice.index"), code=303)
    with db().reading() as session:
        result = practising.summarise(session, g.learner, quiz, now())
    sealed = quiz.later and result.open_place is not None and "ended" not in request.args
    page = "practice/halfway.html" if sealed else "practice/summary.html"
    return render_template(page, summary=result, quiz=quiz, address=address_of(quiz))


def _quiz() -> Quiz:
    return quiz_of(request.args, practising.seed_of(now()))


def _to(endpoint: str, quiz: Quiz, **more: Any) -> Response:
    return redirect(url_for(endpoint, **address_of(quiz), **more), code=303)


def _choices(quiz: Quiz, nothing: bool = False) -> str:
    with db().reading() as session:
        offers = practising.offers(session, g.learner, now())
        edge = practising.on_the_edge(session, g.learner, now())
        planned = plans.plan_of(session, g.learner, g.learner.today(now()))
    tomorrow = g.learner.today(now()) + timedelta(days=1)
    evening = {"edge": edge, "evenings": EVENINGS, "eve": planned is not None and planned.wanted.exam_on == tomorrow}
    choices = {"sizes": SIZES, "levels": LEVELS, "usual": USUAL_SIZE}
    return render_template("practice/index.html", offers=offers, quiz=quiz, nothing=nothing, **choices, **evening)


def _around(quiz: Quiz, drawn: Draw, place: int | None = None) -> dict[str, Any]:
    """Where the learner is in the quiz, and its addresses for the templates shared with the review."""
    place, address = place or place_of(request.args), address_of(quiz)
    targets = {
        f"{name}_target": url_for(f"practice.{name}", **address, place=place)
        for name in ("answer", "arrange", "grade", "override", "reveal")
    }
    return {"place": place, "total": len(drawn.questions), "address": address, **targets}


def _question_again(given: Submission, refused: Refused | None = None, move: str = "") -> str:
    """The same question, with what was filled in kept."""
    filled = Filled(given.fields)
    moved_to = filled.move(move)
    quiz, today = _quiz(), g.learner.today(now())
    with db().reading() as session:
        drawn = practising.draw(session, g.learner, quiz, now())
        page = showing.question_page(session, g.learner, given.question_id, today, given.answer_id, given.edition)
    lines = len(page.shown.items)
    moved = _("Line %(place)s of %(total)s", place=moved_to, total=lines) if moved_to else None
    shown = {"page": page, "form": AnswerForm.blank(page), "filled": filled, "refused": refused, "moved": moved}
    return render_template("practice/question.html", **shown, **_around(quiz, drawn))


def _on_from(question_id: int, quiz: Quiz) -> Response:
    """To the question that follows one in the quiz."""
    with db().reading() as session:
        following = practising.draw(session, g.learner, quiz, now()).place_after(question_id)
    return _to("practice.question", quiz, place=following)


def _after(answer_id: UUID) -> Answer:
    return _feedback(answer_id) if wants_fragment() else _to("practice.feedback", _quiz(), answer_id=answer_id)


def _feedback(answer_id: UUID) -> str:
    """The feedback of the review, without its other grades: practice asks no effort."""
    quiz = _quiz()
    with db().reading() as session:
        page = showing.feedback(session, g.learner, answer_id, now())
        drawn = practising.draw(session, g.learner, quiz, now())
    following = drawn.place_after(page.question_id)
    around = {**_around(quiz, drawn), "place": following - 1}
    more: dict[str, Any] = {"page": page}
    if isinstance(page, FeedbackPage):
        more = {"page": replace(page, offered={}, may_override=False), "may_override": page.may_override}
    address = address_of(quiz)
    onward = url_for("practice.question", **address, place=following)
    return render_template(
        "practice/feedback.html" if isinstance(page, FeedbackPage) else "practice/sealed.html",
        onward=url_for("practice.summary", **address, ended=1) if quiz.later else onward,
        back=url_for("practice.question", **address, place=following - 1),
        here=url_for("practice.feedback", **address, answer_id=answer_id),
        next=None,
        **more,
        **around,
    )


def _valid(form: FormT) -> FormT:
    """The form, when what the page itself wrote into it is intact."""
    if not form.validate_on_submit():
        abort(400)
    return form
