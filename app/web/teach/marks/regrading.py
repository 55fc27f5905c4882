"""Regrades: the questions of an exam, a change of one's key, its preview, then the change itself and its undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.bank.schema import Blank, ClozeQuestion, Question
from app.errors import FieldProblem, Invalid
from app.exam import presentation
from app.exam.regrading import Change
from app.services import question_list, regrades
from app.services.marks import FrozenItem
from app.services.regrades import Wanted
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.fields import plain_digits
from app.web.i18n import language
from app.web.identity import teacher_required
from app.web.teach.marks import key_forms
from app.web.teach.marks.forms import ReasonForm

bp = Blueprint("regrading", __name__)
Page = Response | tuple[str, int]
# What a preview's form adds to the fields that say which change is meant.
_NOT_THE_CHANGE = {"csrf_token", "message", "seen"}


@dataclass(frozen=True, slots=True)
class KeyShown:
    """A question with its key as it stands, in the shape that the bank's pages show keys."""

    body: Question
    shown: presentation.Shown
    answered: Any

    @property
    def names(self) -> Sequence[str]:
        """The gaps of a cloze question, in the order of their numbers."""
        return presentation.place(self.body, "").blanks

    @property
    def gaps(self) -> list[tuple[str, Blank]]:
        """What fits each gap, by the number it is shown with."""
        blanks = self.body.blanks if isinstance(self.body, ClozeQuestion) else {}
        return [(str(at), blanks[name]) for at, name in enumerate(self.names, 1)]


@bp.get("/questions/")
@teacher_required
def questions(exam_id: int) -> str:
    """The questions of an exam, how they were answered, which were regraded."""
    with db().reading() as session:
        exam, listed = question_list.read(session, g.teacher, exam_id, now())
    return render_template("teach/marks/questions.html", exam=exam, listed=listed)


@bp.get("/questions/<int:item_id>")
@teacher_required
def question(exam_id: int, item_id: int) -> str:
    """One question: its key, what was answered, its regrades, and what can be changed."""
    with db().reading() as session:
        exam, item, answers, made = question_list.one(session, g.teacher, exam_id, item_id)
    return render_template(
        "teach/marks/question.html",
        exam=exam,
        item=item,
        answers=answers,
        made=made,
        key=key_shown(item, answers.mean, answers.chosen),
    )


@bp.get("/questions/<int:item_id>/key")
@teacher_required
def key(exam_id: int, item_id: int) -> Page:
    """The form for another key."""
    with db().reading() as session:
        exam = regrades.published(session, g.teacher, exam_id)
    item = regrades.item_of(exam, item_id)
    return _key_form(exam, item, key_forms.filled(item), None)


@bp.post("/questions/<int:item_id>/preview")
@teacher_required
def preview(exam_id: int, item_id: int) -> Page:
    """What the change would do; nothing is stored."""
    return _preview(exam_id, item_id, ReasonForm(formdata=None))


@bp.post("/questions/<int:item_id>/apply")
@teacher_required
def apply(exam_id: int, item_id: int) -> Page:
    """Make the change that the preview showed."""
    form = ReasonForm()
    if form.accepts():
        with form.refusals(), db().writing() as session:
            change = _change(session, exam_id, item_id)
            wanted = Wanted(item_id, change, form.message.data or "", form.seen.data or "")
            regrades.apply(session, g.teacher, exam_id, wanted, now())
        if not form.errors:
            flash(_("The marks are changed for everybody. The log says who, when and why."), "done")
            return redirect(url_for("teach.marks.regrading.question", exam_id=exam_id, item_id=item_id), code=303)
    return _preview(exam_id, item_id, form)


@bp.route("/regrades/<int:regrade_id>/undo", methods=["GET", "POST"])
@teacher_required
def undo(exam_id: int, regrade_id: int) -> Page:
    """What taking a regrade back would do, then take it back."""
    form = ReasonForm()
    if form.accepts():
        seen = form.seen.data or ""
        with form.refusals(), db().writing() as session:
            regrades.undo(session, g.teacher, exam_id, regrade_id, form.message.data or "", now(), seen)
        if not form.errors:
            flash(_("The regrade is taken back; the log keeps both."), "done")
            return redirect(url_for("teach.marks.log", exam_id=exam_id), code=303)
    with db().reading() as session:
        shown = regrades.preview_undo(session, g.teacher, exam_id, regrade_id, now())
    target = url_for("teach.marks.regrading.undo", exam_id=exam_id, regrade_id=regrade_id)
    return page("teach/marks/preview.html", form, shown=shown, exam=shown.exam, undoing=True, target=target, sent=())


def _preview(exam_id: int, item_id: int, form: ReasonForm) -> Page:
    with db().reading() as session:
        exam = regrades.published(session, g.teacher, exam_id)
        item = regrades.item_of(exam, item_id)
        try:
            change = _change(session, exam_id, item_id)
            shown = regrades.preview(session, g.teacher, exam_id, item_id, change, now())
        except Invalid as refused:
            if request.form.get("kind") == "key":
                return _key_form(exam, item, request.form, refused)
            told = [_why_not(problem, form) for problem in refused.problems]
            if not all(told):
                raise
            flash(" ".join(told), "error")
            return redirect(url_for("teach.marks.regrading.question", exam_id=exam_id, item_id=item_id), code=303)
    target = url_for("teach.marks.regrading.apply", exam_id=exam_id, item_id=item_id)
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in _NOT_THE_CHANGE]
    context = {"shown": shown, "exam": exam, "undoing": False, "target": target, "sent": sent}
    return render_template("teach/marks/preview.html", form=form, **context), 400 if form.errors else 200


def _why_not(problem: FieldProblem, form: ReasonForm) -> str:
    """What keeps a press of a button from changing anything; "" for what no button asks for."""
    if problem.code == "same":
        return _("The question has this change already: nothing would change.")
    return form.sentence(problem) if problem.code == "too_many_accepted" else ""


def _change(session: Any, exam_id: int, item_id: int) -> Change:
    """The change that the form asks for: described by its fields, or one that was made before."""
    if (again := request.form.get("again", type=plain_digits)) is not None:
        return regrades.found(session, exam_id, again).change
    exam = regrades.published(session, g.teacher, exam_id)
    return key_forms.change_of(regrades.item_of(exam, item_id), request.form)


def _key_form(exam: Any, item: FrozenItem, fields: key_forms.Fields, refused: Invalid | None) -> Page:
    words = ReasonForm(formdata=None)
    errors = {problem.field: words.sentence(problem) for problem in (refused.problems if refused else ())}
    names = presentation.place(item.body, "").blanks
    context = {"exam": exam, "item": item, "fields": fields, "errors": errors, "names": names}
    context["rights"] = key_forms.rights_of(item.body)
    return render_template("teach/marks/key.html", **context), 400 if refused else 200


def key_shown(item: FrozenItem, mean: Fraction | None, chosen: Mapping[str, int]) -> KeyShown:
    """A question with its key; how often each choice was taken is told where there is a mean."""
    shown = presentation.present(item.body, language(), str(item.question_id))
    return KeyShown(item.key, shown, {"right": mean, "taken": chosen})
