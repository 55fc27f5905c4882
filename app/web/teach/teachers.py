"""The teachers of a class: one adds another, takes one out, or leaves."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import StringField

from app.services import class_teachers, classes
from app.web.account.refusals import RefusableForm, Sentence, not_longer, page, worded
from app.web.context import db
from app.web.identity import teacher_required

bp = Blueprint("teachers", __name__, url_prefix="/classes/<int:class_id>/teachers")
Page = Response | tuple[str, int] | str
_SENTENCES: Mapping[str, Sentence] = {
    "no_teacher": lambda n: _("No teacher has this login name. Ask them for it; a student cannot teach."),
}


class ColleagueForm(RefusableForm):
    """The login name of another teacher."""

    sentences = _SENTENCES
    login = StringField(validators=[worded(), not_longer()])


@bp.route("", methods=["GET", "POST"])
@teacher_required
def index(class_id: int) -> Page:
    """Who teaches the class, and a form that adds somebody."""
    form = ColleagueForm()
    if form.accepts():
        with form.refusals(), db().writing() as session:
            added = class_teachers.add(session, g.teacher, class_id, form.login.data or "")
        if not form.errors:
            flash(_("%(name)s teaches this class too.", name=added.name), "done")
            return redirect(url_for("teach.teachers.index", class_id=class_id), code=303)
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        teachers = class_teachers.colleagues(session, g.teacher, class_id)
    return page("teach/teachers/index.html", form, of=of, teachers=teachers)


@bp.route("/<int:teacher_id>/remove", methods=["GET", "POST"])
@teacher_required
def remove(class_id: int, teacher_id: int) -> Page:
    """Ask, then take a teacher out of the class."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        one = class_teachers.colleague(session, g.teacher, class_id, teacher_id)
    if request.method == "GET":
        return render_template("teach/teachers/remove.html", of=of, one=one)
    with db().writing() as session:
        class_teachers.remove(session, g.teacher, class_id, teacher_id)
    if teacher_id == g.teacher.id:
        flash(_("You no longer teach “%(name)s”.", name=of.name), "done")
        return redirect(url_for("teach.index"), code=303)
    flash(_("%(name)s no longer teaches this class.", name=one.name), "done")
    return redirect(url_for("teach.teachers.index", class_id=class_id), code=303)
