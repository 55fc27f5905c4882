"""The statistics of an exam and of its questions; pushing its mistakes into the students' revision."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.errors import Conflict
from app.exam.itemstats import MIN_ATTEMPTS
from app.services import item_report, mistakes
from app.services.item_statistics import Which
from app.services.mistakes import Fate, Preview
from app.web.context import db, now
from app.web.identity import teacher_required
from app.web.teach.marks.regrading import key_shown
from app.web.teach.sorting import ITEMS, Order

bp = Blueprint("items", __name__, url_prefix="/exams/<int:exam_id>/items")


@bp.get("/")
@teacher_required
def index(exam_id: int) -> str:
    """The figures of an exam, the histogram of its scores, and all its questions."""
    which = _which()
    with db().reading() as session:
        report = item_report.read(session, g.teacher, exam_id, which, now())
    order = Order.read(request.args.get("sort"), ITEMS)
    context = {"rows": order.sort(report.rows), "order": order, "more": _more(which), "fewest": MIN_ATTEMPTS}
    return render_template("teach/items/index.html", report=report, exam=report.exam, **context)


@bp.get("/<int:item_id>")
@teacher_required
def item(exam_id: int, item_id: int) -> str:
    """One question as it was seen, its figures, and who answered what."""
    which = _which()
    with db().reading() as session:
        report = item_report.one(session, g.teacher, exam_id, item_id, which, now())
    key = key_shown(report.row.item, None, {})
    context = {"key": key, "more": _more(which), "fewest": MIN_ATTEMPTS}
    return render_template("teach/items/item.html", report=report, exam=report.exam, row=report.row, **context)


@bp.get("/mistakes")
@teacher_required
def push(exam_id: int) -> str:
    """What would come back in whose revision; nothing is stored."""
    return render_template("teach/items/mistakes.html", shown=(shown := _preview(exam_id)), exam=shown.exam, Fate=Fate)


@bp.post("/mistakes")
@teacher_required
def push_now(exam_id: int) -> Response:
    """Bring the mistakes back, student by student, so that no writer waits for a whole class."""
    shown, cards, students, moved = _preview(exam_id), 0, 0, 0
    for student in shown.students:
        try:
            with db().writing() as session:
                came = mistakes.push(session, g.teacher, shown.exam, student, now())
        except Conflict:  # they are answering at this very moment
            moved += 1
        else:
            cards, students = cards + came, students + bool(came)
    flash(_pushed(cards, students), "done")
    if moved:
        flash(
            ngettext(
                "%(num)d student was just answering: push again.",
                "%(num)d students were just answering: push again.",
                moved,
            ),
            "error",
        )
    return redirect(url_for("teach.items.push", exam_id=exam_id), code=303)


def _preview(exam_id: int) -> Preview:
    with db().reading() as session:
        return mistakes.preview(session, g.teacher, exam_id, now())


def _pushed(cards: int, students: int) -> str:
    if not cards:
        return _("Nothing was left to push.")
    came = ngettext("%(num)d card came back", "%(num)d cards came back", cards)
    return ngettext("%(came)s, for %(num)d student.", "%(came)s, for %(num)d students.", students, came=came)


def _which() -> Which:
    return Which.COUNTING if request.args.get("of") == Which.COUNTING else Which.FIRST


def _more(which: Which) -> dict[str, Any]:
    """What links carry on, so that the choice of attempts stays."""
    return {} if which is Which.FIRST else {"of": which.value}
