"""After the end: the receipt, always; the result, as the exam's review options allow."""

from flask import Blueprint, Response, g, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.services import attempts, mistakes, results
from app.web.context import db, now
from app.web.exams.receipts import as_text
from app.web.identity import learner_required

bp = Blueprint("after", __name__, url_prefix="/attempts")


@bp.get("/<int:attempt_id>/receipt")
@learner_required
def receipt(attempt_id: int) -> str | AnyResponse:
    """What was handed in, and when; to print or to keep."""
    instant = now()
    with db().reading() as session:
        if not attempts.pulse(session, g.learner, attempt_id, instant).over:
            return redirect(url_for("exams.sitting.page", attempt_id=attempt_id), code=303)
        found = results.receipt(session, g.learner, attempt_id, instant)
    return render_template("exams/receipt.html", receipt=found, sheet=found.sheet, answered=found.answered)


@bp.get("/<int:attempt_id>/receipt.txt")
@learner_required
def receipt_text(attempt_id: int) -> Response:
    """The receipt as a text file."""
    with db().reading() as session:
        found = results.receipt(session, g.learner, attempt_id, now())
    name = f"rappel-{found.sheet.receipt or found.sheet.id}.txt"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(as_text(found), mimetype="text/plain", headers=headers)


@bp.get("/<int:attempt_id>/result")
@learner_required
def result(attempt_id: int) -> str | AnyResponse:
    """The score and what it is made of, the right answers and why: each when the exam allows it."""
    instant = now()
    with db().reading() as session:
        if not attempts.pulse(session, g.learner, attempt_id, instant).over:
            return redirect(url_for("exams.sitting.page", attempt_id=attempt_id), code=303)
        found = results.result(session, g.learner, attempt_id, instant)
        back = mistakes.told(session, attempt_id)
    return render_template("exams/result.html", result=found, sheet=found.sheet, exam=found.exam, back=back)
