"""The exams of a class, the page of each, and what is done with an exam as a whole."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.errors import FieldProblem, Invalid
from app.exam.timing import Phase, phase
from app.services import classes, exam_choice, exam_copies, exam_difficulty, exam_preview, exam_reach, exams
from app.services.exams import SetUp
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.i18n import LOCALES, language
from app.web.identity import teacher_required
from app.web.review.filled import NOTHING_FILLED
from app.web.teach.exams import editing, makeups
from app.web.teach.exams.forms import CopyForm, PublishForm
from app.web.teach.exams.words import SENTENCES

bp = Blueprint("exams", __name__)
bp.register_blueprint(editing.bp)
bp.register_blueprint(makeups.bp)
Page = Response | tuple[str, int]
_MOST_DRAWS = 9999


@bp.app_template_test("routed")
def is_routed(endpoint: str) -> bool:
    """Whether a page of this name exists."""
    return endpoint in current_app.view_functions


@bp.get("/classes/<int:class_id>/exams/")
@teacher_required
def index(class_id: int) -> str:
    """The exams of a class: where each stands, when it is, who has started."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        listed = exams.listed(session, g.teacher, class_id)
    return render_template("teach/exams/index.html", of=of, listed=listed, now=now(), phase=phase)


@bp.get("/exams/<int:exam_id>/")
@teacher_required
def show(exam_id: int) -> str:
    """One exam as it is set up, and what can be done with it now."""
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
        topics = exam_choice.topics_of(session, of.course_id, language())
    window = exams.window_of(of.draft)
    return render_template(
        "teach/exams/show.html", of=of, taught=taught, window=window, topics=topics, now=now(), phase=phase
    )


@bp.get("/exams/<int:exam_id>/preview")
@teacher_required
def preview(exam_id: int) -> str:
    """The exam as a student meets it, a question at a time, or all of it with the key."""
    draw = _number(request.args.get("draw"), _MOST_DRAWS)
    shown_in = request.args.get("in") if request.args.get("in") in LOCALES else language()
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
        items = exam_preview.preview(session, g.teacher, exam_id, draw, shown_in or language(), now())
    at = min(_number(request.args.get("at"), max(1, len(items))), max(1, len(items)))
    with_key = request.args.get("key") == "1"
    return render_template(
        "teach/exams/preview.html",
        of=of,
        taught=taught,
        items=items,
        draw=draw,
        at=at,
        key=with_key,
        shown_in=shown_in,
        filled=NOTHING_FILLED,
        **_luck(of, at == 1 or with_key),
    )


@bp.route("/exams/<int:exam_id>/publish", methods=["GET", "POST"])
@teacher_required
def publish(exam_id: int) -> Page:
    """Say what publishing freezes and what stands in its way, then publish."""
    form, refused = PublishForm(), []
    if form.validate_on_submit():
        _draw_before(exam_id)
        try:
            with db().writing() as session:
                exams.publish(session, g.teacher, exam_id, now(), form.version.data)
        except Invalid as error:
            refused = _sentences(error.problems)
        else:
            flash(_("The exam is published: its students see it."), "done")
            return redirect(url_for("teach.exams.show", exam_id=exam_id), code=303)
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
        obstacles = refused or _sentences(exams.obstacles(session, g.teacher, exam_id, now()))
        reach = exam_reach.reach(session, g.teacher, exam_id, now())
    if of.published:
        return redirect(url_for("teach.exams.show", exam_id=exam_id), code=303)
    window = exams.window_of(of.draft)
    said = {"taught": taught, "window": window, "at_once": phase(window, now()) is Phase.OPEN}
    said |= {"obstacles": obstacles, "reach": reach, **_luck(of, not obstacles)}
    return render_template("teach/exams/publish.html", of=of, **said), 400 if form.is_submitted() else 200


@bp.route("/exams/<int:exam_id>/discard", methods=["GET", "POST"])
@teacher_required
def discard(exam_id: int) -> Page | str:
    """Ask, then throw an exam away that nobody has started."""
    of, taught = _found(exam_id)
    if request.method == "GET":
        return render_template("teach/exams/discard.html", of=of, taught=taught)
    with db().writing() as session:
        exams.discard(session, g.teacher, exam_id)
    flash(_("“%(title)s” is thrown away.", title=of.draft.title), "done")
    return redirect(url_for("teach.exams.index", class_id=of.class_id), code=303)


@bp.route("/exams/<int:exam_id>/copy", methods=["GET", "POST"])
@teacher_required
def copy(exam_id: int) -> Page:
    """Choose a class, then write the same exam there as a draft."""
    of, taught = _found(exam_id)
    with db().reading() as session:
        offered = [one for one in classes.listed(session, g.teacher) if not one.archived]
    form = CopyForm.of([(one.id, one.name) for one in offered], of.class_id)
    if form.accepts():
        made = None
        with form.refusals(), db().writing() as session:
            made = exam_copies.duplicate(session, g.teacher, exam_id, form.class_id.data or 0, now())
        if made:
            _say_copied(made.left_out)
            return redirect(url_for("teach.exams.editing.edit", exam_id=made.exam_id), code=303)
    return page("teach/exams/copy.html", form, of=of, taught=taught)


def _draw_before(exam_id: int) -> None:
    """Make the parallel forms while nobody waits: the transaction that publishes then finds them made."""
    with db().reading() as session:
        exam_preview.forms_of(session, g.teacher, exam_id, language(), now())


def _luck(of: SetUp, wanted: bool) -> dict[str, Any]:
    """How unequal the draws are, as the pages say it; nothing where it is not `wanted`."""
    if not wanted:
        return {}
    with db().reading() as session:
        return {
            "outlook": exam_difficulty.outlook(session, g.teacher, of.id, now()),
            "parallel": exam_preview.forms_of(session, g.teacher, of.id, language(), now()),
            "topics": exam_choice.topics_of(session, of.course_id, language()),
        }


def _say_copied(left_out: int) -> None:
    flash(_("This is the copy, a draft: give it its own date."), "done")
    if left_out:
        words = ngettext(
            "%(num)d listed question is no longer in the bank and was left out.",
            "%(num)d listed questions are no longer in the bank and were left out.",
            left_out,
        )
        flash(words, "info")


def _found(exam_id: int) -> tuple[SetUp, classes.Taught]:
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        return of, classes.found(session, g.teacher, of.class_id)


def _sentences(problems: Sequence[FieldProblem]) -> list[str]:
    """What stands in the way, a row of the blueprint by its number."""
    said = []
    for problem in problems:
        params = dict(problem.params)
        words = SENTENCES[problem.code](params)
        said.append(_("Row %(row)s: %(words)s", row=params["row"], words=words) if "row" in params else words)
    return said


def _number(text: str | None, most: int) -> int:
    """A number of an address from 1 to `most`; 1 for what is none."""
    fine = text is not None and text.isascii() and text.isdigit() and len(text) <= len(str(most))
    return min(max(1, int(text or 1)), most) if fine else 1
