"""The calendar: its secret address, made and revoked by its owner, and what stands at it for whoever has it."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.formats import calendar_file
from app.services import feeds, plans
from app.web.calendar.entries import entries
from app.web.context import db, now, site
from app.web.identity import learner_required
from app.web.limits import refuse_feed, slow_down_feeds

bp = Blueprint("calendar", __name__, url_prefix="/calendar")


@bp.get("/")
@learner_required
def index() -> str:
    """What the calendar is, and whether an address opens it."""
    with db().reading() as session:
        plan = plans.plan_of(session, g.learner, g.learner.today(now()))
        there = feeds.has_address(session, g.learner)
    return render_template("calendar/index.html", plan=plan, there=there)


@bp.post("/")
@learner_required
def make() -> str:
    """Make an address in place of the one before; it is shown on this page only, once."""
    with db().writing() as session:
        secret = feeds.make(session, g.learner)
    path = url_for("calendar.feed", code=secret)
    return render_template("calendar/made.html", address=site() + path, app=_for_programs(site() + path))


@bp.post("/revoke")
@learner_required
def revoke() -> AnyResponse:
    """Let the address open nothing any more."""
    with db().writing() as session:
        feeds.revoke(session, g.learner)
    flash(_("The address of your calendar opens nothing any more."), "done")
    return redirect(url_for("calendar.index"), code=303)


@bp.get("/<code>.ics")
@slow_down_feeds
def feed(code: str) -> AnyResponse:
    """The calendar, for whoever has its address; nothing is stored."""
    instant = now()
    with db().reading() as session:
        owner = feeds.owner(session, code)
        if owner is None:
            refuse_feed()
        found = feeds.feed_of(session, owner, instant)
    with force_locale(owner.locale):
        body = calendar_file.written("Rappel", entries(found), found.as_of)
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = "inline; filename=rappel.ics"
    response.add_etag()
    return response.make_conditional(request)


def _for_programs(address: str) -> str:
    """The address under the scheme that opens a program's own "subscribe"."""
    return f"webcal://{address.split('://', 1)[-1]}"
