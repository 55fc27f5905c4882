"""How long a class keeps its attempts once it is put away; its page of management shows the form."""

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response
from wtforms import BooleanField

from app.services import classes, retention
from app.services.retention import LEAST_DAYS, MOST_DAYS
from app.web.account.refusals import RefusableForm, page
from app.web.context import db, now
from app.web.fields import WholeField
from app.web.identity import teacher_required

bp = Blueprint("retention", __name__)


class RetentionForm(RefusableForm):
    """For how many days; `sure` is asked for where they are over."""

    sentences = {  # noqa: RUF012 as its base class has it
        "deletes": lambda n: _(
            "So many days have passed since the class was put away: its attempts, scores and list would be deleted for "
            "good, within the hour. Tick the box if that is meant, or keep them longer."
        )
    }
    sure = BooleanField()
    days = WholeField(MOST_DAYS, least=LEAST_DAYS)


@bp.route("/classes/<int:class_id>/retention", methods=["GET", "POST"])
@teacher_required
def change(class_id: int) -> Response | tuple[str, int]:
    """Choose for how many days."""
    with db().reading() as session:
        of = classes.found(session, g.teacher, class_id)
        kept = retention.of_class(session, g.teacher, class_id)
    form = RetentionForm(obj=kept)
    if form.accepts():
        with form.refusals(), db().writing() as session:
            retention.keep_for(session, g.teacher, class_id, form.days.data or 0, now(), sure=form.sure.data)
        if not form.errors:
            flash(_("It is saved how long the class keeps its attempts."), "done")
            return redirect(url_for("teach.manage", class_id=class_id), code=303)
    return page("teach/retention/change.html", form, of=of, kept=kept, over=kept.is_over(now()))
