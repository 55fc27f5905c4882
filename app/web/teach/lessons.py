"""What to teach a class again, on one page that can be taken to the lesson."""

from flask import Blueprint, g, render_template

from app.services import class_lessons
from app.stats.beliefs import FEWEST_STUDENTS
from app.web.context import db, now
from app.web.identity import teacher_required

bp = Blueprint("lessons", __name__, url_prefix="/classes/<int:class_id>")


@bp.get("/again")
@teacher_required
def show(class_id: int) -> str:
    """The wrong answers that are believed, and the objectives that are least retained."""
    with db().reading() as session:
        read = class_lessons.again(session, g.teacher, class_id, now())
    fewest = {"fewest": FEWEST_STUDENTS, "fewest_answers": class_lessons.FEWEST_ANSWERS}
    return render_template("teach/lessons/show.html", read=read, **fewest)
