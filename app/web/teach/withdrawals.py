"""The teacher's page of withdrawals: read what will happen, then take back questions or a whole uploaded course."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.services import withdrawing
from app.services.withdrawing import Withdrawal
from app.web.account.refusals import page
from app.web.context import db
from app.web.identity import teacher_required
from app.web.teach.upload_forms import WithdrawForm

bp = Blueprint("withdrawals", __name__, url_prefix="/bank/withdraw")
Page = Response | tuple[str, int]


@bp.get("/<course>")
@teacher_required
def show(course: str) -> Page:
    """What may be withdrawn of a course, and what that would do."""
    offered = _offered(course)
    return _page(offered, WithdrawForm.of(offered, _ticked(offered)))


@bp.post("/<course>")
@teacher_required
def withdraw(course: str) -> Page:
    """Withdraw questions, or the course with them; sent twice it does so once."""
    offered = _offered(course)
    form = WithdrawForm.of(offered, ())
    if form.accepts(form.missing()):
        with form.refusals(), db().writing() as session:
            if form.what.data == "course":
                count = withdrawing.withdraw_course(session, g.teacher, course)
            else:
                count = withdrawing.withdraw_questions(session, g.teacher, course, form.chosen)
        if not form.errors:
            flash(_told(form.what.data, count), "done")
            return redirect(url_for("teach.uploads.index"), code=303)
    return _page(offered, form)


def _told(what: str, count: int) -> str:
    if what == "course":
        return _("The course is withdrawn. To bring it back, send its zip again.")
    withdrawn = ngettext("%(num)d question is withdrawn.", "%(num)d questions are withdrawn.", count)
    return withdrawn + " " + _("To bring back what you withdrew, send its file again.")


def _offered(course: str) -> Withdrawal:
    with db().reading() as session:
        return withdrawing.look(session, g.teacher, course)


def _ticked(offered: Withdrawal) -> set[int]:
    """The questions to begin with: the one, or those of the file, that the address names."""
    question, upload = (request.args.get(name, type=int) for name in ("question", "upload"))
    return {line.id for line in offered.lines if line.id == question or line.upload_id == upload}


def _page(offered: Withdrawal, form: WithdrawForm) -> tuple[str, int]:
    return page("teach/uploads/withdraw.html", form, offered=offered)
