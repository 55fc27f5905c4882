"""The teacher's pages of a roster: a list in, its slips out, each line's student."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.formats.roster import CHOICES
from app.services import classes, roster, roster_claims
from app.services.roster import Line, Plan
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.identity import teacher_required
from app.web.limits import slow_down_uploads
from app.web.teach import invitations, resent
from app.web.teach.file_words import place, said, skipped
from app.web.teach.roster.forms import LinkForm, ListForm, MemberForm, kinds_of_request
from app.web.turns import one_at_a_time

bp = Blueprint("roster", __name__, url_prefix="/classes/<int:class_id>")
LINES_A_PART = 100  # slips of one page: more would keep everybody waiting, and be a long page
Page = Response | tuple[str, int] | str


@bp.get("/roster")
@teacher_required
def index(class_id: int) -> Page:
    """The lines of the roster, and a form that sends a list."""
    return _index(class_id, ListForm())


@bp.post("/roster")
@slow_down_uploads
@teacher_required
def check(class_id: int) -> Page:
    """Show what a list would change; nothing is changed, nor kept."""
    content, form = resent.received(), ListForm()
    if content is None:
        form.refuse_missing()
        return _index(class_id, form)
    removes = bool(form.remove_gone.data)
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        plan = roster.plan(session, g.teacher, class_id, content, kinds_of_request(), removes)
    return _plan(of, plan, content)


@bp.post("/roster/apply")
@slow_down_uploads
@teacher_required
def apply(class_id: int) -> Page:
    """Change what was shown; if it would be something else by now, show it again."""
    content, seen, removes = resent.received(), request.form.get("seen", ""), "remove_gone" in request.form
    with db().writing() as session:
        of = classes.found(session, g.teacher, class_id)
        if content is None:
            abort(400)
        roster.hold(session, class_id)
        plan = roster.plan(session, g.teacher, class_id, content, kinds_of_request(), removes)
        stored = roster.apply(session, class_id, seen, plan, now(), g.teacher)
    if not stored:
        flash(_("This is not what was shown. Nothing was changed: read again what would change."), "error")
        return _plan(of, plan, content), 409
    flash(_("The roster is as in your list. Print the slips of those who have not joined yet."), "done")
    return redirect(url_for("teach.roster.index", class_id=class_id), code=303)


@bp.get("/roster/slips")
@teacher_required
@one_at_a_time
def slips(class_id: int) -> str:
    """A slip of paper for each student who has not joined yet, a part of the roster at a time.

    A part is so many lines, joined or not: who joins between two prints moves nobody to another part.
    """
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        lines = roster.lines(session, g.teacher, class_id)
    parts = [lines[start : start + LINES_A_PART] for start in range(0, len(lines), LINES_A_PART)]
    wanted = request.args.get("part", "1")
    here = int(wanted) if wanted in {str(one) for one in range(1, len(parts) + 1)} else 1
    waiting = [_waiting(part) for part in parts]
    codes = [(one, invitations.qr(_address(one), many=True)) for one in (waiting[here - 1] if waiting else ())]
    counts = [len(part) for part in waiting]
    return render_template(
        "teach/roster/slips.html", of=of, slips=codes, here=here, counts=counts, door=invitations.door()
    )


def _waiting(lines: Sequence[Line]) -> list[Line]:
    return [one for one in lines if one.user_id is None and not one.spent]


def _address(one: Line) -> str:
    return invitations.link(one.code.replace("-", ""))


@bp.route("/roster/<int:line_id>", methods=["GET", "POST"])
@teacher_required
def line(class_id: int, line_id: int) -> Page:
    """Confirm which member is the student of a line, or take that back."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        one, candidates = roster_claims.candidates(session, g.teacher, class_id, line_id)
    form = LinkForm.of(candidates)
    if form.accepts():
        with form.refusals(), db().writing() as session:
            roster_claims.link(session, g.teacher, class_id, line_id, form.user_id.data, now())
        if not form.errors:
            flash(_("%(name)s is linked.", name=one.name), "done")
            return redirect(url_for("teach.roster.index", class_id=class_id), code=303)
    return page("teach/roster/line.html", form, of=of, line=one, candidates=candidates)


@bp.post("/roster/<int:line_id>/unlink")
@teacher_required
def unlink(class_id: int, line_id: int) -> Page:
    """Make a line nobody's again, with a new code."""
    with db().writing() as session:
        roster_claims.unlink(session, g.teacher, class_id, line_id)
    flash(_("The line is nobody’s again, and has a new code."), "done")
    return redirect(url_for("teach.roster.line", class_id=class_id, line_id=line_id), code=303)


@bp.route("/members/<int:user_id>", methods=["GET", "POST"])
@teacher_required
def member(class_id: int, user_id: int) -> Page:
    """The school's id and the extra time of a member."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        details = roster_claims.details(session, g.teacher, class_id, user_id)
    form = MemberForm(obj=details)
    if form.accepts():
        with form.refusals(), db().writing() as session:
            roster_claims.change_details(session, g.teacher, class_id, user_id, form.to_details(), now())
        if not form.errors:
            flash(_("Saved. Exams to come follow it, and more time is more for who is at work."), "done")
            return redirect(url_for("teach.manage", class_id=class_id), code=303)
    return page("teach/roster/member.html", form, of=of, details=details, user_id=user_id)


def _index(class_id: int, form: ListForm) -> Page:
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        lines = roster.lines(session, g.teacher, class_id)
    return page("teach/roster/index.html", form, of=of, lines=lines)


def _plan(of: classes.Taught, plan: Plan, content: bytes) -> str:
    told = {
        "said": said,
        "place": place,
        "skipped": skipped(plan.sheet),
        "choices": CHOICES,
        "content": resent.given_back(content),
    }
    return render_template("teach/roster/check.html", of=of, plan=plan, **told)
