"""What is kept about people, why, how long, who sees it, and how to get or erase it."""

from flask import Blueprint, render_template

from app.services.privacy import Periods

bp = Blueprint("privacy", __name__, url_prefix="/privacy")


@bp.get("", strict_slashes=False)
def index() -> str:
    """The page that every footer leads to."""
    return render_template("privacy/index.html", periods=Periods())
