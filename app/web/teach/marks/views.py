"""The marks of an exam: everybody's, one attempt, its adjustments, the log, what the bank could take over."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import adjustments, mark_log, mark_sheet, mark_table, proposals
from app.services.adjustments import Wanted
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.identity import teacher_required
from app.web.teach.marks import regrading
from app.web.teach.marks.forms import PointsForm, ReasonForm
from app.web.teach.sorting import MARKS, Order

bp = Blueprint("marks", __name__, url_prefix="/exams/<int:exam_id>/marks")
bp.register_blueprint(regrading.bp)
Page = Response | tuple[str, int]


@bp.get("/")
@teacher_required
def index(exam_id: int) -> str:
    """Everybody's scores, also of those who never started."""
    with db().reading() as session:
        table = mark_table.read(session, g.teacher, exam_id, now())
    order = Order.read(request.args.get("sort"), MARKS)
    return render_template(
        "teach/marks/index.html", table=table, exam=table.exam, rows=order.sort(table.rows), order=order
    )


@bp.route("/attempts/<int:attempt_id>", methods=["GET", "POST"])
@teacher_required
def attempt(exam_id: int, attempt_id: int) -> Page:
    """One attempt, question by question; points given or taken by hand are sent here."""
    form = PointsForm()
    if form.accepts():
        told = form.seen.data, form.again.data
        wanted = Wanted(attempt_id, form.points.data or "", form.message.data or "", *told)
        with form.refusals(), db().writing() as session:
            adjustments.adjust(session, g.teacher, exam_id, wanted, now())
        if not form.errors:
            flash(_("The points are in the score, and in the log."), "done")
            return redirect(url_for("teach.marks.attempt", exam_id=exam_id, attempt_id=attempt_id), code=303)
    with db().reading() as session:
        sheet = mark_sheet.read(session, g.teacher, exam_id, attempt_id, now())
    newest = sheet.adjustments[-1].id if sheet.adjustments else None
    again = newest if "points_before" in form.codes else form.again.data
    seen = form.seen.data or sheet.seen  # what a colleague did meanwhile is not told by what refuses a field
    return page("teach/marks/attempt.html", form, sheet=sheet, exam=sheet.exam, seen=seen, again=again)


@bp.route("/adjustments/<int:adjustment_id>/undo", methods=["GET", "POST"])
@teacher_required
def undo_adjustment(exam_id: int, adjustment_id: int) -> Page:
    """Ask why, then take points back that were given or taken by hand."""
    with db().reading() as session:
        given = adjustments.found(session, g.teacher, exam_id, adjustment_id)
        sheet = mark_sheet.read(session, g.teacher, exam_id, given.attempt_id, now())
    without = sheet.score_without(given.hundredths)
    form = ReasonForm()
    if form.accepts():
        with form.refusals(), db().writing() as session:
            adjustments.undo(session, g.teacher, exam_id, adjustment_id, form.message.data or "", now())
        if not form.errors:
            flash(_("The points are taken back; the log keeps both."), "done")
            return redirect(url_for("teach.marks.attempt", exam_id=exam_id, attempt_id=given.attempt_id), code=303)
    return page("teach/marks/undo_adjustment.html", form, sheet=sheet, exam=sheet.exam, given=given, without=without)


@bp.get("/log")
@teacher_required
def log(exam_id: int) -> str:
    """Every change of a mark: who, when, why, and each score before and after."""
    with db().reading() as session:
        read = mark_log.read(session, g.teacher, exam_id, now())
    return render_template("teach/marks/log.html", log=read, exam=read.exam)


@bp.get("/bank", endpoint="proposals")
@teacher_required
def bank(exam_id: int) -> str:
    """What the regrades propose to change in the bank, as lines to paste."""
    with db().reading() as session:
        exam, found = proposals.read(session, g.teacher, exam_id)
    return render_template("teach/marks/proposals.html", exam=exam, proposals=found)
