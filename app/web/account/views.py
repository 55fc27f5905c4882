"""Accounts: coming in and leaving, guests, passwords, one's own data."""

import json
import logging
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from app.errors import Conflict, FieldProblem
from app.services import accounts, codes, exam_data, passwords, personal_data, sessions, settings
from app.services.accounts import Claim, Entered, NewAccount
from app.web import identity
from app.web.account.forms import AccountForm, ChangePasswordForm, EmptyForm, EraseForm, LogInForm, NewPasswordForm
from app.web.account.refusals import page
from app.web.account.returning import after_log_in
from app.web.context import db, now
from app.web.i18n import language
from app.web.identity import learner_required, person
from app.web.instants import instant, zone_time
from app.web.limits import slow_down_failures, slow_down_guests

bp = Blueprint("account", __name__, url_prefix="/account")
Page = AnyResponse | tuple[str, int]

_logger = logging.getLogger("rappel.people")
_TOKENS_A_CHUNK = 2_000  # of JSON, so that a long log is not sent in a million small writes


@bp.route("/log-in", methods=["GET", "POST"])
@slow_down_failures
def log_in() -> Page:
    """Ask for a login name and a password; a guest may have an account too."""
    who, heading = person(), request.values.get("next")
    if who is not None and not who.is_guest:
        return redirect(after_log_in(heading), code=303)
    form = LogInForm()
    if form.accepts():
        entered = _enter(form.login.data or "", form.password.data or "")
        if entered is not None:
            return _come_in(entered, after_log_in(heading))
        form.refuse("password", "log_in")
    return page("account/log_in.html", form, heading=heading)


@bp.post("/log-out")
def log_out() -> AnyResponse:
    """End this browser's session, in the database too."""
    token = identity.token()
    if token is not None:
        with db().writing() as session:
            sessions.end(session, token)
        identity.log_out()
        flash(_("You are logged out."), "done")
    return redirect(url_for("home.index"), code=303)


@bp.route("/register", methods=["GET", "POST"])
@slow_down_failures
def register() -> Page:
    """Make an account; while nobody teaches here, the set-up code makes it the first administrator's."""
    who, heading = person(), request.values.get("next")
    if who is not None:
        return redirect(url_for("account.keep" if who.is_guest else "home.index"), code=303)
    form = AccountForm()
    first, problems = _check(form)
    if form.accepts(problems):
        new, entered = _new_account(form), None
        with form.refusals(), db().writing() as session:
            entered = accounts.enter(session, accounts.register(session, new, now()), now())
        if entered is not None:
            return _come_in(entered, after_log_in(heading))
    return page("account/register.html", form, heading=heading, first=first)


@bp.post("/guest")
@slow_down_guests
def guest() -> AnyResponse:
    """Make a guest and show the first question; somebody who is in just goes on."""
    if person() is not None:
        return redirect(url_for("review.index"), code=303)
    with db().writing() as session:
        course = accounts.default_course(session)
        entered = accounts.enter(session, accounts.create_guest(session, course, language(), _zone(), now()), now())
    return _come_in(entered, url_for("review.index"))


@bp.route("/keep", methods=["GET", "POST"])
@slow_down_failures
@learner_required
def keep() -> Page:
    """Give a guest a login name: the same person, with everything they have learnt."""
    if not g.learner.is_guest:
        return redirect(url_for("home.index"), code=303)
    form = AccountForm()
    first, problems = _check(form)
    if form.accepts(problems):
        new, entered = _new_account(form), None
        with form.refusals(), db().writing() as session:
            accounts.keep_guest(session, g.learner.id, new, now())
            entered = accounts.enter(session, g.learner.id, now())
        if entered is not None:
            return _come_in(entered, url_for("home.index"), _("Your progress is kept under this login name."))
    return page("account/keep.html", form, first=first)


@bp.route("/password", methods=["GET", "POST"])
@slow_down_failures
@learner_required
def password() -> Page:
    """Change the password; this browser stays in, every other one is out."""
    if g.learner.is_guest:
        return redirect(url_for("account.keep"), code=303)
    form = ChangePasswordForm()
    if form.accepts(form.problems(g.learner.login)):
        claimed = _own_claim(form.current_password.data or "")
        if claimed is not None:
            password_hash = passwords.hashed(form.password.data or "")
            with db().writing() as session:
                entered = accounts.change_password(session, claimed, password_hash, now())
            told = _("Your password is changed. You are logged out everywhere else.")
            return _come_in(entered, url_for("settings.index"), told)
        form.refuse("current_password", "password_wrong")
    return page("account/password.html", form)


@bp.route("/reset/<code>", methods=["GET", "POST"])
@slow_down_failures
def reset(code: str) -> Page:
    """Set a password by a one-time link; looking at the page does not use the link up."""
    with db().reading() as session:
        target = codes.find_password_link(session, code, now())
    if target is None:
        return render_template("account/reset_over.html"), 404
    form = NewPasswordForm()
    if form.accepts(form.problems(target.login)):
        password_hash = passwords.hashed(form.password.data or "")
        with db().writing() as session:
            codes.use_password_link(session, code, password_hash, now())
        who = person()
        if who is not None and who.id == target.user_id:
            identity.log_out()  # its row is gone; somebody else who only opened the link stays in
        flash(_("The new password is set: log in with it."), "done")
        return redirect(url_for("account.log_in"), code=303)
    return page("account/reset.html", form, login=target.login)


@bp.get("/data")
@learner_required
def data() -> Page:
    """What is kept about a person, and the two things they can do with it."""
    return page("account/data.html", EraseForm(formdata=None), export=EmptyForm(formdata=None))


@bp.post("/data")
@learner_required
def export() -> AnyResponse:
    """Send a person everything kept about them, as one JSON file."""
    with db().reading() as session:
        document = personal_data.export(session, g.learner, now())
    name = f"rappel-{g.learner.today(now()).isoformat()}.json"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(_json(document), mimetype="application/json", headers=headers)


@bp.post("/erase")
@slow_down_failures
@learner_required
def erase() -> Page:
    """Delete a person and all that is theirs, once they have confirmed it."""
    form = EraseForm()
    if form.accepts():
        claimed = None if g.learner.is_guest else _own_claim(form.current_password.data or "")
        problem = _unconfirmed(form, claimed) or _erased(claimed)
        if problem is None:
            identity.log_out()
            flash(_("Your account is erased, with everything it held."), "done")
            return redirect(url_for("home.index"), code=303)
        form.attach([problem])
    return page("account/data.html", form, export=EmptyForm(formdata=None))


def _enter(login: str, password: str) -> Entered | None:
    """Check a password outside any transaction, then open a session; None when either is wrong."""
    with db().reading() as session:
        claimed = accounts.claim(session, login)
    verdict = passwords.verify(claimed.password_hash, password)
    if not verdict.right:
        _logger.warning("log-in refused", extra={"fields": {"reference": g.get("reference")}})
        return None
    with db().writing() as session:
        return accounts.log_in(session, claimed, verdict.rehashed, now(), leaving=identity.token())


def _own_claim(password: str) -> Claim | None:
    """The claim of the person in front, when `password` is theirs."""
    with db().reading() as session:
        claimed = accounts.claim_of(session, g.learner.id)
    return claimed if passwords.verify(claimed.password_hash, password).right else None


def _come_in(entered: Entered, address: str, told: str | None = None) -> AnyResponse:
    """Give this browser its new cookie and send it on."""
    identity.log_in(entered.token, entered.person)
    _logger.info("logged in", extra={"fields": {"reference": g.get("reference"), "person": entered.person.id}})
    if told:
        flash(told, "done")
    return redirect(address, code=303)


def _check(form: AccountForm) -> tuple[bool, list[FieldProblem]]:
    """Whether the set-up code is still to be used, and all that is wrong with the account that was typed."""
    with db().reading() as session:
        first = not accounts.has_teacher(session)
        problems = accounts.problems(session, form.wanted()) if form.is_submitted() else []
    return first or bool(form.setup_code.data), problems + (form.slips() if form.is_submitted() else [])


def _new_account(form: AccountForm) -> NewAccount:
    """The account that was typed, its password hashed: call it outside any transaction."""
    wanted = form.wanted()
    return NewAccount(
        login=wanted.login,
        password_hash=passwords.hashed(wanted.password),
        display_name=wanted.display_name,
        setup_code=wanted.setup_code,
        locale=language(),
        zone=_zone(),
    )


def _zone() -> str:
    """The time zone that the visitor's browser names, when it is one."""
    named = request.form.get("zone", "")
    return named if named in settings.zones() else settings.DEFAULT_ZONE


def _unconfirmed(form: EraseForm, claimed: Claim | None) -> FieldProblem | None:
    if g.learner.is_guest:
        return None if form.sure.data else FieldProblem("sure", "sure")
    return None if claimed is not None else FieldProblem("current_password", "password_wrong")


def _erased(claimed: Claim | None) -> FieldProblem | None:
    """Erase the person in front; the problem when they are the last who can appoint others."""
    try:
        with db().writing() as session:
            personal_data.erase(session, g.learner, claimed, now())
    except Conflict as refused:
        if refused.reason not in ("last_admin", "at_work"):
            raise
        return _not_now("sure" if g.learner.is_guest else "current_password", refused.reason)
    return None


def _not_now(field: str, reason: str) -> FieldProblem:
    """Why a person cannot be erased yet; of an exam they take, until when."""
    with db().reading() as session:
        work = exam_data.work_of(session, g.learner, now()) if reason == "at_work" else None
    if work is None:
        return FieldProblem(field, reason)
    if work.ends_at is None:
        return FieldProblem(field, "at_work", (("exam", work.exam),))
    until = f"{instant(work.ends_at, work.zone)}, {zone_time(work.zone)}"
    return FieldProblem(field, "at_work_until", (("exam", work.exam), ("until", until)))


def _json(document: dict[str, Any]) -> Iterator[str]:
    tokens = json.JSONEncoder(ensure_ascii=False, indent=1).iterencode(document)
    while chunk := "".join(islice(tokens, _TOKENS_A_CHUNK)):
        yield chunk
