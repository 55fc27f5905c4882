"""The teacher's pages about the bank: how well it covers the course, each question, the reports about them."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.bank.schema import MODELS
from app.services import flag_answers, question_bank, question_page
from app.services.question_bank import Status
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.i18n import LOCALES, language
from app.web.identity import teacher_required
from app.web.review.filled import NOTHING_FILLED
from app.web.teach.bank_forms import CloseForm, ReopenForm, query_of, wanted_of

bp = Blueprint("bank", __name__, url_prefix="/bank")
Page = Response | tuple[str, int]


@bp.get("/")
@teacher_required
def index() -> str:
    """How well a course's questions cover it, and their list; only the list when it is filtered."""
    wanted = wanted_of(request.args)
    with db().reading() as session:
        overview = question_bank.overview(session, g.teacher, wanted)
    return render_template(
        "teach/bank/index.html",
        overview=overview,
        wanted=wanted,
        query=query_of(wanted),
        types=list(MODELS),
        statuses=list(Status),
    )


@bp.get("/questions/<int:question_id>")
@teacher_required
def question(question_id: int) -> str:
    """One question as a student sees it, then its key, its past, its answers and its reports."""
    asked = request.args.get("in")
    shown_in = asked if asked in LOCALES else language()
    with db().reading() as session:
        found = question_page.look(session, g.teacher, question_id, shown_in)
    return render_template(
        "teach/bank/question.html", question=found, filled=NOTHING_FILLED, fewest=question_page.FEWEST_ANSWERS
    )


@bp.route("/flags/<int:flag_id>", methods=["GET", "POST"])
@teacher_required
def flag(flag_id: int) -> Page:
    """One report: answer and close it."""
    with db().reading() as session:
        found = flag_answers.look(session, g.teacher, flag_id)
    form = CloseForm(data={"message": found.flag.answer, "revision": found.flag.revision})
    if form.accepts():
        outcome, message, seen = form.outcome.data, form.message.data or "", form.revision.data or 0
        with form.refusals(), db().writing() as session:
            flag_answers.close(session, g.teacher, flag_id, outcome, message, seen, now())
        if not form.errors:
            flash(_("The report is closed. Its student reads your answer on their card."), "done")
            return redirect(_back(found.flag.question_id), code=303)
    return page("teach/bank/flag.html", form, found=found)


@bp.post("/flags/<int:flag_id>/reopen")
@teacher_required
def reopen(flag_id: int) -> Response:
    """Open a closed report again."""
    form = ReopenForm()
    if not form.validate_on_submit():
        abort(400)
    with db().writing() as session:
        question_id = flag_answers.reopen(session, g.teacher, flag_id, form.revision.data or 0)
    flash(_("The report is open again."), "done")
    return redirect(_back(question_id), code=303)


def _back(question_id: int) -> str:
    """The reports of a question, on its page."""
    return url_for("teach.bank.question", question_id=question_id, _anchor="flags")
