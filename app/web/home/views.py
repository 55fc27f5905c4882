"""The front door, and the two addresses that machines ask."""

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.errors import Busy
from app.services import health
from app.services.migrating import head_revision
from app.web.context import db
from app.web.i18n import LOCALES
from app.web.identity import person

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """A visitor sees what Rappel is; a learner sees today's work."""
    who = person()
    if who is None:
        return render_template("home/welcome.html")
    return render_template("home/home.html")


@bp.post("/language")
def choose_language() -> AnyResponse:
    """Keep a visitor's language in their cookie; a person's own is a setting."""
    if request.form.get("locale") in LOCALES:
        session["locale"] = request.form["locale"]
    return redirect(url_for("home.index"), code=303)


@bp.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/readyz")
def ready() -> Response:
    """The process answers and its database is there, at this code's schema."""
    try:
        with db().reading() as database:
            fine = health.ready(database, head_revision())
    except Busy:
        fine = False
    return Response("ready\n" if fine else "not ready\n", 200 if fine else 503, mimetype="text/plain")
