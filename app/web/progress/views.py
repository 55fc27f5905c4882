"""The page of what a learner knows."""

from flask import Blueprint, g, render_template

from app.services import progress
from app.web.context import db, now
from app.web.identity import learner_required

bp = Blueprint("progress", __name__, url_prefix="/progress")


@bp.get("/")
@learner_required
def index() -> str:
    """Topic by topic what is known, the days ahead, the weeks behind."""
    with db().reading() as session:
        overview = progress.overview(session, g.learner, now())
    return render_template("progress/index.html", overview=overview)
