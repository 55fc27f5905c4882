"""Joining a class: its code, the name its teachers will see; and leaving it."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.errors import NotFound
from app.services import accounts, classes, exam_work, roster_claims, settings
from app.services.classes import Invitation
from app.services.identity import Person
from app.services.roster_claims import Slip
from app.web import identity
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.i18n import language
from app.web.identity import learner_required, person
from app.web.join.forms import CodeForm, JoinForm
from app.web.limits import FAILURES_OF_ADDRESS, address, limiter, slow_down_guests

bp = Blueprint("join", __name__, url_prefix="/join")
Page = Response | tuple[str, int] | str
_NOT_FOUND = 404

# A code can be tried by opening its address: here the 404 itself is the failure, whatever the method.
slow_down_codes = limiter.shared_limit(
    FAILURES_OF_ADDRESS,
    "codes-address",  # apart from passwords: wrong codes must not keep a class from logging in
    key_func=address,
    deduct_when=lambda response: response.status_code == _NOT_FOUND,
    exempt_when=lambda: not (request.view_args or request.args.get("code")),  # one's own list tries nothing
)


@bp.get("/")
@slow_down_codes
def index() -> Page:
    """Type a code; see one's classes."""
    typed = request.args.get("code", "").strip()
    form = CodeForm(formdata=None, code=typed)
    if not typed:
        return render_template("join/index.html", form=form, **_mine())
    try:
        with db().reading() as session:
            roster_claims.opened(session, typed, person(), language())
    except NotFound:
        form.code.errors = [
            _("No class has this code. Ask your teacher: codes can be replaced, and a personal one works once.")
        ]
        return render_template("join/index.html", form=form, **_mine()), _NOT_FOUND
    return redirect(url_for("join.show", code=typed), code=303)


@bp.get("/<code>")
@slow_down_codes
def show(code: str) -> Page:
    """The class that a code opens, and the question under which name."""
    who = person()
    with db().reading() as session:
        opened = roster_claims.opened(session, code, who, language())
    if isinstance(opened, Slip):
        return render_template("join/claim.html", slip=opened, code=code)
    form = JoinForm(formdata=None, name=who.display_name if who else "")
    return page("join/show.html", form, opened=opened, code=code)


@bp.post("/<code>")
@slow_down_guests
@slow_down_codes
def join(code: str) -> Page:
    """Join; a visitor becomes a guest, whose progress a login name can keep later."""
    who, form = person(), JoinForm()
    with db().reading() as session:
        opened = roster_claims.opened(session, code, who, language())
    if isinstance(opened, Slip):
        return _claimed(who, opened, code)
    if opened.own_name is None and not _joined(form, who, opened, code):
        return page("join/show.html", form, opened=opened, code=code)
    flash(_("You belong to the class %(name)s.", name=opened.name), "done")
    return redirect(url_for("home.index"), code=303)


@bp.post("/leave/<int:class_id>")
@learner_required
def leave(class_id: int) -> Page:
    """Leave a class; one's cards stay."""
    with db().writing() as session:
        classes.leave(session, g.learner, class_id, now())
    flash(_("You left the class. Your cards stay; its teachers no longer see how you get on."), "done")
    return redirect(url_for("join.index"), code=303)


def _claimed(who: Person | None, slip: Slip, code: str) -> Page:
    """Become the student of a line of the roster, as a guest where nobody is logged in."""
    entered, claimant = None, who
    with db().writing() as session:
        if claimant is None:
            guest = accounts.create_guest(session, slip.course_id, language(), settings.DEFAULT_ZONE, now())
            entered = accounts.enter(session, guest, now())
            claimant = entered.person
        roster_claims.claim(session, claimant, code, now())
    if entered is not None:
        identity.log_in(entered.token, entered.person)
    flash(_("You belong to the class %(name)s, as %(student)s.", name=slip.class_name, student=slip.name), "done")
    return redirect(url_for("home.index"), code=303)


def _joined(form: JoinForm, who: Person | None, opened: Invitation, code: str) -> bool:
    """Join under the name that was typed; False when it was refused."""
    if not form.accepts():
        return False
    entered = None
    with form.refusals(), db().writing() as session:
        if who is None:
            guest = accounts.create_guest(session, opened.course_id, language(), settings.DEFAULT_ZONE, now())
            entered = accounts.enter(session, guest, now())
            who = entered.person
        classes.join(session, who, code, form.name.data or "", now())
    if form.errors:
        return False
    if entered is not None:
        identity.log_in(entered.token, entered.person)
    return True


def _mine() -> dict[str, object]:
    """The visitor's classes, and what they are taking in each: leaving is offered beside it."""
    who = person()
    if who is None:
        return {"mine": []}
    with db().reading() as session:
        mine = classes.belongings(session, who)
        at_work = {one.class_id: exam_work.at_work(session, one.class_id, now(), who.id) for one in mine}
    return {"mine": mine, "at_work": at_work}
