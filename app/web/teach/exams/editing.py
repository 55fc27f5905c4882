"""One page that makes an exam or changes it; its buttons work without a script, and lose nothing that was typed."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.errors import Conflict
from app.services import classes, exam_choice, exam_preview, exams
from app.services.classes import Taught
from app.services.exam_choice import Offered
from app.services.exams import SetUp
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.i18n import language
from app.web.identity import teacher_required
from app.web.teach.exams.fields import Row
from app.web.teach.exams.forms import USUAL_COUNT, ExamForm, PointsForm, sought_of

bp = Blueprint("editing", __name__)
Page = Response | tuple[str, int]
_SAVE = "save"


@bp.route("/classes/<int:class_id>/exams/new", methods=["GET", "POST"])
@teacher_required
def new(class_id: int) -> Page:
    """Set an exam up: a title, a number of questions and a date make a good one."""
    with db().reading() as session:
        taught = classes.found(session, g.teacher, class_id)
        pool, _reserved = exam_choice.offered(session, taught.course_id, language()).available()
    form = ExamForm.of(None, g.teacher.zone, language(), min(USUAL_COUNT, pool) or USUAL_COUNT)
    return _answer(form, taught, None)


@bp.route("/exams/<int:exam_id>/edit", methods=["GET", "POST"])
@teacher_required
def edit(exam_id: int) -> Page:
    """Change an exam; a published one only where nothing that somebody earned is touched."""
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
    return _answer(ExamForm.of(of, g.teacher.zone, language()), taught, of)


@bp.route("/exams/<int:exam_id>/points", methods=["GET", "POST"])
@teacher_required
def points(exam_id: int) -> Page:
    """Weigh the questions of a published exam that nobody has started."""
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
        items = exam_preview.preview(session, g.teacher, exam_id, 1, language(), now())
    if of.attempts:
        raise Conflict("started")
    form = PointsForm(data={"questions": of.points})
    if form.accepts():
        with db().writing() as session:
            exams.set_points(session, g.teacher, exam_id, form.questions.weights())
        flash(_("The points are kept."), "done")
        return redirect(url_for("teach.exams.show", exam_id=exam_id), code=303)
    by_id = {item.question_id: item for item in items}
    lines = [by_id[number] for number in of.points if number in by_id]
    return page("teach/exams/points.html", form, of=of, taught=taught, lines=lines)


def _answer(form: ExamForm, taught: Taught, of: SetUp | None) -> Page:
    wish = request.form.get("do", _SAVE)
    if not form.is_submitted() or wish != _SAVE:
        return _page(form, taught, of, wish)
    with db().reading() as session:
        problems = exams.problems(session, taught.course_id, form.draft(of), bool(of and of.published))
    if form.accepts(problems):
        try:
            with form.refusals():
                exam_id = _save(form, taught, of)
        except Conflict as conflict:
            return _changed_meanwhile(form, taught, of, conflict)
        if not form.errors:
            _say_saved(of)
            return redirect(url_for("teach.exams.show", exam_id=exam_id), code=303)
    return _page(form, taught, of, status=400)


def _save(form: ExamForm, taught: Taught, of: SetUp | None) -> int:
    draft = form.draft(of)
    with db().writing() as session:
        if of is None:
            exam_id = exams.create(session, g.teacher, taught.id, draft, now())
        else:
            exam_id = of.id
            exams.change(session, g.teacher, exam_id, form.version.data or 0, draft)
        if "questions" in form and draft.demands is None:
            exams.set_points(session, g.teacher, exam_id, form.questions.weights())
    return exam_id


def _say_saved(of: SetUp | None) -> None:
    if of is None:
        flash(_("The draft is saved. Students see nothing of it until you publish it."), "done")
    elif of.published and of.attempts:
        flash(_("The exam is changed. Attempts at work keep the deadline they have."), "done")
    else:
        flash(_("The exam is changed."), "done")


def _changed_meanwhile(form: ExamForm, taught: Taught, of: SetUp | None, conflict: Conflict) -> Page:
    """What was typed, above what another teacher stored meanwhile; saving again is then a decision."""
    if of is None or conflict.reason not in ("changed_meanwhile", "published"):
        raise conflict
    with db().reading() as session:
        stored = exams.found(session, g.teacher, of.id)
    if bool(stored.published) != bool(of.published):
        raise conflict  # the form shows what can no longer be changed
    typed = form.draft(stored)
    differing = [name for name in typed.__dataclass_fields__ if getattr(typed, name) != getattr(stored.draft, name)]
    form.version.data, form.version.raw_data = stored.version, None
    return _page(form, taught, stored, status=409, differing=differing)


def _page(
    form: ExamForm, taught: Taught, of: SetUp | None, wish: str = "", status: int = 200, differing: object = None
) -> Page:
    _grant(form, wish)
    offered, searched = _offered(form, taught, wish)
    body = render_template(
        "teach/exams/edit.html",
        form=form,
        taught=taught,
        of=of,
        wish=wish,
        offered=offered,
        searched=searched,
        sought=sought_of(request.form),
        differing=differing,
        kinds=[(kind.topic, kind.level, kind.type, kind.count, kind.reserved) for kind in offered.kinds],
    )
    return body, status


def _grant(form: ExamForm, wish: str) -> None:
    """Do what a button of the form asks for, which is not to save."""
    what, _colon, which = wish.partition(":")
    number = int(which) if which.isascii() and which.isdigit() and len(which) <= len(str(2**31)) else 0
    if "demands" in form and what == "add":
        form.demands.rows.append(Row())
    elif "demands" in form and what == "remove" and 0 < number <= len(form.demands.rows):
        del form.demands.rows[number - 1]
        form.demands.rows = form.demands.rows or [Row()]
    elif "questions" in form and what in ("up", "down"):
        form.questions.move(number, -1 if what == "up" else 1)


def _offered(form: ExamForm, taught: Taught, wish: str) -> tuple[Offered, bool]:
    ids = form.questions.ids if "questions" in form else []
    searched = "questions" in form and (wish.partition(":")[0] in ("search", "up", "down"))
    with db().reading() as session:
        sought = sought_of(request.form) if searched else None
        return exam_choice.offered(session, taught.course_id, language(), ids, sought), searched
