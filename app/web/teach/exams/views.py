"""The exams of a class, and the page of each."""

from flask import Blueprint, current_app, g, render_template
from werkzeug.wrappers import Response

from app.exam.timing import phase
from app.services import classes, exams
from app.web.context import db, now
from app.web.identity import teacher_required

bp = Blueprint("exams", __name__)
Page = Response | tuple[str, int]


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
    window = exams.window_of(of.draft)
    return render_template(
        "teach/exams/show.html", of=of, taught=taught, draft=of.draft, window=window, now=now(), phase=phase
    )
