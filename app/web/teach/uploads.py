"""The teacher's pages of uploads: send a file, see what it would change, apply it or give it up."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.services import settings, uploading, withdrawing
from app.web.account.refusals import page
from app.web.context import db, now
from app.web.i18n import language
from app.web.identity import teacher_required
from app.web.limits import slow_down_uploads
from app.web.teach.problem_words import in_page_language
from app.web.teach.upload_forms import ApplyForm, UploadForm

bp = Blueprint("uploads", __name__, url_prefix="/bank")
Page = Response | tuple[str, int]


@bp.get("/upload")
@teacher_required
def index() -> Page:
    """A form that sends a file, and the uploads one has sent."""
    return _form()


@bp.post("/upload")
@slow_down_uploads
@teacher_required
def send() -> Page:
    """Keep a file and show what it would change; nothing is changed yet."""
    with db().reading() as session:
        form = UploadForm.of(settings.courses(session, language()), None)
    if form.accepts(form.missing()):
        new = form.to_upload()
        with form.refusals(), db().writing() as session:
            upload_id = uploading.keep(session, g.teacher, new, now())
        if not form.errors:
            return redirect(url_for("teach.uploads.show", upload_id=upload_id), code=303)
    return _form(form)


@bp.get("/uploads/<int:upload_id>")
@teacher_required
def show(upload_id: int) -> str:
    """What an upload would change, or what it changed."""
    return _show(upload_id)


@bp.post("/uploads/<int:upload_id>/apply")
@teacher_required
def apply(upload_id: int) -> Page:
    """Store an upload if it changes what was shown; if not, show it again."""
    form = ApplyForm()
    if not form.validate_on_submit():
        abort(400)
    if not uploading.apply(db(), g.teacher, upload_id, form.shown.data or "", now()):
        flash(
            _("The bank has changed since this page was shown. Nothing was stored: read again what would change."),
            "error",
        )
        return _show(upload_id), 409
    return redirect(url_for("teach.uploads.show", upload_id=upload_id), code=303)


@bp.post("/uploads/<int:upload_id>/discard")
@teacher_required
def discard(upload_id: int) -> Response:
    """Give up an upload that was not applied."""
    with db().writing() as session:
        uploading.discard(session, g.teacher, upload_id, now())
    flash(_("The file is deleted. The bank is as it was."), "done")
    return redirect(url_for("teach.uploads.index"), code=303)


def _form(form: UploadForm | None = None) -> tuple[str, int]:
    with db().reading() as session:
        offered = settings.courses(session, language())
        listed = uploading.listed(session, g.teacher, now())
        own = withdrawing.courses(session, g.teacher)
    shown = form or UploadForm.of(offered, g.teacher.course_id)
    return page("teach/uploads/index.html", shown, offered=offered, listed=listed, own=own, limits=uploading)


def _show(upload_id: int) -> str:
    run = uploading.dry_run(db(), g.teacher, upload_id, now())
    with db().reading() as session:
        own = {one.slug for one in withdrawing.courses(session, g.teacher)} if run.upload.applied_at else set()
    return render_template("teach/uploads/upload.html", run=run, said=in_page_language, own=own)
