"""Make-ups: what one student gets beyond the others, and why."""

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import classes, exam_allowances, exams
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.identity import teacher_required
from app.web.teach.exams.forms import MakeUpForm

bp = Blueprint("makeups", __name__)
Page = Response | tuple[str, int]


@bp.route("/exams/<int:exam_id>/makeups", methods=["GET", "POST"])
@teacher_required
def index(exam_id: int) -> Page:
    """Who gets something beyond the others; give it to one more."""
    with db().reading() as session:
        of = exams.found(session, g.teacher, exam_id)
        taught = classes.found(session, g.teacher, of.class_id)
        members = classes.members(session, g.teacher, of.class_id)
        listed = exam_allowances.listed(session, g.teacher, exam_id)
        keys_read = exam_allowances.keys_read(session, g.teacher, exam_id, now())
    form = MakeUpForm.of(members, of.draft.zone, of.draft.forms)
    if form.accepts():
        with form.refusals(), db().writing() as session:
            exam_allowances.allow(session, g.teacher, exam_id, form.given(), now())
        if not form.errors:
            flash(_("It is kept. An attempt at work keeps the deadline it has."), "done")
            return redirect(url_for("teach.exams.makeups.index", exam_id=exam_id), code=303)
    return page(
        "teach/exams/makeups.html", form, of=of, taught=taught, members=members, listed=listed, keys_read=keys_read
    )


@bp.post("/exams/<int:exam_id>/makeups/<int:user_id>/withdraw")
@teacher_required
def withdraw(exam_id: int, user_id: int) -> Response:
    """Take back what a student was given."""
    with db().writing() as session:
        exam_allowances.withdraw(session, g.teacher, exam_id, user_id, now())
    flash(_("It is taken back. What the student has started stays."), "done")
    return redirect(url_for("teach.exams.makeups.index", exam_id=exam_id), code=303)
