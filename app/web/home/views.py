"""The front door, and the two addresses that machines ask."""

from flask import Blueprint, Response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from app.errors import Busy
from app.exam.timing import Phase
from app.services import bank, exam_standing, foresight, health, plans, progress, queueing, today
from app.services.migrating import head_revision
from app.web.context import db, now
from app.web.i18n import LOCALES
from app.web.identity import person

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> str:
    """A visitor sees what Rappel is; a learner sees today's work."""
    who = person()
    with db().reading() as database:
        if who is None:
            return render_template("home/welcome.html", bank=bank.figures(database))
        instant = now()
        day = queueing.day_of(database, who, instant)
        overview = progress.overview(database, who, instant)
        exams = exam_standing.standings(database, who, instant)
        plan = plans.plan_of(database, who, day.today)
        ahead = foresight.ahead(database, who, instant) if day.led else None
        course_id = queueing.course_of(database, who)
        habit = today.habit_of(database, who, overview, plan, instant)
        next_due = None if day.queue.left else queueing.next_due(database, who, day.today, instant)
    return render_template(
        "home/home.html",
        day=day,
        queue=day.queue,
        seconds=day.seconds_left,
        next_due=next_due,
        done=day.done,
        hidden=day.hidden,
        limits=who.limits,
        today=day.today,
        topics=[topic for topic in overview.topics if topic.total],
        forecast=overview.forecast,
        plan=plan,
        ahead=ahead,
        habit=habit,
        announced=today.announced(exams, who, course_id, day.today),
        is_guest=who.is_guest,
        at_work=[one for one in exams if one.open_attempt],
        coming=[one for one in exams if not one.open_attempt and one.phase is not Phase.CLOSED],
        has_exams=bool(exams),
    )


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
