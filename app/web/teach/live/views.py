"""The live page of an exam, and what a teacher can do from it; the page's script only asks for it again."""

from datetime import datetime, timedelta

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.services import classes, interventions, invigilating, regrades
from app.services.interventions import TimeGiven
from app.services.invigilating import Room, Seat
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.exams.wording import lasting
from app.web.identity import teacher_required
from app.web.teach.exams.fields import local_text
from app.web.teach.live.forms import BackForm, TimeForm, WhyForm

bp = Blueprint("live", __name__, url_prefix="/exams/<int:exam_id>/live")
Page = Response | tuple[str, int]
_MINUTE = timedelta(minutes=1)
_ALMOST_A_MINUTE = timedelta(seconds=59)
_BACK_FOR = timedelta(minutes=10)


@bp.get("/")
@teacher_required
def show(exam_id: int) -> str:
    """Everybody in the exam now, those who need attention first, or by name."""
    with db().reading() as session:
        room = invigilating.look(session, g.teacher, exam_id, now())
        taught = classes.found(session, g.teacher, room.exam.class_id)
    by_name = request.args.get("sort") == "name"
    seats = sorted(room.seats, key=lambda seat: seat.name.casefold()) if by_name else room.seats
    return render_template(
        "teach/live/show.html", room=room, of=room.exam, taught=taught, seats=seats, by_name=by_name, ago=ago
    )


@bp.route("/time", methods=["GET", "POST"])
@teacher_required
def time(exam_id: int) -> Page:
    """Give minutes to everybody."""
    return _give_time(exam_id, None)


@bp.route("/students/<int:user_id>/time", methods=["GET", "POST"])
@teacher_required
def time_for(exam_id: int, user_id: int) -> Page:
    """Give minutes to one student."""
    return _give_time(exam_id, user_id)


@bp.route("/attempts/<int:attempt_id>/end", methods=["GET", "POST"])
@teacher_required
def end(exam_id: int, attempt_id: int) -> Page:
    """Ask why, then end an attempt for its student."""
    form = WhyForm()
    if form.accepts():
        with form.refusals(), db().writing() as session:
            interventions.end(session, g.teacher, exam_id, attempt_id, form.message.data or "", now())
        if not form.errors:
            flash(_("The attempt is ended. What was saved is marked."), "done")
            return _to_room(exam_id)
    with db().reading() as session:
        of, seat = invigilating.seat_of(session, g.teacher, exam_id, attempt_id, now())
    return page("teach/live/end.html", form, of=of, seat=seat)


@bp.route("/attempts/<int:attempt_id>/reopen", methods=["GET", "POST"])
@teacher_required
def reopen(exam_id: int, attempt_id: int) -> Page:
    """Ask until when and why, then give an attempt back to its student."""
    with db().reading() as session:
        of, seat = invigilating.seat_of(session, g.teacher, exam_id, attempt_id, now())
    form = BackForm.of(of.draft.zone, local_text(_proposed(seat), of.draft.zone))
    if form.accepts():
        with form.refusals(), db().writing() as session:
            interventions.reopen(session, g.teacher, exam_id, form.wanted(attempt_id), now())
        if not form.errors:
            flash(_("The attempt is open again: ask the student to open its page once more."), "done")
            return _to_room(exam_id)
    return page("teach/live/reopen.html", form, of=of, seat=seat)


@bp.get("/questions")
@teacher_required
def questions(exam_id: int) -> str:
    """The questions of the exam, each of which can be cancelled for everybody."""
    with db().reading() as session:
        exam = regrades.published(session, g.teacher, exam_id)
    return render_template("teach/live/questions.html", exam=exam)


def ago(room: Room, moment: datetime) -> str:
    """How long before the room was looked at something happened: in seconds, then in whole minutes."""
    span = max(room.at - moment, timedelta(seconds=1))
    return lasting(span - span % _MINUTE if span >= _MINUTE else span)


def _give_time(exam_id: int, user_id: int | None) -> Page:
    form = TimeForm()
    if form.accepts():
        with form.refusals(), db().writing() as session:
            given = interventions.give_time(session, g.teacher, exam_id, form.wanted(user_id), now())
        if not form.errors:
            flash(_said(given, user_id) if given else _("This time was already given: nothing was added."), "done")
            return _to_room(exam_id)
    with db().reading() as session:
        room = invigilating.look(session, g.teacher, exam_id, now())
    given_before = [one for one in room.given if one.learner_id in (None, user_id)]
    newest = given_before[-1].id if given_before else 0
    is_told = form.codes & {"given_meanwhile", "given_before"}  # else nothing has said yet what is new
    seen = newest if is_told or form.seen.data is None else form.seen.data
    again = newest if "given_before" in form.codes else form.again.data
    seat = None if user_id is None else room.seat(user_id)
    context = {"of": room.exam, "room": room, "seat": seat, "given": given_before, "seen": seen, "again": again}
    return page("teach/live/time.html", form, **context)


def _said(given: TimeGiven, user_id: int | None) -> str:
    """What became of the time, in words."""
    moved = given.longer + given.again
    words = [ngettext("%(num)d attempt at work lasts longer.", "%(num)d attempts at work last longer.", moved)]
    if given.again:
        words.append(
            ngettext(
                "%(num)d of them had been ended by the clock: ask its student to open the page once more.",
                "%(num)d of them had been ended by the clock: ask their students to open the page once more.",
                given.again,
            )
        )
    if given.stay:
        words.append(
            ngettext(
                "%(num)d attempt that the clock ended stays ended: its right answers may have been read.",
                "%(num)d attempts that the clock ended stay ended: their right answers may have been read.",
                given.stay,
            )
        )
    if user_id is None:
        words.append(_("Who starts later has the time too."))
    elif not moved:
        words = [_("The student has the time once they start.")]
    return " ".join(words)


def _proposed(seat: Seat) -> datetime | None:
    """Until when an attempt may go on: as before, or for ten minutes when that is past."""
    if seat.deadline is None:
        return None
    if seat.deadline > now():
        return seat.deadline + _ALMOST_A_MINUTE  # the field has no seconds: nobody loses theirs
    return now() + _BACK_FOR + _MINUTE


def _to_room(exam_id: int) -> Response:
    return redirect(url_for("teach.live.show", exam_id=exam_id), code=303)
