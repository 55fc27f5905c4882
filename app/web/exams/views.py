"""The exams of a student: the list, what one will be like, its start."""

from datetime import datetime, timedelta
from math import ceil

from flask import Blueprint, g, render_template
from werkzeug.wrappers import Response

from app.exam import timing
from app.exam.timing import Phase
from app.services import attempts, exam_standing, results
from app.web.account.refusals import page
from app.web.context import db, now, wants_fragment
from app.web.exams import after, sitting, turns, wording
from app.web.exams.forms import StartForm
from app.web.exams.held import epoch_of, hold
from app.web.exams.turns import dealt_out
from app.web.identity import learner_required
from app.web.limits import slow_down_passwords

bp = Blueprint("exams", __name__)
bp.register_blueprint(sitting.bp)
bp.register_blueprint(after.bp)
wording.init(bp)
turns.init(bp)
Page = Response | tuple[str, int] | str
_WAITED_FOR = timedelta(hours=12)


@bp.get("/exams/")
@learner_required
def index() -> str:
    """The exams of one's classes: at work, open, announced, past."""
    with db().reading() as session:
        found = exam_standing.standings(session, g.learner, now())
    return render_template("exams/index.html", exams=found)


@bp.get("/exams/<int:exam_id>/")
@learner_required
def show(exam_id: int) -> Page:
    """One exam: what will happen, in words, and its start; one's attempts so far."""
    return _show(exam_id, StartForm(formdata=None))


@bp.post("/exams/<int:exam_id>/start")
@learner_required
@dealt_out
@slow_down_passwords
def start(exam_id: int) -> Page:
    """Start, or go on with the attempt at work, on this device."""
    form = StartForm()
    if form.accepts():
        with form.refusals(), db().writing() as session:
            attempt_id, epoch = attempts.start_here(session, g.learner, exam_id, form.password.data or "", now())
            # A class that starts at one instant asks once, not twice: the page's script gets the questions at once.
            sheet = attempts.sheet(session, g.learner, attempt_id, now()) if wants_fragment() else None
        if not form.errors:
            hold(attempt_id, epoch)
            return sitting.begun(sheet) if sheet else sitting.to_page(attempt_id)
    return _show(exam_id, form)


def _show(exam_id: int, form: StartForm) -> Page:
    instant = now()
    with db().reading() as session:
        stands, briefing = exam_standing.briefed(session, g.learner, exam_id, instant)
        own = results.own_attempts(session, g.learner, exam_id, instant) if stands.used else []
        opens_in = _opens_in(stands, instant)
        together = exam_standing.class_size(session, stands.class_id) if opens_in is not None else 0
    here = stands.open_attempt is not None and epoch_of(stands.open_attempt) is not None
    waits = {"opens_in": opens_in, "spread_ms": timing.opening_spread(together) // timedelta(milliseconds=1)}
    waits["cut"] = stands.is_cut(instant)
    return page("exams/show.html", form, exam=stands, briefing=briefing, own=own, here=here, **waits)


def _opens_in(stands: exam_standing.Standing, instant: datetime) -> int | None:
    """The seconds until an exam opens, for a page to wait for it; None when that is not now or not soon."""
    if stands.phase is not Phase.ANNOUNCED or stands.window.opens_at is None:
        return None
    left = stands.window.opens_at - instant
    return ceil(left.total_seconds()) if left <= _WAITED_FOR else None
