"""The pages of what a learner knows: figures, and a sheet to print."""

from flask import Blueprint, g, render_template, request

from app.services import progress_page, revision_sheet
from app.web.context import db, now
from app.web.identity import learner_required

bp = Blueprint("progress", __name__, url_prefix="/progress")


@bp.get("/")
@learner_required
def index() -> str:
    """What is known topic by topic, the days ahead, the year behind, and how well it stays."""
    with db().reading() as session:
        page = progress_page.progress_of(session, g.learner, now())
    return render_template("progress/index.html", page=page)


@bp.get("/sheet")
@learner_required
def sheet() -> str:
    """The weakest cards on paper, as many as `cards` asks for."""
    wanted = request.args.get("cards", default=revision_sheet.USUAL_SIZE, type=int)
    size = min(revision_sheet.SIZES, key=lambda one: abs(one - wanted))
    with db().reading() as session:
        page = revision_sheet.sheet(session, g.learner, size, now())
    return render_template("progress/sheet.html", sheet=page, sizes=revision_sheet.SIZES)
