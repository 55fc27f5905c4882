"""The settings: one page, one form."""

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import settings
from app.web.account.refusals import page
from app.web.context import db
from app.web.i18n import language
from app.web.identity import learner_required
from app.web.settings.forms import SettingsForm

bp = Blueprint("settings", __name__, url_prefix="/settings")


@bp.route("/", methods=["GET", "POST"])
@learner_required
def index() -> Response | tuple[str, int]:
    """Show the settings, or keep what was chosen."""
    with db().reading() as session:
        offered = settings.courses(session, language())
        form = SettingsForm.of(g.learner, offered, language())
        wanted = form.choice()
        problems = settings.problems(session, g.learner, wanted) if form.is_submitted() else []
    if form.accepts(problems):
        with db().writing() as session:
            settings.change(session, g.learner, wanted)
        with force_locale(wanted.locale):
            flash(_("Your settings are saved. They count from now on."), "done")
        return redirect(url_for("settings.index"), code=303)
    return page("settings/index.html", form, offered=offered)
